"""A catalogue of a folder's rows with its graph, made once, and the Python client of this project to ask it."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "Sources/python/src"))

METRICS = {"ip": "ip", "cosine": "cosine", "l2": "l2"}


def made(engine, data):
    """The catalogue of a `Dataset`, imported and built on one thread; one of an earlier run if there is one."""
    folder = os.path.join(os.path.dirname(HERE), ".cache", data.digest())
    path = os.path.join(folder, "catalogue.kagami")
    if not os.path.exists(os.path.join(folder, "catalogue.done")):
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["rm", "-rf", path], check=True)
        command = [engine, "import", path, "--vectors", data.base_path, "--metric", METRICS[data.metric]]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([engine, "build", path], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        open(os.path.join(folder, "catalogue.done"), "w").close()
    return path


def pin(pid, core):
    """Keeps all threads of a process on one core, where there is that core."""
    if core < os.cpu_count():
        for thread in os.listdir(f"/proc/{pid}/task"):
            os.sched_setaffinity(int(thread), {core})


def processor_seconds(pid):
    """What the threads of a process have used of processors, to the nanosecond; those that ended are not counted."""
    total = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
            total += int(file.read().split()[0])
    return total / 1e9
