"""A running engine and the thread that attends to it.

Callers write their lines themselves, without ever blocking: what the pipe does not take is left to the thread, which
reads answers and standard error, writes the rest, and sees to the engine's end. So nobody holds a lock while waiting
for the engine, and the thread that reads needs no lock that a writer keeps.
"""

from __future__ import annotations

import _thread
import contextlib
import logging
import os
import select
import threading
import time
import weakref
from collections.abc import Sequence
from typing import Any

from ._base import LinkBase, left
from ._engine import Source
from ._ledger import Slot, cancel_body
from ._notifications import Notifications
from .errors import CallTimeout, KagamiError, ProtocolViolation

_logger = logging.getLogger("kagami")
_READ_SIZE = 1 << 18
#: Seconds that an engine gets between SIGTERM and SIGKILL.
_TERM_PATIENCE = 2.0


class Link(LinkBase):
    """One engine from its start to its end. Safe to use from any number of threads."""

    def __init__(
        self,
        source: Source,
        close_timeout: float,
        notifications: Notifications,
    ) -> None:
        """Takes an engine from its source and starts its thread. Raises EngineNotFound."""
        super().__init__(source, close_timeout, notifications)
        self._state = threading.Lock()  # guards the ledger
        self._room = threading.Condition(self._state)
        self._writing = threading.Lock()  # guards the backlog; nobody waits for anything while holding it
        self._patience: float | None = None  # the moment from which the engine is no longer waited for
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        # Closed with the last reference: nobody then writes to a descriptor that belongs to something else by now.
        # At the interpreter's exit they are left alone: the thread may still use them.
        weakref.finalize(self, _close_all, self._wake_read, self._wake_write).atexit = False
        self._thread = threading.Thread(target=self._attend, name="kagami", daemon=True)
        self._thread.start()

    # Callers

    def submit(self, slot: Slot, deadline: float | None) -> None:
        """Sends one call as soon as the window has room.

        Raises:
            CallTimeout: It had none in time; nothing was sent.
            KagamiError: Why nothing will be answered any more.
        """
        self._check_place()
        with self._state:
            self.ledger.check(slot.body)
            self._check_open()
            while not self.ledger.has_room(slot):
                if not self._room.wait(left(deadline)):
                    raise CallTimeout("the window had no room in time; nothing was sent")
                self._check_open()
            self.ledger.submit(slot)
        self.flush()

    def submit_some(self, slots: Sequence[Slot]) -> int:
        """Sends as many calls as the window has room for, in one write; returns how many."""
        self._check_place()
        count = 0
        with self._state:
            self._check_open()
            for slot in slots:
                self.ledger.check(slot.body)
                if not self.ledger.has_room(slot):
                    break
                self.ledger.submit(slot)
                count += 1
        if count:
            self.flush()
        return count

    def wait_for_room(self, slot: Slot, deadline: float | None) -> None:
        """Waits until a call could be sent. Raises as `submit` does."""
        with self._state:
            self._check_open()
            while not self.ledger.has_room(slot):
                if not self._room.wait(left(deadline)):
                    raise CallTimeout("the window had no room in time; nothing was sent")
                self._check_open()

    def wait(self, slot: Slot, deadline: float | None, keep: bool = False) -> bytes:
        """Waits for the answer of a call; returns its line.

        Args:
            slot: The call.
            deadline: The moment after which it is not waited for.
            keep: Whether its answer is wanted also after that moment.

        Raises:
            CallTimeout: It did not come in time; the call goes on without anybody waiting for it.
            KagamiError: Why it will not come.
        """
        if not slot.done:
            try:
                self._wait(slot, deadline)
            except BaseException:
                if not keep:
                    self.abandon([slot])
                raise
        if slot.failure is not None:
            self.end_was_reported = True
            raise slot.failure()
        assert slot.line is not None
        return slot.line

    def _wait(self, slot: Slot, deadline: float | None) -> None:
        bell = _thread.allocate_lock()
        bell.acquire()
        with self._state:
            if slot.done:
                return
            slot.waiter = bell
        if not bell.acquire(timeout=-1 if deadline is None else max(0.0, deadline - time.monotonic())):
            raise CallTimeout("the engine did not answer in time")

    def abandon(self, slots: Sequence[Slot]) -> None:
        """Gives up on calls: their answers are dropped, and where the engine can it is told to stop."""
        with self._state:
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

    def adjusting(self) -> contextlib.AbstractContextManager[Any]:
        """Holds the ledger still."""
        return self._room

    def flush(self) -> None:
        """Writes what waits to be written, as far as the pipe takes it; the thread writes the rest."""
        try:
            with self._writing:
                if not self._backlog:
                    with self._state:
                        self._refill()
                if not self._write_backlog():
                    self._wake()
        except BaseException:  # Ctrl-C: others may wait for what was to be written
            self._wake()
            raise

    def _write_backlog(self) -> bool:
        """Writes; whether all is written, or nothing more can be."""
        while self._backlog:
            if not self._stdin_is_open:
                self._backlog = memoryview(b"")
                break
            try:
                self._write()
            except BlockingIOError:
                return False
            except OSError:  # the engine reads no more: its end tells why
                self._backlog = memoryview(b"")
        return True

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self._wake_write, b"!")

    def _check_place(self) -> None:
        self._check_owner()
        if threading.current_thread() is self._thread:  # by its number it could be a later thread
            raise KagamiError("a handler of notifications cannot make calls: nobody would read the answer")

    # The end

    def close(self, abort: bool = False, patience: float | None = None) -> None:
        """Lets the engine finish what it accepted, or not, and waits for its end.

        Args:
            abort: Whether it is told to stop at once.
            patience: Seconds after which it gets SIGTERM, and then SIGKILL.
        """
        if self.engine.is_foreign:
            return
        with self._state:
            self._closing = True
            self._patience = time.monotonic() + (self.close_timeout if patience is None else patience)
            self._room.notify_all()
        if abort:
            self.engine.terminate()
        self._wake()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def fail(self, violation: ProtocolViolation) -> None:
        """Ends an engine whose answers cannot be trusted."""
        with self._state:
            self.ledger.violation = self.ledger.violation or violation
            self._patience = time.monotonic()
        self._wake()

    # The thread

    def _attend(self) -> None:
        try:
            self._pump()
        except Exception:
            _logger.exception("the thread of an engine failed")
        finally:
            self._finish()

    def _pump(self) -> None:
        poll = select.poll()
        poll.register(self.engine.stdout, select.POLLIN)
        if self.engine.stderr is not None:
            poll.register(self.engine.stderr, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        writing = False
        while self.ledger.violation is None:
            wants = bool(self._backlog) and self._stdin_is_open
            if wants != writing:
                (poll.register(self.engine.stdin, select.POLLOUT) if wants else poll.unregister(self.engine.stdin))
                writing = wants
            left = None if self._patience is None else self._patience - time.monotonic()
            if left is not None and left <= 0:
                return
            for descriptor, _ in poll.poll(None if left is None else left * 1000 + 1):
                if descriptor == self.engine.stdout:
                    if not self._read_answers():
                        return
                elif descriptor == self.engine.stderr:
                    if not self.engine.read_stderr():
                        poll.unregister(descriptor)
                elif descriptor == self._wake_read:
                    os.read(descriptor, 4096)
            self._keep_writing()
            self._close_stdin_when_done()

    def _read_answers(self) -> bool:
        try:
            chunk = os.read(self.engine.stdout, _READ_SIZE)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not chunk:
            return False
        with self._state:
            for slot in self.ledger.receive(chunk):
                if slot.waiter is not None:
                    slot.waiter.release()
            self._room.notify_all()
            notifications, self.ledger.notifications = self.ledger.notifications, []
        for method, params in notifications:
            self._notifications.deliver(method, params)
        return True

    def _keep_writing(self) -> None:
        if self._backlog or self.ledger.has_outgoing:
            with self._writing:
                if self._write_backlog():
                    with self._state:
                        self._refill()
                    self._write_backlog()

    def _close_stdin_when_done(self) -> None:
        if self._closing and self._stdin_is_open and not self._backlog and not self.ledger.has_outgoing:
            with self._writing:
                self._stdin_is_open = False
                self.engine.close_stdin()

    def _finish(self) -> None:
        """Waits for the engine's end, or brings it about, and tells everybody."""
        with self._writing:
            self._stdin_is_open = False
            self.engine.close_stdin()
        patience = self.close_timeout
        if self.ledger.violation is not None:
            patience = 0.0
        elif self._patience is not None:
            patience = max(0.0, self._patience - time.monotonic())
        if not self._wait_for_end(patience):
            self.engine.terminate()
            if not self._wait_for_end(_TERM_PATIENCE if self.ledger.violation is None else _TERM_PATIENCE / 4):
                self.engine.kill()
                self._wait_for_end(None)
        self.engine.read_stderr()
        self.engine.close_pipes()
        with self._state:
            for slot in self.ledger.close(self._failure()):
                if slot.waiter is not None:
                    slot.waiter.release()
            self._room.notify_all()

    def _wait_for_end(self, patience: float | None) -> bool:
        """Drains what the engine still writes until it has ended; whether it has."""
        deadline = None if patience is None else time.monotonic() + patience
        poll = select.poll()
        drained = self.engine.stderr is None
        if self.engine.stderr is not None:
            poll.register(self.engine.stderr, select.POLLIN)
        while not self.engine.has_ended:
            seconds = left(deadline)
            if seconds is not None and seconds <= 0:
                return False
            if drained:
                self.engine.wait(seconds)
            elif poll.poll(20) and not self.engine.read_stderr():
                drained = True
        return True


def _close_all(*descriptors: int) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
