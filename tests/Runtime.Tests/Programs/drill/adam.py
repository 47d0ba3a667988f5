"""A sound program in plain Python: Adam, a falling rate, an order that is shuffled on and on. The drill's faults are planted into it."""

import json
import os
import random

import sweep_report

DATA = [(x / 10, 3 * x / 10 - 1 + 0.1 * (-1) ** x) for x in range(20)]


class Program:
    def __init__(self, config):
        self.random = random.Random(sweep_report.seed())
        self.weights = [self.random.gauss(0, 1), self.random.gauss(0, 1)]
        self.moments, self.squares = [0.0, 0.0], [0.0, 0.0]
        self.step = 0
        self.rate = config.rate
        self.order = list(range(len(DATA)))

    def train_epoch(self):
        self.random.shuffle(self.order)
        for example in self.order:
            x, y = DATA[example]
            error = self.weights[0] * x + self.weights[1] - y
            self.step += 1
            for i, gradient in enumerate((error * x, error)):
                self.moments[i] = 0.9 * self.moments[i] + 0.1 * gradient
                self.squares[i] = 0.99 * self.squares[i] + 0.01 * gradient ** 2
                moment, square = self.moments[i] / (1 - 0.9 ** self.step), self.squares[i] / (1 - 0.99 ** self.step)
                self.weights[i] -= self.rate * moment / (square ** 0.5 + 1e-8)
        self.rate *= 0.8
        return sum((self.weights[0] * x + self.weights[1] - y) ** 2 for x, y in DATA) / len(DATA)

    def save(self, path):
        with open(path, "w") as file:
            json.dump([self.random.getstate(), self.weights, self.moments, self.squares, self.step, self.rate, self.order], file)

    def load(self, path):
        with open(path) as file:
            state, weights, moments, squares, step, rate, order = json.load(file)
        self.random.setstate((state[0], tuple(state[1]), state[2]))
        self.weights = weights
        self.moments, self.squares = moments, squares
        self.step = step
        self.rate = rate
        self.order = order


config = sweep_report.config(rate=0.1)
program = Program(config)
if sweep_report.epoch() > 0:
    program.load(sweep_report.checkpoint_folder() / "state.json")
for epoch in sweep_report.epochs(99):
    loss = program.train_epoch()
    with sweep_report.checkpoint(epoch) as folder:
        program.save(folder / "state.json")
    sweep_report.report(epoch, loss=loss)
