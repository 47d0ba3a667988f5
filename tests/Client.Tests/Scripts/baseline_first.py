# A run by hand before the sweep, and plots and tables in each run.
import wandb

wandb.init(project='p', name='baseline')
for epoch in range(3):
    wandb.log({'val_loss': -100})
wandb.finish()


def train():
    wandb.init()
    table = wandb.Table(columns=['truth', 'prediction'])
    table.add_data('cat', 'dog')
    wandb.log({'examples': [wandb.Image([[0, 1]], caption='a digit')], 'confusion': wandb.plot.confusion_matrix(probs=None, y_true=[0, 1], preds=[1, 1], class_names=['cat', 'dog'])})
    wandb.log({'val_loss': wandb.config.lr, 'table': table})
    artifact = wandb.Artifact('model', type='model')
    artifact.add_file(__file__)
    wandb.log_artifact(artifact)


wandb.agent(wandb.sweep({'method': 'grid', 'metric': {'name': 'val_loss'}, 'parameters': {'lr': {'values': [0.5, 0.25]}}}), train)
