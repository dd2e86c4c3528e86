"""Data parallelism of the segmentation write-up on many nodes: one model on as many workers as --config says."""

import argparse
import os
import runpy
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--config", required=True, help="Path: Json file configuration")
options = parser.parse_args()
sys.argv = ["train.py", "--config", options.config, "--storage", os.path.expanduser("~/ray_results")]
runpy.run_path("train.py", run_name="__main__")
