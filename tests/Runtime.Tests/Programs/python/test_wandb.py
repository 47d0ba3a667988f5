import unittest

from run_of_a_script import run


def epochs(source, *names, **how):
    """The reports of a script that ran to its end: for each epoch the values of the metrics, or whole lines without names."""
    result = run(source, **how)
    assert result.code == 0, result.errors
    return [tuple(line.get(name) for name in names) for line in result.epochs] if names else result.epochs


class WandbTests(unittest.TestCase):
    def test_a_script_as_students_write_it(self):
        result = run("""
            import wandb
            wandb.login(key="secret")
            wandb.init(project="cs6910", entity="me", name="first", tags=["a"], notes="n", group="g", job_type="train", reinit=True, save_code=True,
                       settings=wandb.Settings(start_method="thread"), config={"rate": 0.1, "epochs": 3})
            cfg = wandb.config
            wandb.run.name = f"rate_{cfg.rate}"
            wandb.run.save()
            wandb.define_metric("val_loss", summary="min")
            wandb.watch(object(), log="all")
            for epoch in range(cfg.epochs):
                wandb.log({"epoch": epoch, "loss": 2.0, "val_loss": cfg["rate"] / (epoch + 1), "examples": [wandb.Image([0], caption="x")]})
            wandb.log({"table": wandb.Table(columns=["a"], data=[[1]]), "matrix": wandb.plot.confusion_matrix(y_true=[1], preds=[1], class_names=["x"])})
            wandb.finish()
        """, {"rate": 0.5})
        self.assertEqual(0, result.code, result.errors)
        self.assertEqual([{"epoch": e, "loss": 2.0, "val_loss": 0.5 / e} for e in (1, 2, 3)], result.lines)
        self.assertIn("3 × Image, 1 × Plot, 1 × Table", result.errors)
        self.assertNotIn("secret", result.output + result.errors)

    def test_a_call_without_the_objective_belongs_to_the_next_epoch(self):
        self.assertEqual([(1, 10, None, 0.5), (2, 20, 7, 0.4)], epochs("""
            import wandb
            wandb.init()
            for batch in range(3): wandb.log({"batch_loss": batch})
            wandb.log({"loss": 10}); wandb.log({"val_loss": 0.5})
            wandb.log({"loss": 20}); wandb.log({"extra": 7}); wandb.log({"val_loss": 0.4})
        """, "epoch", "loss", "extra", "val_loss"))

    def test_commit_and_step(self):
        self.assertEqual([(1, 0.5, 1), (2, 0.4, 2)], epochs("""
            import wandb
            with wandb.init() as run:
                run.log({"val_loss": 0.5}, commit=False)
                run.log({"loss": 1})
                run.log({"loss": 2}, step=10)
                run.log({"val_loss": 0.4}, step=10)
                run.log({"val_loss": 0.3, "loss": 3}, commit=False)           # still the row of step 10, which is reported
        """, "epoch", "val_loss", "loss"))

    def test_the_calls_of_a_step_are_one_epoch(self):
        for calls, expected in (
                ("log({'val_loss': e}, step=e); log({'f1': 10 * e}, step=e); log({'m': wandb.Image(None)}, step=e)", [(1, 0, None), (2, 1, 10), (3, 2, 20)]),
                ("[log({'val_loss': e + b / 4}, step=e) for b in range(4)]", [(1, 0, None), (2, 1.75, None), (3, 2.75, None)]),
                ("[log({'f1': 4 * e + b}, step=4 * e + b) for b in range(4)]; log({'val_loss': e}, step=4 * e + 3)", [(1, 0, 3), (2, 1, 7), (3, 2, 11)]),
                ("log({'val_loss': e}, step=e, commit=False); log({'f1': e}, step=e, commit=True)", [(1, 0, 0), (2, 1, 1), (3, 2, 2)]),
                ("log({'val_loss': e}, step=e, commit=False)", [(1, 0, None), (2, 1, None), (3, 2, None)])):
            self.assertEqual(expected, epochs("import wandb\nwandb.init()\nlog = wandb.log\nfor e in range(3): " + calls, "epoch", "val_loss", "f1"), calls)

    def test_a_row_without_a_step_ends_the_row_of_a_step(self):
        self.assertEqual([(1, 0, None), (2, 1, 5)], epochs("""
            import wandb
            wandb.init()
            for e in range(2): wandb.log({"val_loss": e}, step=e, commit=False)
            wandb.log({"f1": 5})
        """, "epoch", "val_loss", "f1"))

    def test_a_lower_step_is_ignored_with_the_warning_of_wandb(self):
        result = run("""
            import wandb
            run = wandb.init()
            run.log({"val_loss": 1}, step=5)
            run.log({"val_loss": 2}, step=4)
            run.log({"val_loss": 3}, step=6)
            assert run.step == 6 and run.summary["val_loss"] == 1
        """)
        self.assertEqual([1, 3], [line["val_loss"] for line in result.epochs], result.errors)
        self.assertIn("Tried to log to step 4 that is less than the current step 5. Steps must be monotonically increasing", result.errors)

    def test_a_resumed_process_counts_its_steps_as_it_likes(self):
        self.assertEqual([(6, 1), (7, 2)], epochs("""
            import wandb
            run = wandb.init()
            assert run.step == 5
            for e in range(2): run.log({"val_loss": e + 1}, step=e)
        """, "epoch", "val_loss", SWEEP_EPOCH="5"))

    def test_from_the_second_epoch_on_a_step_is_reported_with_its_last_call(self):
        result = run("""
            import os, wandb
            wandb.init()
            for epoch in range(9):
                print("train", epoch)
                wandb.log({"val_loss": epoch}, step=epoch)
                wandb.log({"f1": epoch}, step=epoch)
                print("reports", sum(1 for line in open(os.environ["SWEEP_REPORT"])) if epoch else 0)
        """, verdicts=["pause"], SWEEP_UNTIL="3")
        self.assertEqual((0, "train 0\nreports 0\ntrain 1\nreports 2\ntrain 2\n"), (result.code, result.output), result.errors)
        self.assertEqual([(1, 0, None), (2, 1, 1), (3, 2, 2)], [(line["epoch"], line["val_loss"], line.get("f1")) for line in result.lines])

    def test_a_step_with_more_calls_than_the_one_before_is_one_epoch(self):
        self.assertEqual([(1, 0, None), (2, 1, None), (3, 2, 7)], epochs("""
            import wandb
            wandb.init()
            wandb.log({"val_loss": 0}, step=0)
            wandb.log({"val_loss": 1}, step=1); wandb.log({"val_loss": 9, "f1": 7}, step=1)
            wandb.log({"val_loss": 2}, step=2)
        """, "epoch", "val_loss", "f1"))

    def test_a_pause_is_not_followed_by_another_report(self):
        result = run("""
            import wandb
            wandb.init()
            for epoch in range(9):
                print("train", epoch)
                wandb.log({"val_loss": epoch}, step=epoch)
        """, verdicts=["pause"], SWEEP_UNTIL="1")
        self.assertEqual((0, "train 0\n", [1]), (result.code, result.output, [line["epoch"] for line in result.lines]), result.errors)

    def test_what_is_logged_after_the_last_epoch_is_the_summary(self):
        result = run("""
            import wandb
            run = wandb.init()
            run.log({"val_loss": 1})
            run.log({"test_accuracy": 0.9})
            assert run.summary["test_accuracy"] == 0.9 and wandb.summary.val_loss == 1
        """)
        self.assertEqual({"summary": {"test_accuracy": 0.9}}, result.lines[-1], result.errors)

    def test_an_objective_in_the_summary_alone_is_one_epoch(self):
        self.assertEqual([{"epoch": 1, "val_loss": 0.2}], epochs("""
            import wandb
            wandb.init(); wandb.run.summary["val_loss"] = 0.2; wandb.finish()
        """))

    def test_names_in_groups(self):
        self.assertEqual([(1, 0.5)], epochs("import wandb; wandb.init().log({'val': {'loss': 0.5}})", "epoch", "val.loss", metric="val.loss"))

    def test_an_objective_that_is_never_logged_is_said_with_what_was_logged(self):
        result = run("import wandb; wandb.init().log({'epoch/val_loss': 0.5, 'loss': 1})")
        self.assertEqual([], result.epochs)
        self.assertIn("'val_loss', the metric of the sweep, was never logged. Logged were: epoch/val_loss, loss.", result.errors)

    def test_the_configuration(self):
        result = run("""
            import argparse, copy, json, pickle, wandb
            assert wandb.config.rate == 0.5                                   # before init
            arguments = argparse.Namespace(rate=0.1, seed=3)
            run = wandb.init(config=arguments)
            config = wandb.config
            assert run.config is config and (config.rate, config["seed"]) == (0.5, 3)
            config.update({"rate": 9, "batch": 4}, allow_val_change=True)     # the sweep's value stays
            config.depth = 2
            config["depth"] = 3
            assert dict(config) == {"rate": 0.5, "seed": 3, "batch": 4, "depth": 3, "model": {"width": 8}} == config.as_dict()
            assert config.get("none", 5) == 5 and "rate" in config and config["model.width"] == 8 and config.model["width"] == 8
            assert (lambda **options: options["rate"])(**config) == 0.5 and json.dumps(dict(config))
            assert copy.deepcopy(config)["rate"] == pickle.loads(pickle.dumps(config))["rate"] == 0.5
            wandb.finish()
            assert wandb.run is None and wandb.config.rate == 0.5             # after the run
            config.missing
        """, {"rate": 0.5, "model": {"width": 8}})
        self.assertIn("config.rate keeps the value 0.5 of the sweep; 9 is ignored.", result.errors)
        self.assertTrue(result.errors.strip().endswith("The configuration has no parameter 'missing'. It has: batch, depth, model, rate, seed."), result.errors)

    def test_init_sets_the_names_of_the_module(self):
        result = run("""
            import wandb
            wandb.config = {"rate": 0.1, "epochs": 4}
            wandb.summary = wandb.run = None
            wandb.log = print
            run = wandb.init(config=wandb.config)
            assert wandb.config is run.config and wandb.summary is run.summary and wandb.run is run
            assert dict(wandb.config) == {"rate": 0.5, "epochs": 4}
            wandb.log({"val_loss": wandb.config["rate"]})
            assert wandb.summary["val_loss"] == 0.5
        """, {"rate": 0.5})
        self.assertEqual((0, [0.5], ""), (result.code, [line["val_loss"] for line in result.epochs], result.output), result.errors)

    def test_a_further_run_has_its_own_configuration(self):
        result = run("""
            import wandb
            for fold in range(2):
                with wandb.init(config={"fold": fold, "rate": 0.1}) as run:
                    assert dict(wandb.config) == {"fold": fold, "rate": 0.5} and dict(run.summary) == {}
                    run.log({"val_loss": fold})
        """, {"rate": 0.5})
        self.assertEqual((0, 2), (result.code, len(result.epochs)), result.errors)

    def test_defaults_within_a_group_of_the_sweep(self):
        result = run("""
            import wandb
            wandb.init(config={"model": {"width": 1, "depth": 2, "head": {"bias": True, "size": 3}}, "epochs": 2, "rate": {"a": 1}})
            assert dict(wandb.config) == {"model": {"width": 8, "depth": 2, "head": {"bias": True, "size": 4}}, "epochs": 2, "rate": 0.5}, wandb.config
            wandb.config.update({"model": {"width": 2}}, allow_val_change=True)
            assert wandb.config.model["width"] == 8
        """, {"model": {"width": 8, "head": {"size": 4}}, "rate": 0.5})
        self.assertEqual(0, result.code, result.errors)

    def test_the_statistics_of_a_metric_in_the_summary(self):
        result = run("""
            import wandb
            run = wandb.init()
            run.define_metric("acc", summary="max")
            run.define_metric("loss", summary="min,last"); run.define_metric("loss", summary="mean")
            run.define_metric("val.*", summary="max,min")
            run.define_metric("hidden", summary="none"); run.define_metric("old", summary="best", goal="maximize")
            for step, acc in enumerate([0.5, 0.9, 0.6]):
                run.log({"acc": acc, "loss": acc, "val": {"acc": acc}, "hidden": 1, "old": acc, "late": acc, "set": acc})
            run.define_metric("late", summary="first"); run.define_metric("set", summary="max")
            summary = run.summary
            assert summary["acc"]["max"] == summary.acc.max == 0.9 and summary["acc"] == {"max": 0.9}
            assert summary["loss"]["min"] == 0.5 and summary["loss"]["last"] == 0.6 and abs(summary["loss"]["mean"] - 2 / 3) < 1e-9
            assert summary["val"]["acc"] == {"max": 0.9, "min": 0.5} and summary["old"] == 0.6 and summary["late"]["first"] == 0.5
            assert "hidden" not in summary
            summary["set"] = 3
            assert summary["set"] == 3
            run.log({"set": 4, "acc": 0.1})
            assert summary["set"] == 4 and summary["acc"]["max"] == 0.9
            summary.update({"best": {"epoch": 2}})
            assert summary.best.epoch == 2
            run.define_metric("acc", summary="median")
        """)
        self.assertIn("\nwandb._errors.Error: Unhandled define_metric() arg: summary op: median\n", result.errors)

    def test_a_child_process_that_is_another_run_reports_nothing(self):
        for method in ("fork", "spawn"):
            result = run("""
                import multiprocessing, os, sys, wandb
                def fold(number, config):
                    for name in [name for name in os.environ if name.startswith("WANDB_")]: del os.environ[name]
                    run = wandb.init(group="folds", name="fold-%%d" %% number, config=config)
                    run.log({"val_loss": 10 + number})
                    wandb.join()
                if __name__ == "__main__":
                    context = multiprocessing.get_context("%s")
                    run = wandb.init()
                    assert run.sweep_id == os.environ["WANDB_SWEEP_ID"]
                    for number in range(2):
                        child = context.Process(target=fold, args=(number, dict(run.config)))
                        child.start(); child.join()
                        assert child.exitcode == 0
                    run.log({"val_loss": 0.5})
            """ % method, {"rate": 1})
            self.assertEqual([{"epoch": 1, "val_loss": 0.5}], result.lines, result.errors)

    def test_a_child_process_that_trains_the_run_reports_it(self):
        result = run("""
            import multiprocessing, wandb
            def train(): wandb.init().log({"val_loss": 0.5})
            if __name__ == "__main__":
                child = multiprocessing.get_context("spawn").Process(target=train)
                child.start(); child.join()
        """)
        self.assertEqual([{"epoch": 1, "val_loss": 0.5}], result.lines, result.errors)

    def test_a_call_without_init_is_an_error_as_in_wandb(self):
        self.assertIn("You must call wandb.init() before wandb.log()", run("import wandb; wandb.log({'val_loss': 1})").errors)

    def test_the_end_of_the_run_is_not_the_end_of_the_process(self):
        result = run("""
            import wandb
            with wandb.init() as run: run.log({"val_loss": 1})
            print("after")
        """)
        self.assertEqual("after\n", result.output)

    def test_a_pause_at_the_rung_ends_the_process(self):
        result = run("""
            import wandb
            wandb.init()
            for epoch in range(9):
                try:
                    wandb.log({"val_loss": epoch, "loss": 2})
                except Exception:
                    print("a framework that catches everything")
        """, verdicts=["pause"], SWEEP_UNTIL="3")
        self.assertEqual([(1, None), (2, None), (3, True)], [(line["epoch"], line.get("ask")) for line in result.lines])
        self.assertEqual((0, ""), (result.code, result.output))

    def test_media_artifacts_and_files(self):
        result = run("""
            import wandb
            run = wandb.init()
            table = wandb.Table(columns=["x", "y"]); table.add_data(1, 2); table.add_column("z", [3]); assert table.get_column("z") == [3]
            artifact = wandb.Artifact("model", type="model", metadata={"a": 1}); artifact.add_file("train.py")
            with artifact.new_file("note.txt") as file: file.write("x")
            run.log_artifact(artifact, aliases=["best"]).wait()
            run.log({"h": wandb.Histogram([1]), "t": table, "p": wandb.plot.line(table, "x", "y"), "a": wandb.Audio([0.0], sample_rate=8), "val_loss": 1})
            wandb.alert(title="Low", text="accuracy", level=wandb.AlertLevel.WARN)
            wandb.save("train.py")
        """)
        self.assertEqual(0, result.code, result.errors)
        self.assertEqual(["train.py"], list(result.kept))
        self.assertIn("1 × Artifact, 1 × Audio, 1 × Histogram, 1 × Plot, 1 × Table", result.errors)

    def test_saved_files_keep_their_folders(self):
        files = {"ck/a/model.pt": "A", "ck/b/model.pt": "B", "live.txt": "one", "now.txt": "one", "[1].txt": "x"}
        result = run("""
            import os, pathlib, wandb
            run = wandb.init()
            run.log({"val_loss": 1})
            out, here = os.environ["SWEEP_OUT"], os.getcwd()
            assert wandb.save("ck/a/model.pt") == [os.path.join(out, "ck/a/model.pt")]
            wandb.save("ck/*/model.pt"); wandb.save("ck")
            wandb.save(pathlib.Path("ck/a") / "*", base_path="ck")
            wandb.save(os.path.join(here, "ck/b/model.pt"))
            wandb.save(os.path.join(here, "ck/b/model.pt"), base_path=here)
            wandb.save("[1].txt", glob=False)
            wandb.save("live.txt"); wandb.save("now.txt", policy="now")
            for name in ("live.txt", "now.txt"): pathlib.Path(name).write_text("two")
            for pattern, base, policy in (("/etc/hostname", "/etc/apt", "live"), ("ck/../../x", None, "live"), ("ck", "ck", "live"), ("ck/a/*", None, "never")):
                try: print(wandb.save(pattern, base_path=base, policy=policy))
                except ValueError as error: print(error)
        """, files=files)
        self.assertEqual(0, result.code, result.errors)
        self.assertEqual({"a/model.pt": "A", "b/model.pt": "B", "ck/a/model.pt": "A", "ck/b/model.pt": "B", "[1].txt": "x", "live.txt": "two", "now.txt": "one"}, result.kept)
        self.assertEqual(["Glob may not walk above the base path", "Glob may not walk above the base path", "Glob cannot be the same as the base path",
                          'Only "live", "end" and "now" policies are currently supported.'], result.output.splitlines())

    def test_a_run_that_the_script_disabled_is_said(self):
        for start in ("wandb.init(mode='disabled')", "import os; os.environ['WANDB_MODE'] = 'disabled'; wandb.init()", "wandb.init(settings=wandb.Settings(mode='disabled'))"):
            result = run("import wandb\n%s\nwandb.log({'val_loss': 1})\nassert wandb.summary['val_loss'] == 1" % start)
            self.assertEqual((0, []), (result.code, result.lines), result.errors)
            self.assertIn("the script disabled its run (mode='disabled' or WANDB_MODE=disabled), so that nothing was reported.", result.errors)
        self.assertEqual([(1, 1)], epochs("import os, wandb\nos.environ['WANDB_MODE'] = 'disabled'\nwandb.init(mode='online').log({'val_loss': 1})", "epoch", "val_loss"))

    def test_what_needs_a_server_or_is_unknown_is_one_sentence(self):
        for call, sentence in (("wandb.Api()", "wandb.Api() needs W&B's server"), ("wandb.init().use_artifact('data:v0')", "use_artifact('data:v0') needs W&B's server"),
                               ("wandb.launch()", "wandb.launch is not in the module"), ("from wandb.sdk import launch", "cannot import name 'launch' from 'wandb.sdk'")):
            result = run("import wandb\n" + call)
            self.assertEqual(1, result.code)
            self.assertIn(sentence, result.errors)
            self.assertEqual(1, len(result.errors.strip().splitlines()), result.errors)
            self.assertRegex(result.errors, r"train\.py:2: ")

    def test_other_processes_and_disabled_runs_do_not_report(self):
        self.assertEqual([], epochs("import wandb; wandb.init().log({'val_loss': 1})", RANK="1"))
        self.assertEqual([], epochs("import wandb; wandb.init(mode='disabled').log({'val_loss': 1})"))

    def test_runs_one_after_the_other_count_on(self):
        self.assertEqual([(1, 1), (2, 2)], epochs("""
            import wandb
            for fold in (1, 2):
                run = wandb.init(reinit=True); run.log({"val_loss": fold}); run.finish()
        """, "epoch", "val_loss"))

    def test_a_folder_named_wandb_beside_the_script_does_not_hide_the_module(self):
        self.assertEqual([(1, 1)], epochs("import wandb; wandb.init().log({'val_loss': 1})", "epoch", "val_loss", files={"wandb/run-1/log": ""}))

    def test_the_random_state_of_the_script_stays(self):
        result = run("""
            import random
            random.seed(1); expected = random.random(); random.seed(1)
            import wandb
            wandb.init().log({"val_loss": 1}); wandb.util.generate_id()
            assert random.random() == expected
        """)
        self.assertEqual(0, result.code, result.errors)


if __name__ == "__main__":
    unittest.main()
