# The sweep is a YAML file that the script names.
import wandb


def train():
    with wandb.init() as run:
        run.log({'val_loss': run.config['lr']})


wandb.agent(wandb.sweep('space.yaml'), train, count=1)
