"""Trains one of the benchmark's networks with PyTorch, one epoch per line on standard input.

Usage: torch_epoch.py FOLDER CONFIGURATION VARIANT
  FOLDER         holds the four gzipped IDX files of Fashion-MNIST
  CONFIGURATION  A ... E
  VARIANT        sliced: batches indexed by hand out of one tensor; loader: torch's DataLoader;
                 channels_last: sliced, with images in channels-last order (E only)

Prints "ready VERSION GFLOPS" (of its matrix product at (64 x 784) . (784 x 128)), then for every input line the CPU seconds of one epoch of 54,000 samples plus
validation on 6,000, the mean training loss and the validation accuracy.
"""

import gzip
import os
import sys
import time

# One thread for every library, before they are loaded: on a pinned core, spinning helpers would only slow PyTorch down.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy
import torch
from torch import nn

torch.set_num_threads(1)
torch.set_flush_denormal(True)

CONFIGURATIONS = {
    "A": dict(hidden=[128] * 4, act=nn.Sigmoid, batch=64, opt=torch.optim.NAdam, rate=0.001),
    "B": dict(hidden=[64] * 4, act=nn.Tanh, batch=32, opt=torch.optim.NAdam, rate=0.001),
    "C": dict(hidden=[32] * 3, act=nn.ReLU, batch=16, opt=torch.optim.SGD, rate=0.01),
    "D": dict(hidden=[400, 250, 100], act=nn.ReLU, batch=64, opt=torch.optim.Adam, rate=0.001, dropout=0.2),
    "E": dict(filters=[16, 32, 64, 128, 256], hidden=[512], act=nn.ReLU, batch=64, opt=torch.optim.Adam, rate=0.001),
}


def idx(folder, name, offset):
    with gzip.open(f"{folder}/{name}") as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=offset)


def network(c):
    layers, width = [], 784
    if "filters" in c:
        channels = 1
        for i, filters in enumerate(c["filters"]):
            layers += [nn.Conv2d(channels, filters, 3, padding=1), c["act"]()]
            if i < 4:
                layers.append(nn.MaxPool2d(2))
            channels = filters
        layers.append(nn.Flatten())
        width = channels
    for size in c["hidden"]:
        layers += [nn.Linear(width, size), c["act"]()]
        if "dropout" in c:
            layers.append(nn.Dropout(c["dropout"]))
        width = size
    layers.append(nn.Linear(width, 10))
    return nn.Sequential(*layers)


def product_gflops():
    a, b = torch.ones(64, 784), torch.ones(784, 128)
    best = float("inf")
    for _ in range(10):
        start = time.perf_counter()
        for _ in range(10):
            torch.mm(a, b)
        best = min(best, time.perf_counter() - start)
    return 10 * 2 * 64 * 784 * 128 / best / 1e9


def main():
    folder, name, variant = sys.argv[1:4]
    c = CONFIGURATIONS[name]
    pixels = idx(folder, "train-images-idx3-ubyte.gz", 16).reshape(60000, 784)
    labels = torch.from_numpy(idx(folder, "train-labels-idx1-ubyte.gz", 8).astype(numpy.int64))
    images = torch.from_numpy(pixels.astype(numpy.float32) / 255)
    if "filters" in c:
        images = images.reshape(60000, 1, 28, 28)
    torch.manual_seed(1)
    net = network(c)
    if variant == "channels_last":
        net = net.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    optimizer = c["opt"](net.parameters(), lr=c["rate"])
    loss_of = nn.CrossEntropyLoss()
    train_x, train_y, val_x, val_y = images[:54000], labels[:54000], images[54000:], labels[54000:]
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(train_x, train_y), batch_size=c["batch"], shuffle=True)

    def batches():
        if variant == "loader":
            yield from loader
            return
        order = torch.randperm(len(train_x))
        for start in range(0, len(order), c["batch"]):
            take = order[start:start + c["batch"]]
            yield train_x[take], train_y[take]

    print("ready", torch.__version__, product_gflops(), flush=True)
    for _ in sys.stdin:
        start = time.process_time()
        net.train()
        total = 0.0
        for x, y in batches():
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(net(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        net.eval()
        correct = 0
        with torch.no_grad():
            for at in range(0, len(val_x), 500):
                correct += (net(val_x[at:at + 500]).argmax(1) == val_y[at:at + 500]).sum().item()
        print(time.process_time() - start, total / len(train_x), correct / len(val_x), flush=True)


main()
