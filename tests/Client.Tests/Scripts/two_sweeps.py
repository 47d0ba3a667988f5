# Two sweeps in one file, one per model, with functions that share their code.
import wandb


def fit(model, lr):
    for epoch in range(2):
        wandb.log({'val_loss': lr + (10 if model == 'cnn' else 0)})


def train_cnn():
    with wandb.init():
        fit('cnn', wandb.config.lr)


def train_rnn():
    with wandb.init():
        fit('rnn', wandb.config.lr)


cnn_config = {'name': 'cnn', 'method': 'random', 'metric': {'name': 'val_loss', 'goal': 'minimize'}, 'parameters': {'lr': {'values': [0.1, 0.2]}, 'filters': {'values': [8, 16]}}}
rnn_config = {'name': 'rnn', 'method': 'grid', 'metric': {'name': 'val_loss', 'goal': 'minimize'}, 'parameters': {'lr': {'values': [0.3, 0.4]}}}
cnn_sweep = wandb.sweep(cnn_config, project='p')
rnn_sweep = wandb.sweep(rnn_config, project='p')
wandb.agent(cnn_sweep, train_cnn, count=5)
wandb.agent(rnn_sweep, train_rnn, count=2)
