"""An engine that is started again when it dies, if that is wanted, and calls that survive it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TypeVar

from ._answers import NotJSON, result_of
from ._base import ExchangeBase, SessionBase
from ._engine import Source
from ._ledger import Slot
from ._link import Link
from ._notifications import NotificationHandler
from ._requests import Request, anything, request
from .errors import ClientClosed, EngineDied, EngineNotFound

T = TypeVar("T")

#: Seconds for which requests are gathered before they are sent.
GATHERING = 0.001
#: Seconds after which it is looked again for an engine that is not there.
PAUSE = 0.02


class Exchange(ExchangeBase[T, Link]):
    """A call; see `ExchangeBase`."""

    __slots__ = ()


class Session(SessionBase):
    """The engine of one client."""

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
        self.link = self._start()

    def _start(self) -> Link:
        link = self._link()
        try:
            hello = request("engine.hello", {"client": "kagami-python"}, anything)
            slot = Slot(hello.body, urgent=True)
            deadline = self.deadline(self.start_timeout)
            link.submit(slot, deadline)
            self.hello = result_of(hello, link.wait(slot, deadline))
            with link.adjusting():
                link.ledger.adopt_limits(self.hello.get("limits", {}))
            link.methods = frozenset(self.hello.get("methods", ()))
        except BaseException:
            link.close(abort=True, patience=0.5)
            raise
        return link

    def _link(self) -> Link:
        """An engine that is there, or comes in time."""
        end = time.monotonic() + self.wait
        while True:
            try:
                return Link(self.source, self.close_timeout, self.notifications)
            except EngineNotFound:
                if time.monotonic() >= end:
                    raise
                time.sleep(PAUSE)

    def live(self) -> Link:
        """The engine; another one when it died and calls may be repeated."""
        link = self.link
        if self.retries == 0 or self.closed or link.is_open:
            return link
        with self._restarting:
            if not self.link.is_open and not self.closed:
                self.link = self._start()
            return self.link

    # One call

    def call(self, request: Request[T], timeout: float | None = None) -> T:
        """Sends a request and waits for its answer."""
        deadline = self.deadline(timeout)
        return self.finish(self.begin(request, deadline), deadline)

    def begin(self, request: Request[T], deadline: float | None) -> Exchange[T]:
        """Sends a request."""
        exchange = Exchange(request, self.retries)
        link = exchange.link = self.live()
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
            exchange.slot = Slot(exchange.request.body, exchange.request.urgent)
            try:
                exchange.link = self.live()
                exchange.link.submit(exchange.slot, deadline)
            except EngineDied:
                if exchange.left <= 0:
                    raise
                exchange.slot.failure = ClientClosed  # not sent
                time.sleep(0.05)

    # Many calls

    def pipeline(self, requests: Iterable[Request[T]], in_flight: int, timeout: float | None) -> Iterator[T]:
        """Sends requests ahead of the answers that are taken, and yields results in the order of the requests."""
        source = iter(requests)
        exhausted = False
        made: deque[Exchange[T]] = deque()
        sent: deque[Exchange[T]] = deque()
        step = max(1, in_flight // 4)
        try:
            while True:
                # Several lines go out in one write: the engine has the others of the window to work on meanwhile.
                if in_flight - len(sent) >= step:
                    self._send(made, sent)
                    begun = time.monotonic()
                    while not exhausted and len(made) + len(sent) < in_flight:
                        following = next(source, None)
                        if following is None:
                            exhausted = True
                            break
                        made.append(Exchange(following, self.retries))
                        if time.monotonic() - begun > GATHERING:  # a source as slow as this is not waited for
                            self._send(made, sent)
                            if sent and sent[0].slot.done:
                                break
                    self._send(made, sent)
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
                    self.live().wait_for_room(made[0].slot, deadline)
                else:
                    return
        finally:
            for exchange in sent:
                if exchange.link is not None:
                    exchange.link.abandon([each.slot for each in sent if each.link is exchange.link])
                    break

    def _send(self, made: deque[Exchange[T]], sent: deque[Exchange[T]]) -> None:
        """Sends what the window has room for."""
        if not made:
            return
        while True:
            link = self.live()
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
        link = self.link
        link.close(abort)
        bad_end = link.bad_end
        if bad_end is not None and not abort:
            link.end_was_reported = True
            raise bad_end

    def close_quietly(self) -> None:
        """What happens to a client that nobody closed, and at the interpreter's exit."""
        self.closed = True
        self.link.close(patience=min(2.0, self.close_timeout))
