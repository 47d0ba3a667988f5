"""Prints its metrics and knows nothing of sweeps: parameters are arguments, and the sweep file has a pattern."""

import argparse

from rings import Classifier

parser = argparse.ArgumentParser()
parser.add_argument("--hidden", type=int, default=8)
parser.add_argument("--learning_rate", type=float, default=0.1)
parser.add_argument("--momentum", type=float, default=0.9)
parser.add_argument("--epochs", type=int, default=9)
args = parser.parse_args()

model = Classifier(args.hidden, args.learning_rate, args.momentum, args.epochs, seed=0)
for epoch in range(1, args.epochs + 1):
    metrics = model.train_epoch()
    print(f"Epoch {epoch}/{args.epochs} - loss: {metrics['train_loss']:.4f} - val_loss: {metrics['val_loss']:.4f} - val_accuracy: {metrics['val_accuracy']:.4f}")
