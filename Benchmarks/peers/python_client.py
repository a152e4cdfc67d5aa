"""The Python client against the engine's own speed: requests of 1, 32 and 256 vectors, many under way, and one at a time.

    .venv/bin/python peers/python_client.py --engine ../.build/release/kagami --data DIR [--sweep PATH] [--json FILE]

The engine stays on one core and the client on another. The yardstick is the sweep tool's one search thread in its own process, on the
same data in the same run, at the recall that is asked for; without the tool there are no ratios. A figure is the best of several rounds,
since whatever else the machine does makes it slower and never faster. On a busy machine look at the rate by processor time: what either side can do
where it has a core to itself, the slower of the two.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time

import catalogue
import numpy as np
from dataset import Dataset

import kagami

GOALS = {1: None, 32: 0.70, 256: 0.85}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--sweep", default=".build/release/SweepBenchmark")
    parser.add_argument("--json")
    parser.add_argument("--recall", type=float, default=0.95)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long a round takes, about")
    options = parser.parse_args()
    data = Dataset(options.data)
    path = catalogue.made(options.engine, data)
    os.sched_setaffinity(0, {1 % os.cpu_count()})
    report = {"machine": machine(), "recall_asked": options.recall, "figures": []}
    with kagami.Client(path, binary=options.engine, arguments=["--threads", "1"]) as client:
        catalogue.pin(client.pid, 0)
        report["recall_delivered"] = recall(client, data, options.recall)
        yardstick = in_process(options, data, report["recall_delivered"])
        report["in_process"] = yardstick
        print(f"recall {report['recall_delivered']:.4f} where {options.recall} is asked for")
        for mode, rate in yardstick.items():
            print(f"in the engine's own process, one thread, {mode}: {rate:.0f} /s")
        for batch in GOALS:
            report["figures"].append(pipelined(client, data, batch, options, yardstick))
        report["figures"].append(one_at_a_time(client, data, options))
    if options.json:
        with open(options.json, "w") as file:
            json.dump(report, file, indent=1)
            file.write("\n")


def recall(client, data, target):
    found = client.search_all(data.queries, k=data.k, target_recall=target).keys.astype(np.int64)
    limits = data.scores(data.queries, data.neighbors()[:, data.k - 1 : data.k])[:, 0]
    return float((data.scores(data.queries, found) >= (limits - 1e-6)[:, None]).mean())


def pipelined(client, data, batch, options, yardstick):
    """Rounds of many requests; keys and scores of every answer are read into arrays."""
    options_of_search = {"k": data.k, "target_recall": options.recall}
    repeats = 1
    rounds = []
    for _ in range(options.rounds + 1):
        queries = np.concatenate([data.queries] * repeats)
        busy = catalogue.processor_seconds(client.pid)
        mine, begun = time.process_time(), time.perf_counter()
        for result in client.search_iter(queries, batch=batch, **options_of_search):
            _ = result.keys, result.scores
        seconds = time.perf_counter() - begun
        engine = catalogue.processor_seconds(client.pid) - busy
        rounds.append((len(queries) / seconds, (time.process_time() - mine) / len(queries), engine / len(queries)))
        repeats = max(1, math.ceil(options.seconds / seconds * repeats))
    mine, engine = (min(column) for column in list(zip(*rounds[1:], strict=True))[1:])
    rates = {"in time that passes": max(rounds[1:])[0], "by processor time": 1 / max(mine, engine)}
    figure = {"vectors_a_request": batch, "client_us": mine * 1e6, "engine_us": engine * 1e6, "rates": rates}
    figure["of_in_process"] = {
        name: {mode: rate / other for mode, other in yardstick.items()} for name, rate in rates.items()
    }
    goal = "15,000 /s" if batch == 1 else f"{GOALS[batch]:.2f} of single"
    print(f"{batch} a request, pipelined (goal {goal}): client {mine * 1e6:.1f} µs a vector, engine {engine * 1e6:.1f} µs")
    for name, rate in rates.items():
        ratios = ", ".join(f"{share:.2f} of {mode}" for mode, share in figure["of_in_process"][name].items())
        print(f"  {name}: {rate:.0f} vectors/s{', ' if ratios else ''}{ratios}")
    return figure


def one_at_a_time(client, data, options):
    """What a program sees that waits for every answer."""
    times = []
    for number in range(4000):
        begun = time.perf_counter()
        found = client.search(data.queries[number % len(data.queries)], k=data.k, target_recall=options.recall)
        _ = found.keys, found.scores
        times.append(time.perf_counter() - begun)
    median, p99 = np.percentile(np.array(times[500:]) * 1e6, [50, 99])
    print(f"one at a time: {1e6 / median:.0f} /s at the median of {median:.0f} µs, 99th percentile {p99:.0f} µs")
    return {"one_at_a_time": True, "median_us": float(median), "p99_us": float(p99)}


def in_process(options, data, recall):
    """Queries a second of processor time of the sweep tool, one at a time and in batches, at a recall."""
    if not os.path.exists(options.sweep):
        print(f"there is no sweep tool at {options.sweep}: no ratios", file=sys.stderr)
        return {}
    index = os.path.join(os.path.dirname(catalogue.HERE), ".cache", data.digest(), "sweep-index")
    common = ["--data", options.data, "--index", index]
    if not os.path.exists(index):
        subprocess.run([options.sweep, "build", *common], check=True, stdout=subprocess.DEVNULL)
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([options.sweep, "run", *common, "--core", "0", "--brief", "--json", file.name], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        (system,) = json.load(file)["systems"]
    return {
        sweep["mode"]: at_recall(sweep["points"], recall)
        for sweep in system["sweeps"]
        if sweep["threads"] == 1 and "filter" not in sweep and sweep["mode"] in ("single", "batch")
    }


def at_recall(points, recall):
    """Speed between two neighbouring points, its logarithm linear in recall."""
    points = sorted((p["recall"], p["qps"]) for p in points)
    return float(np.exp(np.interp(recall, [p[0] for p in points], [math.log(p[1]) for p in points])))


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    return f"{model}, {os.cpu_count()} processors"


if __name__ == "__main__":
    main()
