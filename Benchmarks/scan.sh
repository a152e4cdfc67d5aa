#!/bin/sh
# A scan of a million queries, on one thread and on all cores, against what the sweep measures in one process in the same run.
#
#   scan.sh DATA
#
# DATA is a folder with base.npy and queries.npy, which is repeated until there are ROWS (1,000,000) queries. RECALL (0.99): what is asked for.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "${1:?usage: scan.sh DATA}" && pwd)
cd "$here"
swift=${SWIFT:-swift}
rows=${ROWS:-1000000}
recall=${RECALL:-0.99}
effort=$(python3 -c "print(round($recall * 10000))")
work=.cache/scan
rm -rf "$work"
mkdir -p "$work" results

nice $swift build -c release --quiet --product SweepBenchmark
sweep=.build/release/SweepBenchmark
kagami=../.build/release/kagami
$sweep build --data "$data" --index "$work/index" --target engine > "$work/build.log"
metric=$(python3 -c "
import numpy as np
print('ip' if abs(np.linalg.norm(np.load('$data/base.npy', mmap_mode='r')[:1000].astype('f4'), axis=1) - 1).max() < 0.01 else 'l2')")
$kagami import "$work/art.kagami" --vectors "$data/base.npy" --metric "$metric" > /dev/null
$kagami build "$work/art.kagami" > /dev/null
python3 - "$data/queries.npy" "$work/many.npy" "$rows" <<'PY'
import sys
import numpy as np

queries = np.load(sys.argv[1])
rows = int(sys.argv[3])
many = np.lib.format.open_memmap(sys.argv[2], mode="w+", dtype=queries.dtype, shape=(rows, queries.shape[1]))
for start in range(0, rows, len(queries)):
    many[start : start + len(queries)] = queries[: rows - start]
many.flush()
PY

for round in 1 2 3; do
  $sweep run --data "$data" --index "$work/index" --target engine --efforts "$effort" --json "$work/sweep-$round.json" 2> /dev/null
  for threads in 1 "$(nproc)"; do
    $kagami scan "$work/art.kagami" --input "$work/many.npy" --output "$work/hits.jsonl" --force --json \
      --target-recall "$recall" --threads "$threads" > "$work/scan-$threads-$round.json"
  done
done

python3 - "$work" "$(nproc)" <<'PY'
import glob
import json
import sys

work, cores = sys.argv[1], int(sys.argv[2])
batches = {}
for file in glob.glob(f"{work}/sweep-*.json"):
    for sweep in json.load(open(file))["systems"][0]["sweeps"]:
        if sweep["mode"] == "batch":
            threads = sweep.get("threads") or 1
            batches[threads] = max(batches.get(threads, 0), sweep["points"][0]["wall_qps"])
print(f"{'threads':>7} {'scan, vectors/s':>16} {'sweep, batch':>13} {'ratio':>6}")
figures = []
for threads in sorted({1, cores}):
    rate = max(json.load(open(file))["rate"] for file in glob.glob(f"{work}/scan-{threads}-*.json"))
    batch = batches.get(threads)
    figures.append({"threads": threads, "scan": rate, "sweep": batch})
    print(f"{threads:>7} {rate:>16,} {batch or 0:>13,.0f} {rate / batch if batch else 0:>6.2f}")
if 1 in batches:
    print(f"scan on all cores against the sweep's one thread: {figures[-1]['scan'] / batches[1]:.2f}")
json.dump(figures, open("results/scan.json", "w"), indent=2)
PY
rm -rf "$work"
