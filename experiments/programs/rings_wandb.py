"""A W&B script as students write it. Unchanged, it runs without an account and without a network."""

import wandb

from rings import Classifier

defaults = {"hidden": 8, "learning_rate": 0.1, "momentum": 0.9, "epochs": 9}

wandb.init(project="rings", config=defaults)
cfg = wandb.config
wandb.run.name = f"h_{cfg.hidden}_lr_{cfg.learning_rate:.3g}"

model = Classifier(cfg.hidden, cfg.learning_rate, cfg.momentum, cfg.epochs, seed=0)
wandb.watch(model)
for epoch in range(cfg.epochs):
    metrics = model.train_epoch()
    wandb.log({"epoch": epoch, **metrics})
predictions = model.forward(model.validation[0])[1] > 0.5
wandb.log({"confusion": wandb.plot.confusion_matrix(y_true=model.validation[1].tolist(), preds=predictions.tolist(), class_names=["inner", "outer"])})
wandb.finish()
