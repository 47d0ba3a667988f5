import unittest

from run_of_a_script import run

TRAIN = """
import wandb
def train():
    with wandb.init(config={"batch": 4}) as run:
        for epoch in range(2):
            run.log({"val_loss": run.config.rate / (epoch + 1), "batch": wandb.config.batch})
config = {"method": "random", "metric": {"name": "val_loss", "goal": "minimize"}, "parameters": {"rate": {"values": (0.1, 0.5)}, "width": {"values": range(3)}}}
"""
EXPECTED = {"method": "random", "metric": {"name": "val_loss", "goal": "minimize"}, "parameters": {"rate": {"values": [0.1, 0.5]}, "width": {"values": [0, 1, 2]}}}


class WandbSweepTests(unittest.TestCase):
    def captured(self, calls, **how):
        result = run(TRAIN + calls, capture=True, **how)
        self.assertNotIn("Traceback", result.errors)
        return [(one.get("config"), one.get("function"), one.get("count"), one["agents"]) for one in result.captured]

    def test_forms_of_the_calls(self):
        for calls, count in (("wandb.agent(wandb.sweep(config, project='p'), function=train, count=50)", 50), ("wandb.agent(wandb.sweep(sweep=config), train, count=1 + 2)", 3),
                             ("wandb.agent(wandb.sweep(config, 'me', 'p'), train, 'me', 'p', 4)", 4), ("wandb.agent(wandb.sweep(lambda: config), function=train)", None),
                             ("s = wandb.sweep(config)\nfor _ in range(3): wandb.agent('me/p/' + s, train, count=2)", 6)):
            (config, function, captured, agents), = self.captured(calls)
            self.assertEqual((EXPECTED, "train", count), (config, function, captured), calls)

    def test_a_dictionary_of_a_module_and_arguments(self):
        calls = "import argparse, spaces; p = argparse.ArgumentParser(); p.add_argument('--n', type=int); wandb.agent(wandb.sweep(spaces.config), train, count=p.parse_args().n)"
        self.assertEqual([({"method": "grid"}, "train", 8, 1)], self.captured(calls, files={"spaces.py": "config = {'method': 'grid'}"}, arguments=["--n", "8"]))

    def test_capturing_ends_at_the_last_agent(self):
        one = "wandb.agent(wandb.sweep(config), train, count=2)"
        after = "\nprint('final training')\nwandb.Api().sweep('x').best_run()"
        launch = "def launch(): %s\n" % one
        for calls, sweeps, runs in (
                (one, 1, 2), ("def main():\n    %s\n    print('final training')\nmain()" % one, 1, 2), ("for _ in range(3):\n    %s" % one, 3, 6),
                ("s = wandb.sweep(config)\nfor _ in range(3): wandb.agent(s, train, count=2)", 1, 6), ("%s\nprint('between')\n%s" % (one, one), 2, 4),
                (launch + "launch()\nprint('between')\nlaunch()", 2, 4), (launch + "for step in [launch, launch]: step()", 2, 4),
                ("def search():\n    def one(): %s\n    def two(): one()\n    one()\n    two()\nsearch()" % one, 2, 4),
                ("class Search:\n    def run(self):\n        %s\nfirst = Search(); first.run(); Search().run()" % one, 2, 4),
                ("if True:\n    %s\nelse:\n    %s" % (one, one), 1, 2), ("from wandb import agent\nagent(wandb.sweep(config), train, count=2)", 1, 2),
                ("%s\nwandb.agent(\n    wandb.sweep(\n        config),\n    train,\n    count=2,\n)" % one, 2, 4),
                ("if __name__ == '__main__':\n    with open(__file__):\n        try:\n            %s\n        finally: pass" % one, 1, 2)):
            result = run(TRAIN + calls + after, capture=True)
            self.assertEqual((0, sweeps, runs), (result.code, len(result.captured), sum(entry["count"] for entry in result.captured)), calls + result.errors)
            self.assertNotIn("final training", result.output, calls)

    def test_capturing_a_notebook_ends_at_the_last_agent_of_its_cells(self):
        def cells(*sources):
            return {"cells": [{"cell_type": "code", "source": source} for source in sources]}
        result = run(cells(TRAIN, "s = wandb.sweep(config)", "wandb.agent(s, train, count=2)", "print('between')", "wandb.agent(s, train, count=1)", "print('after')", "await later()"),
                     capture=True, notebook=True)
        self.assertEqual((0, [3]), (result.code, [entry["count"] for entry in result.captured]), result.errors)
        self.assertIn("between", result.output)
        self.assertNotIn("after", result.output)

    def test_an_id_from_elsewhere_has_no_dictionary(self):
        self.assertEqual([(None, "train", None, 1)], self.captured("import sys; wandb.agent(sys.argv[1], train)", arguments=["abc123"]))

    def test_a_run_calls_the_function_once_with_its_configuration(self):
        for calls in ("wandb.agent(wandb.sweep(config), train, count=50)", "wandb.agent('me/p/abc123', train)"):
            result = run(TRAIN + calls + "\nprint('analysis that belongs to the whole sweep')", {"rate": 0.5}, number=1)
            self.assertEqual([{"epoch": 1, "val_loss": 0.5, "batch": 4}, {"epoch": 2, "val_loss": 0.25, "batch": 4}], result.lines, result.errors)
            self.assertNotIn("analysis", result.output)
            self.assertEqual(0, result.code)

    def test_one_of_several_sweeps(self):
        calls = "wandb.agent(wandb.sweep(config), lambda: print('first'))\nwandb.agent(wandb.sweep(config), train)"
        self.assertEqual(2, len(run(TRAIN + calls, {"rate": 0.5}, number=2).lines))
        self.assertIn("first", run(TRAIN + calls, {"rate": 0.5}, number=1).output)

    def test_what_the_script_logs_before_the_agent_is_no_epoch(self):
        calls = "wandb.init().log({'val_loss': 9}); wandb.agent(wandb.sweep(config), train)"
        self.assertEqual([0.5, 0.25], [line["val_loss"] for line in run(TRAIN + calls, {"rate": 0.5}, number=1).lines])

    def test_an_exception_of_the_function_is_the_runs(self):
        result = run("import wandb\ndef train(): raise RuntimeError('no memory')\nwandb.agent(wandb.sweep({}), train)", number=1)
        self.assertEqual(1, result.code)
        self.assertTrue(result.errors.strip().endswith("RuntimeError: no memory"))

    def test_values_that_are_no_values(self):
        result = run("import wandb\nclass Relu: pass\nwandb.sweep({'parameters': {'act': {'values': [Relu()]}}})", capture=True)
        self.assertIn("'parameters.act.values' has a value of type Relu, expected numbers", result.errors)

    def test_a_process_pool_of_the_script_finds_its_functions(self):
        calls = """
import multiprocessing
def square(x): return x * x
def pooled():
    with multiprocessing.get_context('spawn').Pool(1) as pool: wandb.init().log({"val_loss": sum(pool.map(square, [1, 2]))})
if __name__ == '__main__': wandb.agent(wandb.sweep(config), pooled)
"""
        self.assertEqual([5], [line["val_loss"] for line in run(TRAIN + calls, number=1).lines])

    def test_a_notebook_runs_its_code_cells_and_names_what_it_skips(self):
        def cell(source, kind="code"):
            return {"cell_type": kind, "source": source if isinstance(source, str) else [line + "\n" for line in source]}
        notebook = {"cells": [
            cell("# Title", "markdown"), cell(["!pip install wandb -q", "%matplotlib inline", "import wandb"]), cell(["%%bash", "ls"]), cell(["%%time", "x = 1"]),
            cell(["if True:", "    !nvidia-smi", "text = '''", "%not a magic", "'''"]), cell(["files = !ls", "wandb?", "get_ipython().run_line_magic('time', '')"]),
            cell(TRAIN.strip().split("\n")), cell("sweep_id = wandb.sweep(config)"), cell("wandb.agent(sweep_id, train, count=2)"), cell("print('after')")]}
        captured = run(notebook, capture=True, notebook=True)
        self.assertEqual([EXPECTED, 2], [captured.captured[0]["config"], captured.captured[0]["count"]], captured.errors)
        result = run(notebook, {"rate": 0.5}, notebook=True)
        self.assertEqual(2, len(result.lines), result.errors)
        for skipped in ("cell 1: !pip install wandb -q is skipped", "cell 2 is skipped: %%bash", "cell 4: !nvidia-smi is skipped", "cell 5: files = !ls is skipped"):
            self.assertIn(skipped, result.errors)
        self.assertNotIn("after", result.output)

    def test_a_line_is_only_a_magic_where_a_statement_begins(self):
        for cell, output, skipped in (
                ("!pip install -q wandb \\\n    numpy \\\n    scipy\nprint(1)", "1", ["!pip install -q wandb \\"]),
                ("%matplotlib inline\nprint('%s and %s'\n      % (1,\n% 2) if False else\n      3)" .replace("% 2", "2"), "3", ["%matplotlib inline"]),
                ("!ls\ntotal = 7 \\\n% 4\nprint(total)", "3", ["!ls"]),
                ("text = \"\"\"\n%d items\n!important\nwandb?\n\"\"\"\nprint(text.count('%d'), len(text.split()))\n%matplotlib inline", "1 4", ["%matplotlib inline"]),
                ("# wandb?\n\nif True:\n    # a comment\n    %cd /\n    print([4,\n!= 5] if False else 6)".replace("!= 5", "5"), "6", ["%cd /"]),
                ("%%time\n%%wandb\n%ls\nprint(8)", "8", ["%ls"]),
                ("!ls\nhandle = display({'a': 1}, display_id=True)\nhandle.update({'a': 2})", "{'a': 1}\n{'a': 2}", ["!ls"])):
            result = run({"cells": [{"cell_type": "code", "source": cell}]}, notebook=True)
            self.assertEqual((0, output), (result.code, result.output.strip()), cell + result.errors)
            self.assertEqual(["train.ipynb: cell 1: %s is skipped" % line for line in skipped], result.errors.splitlines(), cell)

    def test_an_agent_outside_a_sweep_says_how_to_start(self):
        self.assertIn("Start it with: sweep run train.py", run(TRAIN + "wandb.agent(wandb.sweep(config), train)", alone=True).errors)


if __name__ == "__main__":
    unittest.main()
