"""The submodules of W&B that scripts and frameworks import: wandb.sdk.wandb_run, wandb.plot, wandb.errors and others."""

import contextlib
import random
import string
import sys
import types

import wandb
from wandb import _errors, _media, _run


def _register(path, **names):
    """Creates a module with the given names. Its parent module must exist."""
    parent, _, last = ("wandb." + path).rpartition(".")
    module = types.ModuleType("wandb." + path)
    module.__dict__.update(names)
    module.__path__ = []
    sys.modules[module.__name__] = module
    setattr(sys.modules[parent], last, module)
    return module


class _Anything:
    """Stands for W&B's telemetry: accepts any attribute."""

    def __setattr__(self, name, value):
        pass

    def __getattr__(self, name):
        return self


@contextlib.contextmanager
def _telemetry(*args, **kwargs):
    yield _Anything()


def generate_id(length=8):
    # A separate generator, so that the script's random state does not depend on this module.
    return "".join(random.SystemRandom().choice(string.ascii_lowercase + string.digits) for _ in range(length))


def get_module(name, required=None, lazy=True):
    import importlib
    try:
        return importlib.import_module(name)
    except ImportError:
        if required:
            raise _errors.Error(required) from None
        return None


def _plot(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _media.plot_table


_terms = {"termlog": _errors.termlog, "termwarn": _errors.termwarn, "termerror": _errors.termerror}
_errors_of = {name: getattr(_errors, name) for name in ("Error", "CommError", "UsageError")}
_media_of = {name: getattr(_media, name) for name in
             ("Audio", "Classes", "Graph", "Histogram", "Html", "Image", "JoinedTable", "Molecule", "Object3D", "Plotly", "Table", "Video")}
_run_of = {"Run": _run.Run, "finish": _run.finish}

_register("errors", term=None, **_errors_of, **_terms)
_register("errors.term", **_terms)
_register("errors.errors", **_errors_of)
_register("data_types", WBValue=_media.Media, Media=_media.Media, **_media_of)
_register("util", generate_id=generate_id, get_module=get_module, **_terms)
_register("env")
_register("wandb_run", **_run_of)
_register("apis", PublicApi=_media.Api, InternalApi=_media.Api)
_register("apis.public", Api=_media.Api)
_register("sdk", Run=_run.Run, Config=_run.Config, Settings=_run.Settings, Artifact=_media.Artifact, init=_run.init, finish=_run.finish,
          login=wandb.login)
_register("sdk.wandb_run", **_run_of)
_register("sdk.wandb_init", init=_run.init)
_register("sdk.wandb_config", Config=_run.Config)
_register("sdk.wandb_summary", Summary=_run.Summary)
_register("sdk.wandb_settings", Settings=_run.Settings)
_register("sdk.wandb_helper", parse_config=_run.parse_config)
_register("sdk.wandb_alerts", AlertLevel=_media.AlertLevel)
_register("sdk.data_types")
_register("sdk.artifacts")
_register("sdk.artifacts.artifact", Artifact=_media.Artifact)
_register("sdk.lib", RunDisabled=_run.RunDisabled)
_register("sdk.lib.disabled", RunDisabled=_run.RunDisabled)
_register("sdk.lib.config_util", ConfigError=_errors.ConfigError)
_register("sdk.lib.runid", generate_id=generate_id)
_register("sdk.lib.telemetry", context=_telemetry)
# Every chart of wandb.plot and wandb.sklearn is accepted.
_register("plot", __getattr__=_plot)
_register("sklearn", __getattr__=_plot)
wandb.plots = wandb.plot
wandb.helper = sys.modules["wandb.sdk.wandb_helper"]
wandb.wandb_sdk = sys.modules["wandb.sdk"]
