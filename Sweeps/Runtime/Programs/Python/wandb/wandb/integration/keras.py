"""The callbacks for Keras: the metrics of an epoch become a row of wandb.log."""

import sys

import wandb

if "tensorflow" in sys.modules or "keras" not in sys.modules:
    try:
        from tensorflow.keras import callbacks
    except ImportError:
        from keras import callbacks
else:
    from keras import callbacks

__all__ = ["WandbCallback", "WandbMetricsLogger", "WandbModelCheckpoint", "WandbEvalCallback"]


def _need_run(name):
    if wandb.run is None:
        raise wandb.Error("You must call `wandb.init()` before `%s()`" % name)


def _learning_rate(model, step):
    """The learning rate, a number, a variable or a schedule; None when it cannot be read."""
    try:
        rate = model.optimizer.learning_rate
        if callable(rate) and not hasattr(rate, "numpy"):
            rate = rate(step)
        return float(rate.numpy()) if hasattr(rate, "numpy") else float(rate)
    except Exception:
        return None


class WandbMetricsLogger(callbacks.Callback):
    """Logs `epoch/val_loss`, … after each epoch, or `batch/loss`, … after every `log_freq` batches."""

    def __init__(self, log_freq="epoch", initial_global_step=0, *args, **kwargs):
        super().__init__(*args)
        _need_run("WandbMetricsLogger")
        self.log_freq = 1 if log_freq == "batch" else log_freq
        self.logging_batch_wise = isinstance(self.log_freq, int)
        self.global_batch = 0
        self.global_step = initial_global_step

    def _log(self, prefix, logs, counter, value):
        row = {"%s/%s" % (prefix, name): number for name, number in (logs or {}).items()}
        row["%s/%s" % (prefix, counter)] = value
        rate = _learning_rate(self.model, self.global_step)
        if rate is not None:
            row["%s/learning_rate" % prefix] = rate
        wandb.log(row)

    def on_epoch_end(self, epoch, logs=None):
        self._log("epoch", logs, "epoch", epoch)

    def on_batch_end(self, batch, logs=None):
        self.global_step += 1
        if self.logging_batch_wise and batch % self.log_freq == 0:
            self._log("batch", logs, "batch_step", self.global_batch)
            self.global_batch += self.log_freq

    def on_train_batch_end(self, batch, logs=None):
        self.on_batch_end(batch, logs)


class WandbCallback(callbacks.Callback):
    """Logs `epoch`, `loss`, `val_loss`, … after each epoch, and the best epoch in the summary."""

    def __init__(self, monitor="val_loss", mode="auto", *args, **kwargs):
        super().__init__()
        _need_run("WandbCallback")
        self.monitor = monitor
        self.sign = -1 if mode == "max" or (mode == "auto" and ("acc" in monitor or monitor.startswith("fmeasure"))) else 1
        self.best = None

    def on_epoch_end(self, epoch, logs=None):
        wandb.log(dict(logs or {}, epoch=epoch))
        value = (logs or {}).get(self.monitor)
        if value is not None and (self.best is None or self.sign * value < self.sign * self.best):
            self.best = value
            wandb.run.summary["best_" + self.monitor] = value
            wandb.run.summary["best_epoch"] = epoch


class WandbModelCheckpoint(callbacks.ModelCheckpoint):
    """Keras's ModelCheckpoint; the files stay on this machine."""

    def __init__(self, filepath, *args, **kwargs):
        super().__init__(filepath, *args, **kwargs)
        _need_run("WandbModelCheckpoint")


class WandbEvalCallback(callbacks.Callback):
    """Builds tables of predictions by the methods `add_ground_truth` and `add_model_predictions` of a subclass."""

    def __init__(self, data_table_columns, pred_table_columns, *args, **kwargs):
        super().__init__(*args)
        _need_run("WandbEvalCallback")
        self.data_table_columns, self.pred_table_columns = data_table_columns, pred_table_columns

    def on_train_begin(self, logs=None):
        self.data_table = wandb.Table(columns=self.data_table_columns)
        self.data_table_ref = self.data_table
        self.add_ground_truth(logs)

    def on_epoch_end(self, epoch, logs=None):
        self.pred_table = wandb.Table(columns=self.pred_table_columns)
        self.add_model_predictions(epoch, logs)
        wandb.log({"predictions": self.pred_table}, commit=False)
