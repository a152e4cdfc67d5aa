#!/bin/sh
# Measures ours and the peers in turn on one core, prints one table of ratios and draws one plot.
#
#   compare.sh [DATA]
#
# DATA is a folder with base, queries and, if there are, neighbors and member; without it a set is generated.
# ROUNDS (2): how often everything is swept; of each point the fastest time counts. TARGET (engine): what of ours is measured.
# CORE (1): the core. METRIC: ip, cosine or l2, where the rows' lengths do not tell. NAME: what the results are called.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${1:-}
[ -z "$data" ] || data=$(cd "$data" && pwd)
cd "$here"
swift=${SWIFT:-swift}
core=${CORE:-1}
[ "$core" -lt "$(nproc)" ] || core=0
metric=${METRIC:+--metric $METRIC}

peers/setup.sh
nice $swift build -c release --quiet --product SweepBenchmark
sweep=.build/release/SweepBenchmark
if [ -z "$data" ]; then
  data=$here/.cache/frames-50000x256
  $sweep generate "$data"
fi
name=${NAME:-$(basename "$data")}
target=${TARGET:-engine}
rounds=.cache/rounds/$name
rm -rf "$rounds"
mkdir -p "$rounds" results

# shellcheck disable=SC2086 # no metric, no words
$sweep build --data "$data" --index ".cache/index/$name-$target" --target "$target" --core "$core" $metric
for round in $(seq "${ROUNDS:-2}"); do
  # shellcheck disable=SC2086
  $sweep run --data "$data" --index ".cache/index/$name-$target" --target "$target" --core "$core" $metric \
    --json "$rounds/kagami-$round.json"
  # shellcheck disable=SC2086
  peers/run.sh "$data" "$rounds" "$round" --core "$core" $metric
done
$sweep report --output "results/$name" "$rounds"/*.json
echo "Benchmarks/results/$name.json, .csv, .md, .svg and -batch.svg hold it."
