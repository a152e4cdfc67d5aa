"""A running engine that an event loop attends to: the twin of `_link`, with one thread and no locks."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import deque
from collections.abc import Sequence

from ._base import LinkBase
from ._engine import Source
from ._ledger import Slot, cancel_body
from ._notifications import Notifications
from .errors import CallTimeout, KagamiError, ProtocolViolation

_logger = logging.getLogger("kagami")
_READ_SIZE = 1 << 18
_TERM_PATIENCE = 2.0


class AsyncLink(LinkBase):
    """One engine from its start to its end, for the tasks of one event loop."""

    def __init__(
        self,
        source: Source,
        close_timeout: float,
        notifications: Notifications,
    ) -> None:
        """Takes an engine from its source. Raises EngineNotFound."""
        super().__init__(source, close_timeout, notifications)
        self._loop = asyncio.get_running_loop()
        self._flush_is_due = False
        self._waits_to_write = False
        self._room: deque[asyncio.Future[None]] = deque()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._finishing: asyncio.Task[None] | None = None
        self._loop.add_reader(self.engine.stdout, self._read_answers)
        if self.engine.stderr is not None:
            self._loop.add_reader(self.engine.stderr, self._read_stderr, self.engine.stderr)

    # Callers

    async def submit(self, slot: Slot, deadline: float | None) -> None:
        """Sends one call as soon as the window has room. Raises as `Link.submit` does."""
        self._check_open()
        self.ledger.check(slot.body)
        await self.wait_for_room(slot, deadline)
        self.ledger.submit(slot)
        # The lines of all tasks that come to it in this turn of the loop go out in one write.
        if not self._flush_is_due:
            self._flush_is_due = True
            self._loop.call_soon(self.flush)

    def submit_some(self, slots: Sequence[Slot]) -> int:
        """Sends as many calls as the window has room for, in one write; returns how many."""
        self._check_open()
        count = 0
        for slot in slots:
            self.ledger.check(slot.body)
            if not self.ledger.has_room(slot):
                break
            self.ledger.submit(slot)
            count += 1
        if count:
            self.flush()
        return count

    async def wait_for_room(self, slot: Slot, deadline: float | None) -> None:
        """Waits until a call can be sent. Raises as `submit` does."""
        while not self.ledger.has_room(slot):
            waiter: asyncio.Future[None] = self._loop.create_future()
            self._room.append(waiter)
            await self._until(waiter, deadline, "the window had no room in time; nothing was sent")
            self._check_open()

    async def wait(self, slot: Slot, deadline: float | None, keep: bool = False) -> bytes:
        """Waits for the answer of a call; returns its line. As `Link.wait`; cancelling gives the call up."""
        if not slot.done:
            slot.waiter = self._loop.create_future()
            try:
                await self._until(slot.waiter, deadline, "the engine did not answer in time")
            except BaseException:
                if not keep:
                    self.abandon([slot])
                raise
        if slot.failure is not None:
            self.end_was_reported = True
            raise slot.failure()
        assert slot.line is not None
        return slot.line

    async def _until(self, waiter: asyncio.Future[None], deadline: float | None, complaint: str) -> None:
        if deadline is None:
            await waiter
            return

        def expire() -> None:
            if not waiter.done():
                waiter.set_exception(CallTimeout(complaint))

        timer = self._loop.call_later(max(0.0, deadline - time.monotonic()), expire)
        try:
            await waiter
        finally:
            timer.cancel()

    def abandon(self, slots: Sequence[Slot]) -> None:
        """Gives up on calls: their answers are dropped, and where the engine can it is told to stop."""
        left = [slot for slot in slots if not slot.done and slot.id in self.ledger.pending]
        for slot in left:
            slot.abandoned = True
        if not left or "engine.cancel" not in self.methods or not self.is_open:
            return
        cancel = Slot(cancel_body([slot.id for slot in left]), urgent=True)
        cancel.abandoned = True
        if self.ledger.has_room(cancel):
            self.ledger.submit(cancel)
            self.flush()

    def flush(self) -> None:
        """Writes what waits to be written, as far as the pipe takes it; the loop writes the rest."""
        self._flush_is_due = False
        while self._stdin_is_open:
            if not self._backlog:
                self._refill()
                if not self._backlog:
                    break
            try:
                self._write()
            except BlockingIOError:
                break
            except OSError:  # the engine reads no more: its end tells why
                self._backlog = memoryview(b"")
        self._watch_stdin(bool(self._backlog) and self._stdin_is_open)
        if self._closing and not self._backlog:
            self._close_stdin()

    def _watch_stdin(self, wanted: bool) -> None:
        if wanted != self._waits_to_write:
            self._waits_to_write = wanted
            if wanted:
                self._loop.add_writer(self.engine.stdin, self.flush)
            else:
                self._loop.remove_writer(self.engine.stdin)

    def _close_stdin(self) -> None:
        if self._stdin_is_open:
            self._watch_stdin(False)
            self._stdin_is_open = False
            self.engine.close_stdin()

    def _check_open(self) -> None:
        self._check_owner()
        if asyncio.get_running_loop() is not self._loop:
            raise KagamiError("the client belongs to the event loop that started it; make another one in this loop")
        super()._check_open()

    # The loop

    def _read_answers(self) -> None:
        try:
            chunk = os.read(self.engine.stdout, _READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._finish_soon(self.close_timeout)
            return
        for slot in self.ledger.receive(chunk):
            _ring(slot.waiter)
        self._make_room()
        notifications, self.ledger.notifications = self.ledger.notifications, []
        for method, params in notifications:
            self._notifications.deliver(method, params)
        if self.ledger.violation is not None:
            self._finish_soon(0.0)

    def _make_room(self) -> None:
        waiters, self._room = self._room, deque()
        for waiter in waiters:
            _ring(waiter)

    def _read_stderr(self, descriptor: int) -> None:
        if not self.engine.read_stderr():
            self._loop.remove_reader(descriptor)

    # The end

    async def close(self, abort: bool = False, patience: float | None = None) -> None:
        """Lets the engine finish what it accepted, or not, and waits for its end. See `Link.close`."""
        if self.engine.is_foreign:
            return
        first, self._closing = not self._closing, True
        if first and self._finishing is None:
            if abort:
                self.engine.terminate()
            self._make_room()
            self.flush()
            wait = self.close_timeout if patience is None else patience
            self._loop.call_later(wait, self._finish_soon, 0.0)
        await asyncio.shield(self._ended)

    def fail(self, violation: ProtocolViolation) -> None:
        """Ends an engine whose answers cannot be trusted."""
        self.ledger.violation = self.ledger.violation or violation
        self._finish_soon(0.0)

    def _finish_soon(self, patience: float) -> None:
        if self._finishing is None:
            self._loop.remove_reader(self.engine.stdout)
            self._finishing = self._loop.create_task(self._finish(patience))

    async def _finish(self, patience: float) -> None:
        """Waits for the engine's end, or brings it about, and tells everybody."""
        try:
            self._close_stdin()
            if not await self._wait_for_end(patience):
                self.engine.terminate()
                if not await self._wait_for_end(_TERM_PATIENCE if self.ledger.violation is None else 0.5):
                    self.engine.kill()
                    await self._wait_for_end(None)
        finally:
            self.end_now()

    def end_now(self) -> None:
        """Kills an engine that still runs, and tells everybody. Never waits long."""
        if self.engine.is_foreign or self._ended.done():
            return
        if not self.engine.has_ended:
            self.engine.kill()
            self.engine.wait(None)
        self.engine.read_stderr()
        for descriptor in (self.engine.stdout, self.engine.stderr):
            if descriptor is not None:
                self._loop.remove_reader(descriptor)
        self._watch_stdin(False)
        self._stdin_is_open = False
        self.engine.close_pipes()
        for slot in self.ledger.close(self._failure()):
            _ring(slot.waiter)
        self._make_room()
        self._ended.set_result(None)

    def let_go(self) -> None:
        """Ends an engine that nobody uses any more, at once and from any thread; the loop, if it goes on, tidies up."""
        if self.engine.is_foreign:
            return
        # A connection counts as ended from the start, and still the engine has to learn that nobody is there.
        self.engine.kill()
        if not self.engine.has_ended:
            self.engine.wait(None)
        if self._loop.is_closed():
            self.engine.close_pipes()

    async def _wait_for_end(self, patience: float | None) -> bool:
        """Whether the engine ended in time; the loop drains its standard error meanwhile."""
        deadline = None if patience is None else time.monotonic() + patience
        pause = 0.0005
        while not self.engine.has_ended:
            if deadline is not None and time.monotonic() >= deadline:
                return False
            await asyncio.sleep(pause)
            pause = min(0.02, pause * 2)
        return True


def _ring(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)
