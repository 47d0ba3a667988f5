# The agent has no function: the dictionary names the program of the runs.
import wandb

sweep_id = wandb.sweep({'program': 'worker.py', 'method': 'grid', 'metric': {'name': 'val_loss', 'goal': 'minimize'}, 'parameters': {'lr': {'values': [0.5, 0.25, 0.125]}}})
wandb.agent(sweep_id, count=2)
