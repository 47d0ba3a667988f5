"""The callback for XGBoost: one row per boosting round, with names such as `validation_0-logloss`."""

import wandb
import xgboost

__all__ = ["WandbCallback", "wandb_callback"]


class WandbCallback(xgboost.callback.TrainingCallback):
    def __init__(self, *args, **kwargs):
        super().__init__()
        if wandb.run is None:
            raise wandb.Error("You must call wandb.init() before WandbCallback()")

    def after_iteration(self, model, epoch, evals_log):
        row = {"%s-%s" % (data, metric): values[-1] for data, metrics in evals_log.items() for metric, values in metrics.items()}
        wandb.log(dict(row, epoch=epoch))
        return False

    def after_training(self, model):
        try:
            wandb.run.summary.update({"best_score": float(model.attr("best_score")), "best_iteration": int(model.attr("best_iteration"))})
        except (TypeError, ValueError):
            pass
        return model


def wandb_callback(*args, **kwargs):
    return WandbCallback()
