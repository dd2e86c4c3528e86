"""Reads hostfiles with the launchers' own code, all in one process.

Standard input: a JSON list of [program, text]. Standard output: a JSON list, for each {"hosts": [[name, slots or port], ...]} or
{"refused": reason}. The program's package is found below the directory that is given for it on the command line:
readers.py horovodrun=DIR deepspeed=DIR mxnet=DIR
"""

import contextlib
import importlib.util
import io
import json
import logging
import os
import sys
import tempfile
import types

places = dict(argument.split("=", 1) for argument in sys.argv[1:])
logging.disable(logging.CRITICAL)


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def horovodrun(package):
    hosts = load("hosts", os.path.join(package, "horovod/runner/common/util/hosts.py"))

    def read(path):
        names, slots = hosts.parse_hosts_and_slots(hosts.parse_host_files(path))
        return [[name, slots[name]] for name in dict.fromkeys(names)]

    return read


def deepspeed(package):
    """The two functions alone: the module around them wants a whole PyTorch."""
    import ast
    import collections
    import re

    path = os.path.join(package, "deepspeed/launcher/runner.py")
    with open(path) as file:
        tree = ast.parse(file.read())
    wanted = ("fetch_hostfile", "_parse_hostfile")
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in wanted]
    scope = {"os": os, "re": re, "collections": collections, "logger": logging.getLogger()}
    exec(compile(tree, path, "exec"), scope)
    return lambda path: [[name, slots] for name, slots in scope["fetch_hostfile"](path).items()]


def mxnet(package):
    taken = {}
    tracker = types.ModuleType("dmlc_tracker.tracker")
    tracker.submit = lambda workers, servers, fun_submit, **rest: taken.update(submit=fun_submit)
    sys.modules["dmlc_tracker"] = types.ModuleType("dmlc_tracker")
    sys.modules["dmlc_tracker"].__path__ = [os.path.join(package, "dmlc_tracker")]
    sys.modules["dmlc_tracker"].tracker = tracker
    sys.modules["dmlc_tracker.tracker"] = tracker
    ssh = load("dmlc_tracker.ssh", os.path.join(package, "dmlc_tracker/ssh.py"))

    def read(path):
        ssh.submit(types.SimpleNamespace(host_file=path, num_workers=1, num_servers=0, command=[], host_ip=None))
        closure = dict(zip(taken["submit"].__code__.co_freevars, taken["submit"].__closure__))
        hosts = closure["hosts"].cell_contents
        0 % len(hosts)  # what it does for its first process
        return [list(host) for host in hosts]

    return read


makers = {"horovodrun": horovodrun, "deepspeed": deepspeed, "mxnet": mxnet}
readers = {name: makers[name](place) for name, place in places.items()}
answers = []
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "hosts")
    for program, text in json.load(sys.stdin):
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                answers.append({"hosts": readers[program](path)})
        except Exception as error:
            answers.append({"refused": f"{type(error).__name__}: {error}"[:200]})
json.dump(answers, sys.stdout)
