"""The ImageNet write-up's training on made-up pictures: DDP over gloo, the lines and the event table that it prints."""

import argparse
import os
import sys
import time

import torch
import torch.distributed as dist

sys.path.insert(0, os.path.expanduser("~"))
from truth import leave, say  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--save-dir", required=True)
parser.add_argument("--lr", type=float, default=0.4)
parser.add_argument("--epochs", type=int, default=45)
parser.add_argument("--local_rank", "--local-rank", type=int, default=0, help="given by torch.distributed.launch")
parser.add_argument("--pace", type=float, default=float(os.environ.get("PACE", "0")), help="least seconds of a step")
options = parser.parse_args()

STEPS, BATCH, CLASSES = 4, 32, 10
rank, size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
worker = "rank-%d" % rank
with open(os.path.join(os.path.expanduser(options.data), "ready")) as file:
    file.read()
torch.set_num_threads(1)
dist.init_process_group("gloo")
torch.manual_seed(0)
centres = torch.randn(CLASSES, 32)
model = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(32, CLASSES))
optimizer = torch.optim.SGD(model.parameters(), lr=options.lr)
torch.manual_seed(1000 + rank)
began = time.time()
if rank == 0:
    say(worker, "~~epoch\thours\ttop1\ttop5\n")
for epoch in range(options.epochs):
    for step in range(STEPS):
        start = time.time()
        labels = torch.randint(CLASSES, (BATCH,))
        outputs = model(centres[labels] + torch.randn(BATCH, 32))
        loss = torch.nn.functional.cross_entropy(outputs, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        time.sleep(options.pace)
        took = time.time() - start
        values = (epoch, step, STEPS, took, took, loss.item(), loss.item())
        say(worker, "Epoch: [%d][%d/%d]\tTime %.3f (%.3f)\tLoss %.4f (%.4f)" % values)
    best = outputs.topk(5, 1)[1] == labels[:, None]
    correct = torch.tensor([best[:, 0].sum(), best.sum(), BATCH], dtype=torch.float)
    dist.all_reduce(correct)
    if rank == 0:
        top1, top5 = (100 * correct[:2] / correct[2]).tolist()
        say(worker, "~~%d\t%.5f\t\t%.3f\t\t%.3f\n" % (epoch, (time.time() - began) / 3600, top1, top5))
while os.path.exists(os.environ.get("HOLD", "")):
    time.sleep(0.1)
if rank == 0:
    os.makedirs(options.save_dir, exist_ok=True)
    torch.save(model.state_dict(), os.path.join(options.save_dir, "checkpoint.tar"))
dist.destroy_process_group()
leave()
