"""Everything at once against an engine: for the thread sanitizer, which tells what it saw by its exit code.

    .venv/bin/python peers/mixed_load.py --engine ../.build-tsan/release/kagami [--plain ../.build/release/kagami] [--seconds 60]

Upserts, removals, searches with and without filters, matches, counts, builds and compactions are on their way together. Rows are random, so
that any machine can run it.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np
from edits import Engine, packed, upsert

DIMENSION = 64


def request(engine, queries, number):
    """One of the requests that come beside an upsert."""
    one = {"vector": [float(x) for x in queries[number % len(queries)]]}
    some = {"vectors": packed(queries[number % 900:number % 900 + 4])}
    by_member = {"filter": {"must": [{"key": "member", "match": {"value": "none"}}]}}
    return [
        lambda: engine.send("search", k=5, **some),
        lambda: engine.send("search", k=5, target_recall=0.9, **one),
        lambda: engine.send("search", k=3, exact=True, **one),
        lambda: engine.send("search", k=3, **one, **by_member),
        lambda: engine.send("match", score_threshold=0.9, **one),
        lambda: engine.send("items.remove", keys=[f"n/{max(0, number - 40)}"]),
        lambda: engine.send("items.count"),
        lambda: engine.send("engine.stats"),
        lambda: engine.send("engine.health"),
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--engine", required=True)
    parser.add_argument("--plain", help="an engine that fills the catalogue quickly")
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="kagami-mixed-")
    catalogue = os.path.join(folder, "mixed.kagami")
    random = np.random.default_rng(7)
    rows = random.standard_normal((20_000, DIMENSION)).astype(np.float16)
    queries = random.standard_normal((1000, DIMENSION)).astype(np.float32)
    np.save(os.path.join(folder, "rows.npy"), rows[:3000])
    plain = options.plain or options.engine
    subprocess.run([plain, "import", catalogue, "--vectors", os.path.join(folder, "rows.npy")], check=True)
    subprocess.run([plain, "build", catalogue], check=True)
    os.environ.setdefault("TSAN_OPTIONS", f"exitcode=66 log_path={folder}/report")
    engine = Engine(options.engine, catalogue, "--threads", "4")
    end, number, done, waiting, refused = time.time() + options.seconds, 0, 0, [], 0
    while time.time() < end:
        start = 3000 + number % 16_000
        waiting.append(upsert(engine, rows[start:start + 20], "n", number))
        number += 20
        waiting += [send() for send in request(engine, queries, number)]
        if number % 1000 == 0:
            waiting.append(engine.send("index.compact" if number % 2000 == 0 else "index.build"))
        while len(waiting) > 40:
            done += 1
            try:
                engine.wait(waiting.pop(0))
            except RuntimeError as error:
                refused += 1
                if error.args[0]["data"]["kind"] not in ("stale", "conflict"):
                    raise
    engine.close()
    reports = [name for name in os.listdir(folder) if name.startswith("report")]
    print(f"{done} requests, {refused} stale or in conflict, exit code {engine.process.returncode}, "
          f"{len(reports)} reports")
    for name in reports:
        shutil.copyfileobj(open(os.path.join(folder, name)), sys.stdout)
    shutil.rmtree(folder)
    sys.exit(1 if reports or engine.process.returncode else 0)


if __name__ == "__main__":
    main()
