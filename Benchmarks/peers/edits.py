"""Edits through the pipe, against SQLite and hnswlib in the same run.

    .venv/bin/python peers/edits.py --engine ../.build/release/kagami --data DIR [--json FILE]

DIR holds base.npy or base.fvecs-like .npy rows and queries.npy, as the sweep's. Prints one line a figure.
"""

import argparse
import base64
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time

import numpy as np


class Engine:
    """A co-process with pipelined requests; answers are gathered by a thread."""

    def __init__(self, binary, catalogue, *options):
        self.process = subprocess.Popen(
            [binary, "serve", catalogue, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answers = {}
        self.arrived = threading.Condition()
        self.next = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            answer = json.loads(line)
            with self.arrived:
                self.answers[answer["id"]] = answer
                self.arrived.notify_all()

    def send(self, method, **params):
        self.next += 1
        line = json.dumps({"jsonrpc": "2.0", "id": self.next, "method": method, "params": params})
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        return self.next

    def wait(self, number):
        with self.arrived:
            while number not in self.answers:
                self.arrived.wait()
            answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def call(self, method, **params):
        return self.wait(self.send(method, **params))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def packed(rows):
    rows = np.ascontiguousarray(rows, dtype="<f2")
    return {"b64": base64.b64encode(rows.tobytes()).decode(), "dtype": "f16le", "shape": list(rows.shape)}


def upsert(engine, rows, prefix, start=0):
    items = [{"key": f"{prefix}/{start + i}"} for i in range(len(rows))]
    return engine.send("items.upsert", items=items, vectors=packed(rows))


def recall(engine, queries, exact_engine_params, k=10):
    approximate = engine.call("search", vectors=packed(queries), k=k, target_recall=0.99)["results"]
    exact = engine.call("search", vectors=packed(queries), k=k, exact=True)["results"]
    found = 0
    for a, e in zip(approximate, exact):
        threshold = e["hits"][-1]["score"] - 1e-6
        found += sum(hit["score"] >= threshold for hit in a["hits"])
    return found / (k * len(queries))


def qps(engine, queries, seconds=3.0, window=16, target=0.95):
    """Searches of one vector, pipelined; the rate and the latencies."""
    vectors = [{"b64": base64.b64encode(q.astype("<f4").tobytes()).decode(), "dtype": "f32le"} for q in queries]
    end = time.perf_counter() + seconds
    waiting, latencies, done = [], [], 0
    while time.perf_counter() < end:
        while len(waiting) < window:
            waiting.append((engine.send("search", vector=vectors[done % len(vectors)], k=10, target_recall=target),
                            time.perf_counter()))
        number, sent = waiting.pop(0)
        engine.wait(number)
        latencies.append(time.perf_counter() - sent)
        done += 1
    for number, _ in waiting:
        engine.wait(number)
    latencies.sort()
    return done / seconds, latencies[int(0.99 * len(latencies))]


def sqlite_commit(folder, rows=200):
    """One durable commit of one item's record."""
    path = os.path.join(folder, "plain.sqlite")
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE item (ordinal INTEGER PRIMARY KEY, key TEXT UNIQUE, checksum INTEGER)")
    times = []
    for i in range(rows):
        begin = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO item VALUES (?, ?, ?)", (i, f"k/{i}", i))
        db.execute("COMMIT")
        times.append(time.perf_counter() - begin)
    db.close()
    return float(np.median(times))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--json")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    base = np.load(os.path.join(options.data, "base.npy"), mmap_mode="r")
    queries = np.load(os.path.join(options.data, "queries.npy")).astype(np.float32)[:1000]
    report = {}

    def note(name, value, unit="", goal=""):
        report[name] = value
        print(f"{name:70s} {value:12.4g} {unit} {goal}", flush=True)

    wanted = lambda name: not options.only or name in options.only.split(",")
    folder = tempfile.mkdtemp(prefix="kagami-edits-")
    new = lambda name: os.path.join(folder, name + ".kagami")
    dimension = str(base.shape[1])

    if wanted("durable"):
        commit = sqlite_commit(folder)
        path = new("durable")
        subprocess.run([options.engine, "create", path, "--dimension", dimension], check=True, capture_output=True)
        engine = Engine(options.engine, path)
        times = []
        for i in range(200):
            begin = time.perf_counter()
            engine.wait(upsert(engine, base[i:i + 1], "one", i))
            times.append(time.perf_counter() - begin)
        single = float(np.median(times))
        note("one durable commit of SQLite, ms", commit * 1000)
        note("one durable upsert through the pipe, ms", single * 1000)
        note("one upsert over one commit of SQLite", single / commit, "x", "(<= 2)")
        begin = time.perf_counter()
        numbers = [upsert(engine, base[s:s + 1000], "bulk", s) for s in range(0, 50_000, 1000)]
        for number in numbers:
            engine.wait(number)
        note("upserts of 1,000 a request, items/s", 50_000 / (time.perf_counter() - begin), "/s", "(>= 20,000)")
        engine.close()

    if wanted("linked"):
        first = 90_000
        path = new("linked")
        np.save(os.path.join(folder, "first.npy"), base[:first])
        subprocess.run([options.engine, "import", path, "--vectors", os.path.join(folder, "first.npy")], check=True,
                       capture_output=True)
        subprocess.run([options.engine, "build", path], check=True, capture_output=True)
        engine = Engine(options.engine, path)
        engine.call("engine.hello")
        rest = base[first:]
        begin = time.perf_counter()
        for number in [upsert(engine, rest[s:s + 1000], "new", s) for s in range(0, len(rest), 1000)]:
            engine.wait(number)
        durable = time.perf_counter() - begin
        while True:
            stats = engine.call("engine.stats")
            if stats.get("linked", 0) >= stats["rows"]:
                break
            time.sleep(0.02)
        linked = time.perf_counter() - begin
        note("10,000 items into 90,000: durable, items/s", len(rest) / durable)
        note("10,000 items into 90,000: linked, items/s", len(rest) / linked, "/s", "(>= 3,000)")
        note("recall of .99 asked, after linking", recall(engine, queries, None))
        quiet, quiet_p99 = qps(engine, queries)
        note("quiet: searches/s through the pipe", quiet)
        # 1,000 items a second from another process, which holds the lock; the engine reads.
        stop = threading.Event()
        writer = Engine(options.engine, path)

        def churn():
            i = 0
            due = time.perf_counter()
            while not stop.is_set():
                writer.wait(upsert(writer, base[i % first:i % first + 100], "churn", i))
                i += 100
                due += 0.1
                time.sleep(max(0, due - time.perf_counter()))

        reader = Engine(options.engine, path, "--read-only")
        engine.close()
        quiet, quiet_p99 = qps(reader, queries)
        thread = threading.Thread(target=churn)
        thread.start()
        time.sleep(1)
        busy, busy_p99 = qps(reader, queries, seconds=6)
        tail = []
        stats = reader.call("engine.stats")
        tail.append(stats["rows"] - stats.get("linked", 0))
        stop.set()
        thread.join()
        note("searches/s while 1,000 items/s come, over quiet", busy / quiet, "x", "(>= 0.85)")
        note("p99 while 1,000 items/s come, over quiet", busy_p99 / quiet_p99, "x", "(<= 2)")
        note("rows not linked at that moment", tail[0], "", "(<= 1,000)")
        writer.close()
        reader.close()
        try:
            import hnswlib
            index = hnswlib.Index(space="ip", dim=base.shape[1])
            index.init_index(max_elements=len(base), ef_construction=200, M=16)
            index.set_num_threads(1)
            sample = 20_000
            index.add_items(np.asarray(base[:sample], dtype=np.float32))
            begin = time.perf_counter()
            index.add_items(np.asarray(base[sample:sample + 3000], dtype=np.float32))
            peer = 3000 / (time.perf_counter() - begin)
            note("hnswlib, one thread, inserts/s into 20,000", peer)
        except ImportError:
            print("hnswlib is not installed: peers/setup.sh")

    shutil.rmtree(folder)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(report, file, indent=2)


if __name__ == "__main__":
    main()
