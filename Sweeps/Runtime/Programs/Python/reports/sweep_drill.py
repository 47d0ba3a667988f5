"""Notes the state of a program at each report, for `sweep drill`: what differs after a resume names what was lost.

The variables of the functions that are running and of the main module are followed through objects, dicts and lists. Each number, array and
random generator becomes one entry; arrays and generators as a hash.
"""

import hashlib
import json
import numbers
import os
import random
import sys

_LARGEST = 20000
_DEEPEST = 6
_OURS = ("sweep_report", "sweep_drill", "sweep_script", "wandb")


class _State:
    def __init__(self):
        self.entries = {}
        self.seen = set()

    def add(self, name, kind, value):
        self.entries.setdefault(name, [kind, value])

    def hashed(self, name, kind, data):
        self.add(name, kind, hashlib.sha256(data if isinstance(data, bytes) else repr(data).encode()).hexdigest()[:16])

    def follow(self, name, value, depth):
        try:
            self.enter(name, value, depth)
        except Exception:
            # An object whose attributes cannot be read must not end the program.
            pass

    def enter(self, name, value, depth):
        if len(self.entries) > _LARGEST:
            return
        if isinstance(value, (bool, str, bytes, type(None), type, type(sys))) or callable(value) and not hasattr(value, "__dict__"):
            return
        if isinstance(value, numbers.Integral):
            return self.add(name, "integer", int(value))
        if isinstance(value, numbers.Real):
            return self.add(name, "number", repr(float(value)))
        if id(value) in self.seen or depth > _DEEPEST:
            return
        self.seen.add(id(value))
        if isinstance(value, random.Random):
            return self.hashed(name, "random", value.getstate())
        if hasattr(value, "bit_generator") and hasattr(value.bit_generator, "state"):
            return self.hashed(name, "random", value.bit_generator.state)
        if hasattr(value, "get_state") and hasattr(value, "seed"):
            return self.hashed(name, "random", _plain(value.get_state()))
        if hasattr(value, "detach") and hasattr(value, "cpu"):
            value = value.detach().cpu()
            value = value.numpy() if hasattr(value, "numpy") else value
        if hasattr(value, "tobytes") and hasattr(value, "dtype"):
            kind = "numbers" if value.dtype.kind in "fc" else "integers" if value.dtype.kind in "iu" else None
            return self.hashed(name, kind, value.tobytes()) if kind else None
        if isinstance(value, (list, tuple)):
            if value and all(isinstance(item, numbers.Real) for item in value):
                whole = all(isinstance(item, numbers.Integral) for item in value)
                return self.hashed(name, "integers" if whole else "numbers", list(value))
            for index, item in enumerate(value[:200]):
                self.follow("%s[%d]" % (name, index), item, depth + 1)
        elif isinstance(value, dict):
            for key, item in list(value.items())[:1000]:
                self.follow("%s[%r]" % (name, key), item, depth + 1)
        elif type(value).__module__.partition(".")[0] not in sys.builtin_module_names:
            if callable(getattr(value, "state_dict", None)):
                # The optimizers, schedules and modules of PyTorch.
                return self.follow(name, value.state_dict(), depth + 1)
            for key, item in list(getattr(value, "__dict__", {}).items())[:1000]:
                self.follow("%s.%s" % (name, key), item, depth + 1)


def _plain(state):
    return [part.tolist() if hasattr(part, "tolist") else part for part in state] if isinstance(state, tuple) else state


def note(epoch):
    """Appends the state at the report of an epoch to the file SWEEP_DRILL."""
    state = _State()
    frame = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "").partition(".")[0]
        if module not in _OURS and not frame.f_code.co_filename.startswith("<") and "site-packages" not in frame.f_code.co_filename:
            for name, value in list(frame.f_locals.items()):
                if not name.startswith("__"):
                    state.follow(name, value, 0)
        frame = frame.f_back
    for name, value in list(vars(sys.modules["__main__"]).items()):
        if not name.startswith("__"):
            state.follow(name, value, 0)
    state.hashed("random", "random", random.getstate())
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        state.hashed("numpy.random", "random", _plain(numpy.random.get_state()))
    torch = sys.modules.get("torch")
    if torch is not None:
        state.hashed("torch", "random", torch.get_rng_state().numpy().tobytes())
    with open(os.environ["SWEEP_DRILL"], "a", encoding="utf-8") as file:
        file.write(json.dumps({"epoch": epoch, "state": state.entries}) + "\n")
