"""Says a line to the world and, numbered, to a file that no launcher touches: WORKER.log in RANKWISE_TRUTH_DIR."""

import os

_written = {}


def say(worker, line):
    print(line, flush=True)
    directory = os.environ.get("RANKWISE_TRUTH_DIR")
    if directory is None:
        return
    _written[worker] = _written.get(worker, 0) + 1
    with open(os.path.join(directory, worker + ".log"), "a") as file:
        file.write("%d\t%s\n" % (_written[worker], line))
