"""Data parallelism of the segmentation write-up: one model on `-g` workers, with what ./config.json says."""

import argparse
import json
import runpy
import sys

parser = argparse.ArgumentParser()
parser.add_argument("-g", type=int, required=True, help="workers")
options = parser.parse_args()
with open("config.json") as file:
    config = json.load(file)
if config["num_workers"] != options.g:
    raise SystemExit("config.json says %d workers, -g %d" % (config["num_workers"], options.g))
sys.argv = ["train.py", "--config", "config.json", "--storage", "/mnt/results"]
runpy.run_path("train.py", run_name="__main__")
