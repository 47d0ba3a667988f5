"""The run, and the reporter that turns rows of `log` into reports of epochs."""

import atexit
import collections.abc
import glob as globs
import os
import pathlib
import shutil
import sys
import tempfile
import time

import sweep_report
from wandb import _media
from wandb._config import Config, parse_config
from wandb._errors import Error, Unsupported, need_server, termlog, termwarn
from wandb._summary import Summary, leaves


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


# wandb.config and wandb.summary before init. Each run has its own.
config = Config(sweep_report.config())
summary = Summary()


# Keys of a report that are not metrics.
_RESERVED = ("epoch", "ask", "checkpoint")


class _Reporter:
    """Turns rows into reports. A row with the objective is an epoch; the metrics of rows without it are kept for the next epoch.

    A row that is logged with a step ends when the step rises. Reporting it then would be one epoch of training late, with the checkpoint of
    the next epoch. Therefore such a row is reported as soon as it has the objective and as many calls as the row of the epoch before.
    """

    def __init__(self):
        self.objective = os.environ.get("SWEEP_METRIC", "")
        self.first = sweep_report.epoch()
        self.epochs = 0
        self.row = {}
        # The calls of the open row, and those of the last row with the objective if a higher step ended it; 0 while that is not known.
        self.calls, self.usual = 0, 0
        self.reported = False
        self.seen = set()
        # A script that defines its own sweep reports only from wandb.agent; what it logs before is not part of the run.
        self.inside = "SWEEP_NUMBER" not in os.environ
        self.disabled = self.ended = False

    @property
    def on(self):
        return self.inside and sweep_report.active() and sweep_report.rank() == 0

    @property
    def is_epoch(self):
        return bool(self.row) and (not self.objective or self.objective in self.row)

    def add(self, values, may_be_complete):
        """Adds the values of a call, which are keyed by the tuples of `leaves`, to the open row."""
        if not self.on:
            return
        self.calls += 1
        for path, value in values.items():
            key, number = ".".join(path), sweep_report.to_number(value)
            if number is None:
                _media.count(value)
            elif key not in _RESERVED:
                self.row[key] = number
        self.seen.update(self.row)
        if may_be_complete and not self.reported and self.calls >= self.usual and self.is_epoch:
            self.reported = True
            self.report()

    def end_row(self, by_step):
        """Ends the open row, and reports it if it has the objective and is not reported yet."""
        if self.reported:
            # One step is one epoch, also if the objective was logged again after the report.
            self.row.pop(self.objective, None)
        is_epoch = not self.reported and self.is_epoch
        if is_epoch or self.reported:
            self.usual = self.calls if by_step else 0
        self.calls, self.reported = 0, False
        if is_epoch and self.on:
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

    def end(self, summary):
        """Reports an objective that only the summary has, or appends what is left as the summary."""
        if not self.on:
            return
        if self.objective and self.epochs == 0:
            numbers = {".".join(path): sweep_report.to_number(value) for path, value in leaves(summary)}
            if numbers.get(self.objective) is not None:
                self.row = {key: number for key, number in numbers.items() if number is not None and key not in _RESERVED}
                return self.report()
        if self.row:
            sweep_report.append({"summary": self.row})
            self.row = {}

    def tell(self):
        """Ends the run at the end of the process and prints what the sweep did not receive."""
        if self.ended:
            return
        self.ended = True
        try:
            run = _active()
            if run is not None:
                run.finish()
        finally:
            if self.on and self.epochs == 0:
                if self.seen:
                    termwarn("'%s', the metric of the sweep, was never logged. Logged were: %s. Set 'metric: {name: ...}' to one of them."
                             % (self.objective, ", ".join(sorted(self.seen))))
                elif self.disabled:
                    termwarn("the script disabled its run (mode='disabled' or WANDB_MODE=disabled), so that nothing was reported.")
            if self.on:
                _media.tell()


reporter = _Reporter()
atexit.register(lambda: reporter.tell())


class Run:
    """The run of this process."""

    def __init__(self, disabled=False, **settings):
        self.disabled = disabled
        self.config = Config(sweep_report.config())
        self.config._begin(config)
        self.summary = Summary()
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
        self.starting_step = reporter.first
        self.offline = True
        self.url = self.sweep_url = self.project_url = None
        self.path = "/".join((self.entity, self.project, self.id))
        self._dir = settings.get("dir")
        self._ended = False
        self._process = os.getpid()
        # The step and the values of the open row; the step is unknown before the first call of log.
        self._step, self._row = None, {}
        # The files of save that are copied again at the end: from the copy to the original.
        self._saved = {}

    @property
    def step(self):
        """The step of the open row."""
        return self.starting_step if self._step is None else self._step

    @property
    def dir(self):
        """The folder for files of the run. The sweep keeps those of SWEEP_OUT."""
        if not os.environ.get("SWEEP_OUT") and not self._dir:
            self._dir = tempfile.mkdtemp(prefix="wandb-")
        folder = os.environ.get("SWEEP_OUT") or self._dir
        os.makedirs(folder, exist_ok=True)
        return str(folder)

    def log(self, data=None, step=None, commit=None, sync=None, **more):
        """Adds values to the row of a step. The row ends with a call that has no step, with commit=True, or when the step rises.

        Values that are not numbers are only counted.
        """
        if not isinstance(data, collections.abc.Mapping):
            raise ValueError("wandb.log takes a dict of names and values; received %s." % type(data).__name__)
        if self._step is None:
            # A resumed process may count its steps from any number.
            self._step = self.starting_step if step is None else int(step)
        if step is not None and step < self._step:
            termwarn("Tried to log to step %d that is less than the current step %d. Steps must be monotonically increasing, so this data will be ignored."
                     % (step, self._step))
            return
        if step is not None and step > self._step:
            self._end_row(int(step), by_step=True)
        values = dict(leaves(data))
        self._row.update(values)
        ends = commit or (commit is None and step is None)
        if not self.disabled:
            reporter.add(values, may_be_complete=not ends and commit is None)
        if ends:
            self._end_row(self._step + 1)

    def _end_row(self, next_step, by_step=False):
        row, self._row = self._row, {}
        self._step = next_step
        self.summary.add(row)
        if not self.disabled:
            reporter.end_row(by_step)

    def define_metric(self, name, step_metric=None, step_sync=None, hidden=None, summary=None, goal=None, overwrite=None):
        """Sets which statistics of a metric the summary has. The steps of charts have no effect."""
        if not name:
            raise Error("define_metric() requires non-empty name argument")
        self.summary.define(name, summary, overwrite)
        return Metric(name)

    def finish(self, exit_code=None, quiet=None):
        """Ends the reports of the run. The process continues."""
        if self._ended:
            return
        self._ended = True
        wandb = sys.modules["wandb"]
        if wandb.run is self:
            wandb.run = None
        for target, source in self._saved.items():
            _copy(source, target)
        self._end_row(self.step)
        if not self.disabled:
            reporter.end(self.summary)

    join = finish

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.finish()
        return False

    def save(self, glob_str=None, base_path=None, policy="live", glob=True):
        """Copies the matching files to the folder of the run, with their folders below `base_path`, and returns their new paths.

        With the policies live and end they are copied again at the end of the run.
        """
        if glob_str is None:
            return []
        pattern = os.fspath(glob_str)
        if pattern.startswith(("gs://", "s3://")):
            termlog("%s is a cloud storage url, can't save file to W&B." % pattern)
            return []
        if policy not in ("live", "end", "now"):
            raise ValueError('Only "live", "end" and "now" policies are currently supported.')
        absolute = pathlib.PurePath(os.path.abspath(pattern))
        if base_path is None:
            # As in W&B, an absolute path keeps one folder.
            base_path = absolute.parent.parent if os.path.isabs(pattern) else "."
        base = pathlib.PurePath(os.path.abspath(base_path))
        if base not in absolute.parents:
            raise ValueError("Glob may not walk above the base path" if absolute != base else "Glob cannot be the same as the base path")
        if not os.environ.get("SWEEP_OUT") or self.disabled:
            return []
        copied = []
        for path in sorted(globs.glob(str(absolute))) if glob else [str(absolute)]:
            if os.path.isfile(path):
                target = os.path.join(os.path.abspath(self.dir), os.path.relpath(path, base))
                _copy(path, target)
                if policy != "now":
                    self._saved[target] = path
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


def _copy(source, target):
    """Copies a file, unless it is gone or `target` is the same file."""
    if os.path.isfile(source) and not (os.path.exists(target) and os.path.samefile(source, target)):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(source, target)


RunDisabled = type("RunDisabled", (), {})


def init(project=None, entity=None, config=None, mode=None, config_include_keys=None, config_exclude_keys=None, allow_val_change=None,
         **settings):
    """Starts the run, or returns the active one. `config` sets the keys that the sweep has not set."""
    wandb = sys.modules["wandb"]
    active = _active()
    if active is not None and settings.pop("reinit", None) in (None, False, "return_previous", "default"):
        run = active
    else:
        if active is not None:
            active.finish()
        # A child process from which the script has taken WANDB_RUN_ID is another run than that of the sweep, at W&B too.
        foreign = sweep_report.active() and not os.environ.get("WANDB_RUN_ID")
        disabled = _mode(mode, settings.get("settings")) == "disabled"
        reporter.disabled = reporter.disabled or (disabled and not foreign)
        run = Run(disabled=foreign or disabled, project=project, entity=entity, **settings)
    values = parse_config(config)
    if config_include_keys is not None:
        values = {key: value for key, value in values.items() if key in config_include_keys}
    values = {key: value for key, value in values.items() if key not in (config_exclude_keys or ())}
    run.config._begin(values)
    # As in W&B, the names of the module are those of the run from here on, whatever the script has assigned to them before.
    wandb.run, wandb.config, wandb.summary = run, run.config, run.summary
    vars(wandb).update(wandb._calls)
    return run


def _active():
    """Returns the run of this process. A forked process has the object of the run of its parent, and a run of its own."""
    run = sys.modules["wandb"].run
    return run if run is not None and run._process == os.getpid() else None


def _mode(mode, settings):
    if mode is None and settings is not None:
        mode = settings.get("mode") if isinstance(settings, dict) else getattr(settings, "mode", None)
    return mode or os.environ.get("WANDB_MODE")


def finish(exit_code=None, quiet=None):
    """Ends the reports of the run. The process continues."""
    run = sys.modules["wandb"].run
    if run is not None:
        run.finish()
