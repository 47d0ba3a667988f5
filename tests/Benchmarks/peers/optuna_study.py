"""Runs Optuna's samplers on problems that the benchmark evaluates: one JSON object per line on standard input.

  {"open": SAMPLER, "seed": N, "space": [PARAMETER, …]}   SAMPLER is tpe or gp, in their defaults; prints {}
  {"ask": N}                                              prints N configurations, all running from now on
  {"tell": [VALUE, …]}                                    the values of the last N, smaller is better; prints {}

PARAMETER is {"name", "choices"} or {"name", "low", "high", "log", "integer"}, with {"when": {PARENT: [CHOICE, …]}} if it is conditional.
Prints "ready VERSION" first. Optuna is what `import optuna` finds; set PYTHONPATH for a source tree.
"""

import contextlib
import json
import os
import sys
import warnings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
warnings.filterwarnings("ignore")

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


class WithDeviceContext:
    """PyTorch below 2.0, whose device is no context manager: the CPU is its default device anyway."""

    def __init__(self, torch):
        self._torch = torch

    def __getattr__(self, name):
        return (lambda *_: contextlib.nullcontext()) if name == "device" else getattr(self._torch, name)


def sampler(name, seed):
    if name == "tpe":
        return optuna.samplers.TPESampler(seed=seed)
    import optuna.samplers._gp.sampler as gp
    import torch

    if not hasattr(torch.device, "__enter__"):
        gp.torch = WithDeviceContext(torch)
    return optuna.samplers.GPSampler(seed=seed)


def suggest(trial, space):
    values = {}
    for one in space:
        if any(values.get(parent) not in choices for parent, choices in one.get("when", {}).items()):
            continue
        if "choices" in one:
            values[one["name"]] = trial.suggest_categorical(one["name"], one["choices"])
        elif one["integer"]:
            values[one["name"]] = trial.suggest_int(one["name"], int(one["low"]), int(one["high"]), log=one["log"])
        else:
            values[one["name"]] = trial.suggest_float(one["name"], one["low"], one["high"], log=one["log"])
    return values


print("ready", optuna.__version__, flush=True)
study, space, asked = None, [], []
for line in sys.stdin:
    task = json.loads(line)
    if "open" in task:
        study, space = optuna.create_study(sampler=sampler(task["open"], task["seed"])), task["space"]
        print("{}", flush=True)
    elif "ask" in task:
        asked = [study.ask() for _ in range(task["ask"])]
        print(json.dumps([suggest(trial, space) for trial in asked]), flush=True)
    else:
        for trial, value in zip(asked, task["tell"]):
            study.tell(trial, value)
        print("{}", flush=True)
