#!/bin/sh
# Measures every installed peer on one folder of vectors: run.sh DATA RESULTS [ROUND]
# Writes RESULTS/NAME-ROUND.json. A peer that is not installed, or fails, is left out.
set -u
cd "$(dirname "$0")/.." || exit 1
data=$1
results=$2
round=${3:-1}
shift 2
[ $# -gt 0 ] && shift
mkdir -p "$results"
for peer in hnswlib faiss usearch scann; do
  .venv/bin/python -c "import $peer" 2> /dev/null || { echo "$peer is not installed and left out."; continue; }
  .venv/bin/python "peers/${peer}_peer.py" --data "$data" --json "$results/$peer-$round.json" "$@" ||
    echo "$peer failed and is left out."
done
