"""The code in the documents is run as it stands there."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

from conftest import DATA, PATIENCE, REPOSITORY

README = REPOSITORY / "Sources/python/README.md"
SCANNER = REPOSITORY / "Sources/WireProtocol/WireProtocol.docc/ScannerInTenMinutes.md"


def blocks(path):
    """Language and text of every block of code, in order."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", path.read_text(), re.M | re.S)


@pytest.fixture
def folder(tmp_path, binary, monkeypatch):
    """Where a reader of the documents would stand: `Data` beside, `kagami` and `python3` on PATH."""
    (tmp_path / "Data").symlink_to(DATA)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "kagami").symlink_to(binary)
    (programs / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (programs / "python3").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.delenv("KAGAMI_BIN", raising=False)
    return tmp_path


def run(language, code, folder):
    command = {"sh": ["sh", "-ec", code], "python": [sys.executable, "-W", "error", "-c", code]}[language]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_readme(folder):
    outputs = [run(language, code, folder) for language, code in blocks(README)]
    assert len(outputs) == 9
    _, quickstart, frames, edits, aio, _, shared, _, errors = outputs
    assert shared.startswith("(450, 5) from process ")
    assert quickstart.startswith("(450, 5) float32\n")
    assert "True " in quickstart
    assert len(frames.splitlines()) > 50
    assert edits.startswith("300 removed at 20")
    assert aio.startswith("450 answers, the first ")
    assert errors == "not_found /params/key\n"


@pytest.fixture
def scanners(folder, which):
    """The programs of the page, written to files, and what the page says to run."""
    names = {"python": "scanner.py", "bash": "scanner.sh", "swift": "Scanner.swift"}
    commands = []
    for language, code in blocks(SCANNER):
        if language in names:
            (folder / names[language]).write_text(code)
        else:
            commands.append(code)
    for tool in ("jq", "split", "base64", "od", "bash"):
        which(tool)
    return commands


def test_the_scanners(folder, scanners):
    for command in scanners:
        run("sh", command, folder)
    python, shell = ((folder / name).read_text() for name in ("frames.tsv", "frames-from-shell.tsv"))
    assert python == shell
    lines = [line.split("\t") for line in python.splitlines()]
    assert all(len(line) == 5 for line in lines)
    assert len(lines) > 50
    # Python's frames are those that an exact scan finds.
    frames, items = (np.load(DATA / name).astype(np.float64) for name in ("video_frames.npy", "items.npy"))
    frames /= np.linalg.norm(frames, axis=1)[:, None]
    items /= np.linalg.norm(items, axis=1)[:, None]
    best = (frames @ items.T).max(1)
    assert [int(line[0]) for line in lines] == np.flatnonzero(best >= 0.65).tolist()
    assert np.allclose([float(line[1]) for line in lines], best[best >= 0.65], atol=1e-5)


@pytest.mark.parametrize("program", [["python3", "scanner.py"], ["bash", "scanner.sh"]])
def test_how_scanners_exit(folder, scanners, program):
    run("sh", scanners[0], folder)

    def exit_code(*arguments):
        done = subprocess.run([*program, *arguments], cwd=folder, capture_output=True, timeout=PATIENCE, check=False)
        assert done.stderr
        return done.returncode

    assert exit_code("missing.kagami", "Data/video_frames.npy") == 66
    frames = np.zeros((3, 256), np.float16)
    np.save(folder / "zeros.npy", frames)
    assert exit_code("art.kagami", "zeros.npy") == 65
