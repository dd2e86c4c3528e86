"""
Experiment parallelism of the segmentation write-up: Ray Tune gives each model a GPU of its own, as many at a time as there
are GPUs. The models are small; the configuration is the write-up's.
"""

import argparse
import json
import os

import ray
import torch
from ray import tune

parser = argparse.ArgumentParser()
parser.add_argument("--config", required=True, help="Path: Json file configuration")
options = parser.parse_args()
with open(options.config) as file:
    config = json.load(file)


def train_model(config):
    name = tune.get_context().get_trial_name()
    gpus = os.environ.get("CUDA_VISIBLE_DEVICES", "none")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    truth = torch.randn(16, 1)
    model = torch.nn.Linear(16, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=config["lr"])
    total_batch_size = config["batch_size_per_replica"] * config.get("num_replicas", 1)
    for epoch in range(config["num_epochs"]):
        inputs = torch.randn(total_batch_size, 16)
        loss = torch.nn.functional.mse_loss(model(inputs), inputs @ truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(f"trial={name} epoch={epoch} loss={loss.item():.4f} gpu={gpus}", flush=True)
        tune.report({"epoch": epoch, "loss": loss.item()})


ray.init()
results = tune.Tuner(
    tune.with_resources(train_model, {"cpu": 1, "gpu": 1}),
    param_space={**config, "lr": tune.grid_search([0.001, 0.01, 0.02, 0.05])},
).fit()
print("best lr %s" % results.get_best_result("loss", "min").config["lr"], flush=True)
raise SystemExit(1 if results.errors else 0)
