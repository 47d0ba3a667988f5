"""The module that a sweep puts in the place of W&B's: unmodified W&B scripts run offline and report to the sweep.

Metrics of `log` become reports, one per row with the sweep's objective; images, tables and artifacts are accepted and counted.
What needs W&B's server is refused with a sentence.
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
    """Needs no account: does nothing."""
    return True


def setup(*args, **kwargs):
    """Nothing has to be set up."""


def require(*args, **kwargs):
    """Has no features to switch on."""


teardown = _teardown = ensure_configured = setup


def _attach(*args, **kwargs):
    return run or init()


attach = _attach


def _of_run(name):
    """A function of the module that is a method of the current run, as in W&B: an error without wandb.init()."""

    def call(*args, **kwargs):
        if run is None:
            raise Error("You must call wandb.init() before wandb.%s()" % name)
        return getattr(run, name)(*args, **kwargs)

    call.__name__ = name
    return call


for _name in ("log", "watch", "unwatch", "save", "use_artifact", "log_artifact", "log_model", "use_model", "link_model", "define_metric",
              "mark_preempting", "alert", "pin_config_keys", "log_code"):
    globals()[_name] = _of_run(_name)

from wandb import _modules  # noqa: E402  Registers wandb.sdk, wandb.plot and others; they refer to the names above.


def __getattr__(name):
    if name in ("keras", "lightgbm", "xgboost", "sklearn", "integration"):
        return importlib.import_module("wandb." + name)
    if name.startswith("__"):
        raise AttributeError(name)
    raise Unsupported("wandb.%s is not in the module that a sweep puts in the place of wandb." % name)


_errors.install_hook()
