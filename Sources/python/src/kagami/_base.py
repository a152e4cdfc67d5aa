"""What the clients for threads and for asyncio have in common: everything that never waits."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from ._engine import Source
from ._ledger import Ledger, Slot
from ._notifications import NotificationHandler, Notifications
from ._requests import Request, anything, request
from ._values import seconds, whole
from .errors import CallTimeout, ClientClosed, EngineNotFound, KagamiError

T = TypeVar("T")
LinkT = TypeVar("LinkT", bound="LinkBase")

#: What every engine is asked first.
HELLO = request("engine.hello", {"client": "kagami-python"}, anything)
#: Seconds that are as good as forever: a dozen days, and still a number that every system can wait for.
LONGEST = 1e6
#: Seconds after which it is looked again for an engine that is not there.
PAUSE = 0.02
#: Seconds that an engine gets which nobody wants before it has said what it is.
SHORT_PATIENCE = 0.5


class LinkBase:
    """One engine from its start to its end."""

    def __init__(
        self,
        source: Source,
        close_timeout: float,
        notifications: Notifications,
    ) -> None:
        """Takes an engine from its source. Raises EngineNotFound."""
        self.engine = source()
        self.ledger = Ledger()
        self.close_timeout = close_timeout
        self.methods: frozenset[str] = frozenset()
        self.end_was_reported = False
        self._notifications = notifications
        self._backlog = memoryview(b"")
        self._stdin_is_open = True
        self._closing = False

    @property
    def is_open(self) -> bool:
        """Whether calls can be made."""
        return self.ledger.failure is None and not self._closing

    def _refill(self) -> None:
        """Takes the lines that wait as what is to be written next, when all before is written.

        Ctrl-C, which may raise after any call, loses none of them and doubles none.
        """
        try:
            self._backlog = memoryview(self.ledger.peek_outgoing())
        finally:
            if self._backlog:
                self.ledger.drop_outgoing()

    def _write(self) -> None:
        """Writes some of what is to be written. Raises OSError.

        How much was written is known even if Ctrl-C raises when the system call returns: bytes that are written twice
        are a request that nobody made.
        """
        written: list[int] = []
        try:
            written.extend(map(os.write, (self.engine.stdin,), (self._backlog,)))
        finally:
            if written:
                self._backlog = self._backlog[written[0] :]

    def _check_owner(self) -> None:
        if self.engine.is_foreign:
            raise KagamiError("this client was made before a fork; make another one in this process")

    def _check_open(self) -> None:
        if self.ledger.failure is not None:
            self.end_was_reported = True
            raise self.ledger.failure()
        if self._closing:
            raise ClientClosed("the client is closed")

    def _failure(self) -> Callable[[], KagamiError]:
        violation = self.ledger.violation
        if violation is not None:
            # Every caller gets an exception of its own.
            return lambda: type(violation)(*violation.args)
        if self._closing and self.engine.ended_well:
            return lambda: ClientClosed("the client was closed before the answer came")
        return self.engine.died

    @property
    def bad_end(self) -> KagamiError | None:
        """Why the engine ended, unless that is well or somebody knows already."""
        failure = self.ledger.failure
        if failure is None or self.end_was_reported:
            return None
        error = failure()
        return None if isinstance(error, ClientClosed) else error


class ExchangeBase(Generic[T, LinkT]):
    """A call, the engine that it was sent to, and how often it may be sent again."""

    __slots__ = ("left", "link", "request", "slot")

    def __init__(self, request: Request[T], retries: int) -> None:
        """Begins unsent."""
        self.request = request
        self.left = retries if request.repeatable else 0
        self.slot = Slot(request.body, request.urgent)
        self.link: LinkT | None = None


class Newcomer(Generic[LinkT]):
    """An engine that has not said yet what it is.

    Attributes:
        link: The engine.
        slot: The call that asks it.
        deadline: The moment after which its answer is not waited for.
    """

    __slots__ = ("deadline", "link", "slot")

    def __init__(self, link: LinkT, deadline: float | None) -> None:
        """Begins unasked."""
        self.link = link
        self.slot = Slot(HELLO.body, urgent=True)
        self.deadline = deadline

    def outlasts(self, deadline: float | None) -> bool:
        """Whether a call that needs it has less time than it has itself."""
        return deadline is not None and (self.deadline is None or deadline < self.deadline)


class SessionBase:
    """Where the engine of one client comes from, and what it said of itself."""

    def __init__(
        self,
        source: Source,
        timeout: float | None,
        start_timeout: float,
        close_timeout: float,
        retries: int,
        on_notification: NotificationHandler | None,
        wait: float = 0.0,
    ) -> None:
        """Takes where engines come from; one that is not there yet is waited for so many seconds."""
        self.source = source
        self.wait = seconds(wait, "wait")
        self.timeout = None if timeout is None else seconds(timeout, "timeout")
        self.start_timeout = None if start_timeout is None else seconds(start_timeout, "start_timeout")
        self.close_timeout = min(seconds(close_timeout, "close_timeout"), LONGEST)
        self.retries = whole(retries, "retries", 0)
        self.notifications = Notifications(on_notification)
        self.hello: dict[str, Any] = {}
        self.closed = False

    def deadline(self, timeout: float | None) -> float | None:
        """The moment after which a call is not waited for; None is the client's own timeout."""
        given = self.timeout if timeout is None else seconds(timeout, "timeout")
        return None if given is None or given > LONGEST else time.monotonic() + given

    def pause(self, missing: EngineNotFound, end: float, deadline: float | None) -> float:
        """Seconds until it is looked again for an engine that is not there.

        Args:
            missing: What was raised when it was looked for last.
            end: The moment until which the client waits for engines.
            deadline: The moment after which the call is not waited for.

        Raises:
            ClientClosed: The client was closed meanwhile.
            EngineNotFound: There was none until the end.
            CallTimeout: There was none until the deadline.
        """
        now = time.monotonic()
        if self.closed:
            raise closed_too_soon() from None
        if now >= end:
            raise missing
        if deadline is not None and now >= deadline:
            raise came_too_late() from missing
        return min(PAUSE, end - now) if deadline is None else min(PAUSE, end - now, deadline - now)


def closed_too_soon() -> ClientClosed:
    """For a call that waits for an engine while the client is closed."""
    return ClientClosed("the client was closed before there was an engine; nothing was sent")


def came_too_late() -> CallTimeout:
    """For a call that an engine does not come in time for."""
    return CallTimeout("no engine came in time; nothing was sent")


def left(deadline: float | None) -> float | None:
    """The seconds until a moment, 0 after it."""
    return None if deadline is None else max(0.0, deadline - time.monotonic())
