"""Records how PyTorch trains a tiny network with each optimizer, for RecordedTrajectoryTests.

Run once with Debian's PyTorch 1.13 (python3-torch):  python3 record.py > torch-1.13.json
NAdam is the formula of PyTorch 2: version 1.13 multiplies the momentum into the product of step t + 1 twice.
The network is 6-5-3 with tanh and cross-entropy; weights and inputs come from closed formulas, so that the
test builds the same ones. Ten steps on one batch of eight; losses of every step, weights at the end.
"""

import json
import math
import sys

import torch
from torch import nn

INPUTS, HIDDEN, CLASSES, ROWS, STEPS = 6, 5, 3, 8, 10

class NAdam(torch.optim.Optimizer):
    def __init__(self, groups, lr, betas=(0.9, 0.999), eps=1e-8, momentum_decay=0.004):
        super().__init__(groups, dict(lr=lr, betas=betas, eps=eps, momentum_decay=momentum_decay, weight_decay=0))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(step=0, product=1.0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                s["step"] += 1
                mu, following = (beta1 * (1 - 0.5 * 0.96 ** (t * group["momentum_decay"])) for t in (s["step"], s["step"] + 1))
                s["product"] *= mu
                s["m"].mul_(beta1).add_(p.grad, alpha=1 - beta1)
                s["v"].mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
                root = (s["v"] / (1 - beta2 ** s["step"])).sqrt().add_(group["eps"])
                p.addcdiv_(p.grad, root, value=-group["lr"] * (1 - mu) / (1 - s["product"]))
                p.addcdiv_(s["m"], root, value=-group["lr"] * following / (1 - s["product"] * following))


CASES = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd decay": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.01),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-8),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "adam decay": lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.01),
    "nadam": lambda p: NAdam(p, lr=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1),
}


def wave(rows, columns, phase):
    return torch.tensor([[math.sin(1.7 * (r * columns + c) + phase) for c in range(columns)] for r in range(rows)])


def train(make, dtype):
    first, last = nn.Linear(INPUTS, HIDDEN), nn.Linear(HIDDEN, CLASSES)
    with torch.no_grad():
        first.weight.copy_(0.5 * wave(INPUTS, HIDDEN, 0.3).T)
        last.weight.copy_(0.5 * wave(HIDDEN, CLASSES, 0.7).T)
        first.bias.zero_()
        last.bias.zero_()
    net = nn.Sequential(first, nn.Tanh(), last).to(dtype)
    x = wave(ROWS, INPUTS, 0.1).to(dtype)
    y = torch.arange(ROWS) % CLASSES
    # As in the engine: weights decay, biases do not.
    groups = [{"params": [first.weight, last.weight]}, {"params": [first.bias, last.bias], "weight_decay": 0}]
    optimizer = make(groups)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {
        "losses": losses,
        "weight1": first.weight.T.flatten().tolist(),
        "bias1": first.bias.tolist(),
        "weight2": last.weight.T.flatten().tolist(),
        "bias2": last.bias.tolist(),
    }


json.dump({name: train(make, torch.float64) for name, make in CASES.items()}, sys.stdout, indent=1)
