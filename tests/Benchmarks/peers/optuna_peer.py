"""Does with Optuna what the search benchmark does with this product: one task per line on standard input.

  suggest SPACE COUNT N   milliseconds of a TPE suggestion after COUNT results, the median of N; SPACE is numbers or mixed
  trials STORAGE N        trials per second of ask and tell without work; STORAGE is memory or journal (a file, synced)
  prune PRUNER N          decisions per second: report and should_prune, over N trials; PRUNER is asha or hyperband

Prints "ready VERSION", then a number for every line. Optuna is what `import optuna` finds; set PYTHONPATH for a source tree.
"""

import os
import statistics
import sys
import tempfile
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)

NUMBERS = {f"x{i}": FloatDistribution(0, 1) for i in range(1, 7)}
MIXED = {
    "optimizer": CategoricalDistribution(["sgd", "momentum", "adam", "rmsprop"]),
    "lr": FloatDistribution(1e-5, 1, log=True),
    "batch": IntDistribution(8, 512, log=True),
    "width": IntDistribution(16, 512),
    "dropout": FloatDistribution(0, 0.6),
}
EPOCHS = 27


def ask(study, space):
    trial = study.ask(space)
    if trial.params.get("optimizer") == "momentum":
        trial.suggest_float("momentum", 0, 0.99)
    return trial


def value_of(trial, step=1):
    """A value that differs from trial to trial and falls with the epoch; the same numbers as in the benchmark."""
    return (trial * 2654435761 % 2**32) / 2**32 + 1 / step


def suggest(space, count, times):
    space = NUMBERS if space == "numbers" else MIXED
    filled = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=7))
    for number in range(count):
        trial = ask(filled, space)
        filled.tell(trial, value_of(number))
    filled.sampler = optuna.samplers.TPESampler(seed=1)
    seconds = []
    for number in range(times):
        start = time.perf_counter()
        trial = ask(filled, space)
        seconds.append(time.perf_counter() - start)
        filled.tell(trial, value_of(count + number))
    return statistics.median(seconds) * 1e3


def trials(storage, count):
    with tempfile.TemporaryDirectory() as folder:
        if storage == "journal":
            backend = optuna.storages.journal.JournalFileBackend(os.path.join(folder, "journal"))
            storage = optuna.storages.JournalStorage(backend)
        else:
            storage = None
        study = optuna.create_study(storage=storage, sampler=optuna.samplers.RandomSampler(seed=7))
        start = time.perf_counter()
        for number in range(count):
            trial = study.ask()
            for name in "abcde":
                trial.suggest_float(name, 0, 1)
            study.tell(trial, value_of(number))
        return count / (time.perf_counter() - start)


def prune(pruner, count):
    pruner = (
        optuna.pruners.HyperbandPruner(min_resource=1, max_resource=EPOCHS, reduction_factor=3)
        if pruner == "hyperband"
        else optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3)
    )
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=7), pruner=pruner)
    decisions, seconds = 0, 0.0
    for number in range(count):
        trial = study.ask()
        for step in range(1, EPOCHS + 1):
            start = time.perf_counter()
            trial.report(value_of(number, step), step)
            pruned = trial.should_prune()
            seconds += time.perf_counter() - start
            decisions += 1
            if pruned:
                break
        if pruned:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        else:
            study.tell(trial, value_of(number, step))
    return decisions / seconds


TASKS = {"suggest": suggest, "trials": trials, "prune": prune}

print("ready", optuna.__version__, flush=True)
for line in sys.stdin:
    task, subject, *numbers = line.split()
    print(TASKS[task](subject, *map(int, numbers)), flush=True)
