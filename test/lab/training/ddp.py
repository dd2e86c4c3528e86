"""A real data-parallel training on CPUs: torch's DistributedDataParallel over gloo.

Run by mpirun (OMPI_COMM_WORLD_*), by srun (SLURM_*) or by a launcher that sets RANK, WORLD_SIZE and LOCAL_RANK, as
torchrun does; MASTER_ADDR and MASTER_PORT name the meeting point. Prints lines as PyTorch's ImageNet example does. With RANKWISE_TRUTH_DIR set,
every line also goes, numbered, to rank-R.log there.
"""

import argparse
import os
import signal
import sys
import time

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from truth import leave

CLASSES = 10
FEATURES = 32
BATCH = 256


def world():
    """(rank, world size, local rank), from whoever launched us."""
    env = os.environ
    if "OMPI_COMM_WORLD_RANK" in env:
        names = ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK")
    elif "RANK" in env:
        names = ("RANK", "WORLD_SIZE", "LOCAL_RANK")
    else:
        names = ("SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID")
    return tuple(int(env[name]) for name in names)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--steps", type=int, default=30, help="per epoch; each prints a line")
    parser.add_argument("--pace", type=float, default=0.0, help="least seconds a step takes")
    parser.add_argument("--ignore-term", action="store_true", help="go on after SIGINT and SIGTERM")
    parser.add_argument("--master-addr", default=None, help="where MASTER_ADDR is not set")
    parser.add_argument("--master-port", default=None, help="where MASTER_PORT is not set")
    return parser.parse_args()


def main():
    options = arguments()
    rank, size, _ = world()
    if options.ignore_term:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if options.master_addr is not None:
        os.environ.setdefault("MASTER_ADDR", options.master_addr)
    if options.master_port is not None:
        os.environ.setdefault("MASTER_PORT", options.master_port)

    truth = None
    if "RANKWISE_TRUTH_DIR" in os.environ:
        truth = open(os.path.join(os.environ["RANKWISE_TRUTH_DIR"], "rank-%d.log" % rank), "a", buffering=1)
    written = 0

    def say(line):
        nonlocal written
        written += 1
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if truth is not None:
            truth.write("%d\t%s\n" % (written, line))

    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method="env://", rank=rank, world_size=size)
    torch.manual_seed(0)
    centres = torch.randn(CLASSES, FEATURES)
    model = DistributedDataParallel(nn.Sequential(nn.Linear(FEATURES, 64), nn.ReLU(), nn.Linear(64, CLASSES)))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02)
    criterion = nn.CrossEntropyLoss()
    torch.manual_seed(1000 + rank)

    for epoch in range(options.epochs):
        for step in range(options.steps):
            began = time.monotonic()
            labels = torch.randint(CLASSES, (BATCH,))
            inputs = centres[labels] + 1.5 * torch.randn(BATCH, FEATURES)
            outputs = model(inputs)
            loss = criterion(outputs, labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            correct = (outputs.argmax(1) == labels).sum().item()
            rest = options.pace - (time.monotonic() - began)
            if rest > 0:
                time.sleep(rest)
            took = time.monotonic() - began
            say(
                "Epoch: [%d][%d/%d]\tTime %.3f\tLoss %.4e\tAcc@1 %6.2f\t%.1f samples/s"
                % (epoch, step, options.steps, took, loss.item(), 100.0 * correct / BATCH, BATCH / took)
            )
    dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
    leave()
