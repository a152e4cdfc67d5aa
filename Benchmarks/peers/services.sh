#!/bin/sh
# Measures the Python client against embedded services: services.sh ENGINE [DATA]. Without DATA a set is generated.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
engine=$1
data=${2:-}
[ -z "$data" ] || data=$(cd "$data" && pwd)
cd "$here"
venv=.venv-services
[ -x $venv/bin/python ] || python3 -m venv $venv
while read -r requirement; do
  case $requirement in "" | "#"*) continue ;; esac
  $venv/bin/pip install --quiet --disable-pip-version-check "$requirement" ||
    echo "$requirement could not be installed and is left out."
done < peers/services-requirements.txt
if [ -z "$data" ]; then
  data=$here/.cache/frames-50000x256
  ${SWIFT:-swift} build -c release --quiet --product SweepBenchmark
  .build/release/SweepBenchmark generate "$data"
fi
$venv/bin/python peers/services.py --engine "$engine" --data "$data" --json results/services.json
