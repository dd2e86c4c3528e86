"""Ray Train on CPUs: a TorchTrainer whose workers print and report. Joins the cluster that RAY_ADDRESS names."""

import argparse
import os
import time

import ray
import ray.train
from ray.train import RunConfig, ScalingConfig
from ray.train.torch import TorchConfig, TorchTrainer


def train(config):
    import torch
    from ray.train.torch import prepare_model
    from truth import say

    context = ray.train.get_context()
    rank = context.get_world_rank()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    centres = torch.randn(10, 32)
    model = prepare_model(torch.nn.Linear(32, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=config["lr"])
    torch.manual_seed(1000 + rank)
    for epoch in range(config["epochs"]):
        began = time.monotonic()
        for _ in range(config["steps"]):
            labels = torch.randint(10, (64,))
            outputs = model(centres[labels] + 1.5 * torch.randn(64, 32))
            loss = torch.nn.functional.cross_entropy(outputs, labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            time.sleep(config["pace"])
        accuracy = (outputs.argmax(1) == labels).float().mean().item()
        rate = config["steps"] * 64 / (time.monotonic() - began)
        values = (epoch, loss.item(), accuracy, rate)
        say("rank-%d" % rank, "epoch=%d loss=%.4f accuracy=%.4f throughput=%.1f samples/s" % values)
        ray.train.report({"epoch": epoch, "loss": loss.item(), "accuracy": accuracy})


parser = argparse.ArgumentParser()
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--steps", type=int, default=10, help="per epoch")
parser.add_argument("--pace", type=float, default=0.0, help="least seconds a step takes")
parser.add_argument("--lr", type=float, default=0.05)
options = parser.parse_args()
trainer = TorchTrainer(
    train,
    train_loop_config=vars(options),
    torch_config=TorchConfig(backend="gloo"),
    scaling_config=ScalingConfig(num_workers=options.workers, use_gpu=False, placement_strategy="SPREAD"),
    run_config=RunConfig(storage_path=os.path.expanduser("~/ray_results")),
)
print("Result:", trainer.fit().metrics, flush=True)
