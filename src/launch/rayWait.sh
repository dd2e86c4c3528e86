# rankwise_wait_for_ray SECONDS RECORD HOST...   Waits until every host has joined Ray at $RAY_ADDRESS. RECORD is the
# file that says that the head has ended. Needs rayPython.sh.
rankwise_wait_for_ray() {
  rankwise_find_ray || return
  $rankwise_python - "$@" <<'PYTHON'
import os, socket, sys, threading, time

begin = time.time()
seconds, record, hosts = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
address = os.environ["RAY_ADDRESS"]
own_errors = os.dup(2)


def late():
    return time.time() - begin > seconds


def fail(reason):
    os.write(own_errors, ("rankwise: " + reason + "\n").encode())
    os._exit(1)


def check_head():
    if os.path.exists(record):
        fail("the head of Ray has ended before every host had joined: its log ray-head.log says why.")


host, _, port = address.rpartition(":")
while True:
    try:
        socket.create_connection((host, int(port)), 2).close()
        break
    except OSError as error:
        check_head()
        if late():
            fail("the head of Ray does not answer at %s after %d s: %s." % (address, seconds, error))
        time.sleep(0.1)

# No call is waited for without end.
answered = time.time()


def watch():
    while time.time() - max(answered, begin + seconds) < 60:
        time.sleep(1)
    fail("Ray has not answered for a minute at %s." % address)


threading.Thread(target=watch, daemon=True).start()
# Ray's library reports each attempt to connect.
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
import ray

trouble = ""
while True:
    alive = []
    try:
        if not ray.is_initialized():
            ray.init(address=address, log_to_driver=False, configure_logging=False)
        alive = [node for node in ray.nodes() if node["Alive"]]
    except Exception as error:
        trouble = " (%s)" % (str(error).strip().splitlines() or [type(error).__name__])[0]
        try:
            ray.shutdown()
        except Exception:
            pass
    answered = time.time()
    names = [node["NodeName"] for node in alive]
    missing = [host for host in hosts if host not in names]
    if not missing:
        break
    check_head()
    if late():
        fail(
            "%s has not joined Ray within %d s%s: look at ray-node.log there, and whether it reaches %s."
            % (", ".join(missing), seconds, trouble, address)
        )
    time.sleep(0.2)

total = ray.cluster_resources()
ray.shutdown()
print(
    "rankwise: Ray %s is ready after %.1f s: %d hosts, %g CPUs, %g GPUs"
    % (ray.__version__, time.time() - begin, len(hosts), total.get("CPU", 0), total.get("GPU", 0))
)
if [int(part) for part in ray.__version__.split(".")[:2]] < [2, 52]:
    print("rankwise: this Ray has no lock on its door: whoever reaches %s can run code there." % address)
PYTHON
}
