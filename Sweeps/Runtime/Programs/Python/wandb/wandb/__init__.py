"""Replaces the package wandb for the programs of a sweep: unmodified W&B scripts run offline and report to the sweep.

A row of `log` that has the sweep's objective becomes the report of an epoch. Images, tables and artifacts are accepted and counted, but not
kept. A function that needs W&B's server raises Unsupported, whose message says what to do instead.
"""

import importlib
import sys

__version__ = "0.28.0"

from wandb import _errors, _media, _run, _sweeps
from wandb._errors import CommError, Error, Unsupported, UsageError, termerror, termlog, termwarn
from wandb._media import (
    AlertLevel, Api, Artifact, ArtifactTTL, Audio, Classes, Graph, Histogram, Html, Image, JoinedTable, Molecule, Object3D, Plotly, Table,
    Video, box3d, plot_table, restore, visualize)
from wandb._run import Config, Run, Settings, finish, init
from wandb._sweeps import agent, controller, sweep

run = None
config = _run.config
summary = _run.summary
EvalTable = Table
PublicApi = InternalApi = Api
join = finish
patched = {"tensorboard": [], "keras": [], "gym": []}


def login(*args, **kwargs):
    """Does nothing and returns True, because no account is needed."""
    return True


def setup(*args, **kwargs):
    """Does nothing."""


def require(*args, **kwargs):
    """Does nothing: there are no optional features."""


teardown = _teardown = ensure_configured = setup


def _attach(*args, **kwargs):
    return run or init()


attach = _attach


def _of_run(name):
    """Returns a function that calls a method of the current run. It raises Error before wandb.init(), as in W&B."""

    def call(*args, **kwargs):
        if run is None:
            raise Error("You must call wandb.init() before wandb.%s()" % name)
        return getattr(run, name)(*args, **kwargs)

    call.__name__ = name
    return call


_calls = {name: _of_run(name) for name in (
    "log", "watch", "unwatch", "save", "use_artifact", "log_artifact", "log_model", "use_model", "link_model", "define_metric", "mark_preempting",
    "alert", "pin_config_keys", "log_code")}
globals().update(_calls)

from wandb import _modules  # noqa: E402  Registers wandb.sdk, wandb.plot and others; they refer to the names above.


def __getattr__(name):
    if name in ("keras", "lightgbm", "xgboost", "sklearn", "integration"):
        return importlib.import_module("wandb." + name)
    if name.startswith("__"):
        raise AttributeError(name)
    raise Unsupported("wandb.%s is not in the module that a sweep puts in the place of wandb." % name)


_errors.install_hook()
