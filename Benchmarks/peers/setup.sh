#!/bin/sh
# Installs the peers into Benchmarks/.venv, each at the version its figures were taken with.
# A peer that cannot be installed is reported and left out; the comparison goes on with the others.
set -u
cd "$(dirname "$0")/.." || exit 1
venv=.venv
log=.venv/setup.log

missing() {
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
  done
}

# hnswlib comes as source: it is compiled here, for the machine it runs on.
packages=$(missing python3 python3-venv python3-dev g++)
if [ -n "$packages" ]; then
  echo "Installing $packages"
  sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo"
  $sudo apt-get update -qq
  # shellcheck disable=SC2086 # the names are to be split
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages > /dev/null ||
    echo "Could not install $packages: peers that need them will be left out."
fi

[ -x $venv/bin/python ] || python3 -m venv $venv || exit 1

# version(DISTRIBUTION): what the environment holds, or nothing.
version() {
  $venv/bin/python -c "import importlib.metadata as m; print(m.version('$1'))" 2>/dev/null
}

# install(REQUIREMENT): says what came of it, and never ends the run.
install() {
  name=${1%%==*}
  wanted=${1##*==}
  [ "$(version "$name")" = "$wanted" ] && return 0
  if $venv/bin/pip install --quiet --disable-pip-version-check "$1" >> $log 2>&1; then
    echo "$1 is installed."
  else
    echo "$1 could not be installed and is left out; why is in Benchmarks/$log."
    return 1
  fi
}

install numpy==2.4.6 || exit 1
while read -r requirement; do
  case $requirement in "" | "#"*) continue ;; esac
  install "$requirement"
done < peers/requirements.txt
exit 0
