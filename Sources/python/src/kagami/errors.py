"""What can go wrong, as exceptions.

`KagamiError` is the base of all. `EngineError` is an answer: the engine refused one request and goes on. The others say
that the engine is gone, late, or not what it should be. All can be pickled, so they come back from worker processes.
"""

from __future__ import annotations

import signal as signals
from collections.abc import Mapping
from typing import Any


class KagamiError(Exception):
    """The base of everything that this package raises of its own."""


class EngineNotFound(KagamiError):
    """There is no `kagami` program where it was looked for, or no engine at a socket."""


class ClientClosed(KagamiError):
    """The client was closed before the call was answered, or before it was made."""


class CallTimeout(KagamiError, TimeoutError):
    """The answer did not come in time. The engine may still do what it was asked."""


class ProtocolViolation(KagamiError):
    """What the engine wrote is no answer: another program, or a fault in the engine.

    Attributes:
        line: The bytes that were read, the first 1,000 of them.
    """

    def __init__(self, reason: str, line: bytes = b"") -> None:
        """Takes the reason and the line."""
        super().__init__(reason, line[:1000])
        self.reason = reason
        self.line = line[:1000]

    def __str__(self) -> str:
        """The reason, and the beginning of the line."""
        return f"{self.reason}: {self.line[:200]!r}" if self.line else self.reason


_MEANINGS = {
    64: "the command line is wrong",
    65: "the data is wrong",
    66: "there is no such catalogue or file",
    70: "the engine is at fault",
    73: "something cannot be created",
    74: "reading or writing failed",
    75: "another process holds the lock",
    77: "permission is missing",
    78: "the configuration is wrong",
}


class EngineDied(KagamiError):
    """The engine has ended, and calls are without an answer.

    Attributes:
        exit_code: Its exit code; None when a signal ended it.
        signal: The signal's number; None when it exited.
        stderr_tail: The last lines that it wrote to standard error, up to 16 KiB.
    """

    def __init__(self, exit_code: int | None, signal: int | None, stderr_tail: str = "") -> None:
        """Takes how it ended, and what it said last."""
        super().__init__(exit_code, signal, stderr_tail)
        self.exit_code = exit_code
        self.signal = signal
        self.stderr_tail = stderr_tail

    def __str__(self) -> str:
        """One line of how it ended, and the tail of standard error."""
        if self.signal is not None:
            try:
                how = f"was ended by {signals.Signals(self.signal).name}"
            except ValueError:
                how = f"was ended by signal {self.signal}"
        else:
            meaning = _MEANINGS.get(self.exit_code or 0)
            how = f"exited with code {self.exit_code}" + (f" ({meaning})" if meaning else "")
        tail = self.stderr_tail.strip()
        return f"the engine {how}" + (f"; it wrote last:\n{tail}" if tail else "")


class ConnectionLost(EngineDied):
    """The connection to a shared engine has ended, and calls are without an answer.

    The engine was ended, or has closed this connection.

    Attributes:
        path: The path of its socket.
    """

    def __init__(self, path: str) -> None:
        """Takes the path of the socket."""
        super().__init__(None, None)
        self.args = (path,)
        self.path = path

    def __str__(self) -> str:
        """One line."""
        return f"the engine at {self.path} has closed the connection"


class EngineError(KagamiError):
    """The engine refused a request. There is a subclass for each kind that callers tell apart.

    Attributes:
        code: The JSON-RPC code.
        kind: What to switch on, such as `invalid_params`.
        message: What is wrong and what to do, for people.
        data: All that the engine told besides.
    """

    def __init__(self, code: int, message: str, data: Mapping[str, Any] | None = None) -> None:
        """Takes the members of an error object."""
        super().__init__(code, message, data)
        self.code = code
        self.message = message
        self.data: dict[str, Any] = dict(data or {})

    @property
    def kind(self) -> str:
        """The error's kind; empty when the engine gave none."""
        return str(self.data.get("kind", ""))

    @property
    def pointer(self) -> str | None:
        """The place in the request as a JSON pointer, where one place is at fault."""
        pointer = self.data.get("pointer")
        return None if pointer is None else str(pointer)

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later."""
        return self.data.get("retryable") is True

    def __str__(self) -> str:
        """The message, with kind and place."""
        place = f" at {self.pointer}" if self.pointer else ""
        return f"{self.message} ({self.kind or self.code}{place})"


class InvalidRequest(EngineError):
    """The line was no request (`parse_error`, `invalid_request`)."""


class MethodNotFound(EngineError):
    """The engine has no such method; an older one, perhaps."""


class InvalidParams(EngineError):
    """A parameter is missing, unknown or not what it should be; `pointer` names it."""


class InvalidValue(InvalidParams, ValueError, TypeError):
    """A value that cannot be sent; the client found it itself, and nothing was sent.

    It is an `InvalidParams`, as if the engine had refused it, and a `ValueError` and a `TypeError`, as Python's own
    functions would raise. `pointer` names the place in the request, `message` says what to do.
    """

    def __init__(self, message: str, pointer: str) -> None:
        """Takes what is wrong, and where."""
        super().__init__(-32602, message, {"kind": "invalid_params", "pointer": pointer, "retryable": False})
        self.args = (message, pointer)


class InternalError(EngineError):
    """The engine is at fault."""


class Cancelled(EngineError):
    """The call was cancelled before it was done."""


class Overloaded(EngineError):
    """More is under way than the engine takes."""


class DeadlineExceeded(EngineError):
    """`deadline_ms` passed first."""


class NotReady(EngineError):
    """The catalogue is busy or still opening."""


class NotFound(EngineError):
    """A key, member, work or permission that the request names does not exist."""


class Conflict(EngineError):
    """Something of that name exists with another content, or is in use."""


class ReadOnly(EngineError):
    """Edits are refused."""


class StorageError(EngineError):
    """A disk is full, or a file cannot be read, written or trusted."""


class ResourceExhausted(EngineError):
    """Memory, threads or descriptors ran out."""


class TooLarge(EngineError):
    """The request is beyond a limit of `engine.hello`."""


class UnsupportedVersion(EngineError):
    """A file was written by a newer version."""


class Stale(EngineError):
    """The revision of a cursor is gone, or that of `min_seq` not there yet."""


class ShuttingDown(EngineError):
    """The engine was told to stop before the request began."""


_KINDS: dict[str, type[EngineError]] = {
    "parse_error": InvalidRequest,
    "invalid_request": InvalidRequest,
    "method_not_found": MethodNotFound,
    "invalid_params": InvalidParams,
    "internal_error": InternalError,
    "cancelled": Cancelled,
    "overloaded": Overloaded,
    "deadline_exceeded": DeadlineExceeded,
    "not_ready": NotReady,
    "not_found": NotFound,
    "conflict": Conflict,
    "read_only": ReadOnly,
    "storage_full": StorageError,
    "storage_io": StorageError,
    "storage_corrupt": StorageError,
    "resource_exhausted": ResourceExhausted,
    "too_large": TooLarge,
    "unsupported_version": UnsupportedVersion,
    "stale": Stale,
    "shutting_down": ShuttingDown,
}


def engine_error(error: Any) -> EngineError:
    """The exception of an answer's error object; `EngineError` itself for kinds that are not known here."""
    if not isinstance(error, Mapping):
        return EngineError(0, f"an error without a shape: {error!r}")
    data = error.get("data")
    data = data if isinstance(data, Mapping) else {}
    code = error.get("code")
    kind = _KINDS.get(str(data.get("kind")), EngineError)
    return kind(code if isinstance(code, int) else 0, str(error.get("message", "")), data)
