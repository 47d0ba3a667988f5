"""wandb.sweep and wandb.agent.

While `sweep run FILE.py` captures the script they record their arguments, and the script ends at the last agent; in a run, agent calls the
function once.
"""

import json
import os
import sys

import sweep_report
from wandb import _ahead, _run
from wandb._errors import UsageError, need_server

# The sweeps that this process has defined, in order: [{"id", "config", "file", "project", "function", "count", "agents"}].
_defined = []


def sweep(sweep, entity=None, project=None, prior_runs=None):
    """Returns the id of the sweep. `sweep` is a dict, a function that returns one, or the path of a YAML file."""
    if callable(sweep):
        sweep = sweep()
    number = len(_defined) + 1
    selected = str(number) == os.environ.get("SWEEP_NUMBER", "1")
    entry = {"id": os.environ.get("SWEEP") or "sweep-1" if selected else "not-selected-%d" % number, "project": project, "agents": 0}
    if isinstance(sweep, (str, os.PathLike)):
        entry["file"] = os.path.abspath(os.fspath(sweep))
    else:
        entry["config"] = _plain(sweep, "")
    _defined.append(entry)
    _write()
    print("Create sweep with ID: %s" % entry["id"])
    return entry["id"]


def agent(sweep_id=None, function=None, entity=None, project=None, count=None, *args, **kwargs):
    """Calls the function once, with the configuration of this run, and ends the process: each run is a process of its own."""
    # The id may have the form entity/project/id.
    number = str(sweep_id).rpartition("/")[2]
    entry = next((one for one in _defined if one["id"] == number), None)
    if "SWEEP_CAPTURE" in os.environ:
        if entry is None:
            entry = {"id": number, "agents": 0}
            _defined.append(entry)
        entry["agents"] += 1
        entry["function"] = getattr(function, "__name__", type(function).__name__) if function is not None else None
        entry["count"] = count if entry["agents"] == 1 else None if count is None or entry["count"] is None else entry["count"] + count
        _write()
        return _ahead.end_after_last_call(agent)
    if entry is not None and entry["id"].startswith("not-selected-"):
        return None
    if not sweep_report.active():
        raise UsageError("wandb.agent() trains where a sweep runs this script. Start it with: sweep run %s" % os.path.basename(sys.argv[0]))
    if function is None:
        need_server("wandb.agent() without a function", "Give the function that trains: wandb.agent(sweep_id, function=train).")
    _run.finish()
    _run.reporter.inside = True
    function()
    _run.finish()
    sys.exit(0)


def controller(*args, **kwargs):
    """Raises Unsupported."""
    need_server("wandb.controller()", "Use wandb.sweep() and wandb.agent().")


def _plain(value, place):
    """Converts a value to JSON types: tuples and ranges to lists, NumPy's numbers to numbers."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "tolist"):
        return _plain(value.tolist(), place)
    if isinstance(value, dict) or hasattr(value, "keys"):
        return {str(key): _plain(value[key], "%s.%s" % (place, key) if place else str(key)) for key in value.keys()}
    if isinstance(value, (set, frozenset)):
        return [_plain(item, place) for item in sorted(value, key=str)]
    if isinstance(value, (list, tuple, range)) or hasattr(value, "__iter__"):
        return [_plain(item, place) for item in value]
    raise UsageError("wandb.sweep: '%s' has a value of type %s, expected numbers, texts, lists and dicts. Give its name as a text, and look "
                     "it up in the function." % (place, type(value).__name__))


def _write():
    path = os.environ.get("SWEEP_CAPTURE")
    if path:
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump(_defined, file)
        os.replace(path + ".new", path)
