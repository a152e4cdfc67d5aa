"""The engine's process: found, started, and never left behind."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ._engine import Engine
from ._values import shown
from .errors import EngineDied, EngineNotFound, InvalidValue

#: Bytes that a pipe shall hold where the system lets it: more than most windows, so that few writes are cut.
_PIPE_SIZE = 1 << 20
#: Bytes of standard error that are kept.
_TAIL_SIZE = 16 << 10


def find_binary(binary: str | os.PathLike[str] | None) -> str:
    """The `kagami` program: the argument, else KAGAMI_BIN, else the one on PATH.

    Raises:
        EngineNotFound: There is none; the message says where was looked.
    """
    source, name = "binary", os.fspath(binary) if binary is not None else ""
    if binary is None:
        source, name = "KAGAMI_BIN", os.environ.get("KAGAMI_BIN", "")
    if name:
        found = shutil.which(name)
        if found is None:
            raise EngineNotFound(f"{source} is {name!r}, which is no program that can be run")
        return found
    found = shutil.which("kagami")
    if found is None:
        raise EngineNotFound(
            "there is no `kagami` program on PATH; put it there, set KAGAMI_BIN to its path, or pass binary=..."
        )
    return found


def serve_command(
    binary: str | os.PathLike[str] | None, catalogue: str | os.PathLike[str], arguments: Sequence[str]
) -> list[str]:
    """The command that serves a catalogue until its input ends, or this process does.

    Raises:
        EngineNotFound: There is no such program.
        InvalidValue: What is given is no catalogue, or are no arguments.
    """
    if isinstance(arguments, (str, bytes)):
        raise InvalidValue(f"arguments is a list of texts, not one: {shown(arguments.split())}", "/arguments")
    name = os.fsdecode(catalogue)
    if name.startswith("-"):  # it is no option
        name = os.path.join(os.curdir, name)
    for number, argument in enumerate((name, *arguments)):
        if not isinstance(argument, (str, bytes, os.PathLike)):
            raise InvalidValue(f"expected a text, not {shown(argument)}", f"/arguments/{number - 1}")
        if "\0" in os.fsdecode(argument):
            raise InvalidValue(
                "a text with a NUL, which no argument can have", f"/arguments/{number - 1}" if number else "/catalogue"
            )
    # The end of this process is also the end of the engine's input, unless somebody has inherited the pipe.
    return [find_binary(binary), "serve", name, "--exit-with-parent", *map(os.fsdecode, arguments)]


def _checked(environment: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in environment.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise InvalidValue(f"variables are texts, not {shown(name)}: {shown(value)}", "/environment")
        if not name or "=" in name or "\0" in name + value:
            raise InvalidValue(f"no variable can be {shown(name)}: {shown(value)}", "/environment")
    return environment


def _widen(descriptor: int) -> None:
    """Makes a pipe hold more, where the system has that and this user may; it works without."""
    command = getattr(fcntl, "F_SETPIPE_SZ", None)
    if command is not None:
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, command, _PIPE_SIZE)


class Process(Engine):
    """An engine of our own and its three pipes."""

    stderr: int

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None) -> None:
        """Starts it. Raises EngineNotFound when it cannot be run."""
        variables = None if environment is None else {**os.environ, **_checked(environment)}
        try:
            pipe = subprocess.PIPE
            # In a session of its own: Ctrl-C in a shell or a notebook goes to all of the foreground's processes, and is
            # for the program that asks, not for its engine.
            self._process = subprocess.Popen(
                command, bufsize=0, stdin=pipe, stdout=pipe, stderr=pipe, env=variables, start_new_session=True
            )
        except OSError as error:
            raise EngineNotFound(f"{command[0]} cannot be run: {error.strerror or error}") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self.stdin = self._process.stdin.fileno()
        self.stdout = self._process.stdout.fileno()
        self.stderr = self._process.stderr.fileno()
        for descriptor in (self.stdin, self.stdout, self.stderr):
            os.set_blocking(descriptor, False)
        for descriptor in (self.stdin, self.stdout):
            _widen(descriptor)
        self._tail: deque[bytes] = deque()
        self._tail_size = 0
        self._tail_was_cut = False
        super().__init__()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def wait(self, seconds: float | None) -> None:
        """Waits for the end of the process."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    @property
    def ended_well(self) -> bool:
        """Whether its exit code was 0."""
        return self._process.returncode == 0

    def terminate(self) -> None:
        """SIGTERM."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    def kill(self) -> None:
        """SIGKILL."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def read_stderr(self) -> bool:
        """Takes what is there of standard error; whether more may come."""
        try:
            while piece := os.read(self.stderr, 1 << 16):
                self._tail_was_cut = self._tail_was_cut or len(piece) > _TAIL_SIZE
                self._tail.append(piece[-_TAIL_SIZE:])
                self._tail_size += len(self._tail[-1])
                while self._tail_size - len(self._tail[0]) >= _TAIL_SIZE:
                    self._tail_size -= len(self._tail.popleft())
                    self._tail_was_cut = True
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    @property
    def stderr_tail(self) -> str:
        """The end of standard error, from the beginning of a line where it was cut."""
        data = b"".join(self._tail)
        if self._tail_was_cut or len(data) > _TAIL_SIZE:
            data = data[-_TAIL_SIZE:]
            data = data[data.find(b"\n") + 1 :]
        return data.decode(errors="replace")

    def close_stdin(self) -> None:
        """Tells the engine that nothing more comes."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def close_pipes(self) -> None:
        """Lets go of all descriptors."""
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def forget(self) -> None:
        """Lets go of the process in a child after a fork: the parent alone ends its input."""
        super().forget()
        self._process.returncode = 0  # nobody is to wait for it, or to warn that nobody did

    def died(self) -> EngineDied:
        """How it ended."""
        code = self._process.returncode
        if code is not None and code < 0:
            return EngineDied(None, -code, self.stderr_tail)
        return EngineDied(code, None, self.stderr_tail)


@dataclass(frozen=True)
class Program:
    """Starts an engine, another one each time.

    Attributes:
        command: The program and its arguments.
        environment: Variables that it gets besides those of this process.
    """

    command: Sequence[str]
    environment: Mapping[str, str] | None = None

    def __call__(self) -> Process:
        """Starts one. Raises EngineNotFound when it cannot be run."""
        return Process(self.command, self.environment)
