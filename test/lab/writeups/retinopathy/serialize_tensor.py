"""Transforms every image once and keeps it as a tensor."""

import os

import torch

import images

COUNT = 200
images.make(COUNT)
os.makedirs("tensors", exist_ok=True)
for index in range(COUNT):
    torch.save(images.transformed(index), images.path("tensors", index))
print("%d tensors" % COUNT)
