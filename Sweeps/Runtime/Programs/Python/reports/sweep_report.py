"""Reports the epochs of a program to the sweep that runs it.

The module is one file without dependencies. A sweep puts its folder on PYTHONPATH; a copy in the folder of the program works too. Without a
sweep the functions return defaults and `report` prints, so that the program also runs alone.

    import sweep_report

    config = sweep_report.config(learning_rate=0.1)          # the defaults of a start without a sweep
    folder = sweep_report.checkpoint_folder()
    if sweep_report.epoch() > 0:
        model.load(folder / "model.npz")
    for epoch in sweep_report.epochs(27):
        loss = model.train()
        with sweep_report.checkpoint(epoch) as folder:
            model.save(folder / "model.npz")
        sweep_report.report(epoch, val_loss=loss)             # returns 'continue', 'pause' or 'stop'
"""

import contextlib
import errno
import json
import os
import tempfile
import time
from pathlib import Path

try:
    import fcntl
except ImportError:
    fcntl = None

__all__ = ["config", "epoch", "until", "seed", "epochs", "report", "checkpoint", "checkpoint_folder", "out_folder", "active", "rank"]

CONTINUE, PAUSE, STOP = "continue", "pause", "stop"

# The file in the checkpoint folder with the epoch of its state. A folder without it is not a checkpoint.
CHECKPOINT_EPOCH = "epoch"

_last_verdict = CONTINUE


class Config(dict):
    """A configuration: a dict whose keys are also attributes."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            known = ", ".join(sorted(map(str, self))) or "nothing"
            raise AttributeError("The configuration has no parameter '%s'. It has: %s." % (name, known)) from None

    def __setattr__(self, name, value):
        self[name] = value


def active():
    """Whether a sweep runs this program."""
    return bool(os.environ.get("SWEEP_REPORT"))


def config(**defaults):
    """Returns the configuration of this run; a parameter that the sweep does not set has its default."""
    path = os.environ.get("SWEEP_CONFIG")
    values = Config(defaults)
    if path:
        with open(path, encoding="utf-8") as file:
            values.update(json.load(file))
    return values


def epoch():
    """Returns the epoch of the restored checkpoint; 0 if there is none."""
    return _number("SWEEP_EPOCH", 0)


def until():
    """Returns the epoch to which this start of the program must train; None if the program decides when it ends."""
    return _number("SWEEP_UNTIL", None)


def seed():
    """Returns the seed of the run, an integer from 0 to 2**31 - 1, which NumPy and PyTorch accept; 0 without a sweep."""
    return _number("SWEEP_SEED", 0) % 2**32


def rank():
    """Returns the rank of this process among the processes of the program; the process with rank 0 reports."""
    for name in ("RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID"):
        value = os.environ.get(name, "")
        if value.isdigit():
            return int(value)
    return 0


def epochs(total):
    """Yields the remaining epochs up to `total`. Ends early if the verdict of a report was 'pause' or 'stop'."""
    for number in range(epoch() + 1, total + 1):
        yield number
        if _last_verdict != CONTINUE:
            return


def checkpoint_folder():
    """Returns the folder of this run's checkpoint, with the files of the last one. Without a sweep it is a new, empty folder."""
    folder = os.environ.get("SWEEP_CHECKPOINT")
    if not folder:
        folder = os.environ["SWEEP_CHECKPOINT"] = tempfile.mkdtemp(prefix="checkpoint-")
    return Path(folder)


def out_folder():
    """Returns the folder whose files are kept with the run. Without a sweep it is the current folder."""
    return Path(os.environ.get("SWEEP_OUT") or ".")


@contextlib.contextmanager
def checkpoint(epoch):
    """Marks the files that are written in its block as the checkpoint of an epoch.

    The mark is removed first and set last, so that a program that is killed in between leaves a folder that does not count as a checkpoint.
    Write the checkpoint before the report of its epoch.
    """
    folder = checkpoint_folder()
    mark = folder / CHECKPOINT_EPOCH
    with contextlib.suppress(FileNotFoundError):
        mark.unlink()
    yield folder
    unfinished = folder / (CHECKPOINT_EPOCH + ".new")
    unfinished.write_text("%d\n" % epoch, encoding="ascii")
    os.replace(str(unfinished), str(mark))


def _marked_epoch():
    folder = os.environ.get("SWEEP_CHECKPOINT")
    try:
        return int((Path(folder) / CHECKPOINT_EPOCH).read_text(encoding="ascii")) if folder else None
    except (OSError, ValueError):
        return None


def report(epoch, metrics=None, **more):
    """Reports the metrics of a finished epoch and returns the verdict: 'continue', 'pause' or 'stop'.

    `epoch` is counted from 1. Metrics are numbers; pass names that are not Python names in a dict: report(3, {"val/loss": 0.4}). After 'pause'
    and 'stop' the program must end with exit code 0. Of several processes only the one with rank 0 reports; all get the same verdict.
    """
    global _last_verdict
    if isinstance(epoch, bool) or not hasattr(epoch, "__index__") or epoch < 1:
        raise ValueError("report: the epoch is %r, expected a whole number from 1." % (epoch,))
    line = {"epoch": int(epoch)}
    for name, value in dict(metrics or {}, **more).items():
        number = to_number(value)
        if number is None:
            raise TypeError("report: the metric '%s' is of type %s, expected a number." % (name, type(value).__name__))
        line[str(name)] = number
    if rank() == 0:
        if not active():
            print(" ".join("%s %s" % pair for pair in line.items()), flush=True)
        else:
            if os.environ.get("SWEEP_VERDICTS"):
                line["ask"] = True
            if _marked_epoch() == line["epoch"]:
                line["checkpoint"] = True
            if not append(line):
                _last_verdict = STOP
                return STOP
    _last_verdict = _verdict(line["epoch"])
    return _last_verdict


def to_number(value):
    """Converts a number, a boolean, a NumPy scalar or a tensor of one element to int or float; None for anything else."""
    if hasattr(value, "item") and not isinstance(value, (int, float)):
        try:
            value = value.item()
        except (TypeError, ValueError, RuntimeError):
            return None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, (str, bytes)) or not hasattr(value, "__float__"):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def append(line):
    """Sends an object to the sweep as one line; several processes may call it. Returns False if the sweep does not read reports any longer."""
    path = os.environ.get("SWEEP_REPORT")
    if not path:
        return True
    if os.environ.get("SWEEP_DRILL") and "epoch" in line:
        import sweep_drill
        sweep_drill.note(line["epoch"])
    data = (json.dumps(line) + "\n").encode("utf-8")
    try:
        # Without O_NONBLOCK, open would block forever if the reader of the pipe has ended.
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o644)
    except OSError as problem:
        if problem.errno == errno.ENXIO:
            return False
        raise
    try:
        if hasattr(os, "set_blocking"):
            os.set_blocking(file, True)
        if fcntl is not None:
            # Lock the pipe, because only writes of at most 4,096 bytes are atomic.
            fcntl.flock(file, fcntl.LOCK_EX)
        while data:
            data = data[os.write(file, data):]
        return True
    except BrokenPipeError:
        return False
    finally:
        os.close(file)


def _number(name, default):
    value = os.environ.get(name, "")
    return int(value) if value.isdigit() else default


_pipe = None


def _ask():
    """Reads the answer to the last report from the pipe: a line {"epoch": 3, "verdict": "continue"}. 'stop' if the pipe is closed."""
    global _pipe
    path = os.environ["SWEEP_VERDICTS"]
    if _pipe is None or _pipe.name != path:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        if hasattr(os, "set_blocking"):
            os.set_blocking(descriptor, True)
        _pipe = open(path, "r", encoding="ascii", opener=lambda *_: descriptor)
    line = _pipe.readline()
    return json.loads(line)["verdict"] if line else STOP


def _answers_of_all():
    return os.environ["SWEEP_VERDICTS"] + ".all"


def _verdict(epoch):
    """Returns the verdict of an epoch. The process with rank 0 reads it from the pipe and writes it to a file for the other processes."""
    if not os.environ.get("SWEEP_VERDICTS"):
        return PAUSE if active() and until() is not None and epoch >= until() else CONTINUE
    if rank() == 0:
        verdict = _ask()
        with open(_answers_of_all(), "a", encoding="ascii") as file:
            file.write("%d %s\n" % (epoch, verdict))
        return verdict
    pause = 0.001
    while True:
        with contextlib.suppress(FileNotFoundError):
            with open(_answers_of_all(), encoding="ascii") as file:
                for line in file:
                    number, _, verdict = line.strip().partition(" ")
                    if line.endswith("\n") and int(number) == epoch:
                        return verdict
        if not os.path.exists(os.environ["SWEEP_VERDICTS"]):
            return STOP
        time.sleep(pause)
        pause = min(2 * pause, 0.02)
