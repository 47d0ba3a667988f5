"""The callback for LightGBM: one row per boosting round, with names such as `valid_0_binary_logloss`."""

import wandb

__all__ = ["wandb_callback", "log_summary"]


def wandb_callback(log_params=True, define_metric=True):
    def callback(env):
        if log_params and env.iteration == env.begin_iteration:
            wandb.config.update(env.params)
        row = {"iteration": env.iteration}
        for result in env.evaluation_result_list:
            if len(result) == 4:
                row["%s_%s" % (result[0], result[1])] = result[2]
            else:
                name = result[1].replace(" ", "_")
                row[name + "-mean"], row[name + "-stdv"] = result[2], result[4]
        wandb.log(row)

    callback.order = 20
    callback.before_iteration = False
    return callback


def log_summary(model, *args, **kwargs):
    if getattr(model, "best_iteration", None) is not None:
        wandb.run.summary["best_iteration"] = model.best_iteration
