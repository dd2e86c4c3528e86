"""Horovod with PyTorch on CPUs; prints as Horovod's own MNIST and synthetic benchmark examples do."""

import argparse
import time

import horovod.torch as hvd
import torch
from torch import nn
from truth import say

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--steps", type=int, default=20, help="per epoch")
parser.add_argument("--pace", type=float, default=0.0, help="least seconds a step takes")
options = parser.parse_args()

BATCH, CLASSES, FEATURES = 64, 10, 32
hvd.init()
torch.set_num_threads(1)
torch.manual_seed(0)
worker = "rank-%d" % hvd.rank()
centres = torch.randn(CLASSES, FEATURES)
model = nn.Sequential(nn.Linear(FEATURES, 64), nn.ReLU(), nn.Linear(64, CLASSES))
optimizer = torch.optim.SGD(model.parameters(), lr=0.02 * hvd.size())
optimizer = hvd.DistributedOptimizer(optimizer, named_parameters=model.named_parameters())
hvd.broadcast_parameters(model.state_dict(), root_rank=0)
torch.manual_seed(1000 + hvd.rank())

total = options.steps * BATCH
for epoch in range(1, options.epochs + 1):
    began = time.monotonic()
    for step in range(options.steps):
        labels = torch.randint(CLASSES, (BATCH,))
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(centres[labels] + 1.5 * torch.randn(BATCH, FEATURES)), labels)
        loss.backward()
        optimizer.step()
        time.sleep(options.pace)
        if step % 5 == 0:
            done = (step * BATCH, total, 100.0 * step / options.steps)
            say(worker, "Train Epoch: %d [%d/%d (%.0f%%)]\tLoss: %.6f" % (epoch, *done, loss.item()))
    rate = total / (time.monotonic() - began)
    accuracy = (model(centres).argmax(1) == torch.arange(CLASSES)).float().mean()
    accuracy = hvd.allreduce(accuracy, name="accuracy").item()
    if hvd.rank() == 0:
        say(worker, "Test set: Average loss: %.4f, Accuracy: %.2f%%" % (loss.item(), 100.0 * accuracy))
        say(worker, "Img/sec per CPU: %.1f +-0.0" % rate)
        say(worker, "Total img/sec on %d CPU(s): %.1f +-0.0" % (hvd.size(), rate * hvd.size()))
