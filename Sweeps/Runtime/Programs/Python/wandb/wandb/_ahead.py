"""Ends a script whose sweeps are captured after its last call of wandb.agent, so that nothing is trained or evaluated that needs the sweep's runs.

A script may call the agent several times: in a loop, or for each of its sweeps. Whether another call follows is read from the bytecode of the
functions that are running: the names that can still be reached, and the functions of the script behind these names.
"""

import bisect
import dis
import functools
import inspect
import os
import sys
import types

# After these instructions the next one is not executed.
_LEAVE = ("JUMP_FORWARD", "JUMP_ABSOLUTE", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "JUMP_NO_INTERRUPT", "RETURN_VALUE", "RETURN_CONST",
          "RAISE_VARARGS", "RERAISE")
# These instructions end a statement.
_ENDS = ("POP_TOP", "STORE_", "DELETE_", "RETURN_", "RAISE_", "RESUME", "JUMP_BACKWARD", "JUMP_ABSOLUTE", "END_FOR", "POP_ITER")
_LIBRARIES = (os.path.dirname(os.__file__), os.path.dirname(__file__), "<")


def end_after_last_call(agent):
    """Ends the process as soon as no call of `agent` can follow. Called by `agent`."""
    frame = sys._getframe(2)
    if not _follows(frame, agent, calling=True):
        sys.exit(0)

    def trace(frame, event, argument):
        if event == "line" and not _follows(frame, agent, calling=False):
            sys.settrace(None)
            sys.exit(0)
        return trace

    # Only the functions that are running now are traced, so that the others are not slower.
    sys.settrace(lambda *event: None)
    while frame is not None:
        frame.f_trace = trace
        frame = frame.f_back


def _follows(frame, agent, calling):
    """Whether the functions that are running, or the cells of the notebook that have not run yet, can still call `agent`."""
    search = _Search(agent)
    while frame is not None:
        if search.finds(_reachable(frame.f_code, frame.f_lasti, calling), [frame.f_locals, frame.f_globals]):
            return True
        frame, calling = frame.f_back, True
    main = vars(sys.modules["__main__"])
    return any(search.calls(code, [main]) for code in _compiled(main.get("__cells__", ())))


def _compiled(cells):
    for name, source in cells:
        try:
            yield compile(source, name, "exec")
        except SyntaxError:
            return


@functools.lru_cache(maxsize=None)
def _instructions(code):
    return list(dis.get_instructions(code))


@functools.lru_cache(maxsize=None)
def _reachable(code, last, calling):
    """The instructions that can still be executed: from the one after a call, or from the beginning of the current statement."""
    instructions = _instructions(code)
    offsets = [one.offset for one in instructions]
    start = bisect.bisect_right(offsets, last) if calling else bisect.bisect_left(offsets, last)
    todo, found = [start], set()
    while not calling and start > 0 and not instructions[start - 1].opname.startswith(_ENDS):
        start -= 1
        todo.append(start)
    while todo:
        index = todo.pop()
        while index < len(instructions) and index not in found:
            found.add(index)
            one = instructions[index]
            if one.opcode in dis.hasjrel or one.opcode in dis.hasjabs:
                todo.append(bisect.bisect_left(offsets, one.argval))
            if one.opname in _LEAVE:
                break
            index += 1
    return [instructions[index] for index in sorted(found)]


def _enclosed(function):
    """The variables of the enclosing functions, without those that are not assigned yet."""
    found = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            found[name] = cell.cell_contents
        except ValueError:
            pass
    return found


class _Search:
    """Looks for a use of the agent in code and in the functions of the script that the code names."""

    def __init__(self, agent):
        self.agent = agent
        self.seen = set()

    def finds(self, instructions, scopes):
        value = None
        for one in instructions:
            if one.opname == "IMPORT_FROM" and one.argval == "agent":
                return True
            if one.opname == "LOAD_CONST":
                value = one.argval if isinstance(one.argval, types.CodeType) else None
            elif not one.opname.startswith("LOAD_") or not isinstance(one.argval, str):
                value = None
            elif one.opname in ("LOAD_ATTR", "LOAD_METHOD"):
                value = inspect.getattr_static(value, one.argval, None)
            else:
                value = next((scope[one.argval] for scope in scopes if one.argval in scope), sys.modules.get(one.argval))
            if self.calls(value, scopes):
                return True
        return False

    def calls(self, value, scopes):
        if value is self.agent:
            return True
        while hasattr(type(value), "__func__") or isinstance(value, functools.partial):
            value = value.func if isinstance(value, functools.partial) else value.__func__
        if isinstance(value, type):
            # A class stands for its methods.
            return any(self.calls(item, scopes) for item in list(vars(value).values()) if isinstance(item, (types.FunctionType, staticmethod, classmethod)))
        if isinstance(value, types.FunctionType):
            scopes, value = [_enclosed(value), value.__globals__], value.__code__
        if not isinstance(value, types.CodeType) or value in self.seen or value.co_filename.startswith(_LIBRARIES) or "site-packages" in value.co_filename:
            return False
        self.seen.add(value)
        return self.finds(_instructions(value), scopes)
