"""Reports with sweep_report.py: it asks for verdicts, and goes on from its checkpoint after a pause, a crash or a move."""

import sweep_report
from rings import Classifier

config = sweep_report.config(hidden=8, learning_rate=0.1, momentum=0.9, epochs=27)
model = Classifier(config.hidden, config.learning_rate, config.momentum, config.epochs, sweep_report.seed())
if sweep_report.epoch() > 0:
    model.load(sweep_report.checkpoint_folder() / "model.npz")
for epoch in sweep_report.epochs(config.epochs):
    metrics = model.train_epoch()
    with sweep_report.checkpoint(epoch) as folder:
        model.save(folder / "model.npz")
    sweep_report.report(epoch, metrics)
