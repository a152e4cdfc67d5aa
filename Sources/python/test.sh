#!/bin/sh
# Tests the Python client: its tests against the built program, types, style, and a wheel in a clean environment.
#
# Without python3, its venv module or a package index it says so and does nothing; with KAGAMI_PYTHON=required that is a failure.
# PYTHON: the interpreter (python3). KAGAMI_BIN: the program (.build/release/kagami).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}
venv=$root/.build/python
clean=$root/.build/python-clean
wheels=$root/.build/python-wheels
export KAGAMI_BIN="${KAGAMI_BIN:-$root/.build/release/kagami}"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_QUIET=1

# leave REASON: the client cannot be tested here.
leave() {
  echo "The Python client is not tested: $1"
  [ "${KAGAMI_PYTHON:-}" != required ] || exit 1
  exit 0
}

command -v "$python" > /dev/null || leave "there is no $python; apt-get install python3 python3-venv python3-pip"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || leave "$python is older than 3.10"
"$python" -c 'import venv, ensurepip' 2> /dev/null || leave "$python has no venv; apt-get install python3-venv python3-pip"
[ -x "$KAGAMI_BIN" ] || leave "there is no program at $KAGAMI_BIN; make build"

mkdir -p "$root/.build"
if ! cmp -s "$here/requirements-test.txt" "$venv/installed.txt"; then
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install -r "$here/requirements-test.txt" || leave "its requirements could not be installed"
  "$venv/bin/pip" install --no-deps --no-build-isolation -e "$here"
  cp "$here/requirements-test.txt" "$venv/installed.txt"
fi

cd "$here"
"$venv/bin/ruff" format --check .
"$venv/bin/ruff" check .
"$venv/bin/mypy"
"$venv/bin/pytest" "$@"

# The wheel, in an environment that has nothing else; run from elsewhere, so that the sources are not found by chance.
rm -rf "$clean" "$wheels"
"$venv/bin/pip" wheel --no-deps --no-build-isolation --wheel-dir "$wheels" "$here"
rm -rf "$here/build"
"$python" -m venv "$clean"
"$clean/bin/pip" install "$wheels"/kagami-*.whl
cd "$wheels"
"$KAGAMI_BIN" import sample.kagami --vectors "$root/Data/items.npy" --metadata "$root/Data/items.jsonl" > /dev/null
"$clean/bin/python" - "$root/Data/queries.npy" << 'END'
import os
import sys

import kagami
import kagami.aio
import numpy as np

assert "python-clean" in kagami.__file__, kagami.__file__
assert os.path.exists(os.path.join(os.path.dirname(kagami.__file__), "py.typed"))
with kagami.Client("sample.kagami") as client:
    found = client.search_all(np.load(sys.argv[1]), k=3)
    assert found.keys.shape == (450, 3), found.keys.shape
print(f"The wheel of kagami {kagami.__version__} works in a clean environment.")
END
