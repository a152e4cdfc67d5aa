"""What has been sent and what has come back: bytes in, bytes out, no threads and no system calls.

Both clients keep one for each engine. Whoever uses it sees to it that only one thread does so at a time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from ._json import Unreadable, dumps, loads, loads_leniently
from .errors import KagamiError, ProtocolViolation, TooLarge, engine_error

_HEAD = b'{"jsonrpc":"2.0","id":'
_HEAD_SIZE = len(_HEAD)
#: An answer that is longer than this without a newline is none.
_LINE_LIMIT = 1 << 30
#: Places that urgent calls have beside the window.
_URGENT_LIMIT = 8


class Slot:
    """A call under way: first without an answer, then with one line or with a reason for which there will be none."""

    __slots__ = ("abandoned", "body", "failure", "id", "line", "urgent", "waiter")

    def __init__(self, body: bytes, urgent: bool = False) -> None:
        """Takes what follows the id in the line."""
        self.body = body
        self.urgent = urgent
        self.id = 0
        self.line: bytes | None = None
        self.failure: Callable[[], KagamiError] | None = None
        self.waiter: Any = None
        self.abandoned = False

    @property
    def done(self) -> bool:
        """Whether there is nothing to wait for any more."""
        return self.line is not None or self.failure is not None


class Ledger:
    """The calls of one engine, within its window."""

    def __init__(self) -> None:
        """Begins with the window that the protocol promises."""
        self.pending: dict[int, Slot] = {}
        self.window_requests = 64
        self.window_bytes = 64 << 20
        self.line_bytes = 16 << 20
        self.failure: Callable[[], KagamiError] | None = None
        #: Why nothing that comes is believed any more.
        self.violation: KagamiError | None = None
        self.notifications: list[tuple[str, dict[str, Any]]] = []
        self._is_new = True
        self._last_id = 0
        self._requests = 0
        self._bytes = 0
        self._urgent = 0
        self._outgoing: list[bytes] = []
        self._tail: list[bytes] = []
        self._tail_size = 0

    def adopt_limits(self, limits: Any) -> None:
        """Takes the window that `engine.hello` tells."""
        self.window_requests = max(1, int(limits.get("window_requests", self.window_requests)))
        self.window_bytes = max(1, int(limits.get("window_bytes", self.window_bytes)))
        self.line_bytes = max(1, int(limits.get("line_bytes", self.line_bytes)))

    def check(self, body: bytes) -> None:
        """Raises for a line that the engine would throw away without reading its id."""
        size = len(body) + _HEAD_SIZE + 16
        if size > self.line_bytes:
            message = f"the request has {size} bytes, the engine reads lines of {self.line_bytes}; send less at a time"
            raise TooLarge(1011, message, {"kind": "too_large", "limit": self.line_bytes, "retryable": False})

    def has_room(self, slot: Slot) -> bool:
        """Whether the engine promises to take it without an answer being read."""
        if slot.urgent:
            return self._urgent < _URGENT_LIMIT
        if self._requests == 0:
            return True
        return self._requests < self.window_requests and self._bytes + len(slot.body) <= self.window_bytes

    def submit(self, slot: Slot) -> None:
        """Gives it an id and a place among the bytes that go out: all of that, or nothing.

        Ctrl-C raises where a call returns, so none is made from the first change to the last.
        """
        size = 0 if slot.urgent else len(slot.body)
        number = slot.id = self._last_id = self._last_id + 1
        lines = (b"%s%d" % (_HEAD, number), slot.body)
        self.pending[number] = slot
        self._outgoing += lines
        self._bytes += size
        if slot.urgent:
            self._urgent += 1
        else:
            self._requests += 1

    def peek_outgoing(self) -> bytes:
        """All lines that wait to be written; they wait on until `drop_outgoing`."""
        return b"".join(self._outgoing)

    def drop_outgoing(self) -> None:
        """Forgets the lines that wait to be written: somebody has them."""
        self._outgoing.clear()

    @property
    def has_outgoing(self) -> bool:
        """Whether lines wait to be written."""
        return bool(self._outgoing)

    def receive(self, chunk: bytes) -> list[Slot]:
        """Takes bytes as they come, cut anywhere; returns the calls that are answered and still wanted.

        A line that is none sets `violation`; what comes after it is not looked at.
        """
        cut = chunk.rfind(b"\n")
        if cut < 0:
            self._keep(chunk)
            return []
        data = chunk[:cut]
        if self._tail:
            self._tail.append(data)
            data = b"".join(self._tail)
            self._tail, self._tail_size = [], 0
        if cut + 1 < len(chunk):
            self._keep(chunk[cut + 1 :])
        settled: list[Slot] = []
        for line in data.split(b"\n"):
            if self.violation is not None:
                break
            slot = self._settle(line)
            if slot is not None and not slot.abandoned:
                settled.append(slot)
        return settled

    def _keep(self, piece: bytes) -> None:
        self._tail.append(piece)
        self._tail_size += len(piece)
        if self._tail_size > _LINE_LIMIT:
            self.violation = ProtocolViolation(f"a line of more than {_LINE_LIMIT} bytes", self._tail[0])

    def _settle(self, line: bytes) -> Slot | None:
        # Most lines begin alike, and their id can be had without reading the rest.
        if line.startswith(_HEAD):
            try:
                number = int(line[_HEAD_SIZE : line.find(b",", _HEAD_SIZE, _HEAD_SIZE + 20)])
            except ValueError:
                return self._settle_slowly(line)
            slot = self.pending.pop(number, None)
            if slot is not None:
                self._release(slot)
                slot.line = line
                return slot
        return self._settle_slowly(line)

    def _settle_slowly(self, line: bytes) -> Slot | None:
        if not line.strip():
            return None
        try:
            message = loads_leniently(line)  # whoever asked is told what is odd about it
        except ValueError:
            self.violation = ProtocolViolation("the engine wrote a line that is no JSON", line)
            return None
        if not isinstance(message, dict):
            self.violation = ProtocolViolation("the engine wrote a line that is no answer", line)
        elif isinstance(message.get("method"), str) and "id" not in message:
            self._note(message["method"], line)
        elif type(number := message.get("id")) is int and (slot := self.pending.pop(number, None)) is not None:
            self._release(slot)
            slot.line = line
            return slot
        elif message.get("id") is None and self._is_new and "error" in message:
            self.violation = engine_error(message["error"])  # a connection that is refused
        elif message.get("id") is None:
            self.violation = ProtocolViolation("the engine refused a line without saying which", line)
        else:
            self.violation = ProtocolViolation("the engine answered a request that is not under way", line)
        return None

    def _note(self, method: str, line: bytes) -> None:
        """Keeps a notification; one with values that Python cannot hold is of no use to anybody."""
        with contextlib.suppress(Unreadable):
            params = loads(line).get("params")
            self.notifications.append((method, params if isinstance(params, dict) else {}))

    def _release(self, slot: Slot) -> None:
        self._is_new = False
        if slot.urgent:
            self._urgent -= 1
        else:
            self._requests -= 1
            self._bytes -= len(slot.body)

    def close(self, failure: Callable[[], KagamiError]) -> list[Slot]:
        """Ends all calls, now and later; returns those that were under way and still wanted."""
        self.failure = failure
        slots = [slot for slot in self.pending.values() if not slot.abandoned]
        for slot in slots:
            slot.failure = failure
        self.pending.clear()
        self._outgoing = []
        self._requests = self._bytes = self._urgent = 0
        return slots


def cancel_body(ids: list[int]) -> bytes:
    """What follows the id in a line that cancels calls."""
    return b',"method":"engine.cancel","params":%s}\n' % dumps({"ids": ids})
