"""What all peers share: one thread on one core, the sweep, the measures and the file that they are written to.

A peer's module describes its systems as subclasses of `System` and calls `main`.
"""

import os

for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ[name + "_NUM_THREADS"] = "1"  # before any library reads it

import argparse
import hashlib
import importlib.metadata
import json
import shutil
import subprocess
import sys
import time

import numpy as np
from dataset import Dataset

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = "kagami-sweep/1"
GOOD_ENOUGH = 0.9997
TOLERANCE = 1e-6


class System:
    """One kind of index with its parameters. Effort is whatever its search knob takes; the sweep hands it back."""

    name = ""
    distribution = ""
    parameters = {}
    efforts = []
    filtered_efforts = []
    ascending = True  # more effort means more recall, so the sweep may stop early

    def build(self, rows, space):
        """Builds on one thread."""

    def save(self, path):
        """Writes into an empty folder."""

    def open(self, path, space, dimension):
        """Reads what `save` wrote, ready to answer."""

    def set_effort(self, effort, k):
        pass

    def search(self, query, k):
        """Ids of one query, a vector of shape (d,)."""

    def search_batch(self, queries, k):
        """Ids of all queries in one call, of shape (n, k)."""

    def restrict(self, mask):
        """Allows only some rows from now on; None allows all."""
        raise NotImplementedError


def main(*systems):
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="folder with base, queries and neighbors")
    parser.add_argument("--json", help="file for the figures")
    parser.add_argument("--metric", default="auto", choices=["auto", "ip", "cosine", "l2"])
    parser.add_argument("-k", type=int, default=10)
    parser.add_argument("--queries", type=int, help="only the first so many")
    parser.add_argument("--core", type=int, default=1, help="the core to stay on")
    parser.add_argument("--no-filters", action="store_true")
    parser.add_argument("--only", help="only systems whose name contains this")
    parser.add_argument("--build", help=argparse.SUPPRESS)  # in a process of its own, so that memory can be told apart
    options = parser.parse_args()
    pin(options.core)
    if options.build:
        return build_into(options.build, options, next(s for s in systems if s.name == options.only))
    data = Dataset(options.data, options.metric, options.k, options.queries)
    chosen = [s for s in systems if not options.only or options.only in s.name]
    results = [measure(system, data, options) for system in chosen]
    write(options.json, data, results)


def measure(system, data, options):
    """Everything about one system: build or cache, size, memory, sweeps."""
    folder = cached(system, data, options)
    log(f"{system.name}: opening")
    before = resident()
    start = time.perf_counter()
    system.open(os.path.join(folder, "index"), data.space, data.dimension)
    system.set_effort(system.efforts[0], data.k)
    system.search(data.queries[0], data.k)
    opened = time.perf_counter() - start
    system.set_effort(system.efforts[-1], data.k)
    for query in data.queries[:1000]:
        system.search(query, data.k)
    memory = resident() - before
    with open(os.path.join(folder, "build.json")) as file:
        build = json.load(file)
    truth = kth_scores(data)
    sweeps = [sweep(system, data, truth, mode) for mode in ("single", "batch")]
    if system.filtered_efforts and not options.no_filters:
        sweeps += filtered_sweeps(system, data)
    return {
        "name": system.name,
        "version": version(system),
        "parameters": label(system.parameters),
        "build": build,
        "memory_bytes": memory,
        "disk_bytes": size(os.path.join(folder, "index")),
        "open_seconds": opened,
        "sweeps": sweeps,
    }


# Sweeps


def sweep(system, data, truth, mode):
    points = []
    for effort in system.efforts:
        system.set_effort(effort, data.k)
        point, ids = (timed_single if mode == "single" else timed_batch)(system, data.queries, data.k)
        points.append({"effort": label(effort), "recall": recall(data, data.queries, ids, truth), **point})
        log_point(system, mode, points[-1])
        if system.ascending and points[-1]["recall"] >= GOOD_ENOUGH:
            break
    return {"mode": mode, "threads": 1, "points": points}


def filtered_sweeps(system, data):
    import filters

    chosen = filters.standard(data)
    limits = cached_limits(data, chosen)
    sweeps = []
    for filter, limit in zip(chosen, limits):
        points = []
        for effort in system.filtered_efforts:
            system.set_effort(effort, data.k)
            point, ids = timed_groups(system, data, filter)
            queries = data.queries[: len(filter.group)]
            points.append({"effort": label(effort), "recall": recall(data, queries, ids, limit), **point})
            log_point(system, filter.name, points[-1])
            if points[-1]["recall"] >= 0.99:
                break
        sweeps.append({"mode": "single", "threads": 1, "filter": {"name": filter.name, "share": filter.share}, "points": points})
    return sweeps


def timed_groups(system, data, filter):
    """One query at a time, the queries of one mask after another."""
    ids = np.full((len(filter.group), data.k), -1, np.int64)
    taken = np.zeros(len(filter.group))
    wall = 0.0
    for group in np.unique(filter.group):
        rows = np.flatnonzero(filter.group == group)
        system.restrict(filter.masks[group])
        started = time.perf_counter()
        taken[rows], ids[rows] = each(system, data.queries[rows], data.k)
        wall += time.perf_counter() - started
        system.restrict(None)
    return figures(taken, taken.sum(), wall), ids


def timed_single(system, queries, k):
    each(system, queries[:200], k)
    started, start = time.perf_counter(), time.process_time()
    taken, ids = each(system, queries, k)
    return figures(taken, time.process_time() - start, time.perf_counter() - started), ids


def timed_batch(system, queries, k):
    system.search_batch(queries[:200], k)
    started, start = time.perf_counter(), time.process_time()
    ids = system.search_batch(queries, k)
    seconds, wall = time.process_time() - start, time.perf_counter() - started
    return {"qps": len(queries) / seconds, "wall_qps": len(queries) / wall}, np.asarray(ids, np.int64)


def each(system, queries, k):
    """Processor seconds and ids of every query."""
    clock, search = time.process_time_ns, system.search
    taken = np.empty(len(queries))
    ids = np.full((len(queries), k), -1, np.int64)
    for number, query in enumerate(queries):
        start = clock()
        found = search(query, k)
        taken[number] = clock() - start
        ids[number, : len(found)] = found
    return taken / 1e9, ids


def figures(taken, seconds, wall):
    p50, p99, p999 = np.percentile(taken * 1e6, [50, 99, 99.9])
    return {
        "qps": len(taken) / taken.sum(),
        "wall_qps": len(taken) / wall,
        "p50_us": p50,
        "p99_us": p99,
        "p999_us": p999,
    }


# Truth


def kth_scores(data):
    return data.scores(data.queries, data.neighbors()[:, data.k - 1 : data.k])[:, 0]


def recall(data, queries, ids, limits):
    """The share of found rows that score at least as well as the last exact one; a row counts once."""
    ids = np.sort(ids, axis=1)
    ids[:, 1:][ids[:, 1:] == ids[:, :-1]] = -1
    tolerance = TOLERANCE * (np.maximum(1, np.abs(limits)) if data.space == "l2" else 1)
    hits = data.scores(queries, ids) >= (limits - tolerance)[:, None]
    return float(hits.sum() / ids.size)


def cached_limits(data, filters):
    import exact

    path = os.path.join(cache(data), f"filters-{len(data.queries)}-{data.k}.npz")
    if os.path.exists(path):
        with np.load(path) as kept:
            return [kept[f.name] for f in filters]
    limits = exact.least_scores(data, filters, data.k)
    np.savez(path, **{f.name: limit for f, limit in zip(filters, limits)})
    return limits


# The cache of built indexes


def cache(data):
    path = os.path.join(os.path.dirname(HERE), ".cache", data.digest())
    os.makedirs(path, exist_ok=True)
    return path


def cached(system, data, options):
    """The folder of a built index: one from an earlier run if data, parameters and version are the same."""
    key = json.dumps([system.name, system.parameters, version(system)], sort_keys=True)
    slug = "".join(c if c.isalnum() else "-" for c in system.name.lower())
    folder = os.path.join(cache(data), f"{slug}-{hashlib.blake2b(key.encode(), digest_size=4).hexdigest()}")
    if not os.path.exists(os.path.join(folder, "build.json")):
        log(f"{system.name}: building")
        command = [sys.executable, sys.argv[0], "--data", options.data, "--metric", data.metric, "-k", str(data.k)]
        subprocess.run([*command, "--core", str(options.core), "--only", system.name, "--build", folder], check=True)
    return folder


def build_into(folder, options, system):
    data = Dataset(options.data, options.metric, options.k)
    rows = data.base
    started, start = time.perf_counter(), time.process_time()
    system.build(rows, data.space)
    figures = {"seconds": time.process_time() - start, "wall_seconds": time.perf_counter() - started, "threads": 1}
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "index"))
    system.save(os.path.join(folder, "index"))
    with open(os.path.join(folder, "build.json"), "w") as file:
        json.dump(figures, file)
    log(f"{system.name}: built in {figures['seconds']:.1f} s of processor time")


# The machine and the file


def pin(core):
    if core in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {core})


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def size(path):
    return sum(os.path.getsize(os.path.join(f, name)) for f, _, names in os.walk(path) for name in names)


def version(system):
    return importlib.metadata.version(system.distribution)


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    return f"{model}, {os.cpu_count()} processors"


def label(effort):
    return " ".join(f"{k}={v}" for k, v in effort.items()) if isinstance(effort, dict) else str(effort)


def write(path, data, results):
    run = {
        "schema": SCHEMA,
        "machine": machine(),
        "data": {
            "name": os.path.basename(data.folder),
            "rows": len(data.base),
            "dimension": data.dimension,
            "queries": len(data.queries),
            "metric": data.metric,
            "k": data.k,
            "digest": data.digest(),
        },
        "systems": results,
    }
    if path:
        with open(path, "w") as file:
            json.dump(run, file, indent=1)
            file.write("\n")


def log(text):
    print(text, file=sys.stderr, flush=True)


def log_point(system, mode, point):
    log(f"{system.name}, {mode}, {point['effort']}: recall {point['recall']:.4f}, {point['qps']:.0f} queries a second")
