"""Training of the Horovod write-up: says what reached this rank, then trains as ~/horovod_train.py does."""

import json
import os
import runpy
import sys

home = os.path.expanduser("~")
sys.path.insert(0, home)
from truth import say  # noqa: E402

NAMES = (
    "HOROVOD_HIERARCHICAL_ALLREDUCE",
    "HOROVOD_FUSION_THRESHOLD",
    "NCCL_MIN_NRINGS",
    "NCCL_SOCKET_IFNAME",
    "TF_CPP_MIN_LOG_LEVEL",
    "LD_LIBRARY_PATH",
    "CONDA_DEFAULT_ENV",
)
reached = {name: os.environ.get(name) for name in NAMES}
say("rank-" + os.environ["OMPI_COMM_WORLD_RANK"], json.dumps({"warnings": sys.warnoptions, **reached}))
sys.argv[1:] = ["--epochs", "2", "--steps", "20"]
runpy.run_path(os.path.join(home, "horovod_train.py"), run_name="__main__")
