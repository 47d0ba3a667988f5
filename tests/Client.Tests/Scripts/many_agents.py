# Agents in a loop, a dictionary from a function, and values of NumPy-like types.
import wandb


class Array(list):
    def tolist(self):
        return list(self)


def make_config():
    return {'method': 'random', 'metric': {'name': 'val_acc', 'goal': 'maximize'}, 'parameters': {'lr': {'values': Array([0.1, 0.2, 0.3])}}, 'run_cap': 5}


def train(config=None):
    with wandb.init(config=config, reinit=True) as run:
        run.define_metric('val_acc', summary='max')
        run.watch(object())
        for epoch in range(2):
            run.log({'val_acc': run.config.lr * epoch})
        run.log({'test_acc': 0.5})


sweep_id = wandb.sweep(make_config)
for _ in range(3):
    wandb.agent(sweep_id, function=train, count=1)
