# The sweep was made elsewhere; its id is an argument.
import sys

import wandb


def train():
    wandb.init()
    wandb.log({'val_loss': wandb.config.lr})


wandb.agent(sys.argv[1], function=train, count=5)
