"""Ray Tune on CPUs: a grid of trials that print and report. Joins the cluster that RAY_ADDRESS names."""

import argparse
import os
import time

from ray import tune

parser = argparse.ArgumentParser()
parser.add_argument("--trials", type=int, default=4)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--pace", type=float, default=0.2, help="seconds an epoch takes")
parser.add_argument("--gpus", type=float, default=0, help="per trial")
options = parser.parse_args()


def trial(config):
    from truth import say

    # The oldest Ray that we serve has the older way alone.
    context = getattr(tune, "get_context", None)
    name = context().get_trial_name() if context else __import__("ray.air.session").air.session.get_trial_name()
    accuracy = 0.0
    for epoch in range(options.epochs):
        time.sleep(options.pace)
        accuracy += (1 - accuracy) * config["lr"]
        gpus = os.environ.get("CUDA_VISIBLE_DEVICES", "")
        say("trial-" + name, "trial=%s epoch=%d accuracy=%.4f gpus=%s" % (name, epoch, accuracy, gpus))
        if context:
            tune.report({"epoch": epoch, "accuracy": accuracy})
        else:
            tune.report(epoch=epoch, accuracy=accuracy)


grid = {"lr": tune.grid_search([0.1 * (n + 1) for n in range(options.trials)])}
resources = tune.with_resources(trial, {"cpu": 1, "gpu": options.gpus})
results = tune.Tuner(resources, param_space=grid).fit()
best = results.get_best_result("accuracy", "max")
print("Best: lr=%.1f accuracy=%.4f" % (best.config["lr"], best.metrics["accuracy"]), flush=True)
raise SystemExit(1 if results.errors else 0)
