#!/bin/sh
# Shows the Python client where there is a Python with NumPy; says so where there is none. demo.sh ENGINE CATALOGUE SAMPLE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for python in "$here/../../.build/python/bin/python" "${PYTHON:-python3}"; do
  if "$python" -c 'import sys, numpy; sys.exit(sys.version_info < (3, 10))' 2> /dev/null; then
    KAGAMI_BIN=$1 PYTHONPATH="$here/src" exec "$python" "$here/demo.py" "$2" "$3"
  fi
done
printf '\nThe Python client is not shown: there is no python3 with NumPy (apt-get install python3-numpy).\n'
