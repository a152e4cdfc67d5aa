"""What the tests share: the real engine on the sample, and a fake one that misbehaves on request."""

import contextlib
import functools
import json
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import kagami

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[2]
DATA = REPOSITORY / "Data"
#: Seconds after which something that has to happen is taken to hang. Nobody waits so long where it does happen, and a
#: machine that is busy with ten other things gets there in time.
PATIENCE = 120


@pytest.fixture(scope="session")
def binary():
    """The `kagami` program: KAGAMI_BIN, or the repository's own."""
    path = Path(os.environ.get("KAGAMI_BIN", REPOSITORY / ".build/release/kagami"))
    if not path.exists():
        pytest.skip(f"there is no engine at {path}: build it, or set KAGAMI_BIN")
    return str(path)


@pytest.fixture(scope="session")
def catalogue(binary, tmp_path_factory):
    """The sample as a catalogue, for tests that only read."""
    return import_sample(binary, tmp_path_factory.mktemp("sample") / "art.kagami")


@pytest.fixture
def own_catalogue(binary, tmp_path):
    """The sample as a catalogue that a test may change."""
    return import_sample(binary, tmp_path / "art.kagami")


def import_sample(binary, path):
    command = [binary, "import", str(path), "--vectors", DATA / "items.npy", "--metadata", DATA / "items.jsonl"]
    subprocess.run(command, check=True, capture_output=True)
    return str(path)


@pytest.fixture(scope="session")
def items():
    return np.load(DATA / "items.npy")


@pytest.fixture(scope="session")
def queries():
    return np.load(DATA / "queries.npy")


@pytest.fixture(scope="session")
def keys():
    with open(DATA / "items.jsonl") as file:
        return [json.loads(line)["key"] for line in file]


@pytest.fixture
def client(binary, catalogue):
    with kagami.Client(catalogue, binary=binary) as client:
        yield client


@pytest.fixture(scope="session")
def fake_binary(tmp_path_factory):
    """A program that takes the place of `kagami`."""
    path = tmp_path_factory.mktemp("fake") / "kagami"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -S {HERE / "fake_engine.py"} "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def fake(fake_binary):
    """Makes clients of fake engines: `fake(step, …, **options)`."""
    return functools.partial(make_fake, kagami.Client, fake_binary)


def make_fake(kind, fake_binary, *steps, **options):
    environment = {"FAKE_SCRIPT": json.dumps(steps)}
    return kind("nowhere.kagami", binary=fake_binary, environment=environment, **options)


def is_running(pid):
    """Whether a process exists and is not a zombie."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children():
    """The processes that this one has started and not reaped."""
    found = set()
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{name}/stat") as file:
                if int(file.read().rsplit(")", 1)[1].split()[1]) == os.getpid():
                    found.add(int(name))
    return found


def settles(condition):
    """Whether something comes true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def slow_to_return(directory, seconds):
    """Steps of engines that die of the first search; the next ones are so slow to say what they are.

    The file `asked` in the directory tells that one of these was asked.
    """
    return (
        {"on": "engine.hello", "once": str(directory / "first"), "default": True},
        {"on": "engine.hello", "once": str(directory / "asked"), "sleep": seconds, "default": True},
        {"on": "engine.hello", "always": True, "sleep": seconds, "default": True},
        {"on": "search", "once": str(directory / "died"), "exit": 70},
    )


def exists(pid):
    """Whether a process has not been reaped."""
    return os.path.exists(f"/proc/{pid}")


@pytest.fixture
def which():
    """Finds a program, or skips the test and says what is missing."""

    def find(name):
        path = shutil.which(name)
        if path is None:
            pytest.skip(f"{name} is not installed")
        return path

    return find
