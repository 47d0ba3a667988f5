"""A small classifier in NumPy: one hidden layer tells the inner of two noisy rings from the outer one. Shared by the programs here."""

import numpy as np


def data(seed, examples=400):
    rng = np.random.default_rng(seed)
    label = np.arange(examples) % 2
    angle = rng.uniform(0, 2 * np.pi, examples)
    radius = 1 + label + 0.3 * rng.normal(size=examples)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), label.astype(float)


class Classifier:
    """Trained by momentum, with a learning rate that falls to a tenth by a cosine over `epochs`."""

    def __init__(self, hidden, learning_rate, momentum, epochs, seed):
        self.rng = np.random.default_rng(seed)
        self.weights = [self.rng.normal(size=(2, hidden)), np.zeros(hidden), self.rng.normal(size=hidden) / hidden, np.zeros(1)]
        self.velocity = [np.zeros_like(weight) for weight in self.weights]
        self.learning_rate, self.momentum, self.epochs = learning_rate, momentum, epochs
        self.epoch = 0
        self.train, self.validation = data(1), data(2)

    def forward(self, x):
        active = np.tanh(x @ self.weights[0] + self.weights[1])
        return active, 1 / (1 + np.exp(-np.clip(active @ self.weights[2] + self.weights[3], -30, 30)))

    def evaluate(self, examples):
        """The cross-entropy and the accuracy."""
        x, label = examples
        output = self.forward(x)[1]
        return float(-np.mean(np.log(np.where(label > 0, output, 1 - output)))), float(np.mean((output > 0.5) == (label > 0)))

    def train_epoch(self, batch_size=20):
        x, label = self.train
        rate = self.learning_rate * (0.55 + 0.45 * np.cos(np.pi * self.epoch / self.epochs))
        order = self.rng.permutation(len(x))
        for batch in np.split(order, len(x) // batch_size):
            active, output = self.forward(x[batch])
            error = (output - label[batch]) / len(batch)
            below = np.outer(error, self.weights[2]) * (1 - active ** 2)
            gradients = [x[batch].T @ below, below.sum(0), active.T @ error, np.array([error.sum()])]
            for weight, velocity, gradient in zip(self.weights, self.velocity, gradients):
                velocity *= self.momentum
                velocity -= rate * gradient
                weight += velocity
        self.epoch += 1
        loss, accuracy = self.evaluate(self.validation)
        return {"train_loss": self.evaluate(self.train)[0], "val_loss": loss, "val_accuracy": accuracy}

    def save(self, path):
        """All that is needed to go on bit for bit: weights, momentum, epoch (the schedule follows from it) and the state of the generator."""
        state = self.rng.bit_generator.state["state"]
        np.savez(path, *self.weights, *self.velocity, epoch=self.epoch, random=np.array([str(state["state"]), str(state["inc"])]))

    def load(self, path):
        with np.load(path) as file:
            arrays = [file["arr_%d" % i] for i in range(8)]
            self.weights, self.velocity = arrays[:4], arrays[4:]
            self.epoch = int(file["epoch"])
            state = self.rng.bit_generator.state
            state["state"] = dict(zip(("state", "inc"), map(int, file["random"])))
            self.rng.bit_generator.state = state
