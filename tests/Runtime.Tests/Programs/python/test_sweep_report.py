import unittest

from run_of_a_script import run

TRAIN = """
    import sweep_report
    config = sweep_report.config(rate=0.5, width=8)
    for epoch in sweep_report.epochs(5):
        with sweep_report.checkpoint(epoch) as folder:
            (folder / "state").write_text(str(epoch))
        verdict = sweep_report.report(epoch, val_loss=config.rate / epoch, width=config["width"])
        print(verdict)
"""


class SweepReportTests(unittest.TestCase):
    def test_each_epoch_is_a_line_and_the_sweep_sets_parameters_over_the_defaults(self):
        result = run(TRAIN, {"rate": 1.0})
        self.assertEqual([{"epoch": epoch, "val_loss": 1.0 / epoch, "width": 8, "checkpoint": True} for epoch in range(1, 6)], result.lines)
        self.assertEqual("5\n", result.mark)

    def test_a_verdict_ends_the_epochs(self):
        for verdict in ("pause", "stop"):
            result = run(TRAIN, verdicts=["continue", "continue", verdict])
            self.assertEqual([1, 2, 3], [line["epoch"] for line in result.lines])
            self.assertTrue(all(line["ask"] is True for line in result.lines))
            self.assertEqual(["continue", "continue", verdict], result.output.split())
            self.assertEqual(0, result.code)

    def test_a_resumed_run_counts_on(self):
        self.assertEqual([4, 5], [line["epoch"] for line in run(TRAIN, SWEEP_EPOCH="3").lines])

    def test_only_the_first_process_reports_and_all_get_the_verdict(self):
        result = run("""
            import os, subprocess, sys, sweep_report
            if sweep_report.rank() == 0:
                other = subprocess.Popen([sys.executable, __file__], env=dict(os.environ, RANK="1"), stdout=subprocess.PIPE, text=True)
            verdicts = [sweep_report.report(epoch, val_loss=epoch) for epoch in (1, 2)]
            print(verdicts)
            if sweep_report.rank() == 0:
                print(other.communicate()[0])
        """, verdicts=["continue", "stop"])
        self.assertEqual([1, 2], [line["epoch"] for line in result.lines], result.errors)
        self.assertEqual(["['continue', 'stop']"] * 2, result.output.split("\n")[:2])

    def test_processes_write_whole_lines(self):
        result = run("""
            import multiprocessing, sweep_report
            def report(first):
                for epoch in range(first, 2000, 4):
                    sweep_report.report(epoch, val_loss=epoch, text_of_some_length_to_make_the_line_longer=epoch)
            if __name__ == "__main__":
                with multiprocessing.Pool(4) as pool:
                    pool.map(report, range(1, 5))
        """)
        self.assertEqual(list(range(1, 2000)), sorted(line["epoch"] for line in result.lines))

    def test_the_end_of_the_sweep_ends_the_wait(self):
        result = run("""
            import os, sweep_report
            os.remove(os.environ["SWEEP_VERDICTS"]); os.mkfifo(os.environ["SWEEP_VERDICTS"])        # no process has its other end
            print(sweep_report.report(1, val_loss=1))
            os.remove(os.environ["SWEEP_REPORT"]); os.mkfifo(os.environ["SWEEP_REPORT"])
            print(sweep_report.report(2, val_loss=1))
        """, verdicts=[])
        self.assertEqual("stop\nstop\n", result.output, result.errors)

    def test_long_reports_of_several_processes_stay_whole_in_a_pipe(self):
        result = run("""
            import json, os, subprocess, sys, sweep_report
            if len(sys.argv) > 1:
                for epoch in range(int(sys.argv[1]), 40, 2):
                    sweep_report.report(epoch, {"metric_%04d" % i: i for i in range(1000)})
                sys.exit()
            os.mkfifo(os.environ["SWEEP_REPORT"])
            pipe = os.open(os.environ["SWEEP_REPORT"], os.O_RDWR)
            writers = [subprocess.Popen([sys.executable, __file__, first]) for first in "12"]
            reports = [json.loads(line) for _, line in zip(range(39), os.fdopen(pipe))]
            os.remove(os.environ["SWEEP_REPORT"])
            print(sorted(report["epoch"] for report in reports) == list(range(1, 40)))
        """)
        self.assertEqual("True\n", result.output, result.errors)

    def test_numbers_of_any_library_are_metrics(self):
        result = run("""
            import fractions, sweep_report
            class Tensor:
                def item(self): return 0.25
            sweep_report.report(1, {"val/loss": Tensor()}, accuracy=True, share=fractions.Fraction(1, 2), nan=float("nan"))
        """)
        self.assertEqual([0.25, 1, 0.5], [result.lines[0][name] for name in ("val/loss", "accuracy", "share")])
        self.assertNotEqual(result.lines[0]["nan"], result.lines[0]["nan"])

    def test_a_wrong_report_says_what_was_expected(self):
        self.assertIn("the metric 'val_loss' is of type str, expected a number", run("import sweep_report; sweep_report.report(1, val_loss='low')").errors)
        self.assertIn("the epoch is 0, expected a whole number from 1", run("import sweep_report; sweep_report.report(0, val_loss=1)").errors)
        self.assertIn("has no parameter 'rat'. It has: rate.", run("import sweep_report; sweep_report.config().rat", {"rate": 1}).errors)

    def test_a_checkpoint_that_was_not_finished_has_no_mark(self):
        result = run("""
            import os, sweep_report
            with sweep_report.checkpoint(1):
                pass
            with sweep_report.checkpoint(2):
                os._exit(9)
        """)
        self.assertEqual((9, None), (result.code, result.mark))

    def test_without_a_sweep_the_program_runs_alone(self):
        result = run(TRAIN, alone=True)
        self.assertEqual(0, result.code, result.errors)
        self.assertIn("epoch 5 val_loss 0.1 width 8\ncontinue", result.output)


if __name__ == "__main__":
    unittest.main()
