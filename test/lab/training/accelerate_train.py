"""Hugging Face accelerate on CPUs over gloo."""

import argparse
import time

import torch
from accelerate import Accelerator
from torch.utils.data import DataLoader, TensorDataset
from truth import leave, say

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=2)
options = parser.parse_args()

torch.set_num_threads(1)
torch.manual_seed(0)
accelerator = Accelerator(cpu=True)
centres = torch.randn(10, 32)
labels = torch.randint(10, (1280,))
dataset = TensorDataset(centres[labels] + 1.5 * torch.randn(1280, 32), labels)
model = torch.nn.Linear(32, 10)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
model, optimizer, loader = accelerator.prepare(model, optimizer, DataLoader(dataset, batch_size=32))
worker = "rank-%d" % accelerator.process_index
for epoch in range(options.epochs):
    began = time.monotonic()
    for inputs, targets in loader:
        outputs = model(inputs)
        loss = torch.nn.functional.cross_entropy(outputs, targets)
        optimizer.zero_grad()
        accelerator.backward(loss)
        optimizer.step()
    accuracy = (outputs.argmax(1) == targets).float().mean().item()
    rate = 32 * len(loader) / (time.monotonic() - began)
    values = (epoch, loss.item(), accuracy, rate)
    say(worker, "epoch: %d, loss: %.4f, accuracy: %.4f, throughput: %.1f samples/s" % values)
accelerator.end_training()
leave()
