"""The run, its configuration and its summary, and the reporter that turns rows of `log` into reports of epochs."""

import atexit
import collections.abc
import glob
import os
import shutil
import sys
import tempfile
import time

import sweep_report
from wandb import _media
from wandb._errors import Unsupported, need_server, termwarn


class Config(sweep_report.Config):
    """The configuration of the run. Values that the sweep has set cannot be changed."""

    def __init__(self, sweep=None):
        super().__init__(sweep or {})
        object.__setattr__(self, "_locked", frozenset(self))

    def __getitem__(self, key):
        if key not in self and "." in str(key):
            group, _, rest = key.partition(".")
            if isinstance(self.get(group), dict):
                return Config(self[group])[rest]
        return super().__getitem__(key)

    def __setitem__(self, key, value):
        self.update({key: value})

    __setattr__ = __setitem__

    def update(self, values=None, allow_val_change=None, **more):
        """Sets values from a dict, an argparse.Namespace, absl flags or the path of a YAML file."""
        for key, value in dict(parse_config(values), **more).items():
            key = str(key).strip("-")
            if key not in self._locked:
                super().__setitem__(key, value)
            elif self[key] != value:
                termwarn("config.%s keeps the value %r of the sweep; %r is ignored." % (key, self[key], value))

    def setdefaults(self, values):
        """Sets the values whose keys are not set yet."""
        self.update({key: value for key, value in parse_config(values).items() if str(key).strip("-") not in self})

    def as_dict(self):
        return dict(self)

    _as_dict = as_dict

    def persist(self):
        """Does nothing: the sweep keeps the configuration."""

    def update_locked(self, values, user=None, _allow_val_change=None):
        self.update(values)

    merge_locked = update_locked

    def __deepcopy__(self, memo):
        return Config(self)

    def __reduce__(self):
        return Config, (dict(self),)


class Summary(sweep_report.Config):
    """The last value of each logged metric, and the values that the script sets."""

    def update(self, values=None, **more):
        for key, value in flat(dict(values or {}, **more)):
            self[key] = value

    def _as_dict(self):
        return dict(self)


class Settings:
    """W&B's settings. They have no effect."""

    def __init__(self, **settings):
        self.__dict__.update(settings)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return None


class Metric:
    """The result of define_metric."""

    def __init__(self, name):
        self.name = name


def parse_config(values):
    """Converts a value that W&B accepts as a configuration to a dict."""
    if values is None:
        return {}
    if isinstance(values, str):
        return _from_yaml(values)
    if hasattr(values, "flag_values_dict"):
        return values.flag_values_dict()
    if isinstance(values, collections.abc.Mapping) or hasattr(values, "keys"):
        return {key: values[key] for key in values.keys()}
    if hasattr(values, "__dict__"):
        return dict(vars(values))
    raise TypeError("config is of type %s, expected a dict or an argparse.Namespace." % type(values).__name__)


def _from_yaml(path):
    try:
        import yaml
    except ImportError:
        raise Unsupported("config='%s' names a YAML file, and Python has no module yaml. Install it: pip install pyyaml" % path) from None
    with open(path, encoding="utf-8") as file:
        values = yaml.safe_load(file) or {}
    return {key: value["value"] if isinstance(value, dict) and "value" in value else value
            for key, value in values.items() if key != "wandb_version"}


def flat(values, prefix=""):
    """Yields the values of nested dicts with dotted names, as W&B does."""
    for key, value in values.items():
        if isinstance(value, collections.abc.Mapping):
            yield from flat(value, "%s%s." % (prefix, key))
        else:
            yield "%s%s" % (prefix, key), value


config = Config(sweep_report.config())
summary = Summary()


# Keys of a report that are not metrics.
_RESERVED = ("epoch", "ask", "checkpoint")


class _Reporter:
    """Turns rows into reports. A row with the objective is an epoch; the metrics of rows without it are kept for the next epoch."""

    def __init__(self):
        self.objective = os.environ.get("SWEEP_METRIC", "")
        self.first = sweep_report.epoch()
        self.epochs = 0
        self.row = {}
        self.seen = set()
        # A script that defines its own sweep reports only from wandb.agent; what it logs before is not part of the run.
        self.inside = "SWEEP_NUMBER" not in os.environ
        self.ended = False

    @property
    def on(self):
        return self.inside and sweep_report.active() and sweep_report.rank() == 0

    def add(self, values, commit):
        """Adds values to the open row, and reports the row if it is complete and has the objective."""
        if not self.on:
            return
        for key, value in flat(values):
            number = sweep_report.to_number(value)
            if number is None:
                _media.count(value)
            elif key not in _RESERVED:
                self.row[key] = number
        self.seen.update(self.row)
        if commit and self.row and (not self.objective or self.objective in self.row):
            self.report()

    def report(self):
        """Reports the open row as the next epoch. Ends the process if the verdict is pause or stop."""
        self.epochs += 1
        epoch = self.first + self.epochs
        row, self.row = self.row, {}
        line = dict(row, epoch=epoch)
        until = sweep_report.until()
        if until is None or epoch < until:
            goes_on = sweep_report.append(line)
        else:
            goes_on = sweep_report.report(epoch, row) == sweep_report.CONTINUE
        if not goes_on:
            sys.exit(0)

    def end(self):
        """Reports the open row, or an objective that only the summary has."""
        if not self.on:
            return
        if self.objective and self.epochs == 0 and self.objective not in self.row:
            numbers = {key: sweep_report.to_number(value) for key, value in summary.items()}
            if numbers.get(self.objective) is not None:
                self.row = {key: number for key, number in numbers.items() if number is not None and key not in _RESERVED}
        if self.objective in self.row:
            self.report()
        elif self.row:
            sweep_report.append({"summary": self.row})
            self.row = {}

    def tell(self):
        """Prints at the end of the process what the sweep did not receive."""
        if self.ended or not self.on:
            return
        self.ended = True
        self.end()
        if self.seen and self.epochs == 0:
            termwarn("'%s', the metric of the sweep, was never logged. Logged were: %s. Set 'metric: {name: ...}' to one of them."
                     % (self.objective, ", ".join(sorted(self.seen))))
        _media.tell()


reporter = _Reporter()
atexit.register(lambda: reporter.tell())


class Run:
    """The run of this process."""

    def __init__(self, disabled=False, **settings):
        self.disabled = disabled
        self.config = config
        self.summary = Summary() if disabled else summary
        self.settings = settings.get("settings") or Settings(**settings)
        number = os.environ.get("SWEEP_RUN", "0")
        self.id = settings.get("id") or "run-" + number
        self.sweep_id = os.environ.get("SWEEP") or None
        self.name = settings.get("name") or "run-" + number
        self.project = settings.get("project") or os.environ.get("WANDB_PROJECT") or "sweep"
        self.entity = settings.get("entity") or "sweep"
        self.group = settings.get("group") or ""
        self.job_type = settings.get("job_type") or ""
        self.tags = tuple(settings.get("tags") or ())
        self.notes = settings.get("notes")
        self.start_time = time.time()
        self.resumed = reporter.first > 0
        self.step = self.starting_step = reporter.first
        self.offline = True
        self.url = self.sweep_url = self.project_url = None
        self.path = "/".join((self.entity, self.project, self.id))
        self._dir = settings.get("dir")
        self._ended = False
        self._process = os.getpid()

    @property
    def dir(self):
        """The folder for files of the run. The sweep keeps those of SWEEP_OUT."""
        if not os.environ.get("SWEEP_OUT") and not self._dir:
            self._dir = tempfile.mkdtemp(prefix="wandb-")
        folder = os.environ.get("SWEEP_OUT") or self._dir
        os.makedirs(folder, exist_ok=True)
        return str(folder)

    def log(self, data=None, step=None, commit=None, sync=None, **more):
        """Adds a row of metrics. With commit=False the next call completes the row. Values that are not numbers are only counted."""
        if not isinstance(data, collections.abc.Mapping):
            raise ValueError("wandb.log takes a dict of names and values; received %s." % type(data).__name__)
        self.summary.update(data)
        if not self.disabled:
            reporter.add(data, commit is not False)
        self.step = self.step + (commit is not False) if step is None else step

    def define_metric(self, name, *args, **kwargs):
        return Metric(name)

    def finish(self, exit_code=None, quiet=None):
        """Ends the reports of the run. The process continues."""
        if self._ended:
            return
        self._ended = True
        if not self.disabled:
            reporter.end()
        wandb = sys.modules["wandb"]
        if wandb.run is self:
            wandb.run = None

    join = finish

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.finish()
        return False

    def save(self, glob_str=None, base_path=None, policy=None):
        """Copies the matching files to the folder of the run and returns their new paths."""
        if glob_str is None or not os.environ.get("SWEEP_OUT"):
            return []
        copied = []
        for path in glob.glob(str(glob_str)):
            target = os.path.join(self.dir, os.path.relpath(path, base_path) if base_path else os.path.basename(path))
            if os.path.isfile(path) and os.path.abspath(path) != os.path.abspath(target):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copyfile(path, target)
            copied.append(target)
        return copied

    def alert(self, title="", text="", level=None, wait_duration=None):
        termwarn("alert: %s %s" % (title, text))

    def log_artifact(self, artifact_or_path, name=None, type=None, aliases=None, tags=None):
        if not isinstance(artifact_or_path, _media.Artifact):
            artifact_or_path = _media.Artifact(name or str(artifact_or_path), type or "unspecified")
        _media.count(artifact_or_path)
        return artifact_or_path

    upsert_artifact = finish_artifact = log_artifact

    def log_model(self, path, name=None, aliases=None):
        _media.count(_media.Artifact(name or str(path), "model"))

    def use_artifact(self, artifact_or_name, *args, **kwargs):
        need_server("use_artifact(%r)" % (artifact_or_name,), "Read the files from a path instead.")

    def use_model(self, name):
        need_server("use_model(%r)" % (name,), "Read the model from a path instead.")

    def restore(self, name, *args, **kwargs):
        need_server("restore(%r)" % (name,), "Read the file from a path instead; a checkpoint of the run is in the folder SWEEP_CHECKPOINT.")

    def project_name(self):
        return self.project

    def get_url(self):
        return None

    get_sweep_url = get_project_url = get_url

    def to_html(self, *args, **kwargs):
        return ""

    def display(self, *args, **kwargs):
        return False

    def _ignore(self, *args, **kwargs):
        """Does nothing, because it would only change W&B's server."""

    watch = unwatch = log_code = link_model = link_artifact = mark_preempting = pin_config_keys = write_logs = status = _label = _ignore

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise Unsupported("wandb.run.%s is not in the module that a sweep puts in the place of wandb." % name)


RunDisabled = type("RunDisabled", (), {})


def init(project=None, entity=None, config=None, mode=None, config_include_keys=None, config_exclude_keys=None, allow_val_change=None,
         **settings):
    """Starts the run, or returns the active one. `config` sets the keys that the sweep has not set."""
    wandb = sys.modules["wandb"]
    # A forked process has the object of the run of its parent, and a run of its own.
    active = wandb.run if wandb.run is not None and wandb.run._process == os.getpid() else None
    if active is not None and settings.pop("reinit", None) in (None, False, "return_previous", "default"):
        run = active
    else:
        if active is not None:
            active.finish()
        # A child process from which the script has taken WANDB_RUN_ID is another run than that of the sweep, at W&B too.
        foreign = sweep_report.active() and not os.environ.get("WANDB_RUN_ID")
        run = Run(disabled=foreign or mode == "disabled", project=project, entity=entity, **settings)
    wandb.run = run
    values = parse_config(config)
    if config_include_keys is not None:
        values = {key: value for key, value in values.items() if key in config_include_keys}
    values = {key: value for key, value in values.items() if key not in (config_exclude_keys or ())}
    run.config.setdefaults(values)
    return run


def finish(exit_code=None, quiet=None):
    """Ends the reports of the run. The process continues."""
    run = sys.modules["wandb"].run
    if run is not None:
        run.finish()
