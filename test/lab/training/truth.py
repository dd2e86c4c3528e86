"""What every training here shares: lines that are also noted where no launcher touches them, and a certain end."""

import os
import sys

_written = {}


def say(worker, line):
    """Says a line to the world and, numbered, to WORKER.log in RANKWISE_TRUTH_DIR."""
    print(line, flush=True)
    directory = os.environ.get("RANKWISE_TRUTH_DIR")
    if directory is None:
        return
    _written[worker] = _written.get(worker, 0) + 1
    with open(os.path.join(directory, worker + ".log"), "a") as file:
        file.write("%d\t%s\n" % (_written[worker], line))


def leave():
    """Ends a finished training at once.

    Threads of torch's gloo outlive destroy_process_group, and one that needs Python while Python ends aborts the
    process: now and then "terminate called without an active exception", status 134.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
