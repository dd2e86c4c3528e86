"""Data parallel: one model, one worker per CPU or GPU, each with its share of every batch (Ray Train)."""

import argparse
import json
import time

import ray
import torch
from ray import train
from ray.train import RunConfig, ScalingConfig
from ray.train.torch import TorchTrainer, prepare_model


def train_worker(config):
    rank = train.get_context().get_world_rank()
    torch.manual_seed(0)
    model = prepare_model(torch.nn.Linear(16, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=config["lr"])
    truth = torch.randn(16, 1)
    torch.manual_seed(rank)  # each worker has data of its own
    for epoch in range(config["epochs"]):
        begin = time.time()
        for step in range(config["steps"]):
            inputs = torch.randn(config["batch_size"], 16)
            loss = torch.nn.functional.mse_loss(model(inputs), inputs @ truth)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            speed = config["batch_size"] * (step + 1) / (time.time() - begin)
            print(f"Epoch {epoch} step {step} loss {loss.item():.4f} {speed:.0f} samples/s", flush=True)
            time.sleep(config["pace"])
        train.report({"epoch": epoch, "loss": loss.item(), "rank": rank})


parser = argparse.ArgumentParser()
parser.add_argument("--config", default="config.json")
parser.add_argument("--steps", type=int, default=5)
parser.add_argument("--pace", type=float, default=0.0, help="seconds between two steps")
parser.add_argument("--storage", default="/tmp/ray-results", help="a directory that all hosts share")
args = parser.parse_args()
with open(args.config) as file:
    config = json.load(file)

ray.init()  # RAY_ADDRESS says which Ray
trainer = TorchTrainer(
    train_worker,
    train_loop_config={**config, "steps": args.steps, "pace": args.pace},
    scaling_config=ScalingConfig(num_workers=config["num_workers"], use_gpu=config["use_gpu"]),
    run_config=RunConfig(name="data-parallel", storage_path=args.storage),
)
begin = time.time()
result = trainer.fit()
print(f"result {result.metrics}")
print(f"--- {time.time() - begin:.2f} seconds ---")
