# Everything by name; project and entity again in the agent's call; defaults; a name for the run; the login of a notebook.
import wandb

wandb.login(key='0123456789')
config_defaults = {'lr': 0.1, 'batch_size': 16, 'activation': 'relu'}


def sweep_train(config_defaults=config_defaults):
    run = wandb.init(config=config_defaults, entity='me', project='cs6910_a1')
    config = wandb.config
    wandb.run.name = 'lr_{}_bs_{}_act_{}'.format(config.lr, config['batch_size'], config.activation)
    assert config.batch_size == 16 and config.activation in ('relu', 'tanh')
    for epoch in range(2):
        wandb.log({'train_loss': 1.0}, step=epoch)
        wandb.log({'val_loss': config.lr / (epoch + 1)}, step=epoch)
    wandb.run.finish()


sweep_id = wandb.sweep(sweep={'method': 'bayes', 'metric': {'name': 'val_loss', 'goal': 'minimize'},
                              'parameters': {'lr': {'distribution': 'log_uniform_values', 'min': 1e-4, 'max': 1e-1}, 'activation': {'values': ['relu', 'tanh']}}},
                       entity='me', project='cs6910_a1')
wandb.agent(sweep_id, function=sweep_train, entity='me', project='cs6910_a1', count=3)
