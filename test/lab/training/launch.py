"""MXNet's launch.py as people know it, on the tracker that its wheel brings along (`dmlc_tracker`)."""

import argparse
import threading

# The tracker was written before Python 3.9.
threading.Thread.isAlive = threading.Thread.is_alive


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", "--num-workers", type=int, required=True)
    parser.add_argument("-s", "--num-servers", type=int)
    parser.add_argument("-H", "--hostfile", dest="host_file")
    parser.add_argument("--sync-dst-dir")
    parser.add_argument("--launcher", default="ssh", choices=["local", "ssh", "mpi"])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    if args.num_servers is None:
        args.num_servers = args.num_workers
    args.host_ip = None
    args.local_num_attempt = 0
    if args.launcher == "ssh":
        from dmlc_tracker import ssh as tracker
    elif args.launcher == "mpi":
        from dmlc_tracker import mpi as tracker
    else:
        from dmlc_tracker import local as tracker
    tracker.submit(args)


if __name__ == "__main__":
    main()
