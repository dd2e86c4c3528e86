"""Prints what a fault is about: print.py MODE DIRECTORY. Each byte that went out is in DIRECTORY/RANK as well."""

import os
import random
import signal
import sys
import threading
import time

mode, directory = sys.argv[1:3]
rank = os.environ.get("RANK", "0")
truth = os.open(os.path.join(directory, rank), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
megabyte = 1 << 20
if threading.current_thread() is threading.main_thread():  # a worker of Ray runs it in another one
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback


def put(data):
    """A full disk takes a part or nothing; what it does not take was never printed."""
    while data:
        try:
            count = os.write(1, data)
        except OSError:
            return
        os.write(truth, data[:count])
        data = data[count:]


def line(step):
    return b"Epoch 0 step %d loss 0.5000 %.1f samples/s\n" % (step, 100 + step % 7)


def steps(pause):
    """A line each, until a file `go` is there."""
    step = 0
    while not os.path.exists(os.path.join(directory, "go")):
        put(line(step))
        step += 1
        time.sleep(pause)
    put(line(step))


if mode == "steps":
    steps(0.02)
elif mode == "slow":
    steps(0.2)
elif mode == "memory":
    steps(0.1)
    if rank == "1":
        held = []
        while True:
            held.append(b"\1" * megabyte)
    time.sleep(600)
elif mode == "ignores":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    steps(0.1)
elif mode == "big" and rank == "0":
    # 1 GB: not written twice, the reader knows it.
    put(line(0))
    sys.stdout.flush()
    block = (b"x" * 1023 + b"\n") * 1024
    for _ in range(1024):
        left = block
        while left:
            left = left[os.write(1, left) :]
    put(line(1))
elif mode == "fast":
    begin = time.time()
    for tenth in range(20):
        put(b"".join(line(step) for step in range(tenth * 10000, (tenth + 1) * 10000)))
        time.sleep(max(0, begin + (tenth + 1) / 10 - time.time()))
elif mode == "long":
    put(line(0))
    put(b"y" * (10 * megabyte) + b"\n")
    put(line(1))
elif mode == "binary":
    put(line(0))
    put(bytes(range(256)) * 16 + random.Random(rank).randbytes(3 * megabyte) + b"\n")
    put(line(1))
elif mode == "unended":
    put(line(0) + line(1).rstrip(b"\n"))
else:
    put(line(0))
