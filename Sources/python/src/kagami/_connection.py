"""A connection to an engine that others share: `kagami serve --socket`."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from dataclasses import dataclass

from ._engine import Engine
from .errors import ConnectionLost, EngineNotFound


class Connection(Engine):
    """One of the connections of an engine. It ends without the engine, which belongs to somebody else."""

    stderr = None

    def __init__(self, path: str) -> None:
        """Connects. Raises EngineNotFound when nobody listens there."""
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(path)
        except OSError as error:
            self._socket.close()
            raise EngineNotFound(f"no engine listens at {path}: {error.strerror or error}") from error
        self._socket.setblocking(False)
        self.stdout = self._socket.fileno()
        # Another number for the same socket, so that either can be waited for alone.
        self.stdin = os.dup(self.stdout)
        self._writes = True
        self._pid = _peer(self._socket)
        super().__init__()

    @property
    def pid(self) -> int:
        """The number of the engine's process."""
        return self._pid

    @property
    def has_ended(self) -> bool:
        """A connection over which no answers come has ended."""
        return True

    def wait(self, seconds: float | None) -> None:
        """There is nothing to wait for."""

    @property
    def ended_well(self) -> bool:
        """The engine closes a connection when everything that came over it is answered."""
        return True

    def died(self) -> ConnectionLost:
        """How it ended."""
        return ConnectionLost(self._path)

    def terminate(self) -> None:
        """Ends the connection; the engine drops what it has not begun."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    kill = terminate

    def close_stdin(self) -> None:
        """Tells the engine that nothing more comes."""
        if self._writes:
            self._writes = False
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)
            os.close(self.stdin)

    def close_pipes(self) -> None:
        """Lets go of the socket; in a child after a fork the parent still has it."""
        if self._writes:
            self._writes = False
            os.close(self.stdin)
        self._socket.close()


def _peer(connection: socket.socket) -> int:
    """The number of the process that listens; 0 where the system does not tell."""
    if not hasattr(socket, "SO_PEERCRED"):
        return 0
    size = struct.calcsize("3i")
    number: int = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[0]
    return number


@dataclass(frozen=True)
class Socket:
    """Connects to the engine at a path, anew each time."""

    path: str

    def __call__(self) -> Connection:
        """Connects. Raises EngineNotFound."""
        return Connection(self.path)
