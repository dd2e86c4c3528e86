"""A driver of Ray whose two workers, one on each host, print what a fault is about: rayPrint.py MODE DIRECTORY.

Each worker runs print.py with that mode. What went out of the driver is in DIRECTORY/driver, but for mode `big`;
DIRECTORY/R.tag is how Ray calls worker R in front of its lines, and DIRECTORY/R.process its host and pid there.
"""

import os
import signal
import sys
import threading
import time

mode, directory = sys.argv[1:3]
truth = os.open(os.path.join(directory, "driver"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
shown = {}  # the last characters of each worker that were put out, by its tag
full = threading.Event()
lock = threading.Lock()


def put(descriptor, data):
    """As any program, it is told when the disk is full."""
    with lock:
        while data:
            try:
                count = os.write(descriptor, data)
            except OSError:
                full.set()
                raise
            if mode != "big":
                os.write(truth, data[:count])
            data = data[count:]


def note(line):
    """Ray may show a line in pieces."""
    if line.startswith(b"(RayTrainWorker "):
        tag, _, text = line.partition(b") ")
        shown[tag] = (shown.get(tag, b"") + text.rstrip(b"\n")[-200:])[-200:]


class Stream:
    """An output that writes whole lines, however many threads print."""

    encoding, errors = "utf-8", "strict"

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.held = threading.local()

    def write(self, text):
        lines = (getattr(self.held, "text", b"") + text.encode()).splitlines(True)
        self.held.text = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        put(self.descriptor, b"".join(lines))
        for line in lines:
            note(line)
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False

    def fileno(self):
        return self.descriptor


sys.stdout, sys.stderr = Stream(1), Stream(2)

# Ray keeps the outputs that it finds.
import ray  # noqa: E402
from ray.train import RunConfig, ScalingConfig  # noqa: E402
from ray.train.v2.api.data_parallel_trainer import DataParallelTrainer  # noqa: E402


def work(config):
    import runpy
    import subprocess

    def tell(name, text):
        with open(os.path.join(config["directory"], rank + name), "w") as file:
            file.write(text)

    rank = str(ray.train.get_context().get_world_rank())
    address = ray.util.get_node_ip_address()
    place = "" if address == config["driver"] else ", ip=" + address
    tell(".tag", "(RayTrainWorker pid=%d%s)" % (os.getpid(), place))
    tell(".process", "%s %d" % (os.uname().nodename, os.getpid()))
    os.environ["RANK"] = rank
    arguments = [os.path.join(os.path.dirname(config["directory"]), "print.py"), config["mode"], config["directory"]]
    if config["mode"] == "ignores":
        # Only the main thread of a program may say which signals it ignores, and that is Ray's here.
        subprocess.run([sys.executable, *arguments], check=True)
    else:
        sys.argv = arguments
        runpy.run_path(arguments[0])


def last_line(rank):
    file = os.path.join(directory, rank)
    with open(file, "rb") as told:
        told.seek(max(0, os.path.getsize(file) - 100))
        return told.read().rstrip(b"\n").rpartition(b"\n")[2]


def is_shown(rank):
    with open(os.path.join(directory, rank + ".tag"), "rb") as file:
        return shown.get(file.read().rstrip(b")"), b"").endswith(last_line(rank))


def keep_printing():
    while True:
        time.sleep(0.2)
        try:
            put(1, b"driver: here\n")
        except OSError:
            pass


ray.init()
if mode == "ignores":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Ray's trainer would take SIGINT for itself, and sometimes be done before SIGKILL is due.
    signal.signal = lambda *_: None
if mode == "slow":
    threading.Thread(target=keep_printing, daemon=True).start()
DataParallelTrainer(
    work,
    train_loop_config={"mode": mode, "directory": directory, "driver": ray.util.get_node_ip_address()},
    scaling_config=ScalingConfig(num_workers=2, placement_strategy="STRICT_SPREAD"),
    run_config=RunConfig(storage_path=directory),
).fit()
# Ray shows what its workers print when it comes to it and ends without the rest. After a write that failed it shows
# nothing more.
deadline = time.time() + 200
while not full.is_set() and not (is_shown("0") and is_shown("1")):
    if time.time() > deadline:
        raise SystemExit("Ray has not shown all that its workers printed")
    time.sleep(0.05)
if mode == "unended":
    put(1, b"driver: over")
    os._exit(0)
