import wandb

sweep_id = wandb.sweep({"method": "random", "metric": {"name": "val_loss", "goal": "minimize"}, "parameters": {"lr": {"min": 0.1, "max": 0.2}}})
import a_module_that_is_not_installed

wandb.agent(sweep_id, a_module_that_is_not_installed.train, count=2)
