"""A BOHB search with HpBandSter: one process is the master with the name server, the others are its workers."""

import argparse
import os
import socket
import time

import ConfigSpace
import hpbandster.core.nameserver as hpns
from hpbandster.core.worker import Worker
from hpbandster.optimizers import BOHB
from truth import say

parser = argparse.ArgumentParser()
parser.add_argument("--worker", action="store_true", help="compute for the master")
parser.add_argument("--id", default="0", help="of this worker")
parser.add_argument("--host", default=socket.gethostname(), help="address by which others reach this process")
parser.add_argument("--shared", required=True, help="directory that all processes see: the master's address")
parser.add_argument("--run-id", default="search")
parser.add_argument("--workers", type=int, default=1, help="that the master waits for")
parser.add_argument("--iterations", type=int, default=2)
options = parser.parse_args()


class Trainee(Worker):
    def compute(self, config_id, config, budget, **_):
        accuracy = 0.0
        for epoch in range(int(budget)):
            time.sleep(0.1)
            accuracy += (1 - accuracy) * config["lr"]
            name = "-".join(map(str, config_id))
            values = (name, epoch, config["lr"], accuracy)
            say("worker-" + options.id, "config=%s epoch=%d lr=%.4f accuracy=%.4f" % values)
        return {"loss": 1 - accuracy, "info": {"accuracy": accuracy}}


if options.worker:
    worker = Trainee(run_id=options.run_id, host=options.host)
    while not os.path.exists(os.path.join(options.shared, "HPB_run_%s_pyro.pkl" % options.run_id)):
        time.sleep(0.1)
    worker.load_nameserver_credentials(working_directory=options.shared)
    worker.run(background=False)
else:
    space = ConfigSpace.ConfigurationSpace({"lr": (0.01, 0.5)}, seed=0)
    server = hpns.NameServer(run_id=options.run_id, host=options.host, port=0, working_directory=options.shared)
    host, port = server.start()
    bounds = {"min_budget": 1, "max_budget": 4, "eta": 2}
    where = {"host": options.host, "nameserver": host, "nameserver_port": port}
    search = BOHB(configspace=space, run_id=options.run_id, **where, **bounds)
    result = search.run(n_iterations=options.iterations, min_n_workers=options.workers)
    search.shutdown(shutdown_workers=True)
    server.shutdown()
    best = result.get_runs_by_id(result.get_incumbent_id())[-1]
    print("Best: accuracy=%.4f of %d runs" % (best.info["accuracy"], len(result.get_all_runs())), flush=True)
