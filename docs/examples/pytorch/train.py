"""A PyTorch program that can be paused, killed and moved: its checkpoint holds weights, optimizer, schedule and random state."""

import sweep_report
import torch
from torch import nn

config = sweep_report.config(hidden=32, learning_rate=0.01, epochs=9)
torch.manual_seed(sweep_report.seed())
x = torch.linspace(-1, 1, 400).unsqueeze(1)
y = torch.sin(5 * x) + 0.1 * torch.sin(97 * x)
train, validation = (x[::2], y[::2]), (x[1::2], y[1::2])

model = nn.Sequential(nn.Linear(1, config.hidden), nn.Tanh(), nn.Dropout(0.1), nn.Linear(config.hidden, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, config.epochs)
if sweep_report.epoch() > 0:
    saved = torch.load(sweep_report.checkpoint_folder() / "state.pt")
    model.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"])
    schedule.load_state_dict(saved["schedule"])
    torch.set_rng_state(saved["random"])

for epoch in sweep_report.epochs(config.epochs):
    model.train()
    for batch in torch.randperm(len(train[0])).split(20):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(train[0][batch]), train[1][batch]).backward()
        optimizer.step()
    schedule.step()
    model.eval()
    with torch.no_grad():
        loss = nn.functional.mse_loss(model(validation[0]), validation[1]).item()
    with sweep_report.checkpoint(epoch) as folder:
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(),
                    "random": torch.get_rng_state()}, folder / "state.pt")
    sweep_report.report(epoch, val_loss=loss)
