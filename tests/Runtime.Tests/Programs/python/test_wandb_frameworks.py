"""The callbacks and loggers of frameworks. The small frameworks here make the calls that the real ones make, in their order."""

import unittest

from run_of_a_script import run

KERAS = """
class Callback:
    def __init__(self): self.model = None
    def set_model(self, model): self.model = model
    def set_params(self, params): self.params = params
    def on_train_begin(self, logs=None): pass
    def on_epoch_begin(self, epoch, logs=None): pass
    def on_train_batch_end(self, batch, logs=None): pass
    def on_epoch_end(self, epoch, logs=None): pass
    def on_train_end(self, logs=None): pass

class ModelCheckpoint(Callback):
    def __init__(self, filepath, monitor="val_loss", verbose=0, save_best_only=False): super().__init__(); self.filepath = filepath
    def on_epoch_end(self, epoch, logs=None): open(self.filepath, "w").write(str(epoch))
"""

KERAS_MODEL = """
from . import callbacks

class Variable:
    def __init__(self, value): self.value = value
    def numpy(self): return self.value

class Model:
    class optimizer:
        learning_rate = Variable(0.01)
    def fit(self, epochs, callbacks):
        for callback in callbacks:
            callback.set_model(self); callback.set_params({"epochs": epochs}); callback.on_train_begin({})
        for epoch in range(epochs):
            for callback in callbacks: callback.on_epoch_begin(epoch, {})
            for batch in range(2):
                for callback in callbacks: callback.on_train_batch_end(batch, {"loss": 1.0})
            logs = {"loss": 2.0 / (epoch + 1), "val_loss": 1.0 / (epoch + 1), "val_accuracy": 0.5}
            for callback in callbacks: callback.on_epoch_end(epoch, dict(logs))
        for callback in callbacks: callback.on_train_end({})
"""

# The calls of lightning.pytorch.loggers.wandb.WandbLogger around Trainer.fit.
LIGHTNING = """
import importlib.metadata, wandb
assert tuple(map(int, importlib.metadata.version("wandb").split(".")[:2])) >= (0, 12)
from wandb import Artifact
from wandb.sdk.lib import RunDisabled
from wandb.wandb_run import Run
from wandb.sdk.wandb_run import Run as SameRun
import argparse

class WandbLogger:
    def __init__(self, name=None, save_dir=".", version=None, project="lightning_logs", **kwargs):
        self.arguments = dict(kwargs, name=name, project=project, dir=save_dir, id=version, resume="allow", anonymous=None)
        self.run = None
    @property
    def experiment(self):
        if self.run is None:
            attach_id = getattr(self, "_attach_id", None)
            if wandb.run is not None: self.run = wandb.run
            elif attach_id is not None and hasattr(wandb, "_attach"): self.run = wandb._attach(attach_id)
            else:
                self.run = wandb.init(**self.arguments)
                if isinstance(self.run, (Run, RunDisabled)) and getattr(self.run, "define_metric", None):
                    self.run.define_metric("trainer/global_step")
                    self.run.define_metric("*", step_metric="trainer/global_step", step_sync=True)
        assert isinstance(self.run, (Run, RunDisabled))
        self.run._label(code="lightning_logger")
        return self.run
    def log_hyperparams(self, params): self.experiment.config.update(vars(params), allow_val_change=True)
    def log_metrics(self, metrics, step): self.experiment.log(dict(metrics, **{"trainer/global_step": step}))
    def finalize(self):
        artifact = wandb.Artifact(name=f"model-{self.experiment.id}", type="model", metadata={"score": 1}); artifact.add_file("train.py", name="model.ckpt")
        self.experiment.log_artifact(artifact, aliases=["latest", "best"])

logger = WandbLogger(project="p", log_model=False)
logger.__dict__.copy(); wandb.require("service"); getattr(logger.experiment, "_attach_id", None)
logger.log_hyperparams(argparse.Namespace(rate=9, hidden=3))
logger.experiment.watch(object(), log="gradients", log_freq=100, log_graph=True)
step = 0
for epoch in range(3):
    for batch in range(2):
        step += 1
        logger.log_metrics({"train_loss": 1.0, "epoch": epoch}, step)
    logger.log_metrics({"val_loss": wandb.config.rate / (epoch + 1), "epoch": epoch}, step)
logger.finalize()
"""

# The calls of transformers.integrations.WandbCallback around Trainer.train.
TRANSFORMERS = """
import importlib.util, numbers
assert importlib.util.find_spec("wandb") is not None
import wandb
from wandb.sdk.lib.config_util import ConfigError
if wandb.run is None: wandb.init(project="huggingface", name="out")
wandb.config.update({"rate": 9, "num_train_epochs": 2, "peft": None}, allow_val_change=True)
if getattr(wandb, "define_metric", None):
    wandb.define_metric("train/global_step"); wandb.define_metric("*", step_metric="train/global_step", step_sync=True)
wandb.run._label(code="transformers_trainer")
wandb.config["model/num_parameters"] = 12
for epoch in range(2):
    wandb.log({"train/loss": 1.0, "train/learning_rate": 1e-4, "train/global_step": 10 * epoch})
    wandb.log({"eval/loss": wandb.config.rate / (epoch + 1), "eval/runtime": 1.0, "train/global_step": 10 * epoch})
for name, value in {"train_runtime": 3.0, "train_loss": 1.0}.items(): wandb.run.summary[name] = value
wandb.log({"train/global_step": 20})
metadata = {k: v for k, v in dict(wandb.summary).items() if isinstance(v, numbers.Number) and not k.startswith("_")}
assert metadata["eval/loss"] == 0.25 and wandb.config.get("model/num_parameters") == 12
with wandb.Artifact(name=f"model-{wandb.run.id}", type="model", metadata=metadata).new_file("config.json", mode="wb") as file: file.write(b"{}")
wandb.run.log_artifact(wandb.Artifact("m", "model"), aliases=["final_model"])
"""


class FrameworkTests(unittest.TestCase):
    def keras(self, script, package="keras", **how):
        files = {package + "/__init__.py": KERAS_MODEL, package + "/callbacks.py": KERAS}
        if package != "keras":
            files["tensorflow/__init__.py"] = ""
        result = run("import wandb\nfrom %s import Model\nwandb.init()\n" % package.replace("/", ".") + script, files=files, **how)
        self.assertEqual(0, result.code, result.errors)
        return result

    def test_keras_metrics_logger(self):
        for package in ("keras", "tensorflow/keras"):
            result = self.keras("from wandb.integration.keras import WandbMetricsLogger, WandbModelCheckpoint\n"
                                "Model().fit(3, [WandbMetricsLogger(log_freq='epoch'), WandbModelCheckpoint('m.keras', save_best_only=True)])", package, metric="epoch/val_loss")
            self.assertEqual({"epoch": 2, "epoch/loss": 1.0, "epoch/val_loss": 0.5, "epoch/val_accuracy": 0.5, "epoch/epoch": 1, "epoch/learning_rate": 0.01}, result.lines[1])
            self.assertEqual(3, len(result.epochs))

    def test_keras_metrics_logger_by_batch(self):
        result = self.keras("from wandb.keras import WandbMetricsLogger\nModel().fit(2, [WandbMetricsLogger(log_freq=1)])", metric="epoch/val_loss")
        self.assertEqual([(1, 1, 1.0), (2, 3, 1.0)], [(line["epoch"], line["batch/batch_step"], line["batch/loss"]) for line in result.epochs])

    def test_keras_callback(self):
        result = self.keras("Model().fit(3, [wandb.keras.WandbCallback(monitor='val_loss', save_model=False, log_weights=True)])\n"
                            "print(wandb.run.summary['best_epoch'], wandb.run.summary.best_val_loss)")
        self.assertEqual([1.0, 0.5, 1.0 / 3], [line["val_loss"] for line in result.epochs])
        self.assertEqual(f"2 {1.0 / 3}\n", result.output)

    def test_keras_callback_of_a_script_itself(self):
        result = self.keras("from keras.callbacks import Callback\n"
                            "class Log(Callback):\n    def on_epoch_end(self, epoch, logs=None): wandb.log(logs, step=epoch)\nModel().fit(2, [Log()])")
        self.assertEqual([1.0, 0.5], [line["val_loss"] for line in result.epochs])

    def test_lightning_logger(self):
        result = run(LIGHTNING, {"rate": 0.5})
        self.assertEqual(0, result.code, result.errors)
        self.assertEqual([(1, 0.5, 1.0), (2, 0.25, 1.0), (3, 0.5 / 3, 1.0)], [(line["epoch"], line["val_loss"], line["train_loss"]) for line in result.epochs])

    def test_transformers_callback(self):
        result = run(TRANSFORMERS, {"rate": 0.5}, metric="eval/loss")
        self.assertEqual(0, result.code, result.errors)
        self.assertEqual([(1, 0.5, 1.0), (2, 0.25, 1.0)], [(line["epoch"], line["eval/loss"], line["train/loss"]) for line in result.epochs])

    def test_lightgbm_callback(self):
        result = run("""
            import collections, wandb
            from wandb.integration.lightgbm import wandb_callback, log_summary
            Environment = collections.namedtuple("Environment", "model params iteration begin_iteration end_iteration evaluation_result_list")
            wandb.init()
            callback = wandb_callback()
            for i in range(2): callback(Environment(None, {"rate": 9}, i, 0, 2, [("valid_0", "binary_logloss", 0.5 / (i + 1), False)]))
            log_summary(type("Booster", (), {"best_iteration": 1})())
        """, {"rate": 0.1}, metric="valid_0_binary_logloss")
        self.assertEqual([0.5, 0.25], [line["valid_0_binary_logloss"] for line in result.epochs], result.errors)

    def test_xgboost_callback(self):
        result = run("""
            import wandb
            from wandb.integration.xgboost import WandbCallback
            wandb.init()
            callback = WandbCallback(log_model=True)
            for epoch in range(2): assert not callback.after_iteration(None, epoch, {"validation_0": {"logloss": [1.0, 0.5][:epoch + 1]}})
            callback.after_training(type("Model", (), {"attr": lambda self, name: "1"})())
        """, metric="validation_0-logloss", files={"xgboost/__init__.py": "class callback:\n    class TrainingCallback: pass\n"})
        self.assertEqual([1.0, 0.5], [line["validation_0-logloss"] for line in result.epochs], result.errors)

    def test_stable_baselines_callback(self):
        result = run("""
            import wandb
            from wandb.integration.sb3 import WandbCallback
            wandb.init(sync_tensorboard=True, monitor_gym=True)
            callback = WandbCallback(model_save_path="models", gradient_save_freq=100, verbose=2)
            callback.start()
            for step in (10, 20): callback.logger.dump({"rollout/ep_rew_mean": step}, step)
        """, metric="rollout/ep_rew_mean", files={
            "stable_baselines3/__init__.py": "", "stable_baselines3/common/__init__.py": "",
            "stable_baselines3/common/logger.py": "class KVWriter: pass\nclass Logger:\n    def __init__(self): self.output_formats = []\n"
                                                  "    def dump(self, values, step):\n        for one in self.output_formats: one.write(values, {}, step)\n",
            "stable_baselines3/common/callbacks.py": "from .logger import Logger\nclass BaseCallback:\n    def __init__(self, verbose=0): self.logger = Logger()\n"
                                                     "    def start(self): self._on_training_start()\n"})
        self.assertEqual([10, 20], [line["rollout/ep_rew_mean"] for line in result.epochs], result.errors)


if __name__ == "__main__":
    unittest.main()
