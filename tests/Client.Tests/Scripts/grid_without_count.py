# No count: a grid ends by itself. The metric is only in the summary. What follows the agent belongs to the whole sweep.
import wandb


def objective(width, depth):
    return (width - 16) ** 2 + depth


def main():
    run = wandb.init()
    score = objective(wandb.config.width, wandb.config.depth)
    run.summary['score'] = score


sweep_configuration = {
    "method": "grid",
    "metric": {"goal": "minimize", "name": "score"},
    "parameters": {"width": {"values": [8, 16]}, "depth": {"values": [1, 2]}},
}
sweep_id = wandb.sweep(sweep=sweep_configuration, project="my-first-sweep")
wandb.agent(sweep_id, function=main)
best_run = wandb.Api().sweep(sweep_id).best_run()
