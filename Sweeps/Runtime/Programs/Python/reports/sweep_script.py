"""Runs a script or a notebook that defines its own sweep with wandb.sweep and wandb.agent.

    python -m sweep_script [--capture FILE] [--sweep N] SCRIPT [ARGUMENT...]

With --capture the calls of wandb.sweep and wandb.agent are written to FILE as JSON, and the script ends at the last call of wandb.agent. Without
it, wandb.agent calls its function once, with the configuration of this run; --sweep selects one of several sweeps of the script, counted from 1.
"""

import io
import json
import os
import re
import sys
import tokenize
import types

# The magics of a cell whose other lines are Python.
_PYTHON_CELLS = ("%%time", "%%timeit", "%%capture", "%%wandb", "%%prun")

_MAGIC = re.compile(r"^(\s*)(%|!|\?|[A-Za-z_][\w, .]*=\s*[%!]|[\w.]+\?{1,2}\s*$)")


def cell_code(source, number, skipped):
    """The Python of a cell; what only IPython understands becomes `pass`, and a sentence about it goes to `skipped`."""
    if _compiles(source):
        return source
    lines = source.splitlines()
    index = 0
    while index < len(lines):
        line = lines[index].strip()
        if line.startswith("%%") and not any(before.strip() for before in lines[:index]):
            if line.split()[0] not in _PYTHON_CELLS:
                skipped.append("cell %d is skipped: %s" % (number, line))
                return ""
            lines[index] = ""
        found = _MAGIC.match(lines[index])
        end = index + (_magic_lines(lines[index:]) if found else _statement_lines(lines[index:]))
        if found:
            skipped.append("cell %d: %s is skipped" % (number, line))
            # As many lines as before, so that the line numbers of errors stay.
            lines[index:end] = [found.group(1) + "pass"] + [""] * (end - index - 1)
        index = end
    return "\n".join(lines) + "\n"


def _magic_lines(lines):
    """The number of lines of a magic: a backslash at the end continues it, as in IPython."""
    return next((number for number, line in enumerate(lines, 1) if not line.endswith("\\")), len(lines))


def _statement_lines(lines):
    """The number of lines of a statement of Python: one within brackets, a text with three quotes or a backslash has several."""
    if not lines[0].strip() or lines[0].lstrip().startswith("#"):
        return 1
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            if token.type == tokenize.NEWLINE:
                return token.end[0]
    except (tokenize.TokenError, SyntaxError):
        pass
    return 1


def notebook_cells(path, skipped):
    """The code cells of a notebook, in their order, as (name, source)."""
    with open(path, encoding="utf-8") as file:
        notebook = json.load(file)
    cells = notebook.get("cells") or [cell for sheet in notebook.get("worksheets", []) for cell in sheet["cells"]]
    number = 0
    for cell in cells:
        if cell.get("cell_type") == "code":
            number += 1
            source = cell.get("source", cell.get("input", ""))
            source = source if isinstance(source, str) else "".join(source)
            yield "%s, cell %d" % (os.path.basename(path), number), cell_code(source, number, skipped)


def _compiles(source):
    try:
        compile(source, "cell", "exec")
        return True
    except SyntaxError:
        return False


class _Shell:
    """What get_ipython() returns: its magics do nothing."""

    def __getattr__(self, name):
        return lambda *arguments, **options: None


class _Shown:
    """What display returns for `display_id`; later values are printed below the first one."""

    def __init__(self, name):
        self.display_id = name

    def display(self, *objects, **options):
        print(*objects)

    update = display


def display(*objects, display_id=None, **options):
    """Prints the objects, in the place of IPython's display."""
    print(*objects)
    return None if display_id is None else _Shown(display_id)


def run(path, arguments):
    """Executes the script as __main__, as `python SCRIPT` does. Its own main module lets multiprocessing find the script's functions."""
    path = os.path.abspath(path)
    main = types.ModuleType("__main__")
    main.__builtins__ = __builtins__
    main.__spec__ = None
    sys.modules["__main__"] = main
    sys.argv[:] = [path] + arguments
    sys.path[0] = os.path.dirname(path)
    if path.endswith(".ipynb"):
        skipped = []
        cells = list(notebook_cells(path, skipped))
        for sentence in skipped:
            print("%s: %s" % (os.path.basename(path), sentence), file=sys.stderr)
        main.get_ipython = _Shell
        main.display = display
    else:
        main.__file__ = path
        with open(path, "rb") as file:
            cells = [(path, file.read())]
    # wandb.agent looks whether one of the cells that are still to come calls it again.
    main.__dict__["__cells__"] = cells
    while cells:
        exec(_compiled(*cells.pop(0)), main.__dict__)


def _compiled(name, source):
    return compile(source, name, "exec")


def main(words):
    options = {"--capture": "SWEEP_CAPTURE", "--sweep": "SWEEP_NUMBER"}
    os.environ["SWEEP_NUMBER"] = "1"
    while len(words) > 1 and words[0] in options:
        os.environ[options[words[0]]] = words[1]
        words = words[2:]
    if not words:
        sys.exit(__doc__)
    run(words[0], words[1:])


if __name__ == "__main__":
    main(sys.argv[1:])
