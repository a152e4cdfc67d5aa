"""The twin of `_session` for asyncio: an engine that is started again when it dies, and calls that survive it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from typing import TypeVar

from ._aio_link import AsyncLink
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
from ._notifications import NotificationHandler
from ._requests import Request
from ._session import GATHERING
from .errors import CallTimeout, ClientClosed, EngineDied, EngineNotFound, KagamiError

T = TypeVar("T")


class AsyncExchange(ExchangeBase[T, AsyncLink]):
    """A call; see `ExchangeBase`."""

    __slots__ = ()


class AsyncSession(SessionBase):
    """The engine of one client. `start` comes before everything else."""

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
        """Takes where engines come from."""
        super().__init__(source, timeout, start_timeout, close_timeout, retries, on_notification, wait)
        self._restarting: asyncio.Future[None] | None = None  # done when somebody has started, or could not
        self._newcomer: Newcomer[AsyncLink] | None = None
        self._current: AsyncLink | None = None

    @property
    def link(self) -> AsyncLink:
        """The engine. Raises ClientClosed where there never was one."""
        if self._current is None:
            raise ClientClosed("the client has not been started: use `async with`, or `await client.start()`")
        return self._current

    async def start(self) -> None:
        """Starts the engine and asks it what it is; one that runs goes on."""
        if self._current is not None and self._current.is_open:
            return
        self.closed = False
        await self._start(None)

    async def _start(self, deadline: float | None) -> None:
        """Finds an engine and asks it what it is. See `Session._start`."""
        newcomer = self._newcomer
        if newcomer is not None and not newcomer.link.is_open:
            await self._drop_newcomer()
            newcomer = None
        try:
            if newcomer is None:
                link = await self._link(deadline)
                newcomer = self._newcomer = Newcomer(link, self.deadline(self.start_timeout))
                if self.closed:
                    raise closed_too_soon()
                await link.submit(newcomer.slot, None)
            await self._greet(newcomer, deadline)
        except BaseException as error:
            late = isinstance(error, CallTimeout) and not self.closed
            if late and newcomer is not None and newcomer.outlasts(deadline):
                raise came_too_late() from None
            await self._drop_newcomer()
            if self.closed and isinstance(error, KagamiError) and not isinstance(error, ClientClosed):
                raise closed_too_soon() from error
            raise
        link = self._current = newcomer.link
        self._newcomer = None
        if self.closed:
            await link.close(abort=True, patience=SHORT_PATIENCE)
            raise closed_too_soon()

    async def _greet(self, newcomer: Newcomer[AsyncLink], deadline: float | None) -> None:
        outlasts = newcomer.outlasts(deadline)
        link = newcomer.link
        line = await link.wait(newcomer.slot, deadline if outlasts else newcomer.deadline, keep=outlasts)
        self.hello = result_of(HELLO, line)
        link.ledger.adopt_limits(self.hello.get("limits", {}))
        link.methods = frozenset(self.hello.get("methods", ()))

    async def _drop_newcomer(self) -> None:
        newcomer = self._newcomer
        if newcomer is not None:
            newcomer.link.end_was_reported = True
            await newcomer.link.close(abort=True, patience=SHORT_PATIENCE)
            self._newcomer = None

    async def _link(self, deadline: float | None) -> AsyncLink:
        """An engine that is there, or comes in time."""
        end = time.monotonic() + self.wait
        while True:
            try:
                return AsyncLink(self.source, self.close_timeout, self.notifications)
            except EngineNotFound as missing:
                await asyncio.sleep(self.pause(missing, end, deadline))

    async def live(self, deadline: float | None) -> AsyncLink:
        """The engine; another one when it died and calls may be repeated. Raises as `Session.live` does."""
        if self.retries == 0 or self.closed or self.link.is_open:
            return self.link
        while self._restarting is not None:
            done, _ = await asyncio.wait([self._restarting], timeout=left(deadline))
            if not done:
                raise came_too_late()
        if self.closed:
            raise closed_too_soon()
        if not self.link.is_open:
            turn = self._restarting = asyncio.get_running_loop().create_future()
            try:
                await self._start(deadline)
            finally:
                self._restarting = None
                turn.set_result(None)
        return self.link

    # One call

    async def call(self, request: Request[T], timeout: float | None = None) -> T:
        """Sends a request and waits for its answer."""
        deadline = self.deadline(timeout)
        return await self.finish(await self.begin(request, deadline), deadline)

    async def begin(self, request: Request[T], deadline: float | None) -> AsyncExchange[T]:
        """Sends a request."""
        exchange = AsyncExchange(request, self.retries)
        link = exchange.link = await self.live(deadline)
        await link.submit(exchange.slot, deadline)
        return exchange

    async def finish(
        self, exchange: AsyncExchange[T], deadline: float | None, companions: Iterable[AsyncExchange[T]] = ()
    ) -> T:
        """Waits for an answer. See `Session.finish`."""
        while True:
            link = exchange.link
            assert link is not None
            try:
                line = await link.wait(exchange.slot, deadline)
                break
            except EngineDied:
                if exchange.left <= 0 or self.closed:
                    raise
                for each in (exchange, *companions):
                    await self._send_again(each, deadline)
        try:
            return result_of(exchange.request, line)
        except NotJSON as violation:
            link.fail(violation)
            raise

    async def _send_again(self, exchange: AsyncExchange[T], deadline: float | None) -> None:
        while exchange.slot.failure is not None and exchange.left > 0:
            exchange.left -= 1
            dead, exchange.slot = exchange.slot, Slot(exchange.request.body, exchange.request.urgent)
            try:
                exchange.link = await self.live(deadline)
                await exchange.link.submit(exchange.slot, deadline)
            except EngineDied:
                exchange.slot = dead  # the other was not sent
                if exchange.left <= 0:
                    raise
                await asyncio.sleep(0.05)
            except BaseException:  # neither was it now, and whoever asks again is not to wait for it
                exchange.slot = dead
                exchange.left += 1
                raise

    # Many calls

    async def pipeline(
        self, requests: AsyncIterator[Request[T]], in_flight: int, timeout: float | None
    ) -> AsyncGenerator[T, None]:
        """Sends requests ahead of the answers that are taken, and yields results in the order of the requests."""
        exhausted = False
        fault: Exception | None = None
        made: deque[AsyncExchange[T]] = deque()
        sent: deque[AsyncExchange[T]] = deque()
        step = max(1, in_flight // 4)
        try:
            while True:
                if in_flight - len(sent) >= step:
                    await self._send(made, sent, self.deadline(timeout))
                    begun = time.monotonic()
                    while not exhausted and len(made) + len(sent) < in_flight:
                        try:
                            made.append(AsyncExchange(await requests.__anext__(), self.retries))
                        except StopAsyncIteration:
                            exhausted = True
                            break
                        except Exception as error:  # told at its place: after the answers to what came before
                            fault, exhausted = error, True
                            break
                        if time.monotonic() - begun > GATHERING:  # a source as slow as this is not waited for
                            await self._send(made, sent, self.deadline(timeout))
                            if sent and sent[0].slot.done:
                                break
                    await self._send(made, sent, self.deadline(timeout))
                deadline = self.deadline(timeout)
                if sent:
                    exchange = sent.popleft()
                    try:
                        result = await self.finish(exchange, deadline, sent)
                    except BaseException:
                        sent.appendleft(exchange)
                        raise
                    yield result
                elif made:
                    await (await self.live(deadline)).wait_for_room(made[0].slot, deadline)
                elif fault is not None:
                    raise fault
                else:
                    return
        finally:
            fault = None  # it has this frame in its trace
            for link in {exchange.link for exchange in sent if exchange.link is not None}:
                link.abandon([exchange.slot for exchange in sent if exchange.link is link])

    async def _send(self, made: deque[AsyncExchange[T]], sent: deque[AsyncExchange[T]], deadline: float | None) -> None:
        """Sends what the window has room for."""
        if not made:
            return
        while True:
            link = await self.live(deadline)
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

    async def close(self, abort: bool = False) -> None:
        """Ends the engine and waits for it. Raises how it ended unless that is well or known."""
        self.closed = True
        await self._drop_newcomer()
        link = self._current
        if link is None:  # it was never started
            return
        await link.close(abort)
        bad_end = link.bad_end
        if bad_end is not None and not abort:
            link.end_was_reported = True
            raise bad_end

    def end_now(self) -> None:
        """What happens to a client that nobody closed."""
        self.closed = True  # what somebody still waits for is not asked again
        link = self._current
        if link is not None:
            link.let_go()
        if self._newcomer is not None:
            self._newcomer.link.let_go()
