"""The configuration of a run."""

import collections.abc

import sweep_report
from wandb._errors import Unsupported, termwarn


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

    def _begin(self, values):
        """Sets the values of init. Values that are set already stay, also those within a group."""
        for key, value in values.items():
            key = str(key).strip("-")
            if key not in self:
                super().__setitem__(key, value)
            elif isinstance(value, collections.abc.Mapping) and isinstance(self[key], dict):
                super().__setitem__(key, _merged(value, self[key]))

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


def _merged(values, over):
    """Returns `values` with those of `over` in their place, group by group."""
    result = dict(values)
    for key, value in over.items():
        group = result.get(key)
        result[key] = _merged(group, value) if isinstance(group, collections.abc.Mapping) and isinstance(value, dict) else value
    return result
