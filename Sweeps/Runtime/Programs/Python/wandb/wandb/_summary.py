"""The summary of a run: one value, or the statistics of define_metric, for each logged metric."""

import collections.abc

import sweep_report
from wandb._errors import Error

_STATISTICS = ("last", "first", "max", "min", "mean")


def leaves(values, path=()):
    """Yields the values of nested dicts, each with the tuple of its keys."""
    for key, value in values.items():
        if isinstance(value, collections.abc.Mapping):
            yield from leaves(value, path + (str(key),))
        else:
            yield path + (str(key),), value


class _Metric:
    """The values of a metric so far."""

    def __init__(self, path):
        self.path = path
        self.shown = ()
        self.count, self.total, self.min, self.max = 0, 0.0, None, None

    def add(self, value):
        if not hasattr(self, "last"):
            self.first = value
        self.last = value
        number = sweep_report.to_number(value)
        if number is not None:
            self.count, self.total = self.count + 1, self.total + number
            self.min = number if self.min is None else min(self.min, number)
            self.max = number if self.max is None else max(self.max, number)

    @property
    def mean(self):
        return self.total / self.count if self.count else None

    def summary(self):
        return sweep_report.Config((name, getattr(self, name)) for name in _STATISTICS if name in self.shown) if self.shown else self.last


class Summary(sweep_report.Config):
    """The summary of the logged rows, and the values that the script sets."""

    def __init__(self):
        super().__init__()
        object.__setattr__(self, "_metrics", {})
        object.__setattr__(self, "_defined", {})

    def __setitem__(self, name, value):
        # As in W&B, a value that the script sets ends the statistics of define_metric.
        self._defined[name] = ()
        if name in self._metrics:
            self._metrics[name].shown = ()
        super().__setitem__(name, _with_attributes(value))

    __setattr__ = __setitem__

    def update(self, values=None, **more):
        for key, value in dict(values or {}, **more).items():
            self[key] = value

    def define(self, name, summary=None, overwrite=False):
        """Sets the statistics of a metric, of all whose names begin with a text, or of all: `name` may end with `*`."""
        wanted = [word.lower() for word in summary.split(",")] if summary else []
        for word in wanted:
            if word not in _STATISTICS + ("none", "best", "copy"):
                raise Error("Unhandled define_metric() arg: summary op: %s" % word)
        # W&B computes nothing for the outdated 'best' and 'copy'.
        before = () if overwrite else self._defined.get(name, ())
        self._defined[name] = before + tuple(word for word in wanted if word in _STATISTICS + ("none",))
        if name in self._metrics:
            self._metrics[name].shown = self._defined[name]
            self._show(self._metrics[name])

    def add(self, row):
        """Adds a complete row: a dict from the tuples of `leaves` to values."""
        for path, value in row.items():
            name = ".".join(path)
            metric = self._metrics.get(name)
            if metric is None:
                metric = self._metrics[name] = _Metric(path)
                metric.shown = self._wanted(name)
            metric.add(value)
            self._show(metric)

    def _wanted(self, name):
        if name in self._defined:
            return self._defined[name]
        return next((words for pattern, words in self._defined.items() if pattern.endswith("*") and name.startswith(pattern[:-1])), ())

    def _show(self, metric):
        group = self
        for key in metric.path[:-1]:
            if not isinstance(group.get(key), dict):
                dict.__setitem__(group, key, sweep_report.Config())
            group = group[key]
        if "none" in metric.shown:
            group.pop(metric.path[-1], None)
        else:
            dict.__setitem__(group, metric.path[-1], metric.summary())

    def _as_dict(self):
        return dict(self)


def _with_attributes(value):
    """Returns dicts as Config, so that summary.train.loss works as summary["train"]["loss"]."""
    return sweep_report.Config((key, _with_attributes(item)) for key, item in value.items()) if isinstance(value, dict) else value
