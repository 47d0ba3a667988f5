# The program of program_in_dictionary.py: parameters as arguments.
import argparse

import wandb

parser = argparse.ArgumentParser()
parser.add_argument('--lr', type=float, required=True)
args = parser.parse_args()
wandb.init(config=vars(args))
assert wandb.config.lr == args.lr
for epoch in range(2):
    wandb.log({'val_loss': args.lr / (epoch + 1)})
