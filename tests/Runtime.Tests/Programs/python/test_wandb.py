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
        self.assertEqual([(1, 0.5, 1), (2, 0.4, 2), (3, 0.3, 3)], epochs("""
            import wandb
            with wandb.init() as run:
                run.log({"val_loss": 0.5}, commit=False)
                run.log({"loss": 1})
                run.log({"loss": 2}, step=10)
                run.log({"val_loss": 0.4}, step=10)
                run.log({"val_loss": 0.3, "loss": 3}, commit=False)
        """, "epoch", "val_loss", "loss"))

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
        self.assertEqual(["train.py"], result.kept)
        self.assertIn("1 × Artifact, 1 × Audio, 1 × Histogram, 1 × Plot, 1 × Table", result.errors)

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
