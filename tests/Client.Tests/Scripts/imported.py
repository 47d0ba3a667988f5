# The dictionary is in a module beside the script; the training is a class; the agent's function is a lambda.
import wandb
from sweep_space import sweep_config


class Trainer:
    def __init__(self, hidden, lr):
        self.hidden, self.lr = hidden, lr

    def fit(self):
        for _ in range(2):
            yield self.lr / self.hidden


def run_experiment(project):
    run = wandb.init(project=project, job_type='train', tags=['baseline'])
    for loss in Trainer(**run.config).fit():
        run.log({'loss': loss}, commit=False)
        run.log({'val': {'loss': loss}})
    run.finish()


wandb.agent(wandb.sweep(sweep_config), function=lambda: run_experiment('p'), count=2)
