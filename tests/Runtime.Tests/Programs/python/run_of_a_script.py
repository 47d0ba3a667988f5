"""Runs a script in a process of its own as a sweep does, with the files that it reads and writes."""

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

MODULES = Path(__file__).resolve().parents[4] / "Sweeps/Runtime/Programs/Python"


class Result:
    def __init__(self, process, reports):
        self.code, self.output, self.errors, self.lines = process.returncode, process.stdout, process.stderr, reports
        self.epochs = [line for line in reports if "epoch" in line]


def run(source, config=None, metric="val_loss", files=None, verdicts=None, number=None, capture=False, arguments=(), notebook=False, alone=False, **environment):
    """Runs `source`, and returns its reports, output and exit code. `verdicts`: the answers that lie ready."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / ("train.ipynb" if notebook else "train.py")
        script.write_text(json.dumps(source) if notebook else textwrap.dedent(source), encoding="utf-8")
        for path, text in (files or {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(textwrap.dedent(text), encoding="utf-8")
        (folder / "config.json").write_text(json.dumps(config or {}))
        (folder / "out").mkdir()
        (folder / "checkpoint").mkdir()
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(MODULES / "reports"), str(MODULES / "wandb")]), "PYTHONDONTWRITEBYTECODE": "1"}
        if not capture and not alone:
            env.update(SWEEP="demo-abcde", SWEEP_RUN="7", SWEEP_CONFIG=str(folder / "config.json"), SWEEP_REPORT=str(folder / "reports"),
                       SWEEP_OUT=str(folder / "out"), SWEEP_CHECKPOINT=str(folder / "checkpoint"), SWEEP_METRIC=metric,
                       WANDB_SWEEP_ID="demo-abcde", WANDB_RUN_ID="run-7")
        answers = None
        if verdicts is not None:
            env["SWEEP_VERDICTS"] = str(folder / "verdicts")
            os.mkfifo(folder / "verdicts")
            answers = os.open(folder / "verdicts", os.O_RDWR)
            os.write(answers, "".join(json.dumps({"verdict": verdict}) + "\n" for verdict in verdicts).encode())
        env.update(environment)
        command = [sys.executable, str(script)]
        if number is not None or capture or notebook:
            options = ["--capture", str(folder / "captured")] if capture else ["--sweep", str(number or 1)]
            command = [sys.executable, "-m", "sweep_script", *options, str(script)]
        process = subprocess.run(command + list(arguments), env=env, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        if answers is not None:
            os.close(answers)
        reports = folder / "reports"
        result = Result(process, [json.loads(line) for line in reports.read_text().splitlines()] if reports.is_file() else [])
        result.kept = {path.relative_to(folder / "out").as_posix(): path.read_text() for path in sorted((folder / "out").rglob("*")) if path.is_file()}
        mark = folder / "checkpoint" / "epoch"
        result.mark = mark.read_text() if mark.exists() else None
        captured = folder / "captured"
        result.captured = json.loads(captured.read_text()) if captured.exists() else []
        return result
