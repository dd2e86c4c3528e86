"""DeepSpeed on CPUs over gloo; its own engine prints the steps and the throughput."""

import argparse
import os

import deepspeed
import torch
from truth import leave, say

parser = argparse.ArgumentParser()
parser.add_argument("--local_rank", type=int, default=0, help="given by the deepspeed launcher")
parser.add_argument("--steps", type=int, default=20)
options = parser.parse_args()

BATCH = 32
deepspeed.init_distributed(dist_backend="gloo")
rank = int(os.environ["RANK"])
torch.set_num_threads(1)
torch.manual_seed(0)
centres = torch.randn(10, 32)
config = {
    "train_micro_batch_size_per_gpu": BATCH,
    "steps_per_print": 5,
    "optimizer": {"type": "SGD", "params": {"lr": 0.05}},
}
model = torch.nn.Sequential(torch.nn.Linear(32, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
engine, *_ = deepspeed.initialize(model=model, model_parameters=model.parameters(), config=config)
torch.manual_seed(1000 + rank)
for step in range(options.steps):
    labels = torch.randint(10, (BATCH,))
    outputs = engine(centres[labels] + 1.5 * torch.randn(BATCH, 32))
    loss = torch.nn.functional.cross_entropy(outputs, labels)
    engine.backward(loss)
    engine.step()
    if step % 5 == 4:
        accuracy = (outputs.argmax(1) == labels).float().mean().item()
        say("rank-%d" % rank, "step: %d, loss: %.4f, accuracy: %.4f" % (step + 1, loss.item(), accuracy))
leave()
