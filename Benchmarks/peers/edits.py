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
        self.writing = threading.Lock()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            start = line.index(b'"id":') + 5
            number = int(line[start:line.index(b",", start)])
            with self.arrived:
                self.answers[number] = (time.perf_counter(), line)
                self.arrived.notify_all()

    def send(self, method, **params):
        return self.send_encoded(encoded(method, **params))

    def send_encoded(self, request):
        with self.writing:
            self.next += 1
            number = self.next
            self.process.stdin.write(b'{"jsonrpc":"2.0","id":%d,%s' % (number, request))
            self.process.stdin.flush()
        return number

    def wait(self, number):
        answer = json.loads(self.wait_for_line(number)[1])
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def wait_for_line(self, number):
        """When an answer came, and the line: reading it costs this process more than the search."""
        with self.arrived:
            while number not in self.answers:
                self.arrived.wait()
            return self.answers.pop(number)

    def call(self, method, **params):
        return self.wait(self.send(method, **params))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def encoded(method, **params):
    """A request but for its id."""
    return json.dumps({"method": method, "params": params}).encode()[1:] + b"\n"


def packed(rows):
    rows = np.ascontiguousarray(rows, dtype="<f2")
    return {"b64": base64.b64encode(rows.tobytes()).decode(), "dtype": "f16le", "shape": list(rows.shape)}


def upsert_line(rows, prefix, start=0):
    items = [{"key": f"{prefix}/{start + i}"} for i in range(len(rows))]
    return encoded("items.upsert", items=items, vectors=packed(rows))


def upsert(engine, rows, prefix, start=0):
    return engine.send_encoded(upsert_line(rows, prefix, start))


def wait_until_linked(engine):
    while True:
        stats = engine.call("engine.stats")
        if stats["linked"] >= stats["rows"]:
            return
        time.sleep(0.02)


def processor_time(process):
    """Seconds, user and system, of all threads of a process."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def recall(engine, queries, k=10):
    approximate = engine.call("search", vectors=packed(queries), k=k, target_recall=0.99)["results"]
    exact = engine.call("search", vectors=packed(queries), k=k, exact=True)["results"]
    found = 0
    for a, e in zip(approximate, exact):
        threshold = e["hits"][-1]["score"] - 1e-6
        found += sum(hit["score"] >= threshold for hit in a["hits"])
    return found / (k * len(queries))


def rate(engine, requests, vectors, seconds, window):
    """Searches, pipelined: vectors a second, and the p99 of a request."""
    lines = [encoded("search", k=10, target_recall=0.95, **request) for request in requests]
    begin = time.perf_counter()
    end, last = begin + seconds, begin
    waiting, latencies, done = [], [], 0
    while time.perf_counter() < end:
        while len(waiting) < window:
            waiting.append((engine.send_encoded(lines[done % len(lines)]), time.perf_counter()))
        number, sent = waiting.pop(0)
        last, line = engine.wait_for_line(number)
        if b'"error":' in line[:60]:
            raise RuntimeError(line)
        latencies.append(last - sent)
        done += 1
    for number, _ in waiting:
        engine.wait_for_line(number)
    latencies.sort()
    return done * vectors / (last - begin), latencies[int(0.99 * len(latencies))]


def qps(engine, queries, seconds=3.0):
    """Searches of one vector a request."""
    floats = [base64.b64encode(q.astype("<f4").tobytes()).decode() for q in queries]
    return rate(engine, [{"vector": {"b64": text, "dtype": "f32le"}} for text in floats], 1, seconds, window=16)


def batch_qps(engine, queries, seconds=3.0, size=64):
    """Searches of many vectors a request, so that this client costs next to nothing and the engine never waits for it."""
    starts = range(0, len(queries) - size + 1, size)
    return rate(engine, [{"vectors": packed(queries[s:s + size])} for s in starts], size, seconds, window=8)


def sqlite_commits(folder):
    """Seconds of one durable commit of one item's record, again and again."""
    path = os.path.join(folder, "plain.sqlite")
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE item (ordinal INTEGER PRIMARY KEY, key TEXT UNIQUE, checksum INTEGER)")
    i = 0
    while True:
        begin = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO item VALUES (?, ?, ?)", (i, f"k/{i}", i))
        db.execute("COMMIT")
        yield time.perf_counter() - begin
        i += 1


def single_upserts(binary, catalogue, rows):
    """Seconds from the request of one upsert to its answer, again and again: one thread writes and reads, and waits for nothing else."""
    lines = [b'{"jsonrpc":"2.0","id":%d,' % i + upsert_line(rows[i:i + 1], "one", i) for i in range(len(rows))]
    with subprocess.Popen([binary, "serve", catalogue], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        requests, answers = process.stdin.fileno(), process.stdout.fileno()
        for line in lines:
            begin = time.perf_counter()
            os.write(requests, line)
            answer = os.read(answers, 1 << 16)
            took = time.perf_counter() - begin
            if b'"result":' not in answer or not answer.endswith(b"\n"):
                raise RuntimeError(answer)
            yield took


def commits_and_upserts(binary, catalogue, folder, rows, turn=50):
    """Medians of both, taken in turns so that a disk that becomes slower does so for both."""
    commits, upserts = sqlite_commits(folder), single_upserts(binary, catalogue, rows)
    pairs = []
    for _ in range(len(rows) // turn):
        pairs.append([float(np.median([next(some) for _ in range(turn)])) for some in (commits, upserts)])
    upserts.close()
    return np.median(pairs, axis=0)


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
        path = new("durable")
        subprocess.run([options.engine, "create", path, "--dimension", dimension], check=True, capture_output=True)
        commit, single = commits_and_upserts(options.engine, path, folder, base[:1000])
        note("one durable commit of SQLite, ms", commit * 1000)
        note("one durable upsert through the pipe, ms", single * 1000)
        note("one upsert over one commit of SQLite", single / commit, "x", "(<= 2)")
        engine = Engine(options.engine, path)
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
        wait_until_linked(engine)
        linked = time.perf_counter() - begin
        note("10,000 items into 90,000: durable, items/s", len(rest) / durable)
        note("10,000 items into 90,000: linked, items/s", len(rest) / linked, "/s", "(>= 3,000)")
        note("recall of .99 asked, after linking", recall(engine, queries))
        quiet, quiet_p99 = qps(engine, queries)
        note("quiet: searches/s through the pipe", quiet)
        engine.close()
        subprocess.run([options.engine, "build", path], check=True, capture_output=True)
        # One thread searches; whatever edits and links has the other processor.
        engine = Engine(options.engine, path, "--threads", "1")
        engine.call("engine.hello")
        # Rows of their own: a row that is there already becomes a copy of it, which costs next to nothing.
        noise = np.random.default_rng(1).standard_normal((5000, base.shape[1])) * 0.02
        fresh = (np.asarray(rest[:5000], dtype=np.float64) + noise).astype(np.float16)
        before = processor_time(engine.process.pid)
        for start in range(0, 5000, 500):
            engine.wait(upsert(engine, fresh[start:start + 500], "fresh", start))
            wait_until_linked(engine)
        ours = 5000 / (processor_time(engine.process.pid) - before)
        note("500 a request, one thread: stored and linked, items/s of processor time", ours)
        quiet, quiet_p99 = batch_qps(engine, queries)
        quiet, quiet_p99 = batch_qps(engine, queries)
        stop = threading.Event()
        tails = []
        lines = [upsert_line(base[i % first:i % first + 100], "churn", i) for i in range(0, 20_000, 100)]

        def churn():
            due = time.perf_counter()
            for line in lines:
                if stop.is_set():
                    return
                engine.wait(engine.send_encoded(line))
                stats = engine.call("engine.stats")
                tails.append(stats["rows"] - stats["linked"])
                due += 0.1
                time.sleep(max(0, due - time.perf_counter()))

        thread = threading.Thread(target=churn)
        thread.start()
        busy, busy_p99 = batch_qps(engine, queries, seconds=8)
        stop.set()
        thread.join()
        note("quiet: vectors/s of one search thread", quiet)
        note("the same while 1,000 items/s come, over quiet", busy / quiet, "x", "(>= 0.85)")
        note("p99 while 1,000 items/s come, over quiet", busy_p99 / quiet_p99, "x", "(<= 2)")
        note("rows not linked, at most", max(tails), "", "(<= 1,000)")
        note("rows not linked, on average", sum(tails) / len(tails))
        engine.close()
        try:
            import hnswlib
            index = hnswlib.Index(space="ip", dim=base.shape[1])
            index.init_index(max_elements=len(base), ef_construction=200, M=16)
            index.set_num_threads(os.cpu_count())
            index.add_items(np.asarray(base[:first], dtype=np.float32))
            index.set_num_threads(1)
            begin = time.process_time()
            index.add_items(np.asarray(base[first:first + 3000], dtype=np.float32))
            peer = 3000 / (time.process_time() - begin)
            note("hnswlib, M 16, efConstruction 200, one thread: inserts/s into 90,000", peer)
            note("ours over hnswlib's", ours / peer, "x", "(>= 1.5)")
        except ImportError:
            print("hnswlib is not installed: peers/setup.sh")

    if wanted("recovery"):
        path = new("recovery")
        first, count = 50_000, 50_000
        np.save(os.path.join(folder, "first.npy"), base[:first])
        subprocess.run([options.engine, "import", path, "--vectors", os.path.join(folder, "first.npy")], check=True,
                       capture_output=True)
        subprocess.run([options.engine, "build", path], check=True, capture_output=True)
        engine = Engine(options.engine, path)
        begin = time.perf_counter()
        done = 0
        for start in range(0, count, 1000):
            engine.wait(upsert(engine, base[first + start:first + start + 1000], "tail", start))
            done += 1000
        took = time.perf_counter() - begin
        engine.process.kill()
        engine.process.wait()
        begin = time.perf_counter()
        engine = Engine(options.engine, path)
        found = engine.call("engine.hello")["count"]
        serving = time.perf_counter() - begin
        wait_until_linked(engine)
        note("killed after 50,000 edits on 50,000 rows: lost", first + done - found, "", "(0)")
        note("serving again after, s", serving, "s", "(<= 1)")
        note("linked again after, s (they took %.1f s to send)" % took, time.perf_counter() - begin, "s")
        engine.close()

    if wanted("churn"):
        path = new("churn")
        first, generations = 50_000, 50
        step = first // generations
        np.save(os.path.join(folder, "first.npy"), base[:first])
        subprocess.run([options.engine, "import", path, "--vectors", os.path.join(folder, "first.npy")], check=True,
                       capture_output=True)
        subprocess.run([options.engine, "build", path], check=True, capture_output=True)
        engine = Engine(options.engine, path)
        fresh_recall, (fresh, _) = recall(engine, queries), qps(engine, queries)
        size = sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(path) for f in fs)
        for generation in range(generations):
            engine.wait(engine.send("items.remove", keys=[str(i) for i in range(generation * step, (generation + 1) * step)]))
            rows = base[first + generation * step // 1:first + (generation + 1) * step]
            engine.wait(upsert(engine, rows, "g", generation * step))
            wait_until_linked(engine)
        note("50 generations of 2 %: recall, less that of the fresh build", recall(engine, queries) - fresh_recall)
        note("50 generations of 2 %: searches/s over fresh", qps(engine, queries)[0] / fresh, "x")
        engine.call("index.compact")
        note("compacted: recall, less that of the fresh build", recall(engine, queries) - fresh_recall, "", "(>= -0.01)")
        note("compacted: searches/s over fresh", qps(engine, queries)[0] / fresh, "x", "(>= 0.9)")
        engine.close()
        after = sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(path) for f in fs)
        note("compacted: bytes over fresh", after / size, "x", "(<= 1.5)")

    shutil.rmtree(folder)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(report, file, indent=2)


if __name__ == "__main__":
    main()
