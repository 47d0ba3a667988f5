"""What a course report does by hand: one NumPy script that trains one configuration after another, nine epochs each, with NumPy's threads.

Usage: race_numpy.py DATA CONFIGURATIONS.json SECONDS TARGET, or --probe. Prints the validation accuracy of every epoch when it is done, and ends
when the configurations are used up, SECONDS are over, or TARGET has been reached by an epoch.
"""

import json
import sys
import time

import numpy

import race_network

EPOCHS = 9


def act(name, z):
    if name == "sigmoid":
        return 1 / (1 + numpy.exp(-z))
    return numpy.tanh(z) if name == "tanh" else numpy.maximum(z, 0)


def slope(name, a):
    if name == "sigmoid":
        return a * (1 - a)
    return 1 - a * a if name == "tanh" else (a > 0).astype(numpy.float32)


def forward(c, weights, biases, x):
    outputs = [x]
    for w, b in zip(weights[:-1], biases[:-1]):
        outputs.append(act(c["activation"], outputs[-1] @ w + b))
    z = outputs[-1] @ weights[-1] + biases[-1]
    e = numpy.exp(z - z.max(axis=1, keepdims=True))
    outputs.append(e / e.sum(axis=1, keepdims=True))
    return outputs


def gradients(c, weights, biases, x, y):
    outputs = forward(c, weights, biases, x)
    delta = outputs[-1]
    delta[numpy.arange(len(y)), y] -= 1
    delta /= len(y)
    result = []
    for i in range(len(weights) - 1, -1, -1):
        result = [outputs[i].T @ delta, delta.sum(axis=0), *result]
        if i:
            delta = (delta @ weights[i].T) * slope(c["activation"], outputs[i])
    return result


def update(name, parameters, grads, state, rate, t):
    for i, (p, g) in enumerate(zip(parameters, grads)):
        if name == "sgd":
            p -= rate * g
            continue
        m, v = state.setdefault(i, (numpy.zeros_like(p), numpy.zeros_like(p)))
        if name in ("momentum", "nesterov"):
            m *= 0.9
            m += g
            p -= rate * (g + 0.9 * m if name == "nesterov" else m)
        elif name == "rmsprop":
            v *= 0.9
            v += 0.1 * g * g
            p -= rate * g / (numpy.sqrt(v) + 1e-8)
        else:
            m *= 0.9
            m += 0.1 * g
            v *= 0.999
            v += 0.001 * g * g
            mean, square = m / (1 - 0.9**t), v / (1 - 0.999**t)
            if name == "nadam":
                mean = 0.9 * mean + 0.1 * g / (1 - 0.9**t)
            p -= rate * mean / (numpy.sqrt(square) + 1e-8)


def main():
    if sys.argv[1] == "--probe":
        return
    end, target = time.time() + float(sys.argv[3]), float(sys.argv[4])
    train_x, train_y, val_x, val_y = race_network.read(sys.argv[1])
    generator = numpy.random.default_rng(1)
    with open(sys.argv[2]) as file:
        configurations = json.load(file)
    for c in configurations:
        sizes = [784, *[c["hidden_size"]] * c["hidden_layers"], 10]
        weights, biases = [], []
        for inputs, units in zip(sizes, sizes[1:]):
            limit = (6 / (inputs + units)) ** 0.5
            weights.append(generator.uniform(-limit, limit, (inputs, units)).astype(numpy.float32))
            biases.append(numpy.zeros(units, numpy.float32))
        parameters, state, t = [array for pair in zip(weights, biases) for array in pair], {}, 0
        for _ in range(EPOCHS):
            order = generator.permutation(len(train_x))
            for start in range(0, len(order), c["batch_size"]):
                take = order[start:start + c["batch_size"]]
                t += 1
                update(c["optimizer"], parameters, gradients(c, weights, biases, train_x[take], train_y[take]), state, c["learning_rate"], t)
            accuracy = float((forward(c, weights, biases, val_x)[-1].argmax(axis=1) == val_y).mean())
            print(accuracy, flush=True)
            if accuracy >= target or time.time() >= end:
                return


main()
