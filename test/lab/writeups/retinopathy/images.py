"""Images of retinas as the write-up has them, but smaller and drawn by chance; what is transformed, and what it becomes."""

import os
import random

import numpy
import torch
from PIL import Image

CLASSES = 5
SIZE = 24


def path(kind, index):
    return os.path.join(kind, "%d.%s" % (index, {"images": "png", "tensors": "pt"}[kind]))


def label(index):
    return index % CLASSES


def make(count):
    os.makedirs("images", exist_ok=True)
    for index in range(count):
        generator = numpy.random.default_rng(index)
        pixels = generator.integers(0, 160, (64, 64, 3)) + 19 * label(index)
        Image.fromarray(pixels.astype("uint8")).save(path("images", index))


def transformed(index):
    image = Image.open(path("images", index)).resize((SIZE, SIZE)).rotate(random.choice([0, 90, 180, 270]))
    return torch.from_numpy(numpy.asarray(image, dtype="float32") / 255).permute(2, 0, 1)
