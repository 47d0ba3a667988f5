"""A script that defines its sweep itself, as most course scripts do: `./sweep run experiments/programs/rings_sweep.py`."""

import wandb

from rings import Classifier

sweep_config = {
    "method": "random",
    "metric": {"name": "val_accuracy", "goal": "maximize"},
    "parameters": {"hidden": {"values": [4, 8, 16]}, "learning_rate": {"distribution": "log_uniform_values", "min": 0.003, "max": 3.0}},
}


def train():
    with wandb.init(config={"momentum": 0.9}) as run:
        model = Classifier(run.config.hidden, run.config.learning_rate, run.config.momentum, 9, seed=0)
        for epoch in range(9):
            run.log(model.train_epoch())


if __name__ == "__main__":
    sweep_id = wandb.sweep(sweep_config, project="rings")
    wandb.agent(sweep_id, function=train, count=6)
