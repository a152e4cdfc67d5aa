"""An engine that is started again when it dies, if that is wanted, and calls that survive it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TypeVar

from ._answers import NotJSON, result_of
from ._base import (
    HELLO,
    SHORT_PATIENCE,
    ExchangeBase,
    Newcomer,
    SessionBase,
    came_too_late,
    closed_too_soon,
    left,
)
from ._engine import Source
from ._ledger import Slot
from ._link import Link
from ._notifications import NotificationHandler
from ._requests import Request
from .errors import CallTimeout, ClientClosed, EngineDied, EngineNotFound, KagamiError

T = TypeVar("T")

#: Seconds for which requests are gathered before they are sent.
GATHERING = 0.001


class Exchange(ExchangeBase[T, Link]):
    """A call; see `ExchangeBase`."""

    __slots__ = ()


class Session(SessionBase):
    """The engine of one client."""

    link: Link

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
        """Starts the engine and asks it what it is."""
        super().__init__(source, timeout, start_timeout, close_timeout, retries, on_notification, wait)
        self._restarting = threading.Lock()
        self._newcomer: Newcomer[Link] | None = None
        self._start(None)

    def _start(self, deadline: float | None) -> None:
        """Finds an engine and asks it what it is.

        One that has not said so when the call runs out of time is left to the next call: else calls that have less
        time than an engine needs to start would start engines for ever.
        """
        newcomer = self._newcomer
        if newcomer is not None and not newcomer.link.is_open:
            self._drop_newcomer()
            newcomer = None
        try:
            if newcomer is None:
                link = self._link(deadline)
                newcomer = self._newcomer = Newcomer(link, self.deadline(self.start_timeout))
                if self.closed:  # and whoever closed it may not have seen the newcomer
                    raise closed_too_soon()
                link.submit(newcomer.slot, None)
            self._greet(newcomer, deadline)
        except BaseException as error:
            late = isinstance(error, CallTimeout) and not self.closed
            if late and newcomer is not None and newcomer.outlasts(deadline):
                raise came_too_late() from None
            self._drop_newcomer()
            if self.closed and isinstance(error, KagamiError) and not isinstance(error, ClientClosed):
                raise closed_too_soon() from error
            raise
        # In this order: whoever closes the client looks for a newcomer first, and then for the engine.
        self.link = newcomer.link
        self._newcomer = None
        if self.closed:
            self.link.close(abort=True, patience=SHORT_PATIENCE)
            raise closed_too_soon()

    def _greet(self, newcomer: Newcomer[Link], deadline: float | None) -> None:
        outlasts = newcomer.outlasts(deadline)
        link = newcomer.link
        line = link.wait(newcomer.slot, deadline if outlasts else newcomer.deadline, keep=outlasts)
        self.hello = result_of(HELLO, line)
        with link.adjusting():
            link.ledger.adopt_limits(self.hello.get("limits", {}))
        link.methods = frozenset(self.hello.get("methods", ()))

    def _drop_newcomer(self) -> None:
        newcomer = self._newcomer
        if newcomer is not None:
            newcomer.link.end_was_reported = True
            newcomer.link.close(abort=True, patience=SHORT_PATIENCE)
            self._newcomer = None

    def _link(self, deadline: float | None) -> Link:
        """An engine that is there, or comes in time."""
        end = time.monotonic() + self.wait
        while True:
            try:
                return Link(self.source, self.close_timeout, self.notifications)
            except EngineNotFound as missing:
                time.sleep(self.pause(missing, end, deadline))

    def live(self, deadline: float | None) -> Link:
        """The engine; another one when it died and calls may be repeated.

        Raises:
            CallTimeout: There was none until the deadline.
            ClientClosed: The client was closed before there was one.
            KagamiError: Why there is none.
        """
        link = self.link
        if self.retries == 0 or self.closed or link.is_open:
            return link
        seconds = left(deadline)
        if not self._restarting.acquire(timeout=-1 if seconds is None else min(seconds, threading.TIMEOUT_MAX)):
            raise came_too_late()
        try:
            if self.closed:
                raise closed_too_soon()
            if not self.link.is_open:
                self._start(deadline)
            return self.link
        finally:
            self._restarting.release()

    # One call

    def call(self, request: Request[T], timeout: float | None = None) -> T:
        """Sends a request and waits for its answer."""
        deadline = self.deadline(timeout)
        return self.finish(self.begin(request, deadline), deadline)

    def begin(self, request: Request[T], deadline: float | None) -> Exchange[T]:
        """Sends a request."""
        exchange = Exchange(request, self.retries)
        link = exchange.link = self.live(deadline)
        link.submit(exchange.slot, deadline)
        return exchange

    def finish(self, exchange: Exchange[T], deadline: float | None, companions: Iterable[Exchange[T]] = ()) -> T:
        """Waits for an answer; sends the request again where an engine died on it and that is allowed.

        Args:
            exchange: The call.
            deadline: The moment after which it is not waited for.
            companions: Other calls that are sent again along with it.
        """
        while True:
            link = exchange.link
            assert link is not None
            try:
                line = link.wait(exchange.slot, deadline)
                break
            except EngineDied:
                if exchange.left <= 0 or self.closed:
                    raise
                for each in (exchange, *companions):
                    self._send_again(each, deadline)
        try:
            return result_of(exchange.request, line)
        except NotJSON as violation:
            link.fail(violation)
            raise

    def _send_again(self, exchange: Exchange[T], deadline: float | None) -> None:
        """Sends a call to a new engine if its own is gone. Raises EngineDied when it has been sent often enough."""
        while exchange.slot.failure is not None and exchange.left > 0:
            exchange.left -= 1
            dead, exchange.slot = exchange.slot, Slot(exchange.request.body, exchange.request.urgent)
            try:
                exchange.link = self.live(deadline)
                exchange.link.submit(exchange.slot, deadline)
            except EngineDied:
                exchange.slot = dead  # the other was not sent
                if exchange.left <= 0:
                    raise
                time.sleep(0.05)
            except BaseException:  # neither was it now, and whoever asks again is not to wait for it
                exchange.slot = dead
                exchange.left += 1
                raise

    # Many calls

    def pipeline(self, requests: Iterable[Request[T]], in_flight: int, timeout: float | None) -> Iterator[T]:
        """Sends requests ahead of the answers that are taken, and yields results in the order of the requests."""
        source = iter(requests)
        exhausted = False
        fault: Exception | None = None
        made: deque[Exchange[T]] = deque()
        sent: deque[Exchange[T]] = deque()
        step = max(1, in_flight // 4)
        try:
            while True:
                # Several lines go out in one write: the engine has the others of the window to work on meanwhile.
                if in_flight - len(sent) >= step:
                    self._send(made, sent, self.deadline(timeout))
                    begun = time.monotonic()
                    while not exhausted and len(made) + len(sent) < in_flight:
                        try:
                            following = next(source, None)
                        except Exception as error:  # told at its place: after the answers to what came before
                            fault, following = error, None
                        if following is None:
                            exhausted = True
                            break
                        made.append(Exchange(following, self.retries))
                        if time.monotonic() - begun > GATHERING:  # a source as slow as this is not waited for
                            self._send(made, sent, self.deadline(timeout))
                            if sent and sent[0].slot.done:
                                break
                    self._send(made, sent, self.deadline(timeout))
                deadline = self.deadline(timeout)
                if sent:
                    exchange = sent.popleft()
                    try:
                        result = self.finish(exchange, deadline, sent)
                    except BaseException:
                        sent.appendleft(exchange)
                        raise
                    yield result
                elif made:
                    self.live(deadline).wait_for_room(made[0].slot, deadline)
                elif fault is not None:
                    raise fault
                else:
                    return
        finally:
            fault = None  # it has this frame in its trace
            for exchange in sent:
                if exchange.link is not None:
                    exchange.link.abandon([each.slot for each in sent if each.link is exchange.link])
                    break

    def _send(self, made: deque[Exchange[T]], sent: deque[Exchange[T]], deadline: float | None) -> None:
        """Sends what the window has room for."""
        if not made:
            return
        while True:
            link = self.live(deadline)
            try:
                count = link.submit_some([exchange.slot for exchange in made])
                break
            except EngineDied:
                if made[0].left <= 0:
                    raise
                made[0].left -= 1
        for _ in range(count):
            exchange = made.popleft()
            exchange.link = link
            sent.append(exchange)

    # The end

    def close(self, abort: bool = False) -> None:
        """Ends the engine and waits for it. Raises how it ended unless that is well or known."""
        self.closed = True
        self._drop_newcomer()
        link = self.link
        link.close(abort)
        bad_end = link.bad_end
        if bad_end is not None and not abort:
            link.end_was_reported = True
            raise bad_end

    def close_quietly(self) -> None:
        """What happens to a client that nobody closed, and at the interpreter's exit."""
        self.closed = True
        self._drop_newcomer()
        self.link.close(patience=min(2.0, self.close_timeout))
