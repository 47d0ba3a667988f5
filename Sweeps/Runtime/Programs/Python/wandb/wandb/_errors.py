"""The errors of the module, and a hook that prints an uncaught one as one sentence."""

import sys


class Error(Exception):
    """The base class of W&B's errors."""

    def __init__(self, message="", *args):
        super().__init__(message, *args)
        self.message = message


class CommError(Error):
    """W&B's error for a server that cannot be reached. Never raised."""


class UsageError(Error):
    """An invalid call or argument."""


class ConfigError(Error):
    """W&B's error for a configuration value that may not change. Never raised."""


class Unsupported(Error, AttributeError):
    """The module does not have the name, or the call needs W&B's server. An AttributeError, so that hasattr returns False."""


def need_server(what, instead):
    """Raises Unsupported for a call that needs W&B's server; `instead` says what to do."""
    raise Unsupported("%s needs W&B's server, and this sweep runs without it. %s" % (what, instead))


def termlog(string="", newline=True, repeat=True, **options):
    print("wandb: %s" % string, file=sys.stderr)


termwarn = termerror = termlog


def install_hook():
    """Prints an uncaught Unsupported, or an import of a missing part of this module, as one sentence with the line of the call."""
    before = sys.excepthook

    def show(kind, error, trace):
        if issubclass(kind, ImportError) and (error.name or "").partition(".")[0] == "wandb":
            message = "%s: it is not in the module that a sweep puts in the place of wandb." % error.msg.partition(" (")[0]
        elif issubclass(kind, Unsupported):
            message = str(error)
        else:
            return before(kind, error, trace)
        place = ""
        while trace is not None:
            if trace.tb_frame.f_globals.get("__name__", "").partition(".")[0] not in ("wandb", "sweep_script", "runpy"):
                place = "%s:%d: " % (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
            trace = trace.tb_next
        print(place + message, file=sys.stderr)

    sys.excepthook = show
