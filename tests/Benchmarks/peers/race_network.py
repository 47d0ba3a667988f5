"""The data of Fashion-MNIST as the race's peers read it: 54,000 images to train on, 6,000 to validate with."""

import gzip

import numpy


def read(folder):
    def idx(name, offset):
        with gzip.open(f"{folder}/{name}") as file:
            return numpy.frombuffer(file.read(), numpy.uint8, offset=offset)

    images = idx("train-images-idx3-ubyte.gz", 16).reshape(60000, 784).astype(numpy.float32) / 255
    labels = idx("train-labels-idx1-ubyte.gz", 8).astype(numpy.int64)
    return images[:54000], labels[:54000], images[54000:], labels[54000:]
