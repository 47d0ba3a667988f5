# Parameters in groups, a condition of the early stopping, and a process that trains (its memory is freed at its end).
import multiprocessing

import wandb

sweep_config = {
    'method': 'random', 'metric': {'name': 'val_loss', 'goal': 'minimize'}, 'early_terminate': {'type': 'hyperband', 'min_iter': 1, 'eta': 2},
    'parameters': {'model': {'parameters': {'width': {'values': [8, 16]}, 'layers': {'value': [400, 250]}}}, 'optimizer': {'parameters': {'lr': {'min': 0.1, 'max': 0.2}}}},
}


def work(queue, lr, width):
    for epoch in range(3):
        queue.put(lr * width / (epoch + 1))
    queue.put(None)


def train():
    wandb.init()
    config = wandb.config
    assert config['model']['layers'] == [400, 250] and config.model['width'] in (8, 16)
    queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=work, args=(queue, config.optimizer['lr'], config.model['width']))
    process.start()
    for loss in iter(queue.get, None):
        wandb.log({'val_loss': loss})
    process.join()


if __name__ == '__main__':
    wandb.agent(wandb.sweep(sweep_config, 'me', 'p'), train, 'me', 'p', 2)
