"""Experiment parallel: one trial per GPU, as many at a time as there are GPUs (Ray Tune)."""

import argparse
import json
import time

import ray
from ray import tune


def trial(config):
    accuracy = 0.0
    for epoch in range(config["num_epochs"]):
        time.sleep(config["pace"])
        accuracy += (1 - accuracy) * config["lr"]
        print(f"Epoch {epoch} lr {config['lr']} accuracy {accuracy:.4f}", flush=True)
    return {"accuracy": accuracy}


parser = argparse.ArgumentParser()
parser.add_argument("--config", default="tune.json")
parser.add_argument("--gpus", type=float, default=1, help="GPUs of each trial")
parser.add_argument("--pace", type=float, default=0.2, help="seconds an epoch takes")
parser.add_argument("--storage", default="/tmp/ray-results", help="a directory that all hosts share")
args = parser.parse_args()
with open(args.config) as file:
    config = json.load(file)

ray.init()  # RAY_ADDRESS says which Ray
tuner = tune.Tuner(
    tune.with_resources(trial, {"cpu": 1, "gpu": args.gpus}),
    param_space={**config, "pace": args.pace, "lr": tune.grid_search([0.1, 0.2, 0.3, 0.4])},
    run_config=tune.RunConfig(name="experiment-parallel", storage_path=args.storage)
    if hasattr(tune, "RunConfig")
    else None,
)
best = tuner.fit().get_best_result(metric="accuracy", mode="max")
print(f"best {best.config['lr']} {best.metrics['accuracy']:.4f}")
