#!/bin/sh
# Measures the Python client against the engine's own speed: python_client.sh ENGINE [DATA]. Without DATA a set is generated.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
engine=$1
data=${2:-}
[ -z "$data" ] || data=$(cd "$data" && pwd)
cd "$here"
peers/setup.sh
.venv/bin/pip install --quiet --disable-pip-version-check orjson==3.13.0 || echo "without orjson the client reads answers more slowly"
nice "${SWIFT:-swift}" build -c release --quiet --product SweepBenchmark
sweep=.build/release/SweepBenchmark
if [ -z "$data" ]; then
  data=$here/.cache/frames-50000x256
  $sweep generate "$data"
fi
.venv/bin/python peers/python_client.py --engine "$engine" --data "$data" --sweep $sweep --json results/python-client.json
