# The function by position, the configuration's attributes, a with block.
import wandb

sweep_config = {'method': 'random', 'name': 'first try', 'metric': {'name': 'val_accuracy', 'goal': 'maximize'}}
sweep_config['parameters'] = {'learning_rate': {'min': 0.001, 'max': 0.1}, 'optimizer': {'values': ['sgd', 'adam']}}


def train():
    with wandb.init(project='assignment-1'):
        config = wandb.config
        for epoch in range(2):
            wandb.log({'epoch': epoch, 'val_accuracy': 1 - config.learning_rate / (epoch + 1), 'loss': 0.5})


sweep_id = wandb.sweep(sweep_config, project='assignment-1')
wandb.agent(sweep_id, train, count=2)
