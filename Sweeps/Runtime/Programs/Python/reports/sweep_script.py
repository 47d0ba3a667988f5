"""Runs a script or a notebook that defines its own sweep with wandb.sweep and wandb.agent.

    python -m sweep_script [--capture FILE] [--sweep N] SCRIPT [ARGUMENT...]

With --capture the calls of wandb.sweep and wandb.agent are written to FILE as JSON and nothing is trained. Without it, wandb.agent calls
its function once, with the configuration of this run; --sweep selects one of several sweeps of the script, counted from 1.
"""

import json
import os
import re
import sys
import types

# The magics of a cell whose other lines are Python.
_PYTHON_CELLS = ("%%time", "%%timeit", "%%capture", "%%wandb", "%%prun")

_MAGIC = re.compile(r"^(\s*)(%|!|\?|[A-Za-z_][\w, .]*=\s*[%!]|[\w.]+\?{1,2}\s*$)")


def cell_code(source, number, skipped):
    """The Python of a cell; what only IPython understands becomes `pass`, and a sentence about it goes to `skipped`."""
    if _compiles(source):
        return source
    lines = source.splitlines()
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%"):
        if first.split()[0] not in _PYTHON_CELLS:
            skipped.append("cell %d is skipped: %s" % (number, first))
            return ""
        lines[[line.strip() for line in lines].index(first)] = ""
    for index, line in enumerate(lines):
        found = _MAGIC.match(line)
        if found:
            skipped.append("cell %d: %s is skipped" % (number, line.strip()))
            lines[index] = found.group(1) + "pass"
    return "\n".join(lines) + "\n"


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
        main.display = print
    else:
        main.__file__ = path
        with open(path, "rb") as file:
            cells = [(path, file.read())]
    for name, source in cells:
        exec(compile(source, name, "exec"), main.__dict__)


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
