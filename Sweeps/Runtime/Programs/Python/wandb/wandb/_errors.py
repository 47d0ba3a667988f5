"""Errors of the module, and how an uncaught one is shown."""

import sys


class Error(Exception):
    """The base class of W&B's errors."""

    def __init__(self, message="", *args):
        super().__init__(message, *args)
        self.message = message


class CommError(Error):
    """W&B: the server cannot be reached."""


class UsageError(Error):
    """W&B: a call that makes no sense."""


class ConfigError(Error):
    """W&B: a value of the configuration that may not change."""


class Unsupported(Error, AttributeError):
    """What this module does not have, or what needs W&B's server. Programs that ask with hasattr or try an import go on without it."""


def need_server(what, instead):
    """Refuses what needs W&B's server, with what to do instead."""
    raise Unsupported("%s needs W&B's server, and this sweep runs without it. %s" % (what, instead))


def termlog(string="", newline=True, repeat=True, **options):
    print("wandb: %s" % string, file=sys.stderr)


termwarn = termerror = termlog


def install_hook():
    """Shows an uncaught Unsupported, and an import of what this module does not have, as one sentence with the place of the call."""
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
