# The count and the space come from the command line; the agent is called inside main.
import argparse

import wandb


def get_args():
    parser = argparse.ArgumentParser()
    parser.add_argument('-wp', '--wandb_project', default='myproject')
    parser.add_argument('-e', '--epochs', type=int, default=1)
    parser.add_argument('--runs_per_value', type=int, default=1)
    parser.add_argument('--sweep_id', default=None)
    return parser.parse_args()


args = get_args()
SPACE = {'lr': {'values': [0.1, 0.2]}, 'epochs': {'value': args.epochs}}


def train():
    wandb.init()
    for epoch in range(wandb.config.epochs):
        wandb.log({'validation/loss': wandb.config.lr + epoch})


def main():
    sweep_id = args.sweep_id
    if sweep_id is None:
        sweep_id = wandb.sweep({'method': 'random', 'metric': {'name': 'validation/loss', 'goal': 'minimize'}, 'parameters': SPACE}, project=args.wandb_project)
    wandb.agent(sweep_id, train, args.wandb_project, count=args.runs_per_value * len(SPACE['lr']['values']))


if __name__ == '__main__':
    main()
