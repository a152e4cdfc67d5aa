"""The client for asyncio: the twin of `kagami.Client`, with the same calls.

    async with AsyncClient("art.kagami") as client:
        found = await client.search(vectors, k=5)
        async for result in client.search_iter(frames, k=5):
            ...

Calls are documented in `kagami.Client`; what differs is said here. A task that is cancelled stops waiting at once, and
the engine is told to stop too if it can be.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from . import _batches as batches
from . import _requests as requests
from ._aio_session import AsyncExchange, AsyncSession
from ._connection import Socket
from ._notifications import NotificationHandler, ProgressHandler
from ._process import Program, serve_command
from ._progress import make_bar
from ._requests import CommonOptions, Request, SearchOptions
from ._vectors import VectorsLike
from .results import Item, ItemsResult, Permission, RemoveResult, SearchResult, UpsertResult

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

T = TypeVar("T")


class AsyncPending(Generic[T]):
    """A call that was sent and whose answer nobody waits for yet.

    Attributes:
        id: The id of its request, for `AsyncClient.cancel`.
    """

    def __init__(self, session: AsyncSession, exchange: AsyncExchange[T]) -> None:
        """Made by `AsyncClient.submit` and `AsyncClient.submit_search`."""
        self._session = session
        self._exchange = exchange

    @property
    def id(self) -> int:
        """The id of the request."""
        return self._exchange.slot.id

    @property
    def done(self) -> bool:
        """Whether `result` returns, or raises, at once."""
        return self._exchange.slot.done

    async def result(self, timeout: float | None = None) -> T:
        """Waits for the answer; raises what the call would have raised."""
        return await self._session.finish(self._exchange, self._session.deadline(timeout))


class AsyncClient:
    """Runs `kagami serve` on a catalogue and asks it, from the tasks of one event loop.

    It is started by `async with`, or by `start`, and takes the arguments of `kagami.Client`; `on_notification` is
    called in the event loop.
    """

    def __init__(
        self,
        catalogue: str | os.PathLike[str],
        *,
        binary: str | os.PathLike[str] | None = None,
        arguments: Sequence[str] = (),
        timeout: float | None = None,
        start_timeout: float = 60.0,
        close_timeout: float = 10.0,
        retries: int = 0,
        on_notification: NotificationHandler | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Takes how the engine is run; nothing is started yet."""
        program = Program(serve_command(binary, catalogue, arguments), environment)
        self._adopt(AsyncSession(program, timeout, start_timeout, close_timeout, retries, on_notification))

    @classmethod
    def connect(
        cls,
        path: str | os.PathLike[str],
        *,
        timeout: float | None = None,
        start_timeout: float = 60.0,
        close_timeout: float = 10.0,
        retries: int = 0,
        wait: float = 0.0,
        on_notification: NotificationHandler | None = None,
    ) -> Self:
        """A client of an engine that others share, as `kagami.Client.connect`; `async with` or `start` connects.

        async with AsyncClient.connect("/run/user/1000/kagami") as client:
            await client.search(vectors, k=5)
        """
        client = cls.__new__(cls)
        source = Socket(os.fspath(path))
        client._adopt(AsyncSession(source, timeout, start_timeout, close_timeout, retries, on_notification, wait))
        return client

    def _adopt(self, session: AsyncSession) -> None:
        self._session = session
        self._finalizer = weakref.finalize(self, session.end_now)

    async def start(self) -> None:
        """Starts the engine. Raises as `kagami.Client` does."""
        await self._session.start()

    async def __aenter__(self) -> Self:
        """Starts the engine; leaving closes the client."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the client; after an exception without waiting for what is under way."""
        await self._session.close(abort=error is not None)

    async def close(self) -> None:
        """Lets the engine finish what it accepted, and waits for its end. Closing again does nothing."""
        await self._session.close()

    def __reduce__(self) -> NoReturn:
        """Refuses to be copied or sent to another process."""
        raise TypeError("a client belongs to the process that made it, and is not copied; make another one there")

    @property
    def pid(self) -> int:
        """The number of the engine's process; 0 where the system does not tell whose a socket is."""
        return self._session.link.engine.pid

    @property
    def info(self) -> dict[str, Any]:
        """What `engine.hello` said at the start: version, methods, limits, dimension, metric, count and more."""
        return dict(self._session.hello) if self._session.link else {}

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self.info["dimension"])

    # Any method

    async def call(self, method: str, /, *, timeout: float | None = None, **params: Any) -> Any:
        """Calls a method by name; returns its `result` as plain objects."""
        return await self._session.call(requests.raw(method, params), timeout)

    async def submit(self, method: str, /, **params: Any) -> AsyncPending[Any]:
        """Sends a request, as soon as the window has room, without waiting for its answer."""
        return await self._submit(requests.raw(method, params))

    async def submit_search(
        self, vectors: VectorsLike, *, k: int = 10, **options: Unpack[SearchOptions]
    ) -> AsyncPending[SearchResult]:
        """Sends a search, as soon as the window has room, without waiting for its answer."""
        return await self._submit(requests.one_search(requests.search_template(k, options), vectors, None))

    async def _submit(self, request: Request[T]) -> AsyncPending[T]:
        return AsyncPending(self._session, await self._session.begin(request, self._session.deadline(None)))

    async def cancel(self, *calls: AsyncPending[Any] | int, all: bool = False) -> int:
        """Asks the engine to stop calls that `submit` sent, or all; each still has an answer, likely `Cancelled`."""
        ids = [call.id if isinstance(call, AsyncPending) else call for call in calls]
        request = requests.request(
            "engine.cancel", {"all": True} if all else {"ids": ids}, requests.number("cancelled")
        )
        return await self._session.call(request)

    # Searching

    async def search(
        self,
        vectors: VectorsLike | None = None,
        *,
        key: str | None = None,
        k: int = 10,
        timeout: float | None = None,
        **options: Unpack[SearchOptions],
    ) -> SearchResult:
        """Finds the k nearest items to each vector, or to a stored item, in one request."""
        template = requests.search_template(k, options)
        return await self._session.call(requests.one_search(template, vectors, key), timeout)

    async def match(
        self,
        vectors: VectorsLike | None = None,
        *,
        score_threshold: float,
        key: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        timeout: float | None = None,
        **options: Unpack[CommonOptions],
    ) -> SearchResult:
        """Finds everything at or above a score, as much as one answer holds."""
        template = requests.match_template(score_threshold, {"limit": limit, "cursor": cursor, **options})
        return await self._session.call(requests.one_search(template, vectors, key), timeout)

    async def match_all(
        self,
        vectors: VectorsLike | None = None,
        *,
        score_threshold: float,
        key: str | None = None,
        **options: Unpack[CommonOptions],
    ) -> SearchResult:
        """Finds everything at or above a score, in as many requests as that takes."""
        pages = [await self.match(vectors, score_threshold=score_threshold, key=key, **options)]
        while pages[-1].cursor is not None:
            cursor = pages[-1].cursor
            pages.append(await self.match(vectors, score_threshold=score_threshold, key=key, cursor=cursor, **options))
        return SearchResult.merged(pages)

    async def search_iter(
        self,
        vectors: Iterable[VectorsLike] | AsyncIterable[VectorsLike],
        *,
        k: int = 10,
        batch: int = 64,
        in_flight: int | None = None,
        progress: bool = False,
        timeout: float | None = None,
        **options: Unpack[SearchOptions],
    ) -> AsyncGenerator[SearchResult, None]:
        """Searches for a stream of vectors, many requests ahead, in constant memory.

        The stream may be asynchronous itself. Whoever stops early closes the iterator (`contextlib.aclosing`), so that
        what is under way is given up at once.
        """
        template = requests.search_template(k, options)
        width = batches.requests_ahead(in_flight, batch)
        with make_bar(vectors) if progress else nullcontext() as drawn:
            made = _requests(template, vectors, batches.Batcher(batch))
            async with aclosing(self._session.pipeline(made, width, timeout)) as results:
                async for result in results:
                    yield result
                    if drawn is not None:
                        drawn.update(len(result))

    async def search_all(
        self,
        vectors: Iterable[VectorsLike] | AsyncIterable[VectorsLike],
        *,
        k: int = 10,
        batch: int = 64,
        in_flight: int | None = None,
        progress: bool = False,
        timeout: float | None = None,
        **options: Unpack[SearchOptions],
    ) -> SearchResult:
        """Searches for all vectors as `search_iter` does, and returns one result with a row for each."""
        pieces = self.search_iter(
            vectors, k=k, batch=batch, in_flight=in_flight, progress=progress, timeout=timeout, **options
        )  # fmt: skip
        return SearchResult.joined([piece async for piece in pieces], k)

    # Items

    async def upsert(
        self,
        items: Iterable[Mapping[str, Any] | str],
        vectors: VectorsLike | None = None,
        *,
        atomic: bool = False,
        strict: bool = False,
        op_id: str | None = None,
        batch: int = 1000,
    ) -> UpsertResult:
        """Stores items, each in place of the one with its key. Durable when it returns."""
        made = requests.upserts(items, vectors, atomic, strict, op_id, batch)
        results = self._session.pipeline(_each(made), 4, None)
        return requests.joined_upserts([result async for result in results])

    add = upsert

    async def remove(
        self,
        keys: Sequence[str] | None = None,
        *,
        filter: Mapping[str, Any] | None = None,
        confirm: bool = False,
        op_id: str | None = None,
    ) -> RemoveResult:
        """Takes items out, by key or by what they are; they leave every answer at once."""
        return await self._session.call(requests.remove(keys, filter, confirm, op_id))

    async def get(
        self, keys: Sequence[str], *, with_attributes: bool = True, with_vectors: bool = False
    ) -> ItemsResult:
        """Items by key, in the order of the keys; absent ones are left out and counted."""
        return await self._session.call(requests.get(keys, with_attributes, with_vectors))

    async def count(self, filter: Mapping[str, Any] | None = None) -> int:
        """How many items there are, or meet a filter."""
        return await self._session.call(requests.request("items.count", {"filter": filter}, requests.number("count")))

    async def scroll(
        self,
        *,
        filter: Mapping[str, Any] | None = None,
        with_attributes: bool = True,
        with_vectors: bool = False,
        page: int = 1000,
    ) -> AsyncIterator[Item]:
        """All items in the order in which they came, all at the revision of the first page."""
        cursor: str | None = None
        while True:
            request = requests.scroll_page(filter, page, with_attributes, with_vectors, cursor)
            items, cursor = await self._session.call(request)
            for item in items:
                yield item
            if cursor is None:
                return

    # The register

    def members(self) -> AsyncIterator[dict[str, Any]]:
        """All members: `member`, `joined_at`, `works`, `items`, and `name` and `contact` where known."""
        return self._register("members.list", "members", {})

    def works(self, member: str | None = None) -> AsyncIterator[dict[str, Any]]:
        """All works, or those of one member: `member`, `work`, `title`, `kind`, `items`."""
        return self._register("works.list", "works", {"member": member})

    def permissions(self, *, member: str | None = None, licensee: str | None = None) -> AsyncIterator[dict[str, Any]]:
        """All permissions in the order of recording, of one member or one licensee."""
        return self._register("permissions.list", "permissions", {"member": member, "licensee": licensee})

    async def _register(self, method: str, name: str, params: Mapping[str, Any]) -> AsyncIterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            page = requests.register_page(method, name, {**params, "cursor": cursor})
            entries, cursor = await self._session.call(page)
            for entry in entries:
                yield entry
            if cursor is None:
                return

    async def put_member(self, member: str, *, op_id: str | None = None, **details: Any) -> int:
        """Stores a member or changes what is given (`name`, `contact`, `joined_at`); returns the revision."""
        return await self._session.call(requests.edit("members.put", {"member": member, "op_id": op_id, **details}))

    async def put_work(self, member: str, work: str, *, op_id: str | None = None, **details: Any) -> int:
        """Stores a work or changes what is given (`title`, `kind`, `attributes` …); returns the revision."""
        params = {"member": member, "work": work, "op_id": op_id, **details}
        return await self._session.call(requests.edit("works.put", params))

    async def remove_member(self, member: str, *, cascade: bool = False, op_id: str | None = None) -> RemoveResult:
        """Takes a member out; one that has items only with them, if `cascade` says so."""
        return await self._session.call(requests.remove_entry("members.remove", {"member": member}, cascade, op_id))

    async def remove_work(
        self, member: str, work: str, *, cascade: bool = False, op_id: str | None = None
    ) -> RemoveResult:  # fmt: skip
        """Takes a work out; one that has items only with them, if `cascade` says so."""
        subject = {"member": member, "work": work}
        return await self._session.call(requests.remove_entry("works.remove", subject, cascade, op_id))

    async def put_permission(self, **permission: Any) -> dict[str, Any]:
        """Records a permission (`member`, `licensee`, `uses`, `granted_at` …); returns `id`, `recorded_at` and more."""
        return await self._session.call(requests.request("permissions.put", permission, requests.anything))

    async def revoke_permission(self, id: str, revoked_at: str, *, reference: str | None = None) -> dict[str, Any]:
        """Records that a permission covers nothing from a moment on."""
        return await self._session.call(requests.revocation(id, revoked_at, reference))

    async def check_permission(
        self, use: Mapping[str, Any], *, key: str | None = None, member: str | None = None, work: str | None = None
    ) -> Permission:
        """Whether a use (`licensee`, `use`, `territory`, `at`) of an item, a work or all of a member is permitted."""
        return await self._session.call(requests.verdict({"use": use, "key": key, "member": member, "work": work}))

    # The engine

    async def build(
        self,
        *,
        threads: int | None = None,
        memory_bytes: int | None = None,
        progress: ProgressHandler | None = None,
    ) -> dict[str, Any]:
        """Makes a new snapshot of the index; has no timeout. `progress` is called in the event loop."""
        return await self._long("index.build", {"threads": threads, "memory_bytes": memory_bytes}, progress)

    async def compact(
        self,
        *,
        threads: int | None = None,
        memory_bytes: int | None = None,
        progress: ProgressHandler | None = None,
    ) -> dict[str, Any]:
        """Takes the bytes of removed items from the disk; has no timeout. `progress` is called in the event loop."""
        return await self._long("index.compact", {"threads": threads, "memory_bytes": memory_bytes}, progress)

    async def _long(self, method: str, params: Mapping[str, Any], progress: ProgressHandler | None) -> dict[str, Any]:
        token = self._session.notifications.open(progress)
        try:
            call = requests.request(method, {**params, "progress_token": token}, requests.anything)
            return await self._session.call(call, float("inf"))
        finally:
            self._session.notifications.close(token)

    async def health(self) -> dict[str, Any]:
        """Whether the engine is well (`state`), and if not, why (`reasons`); never waits for other calls."""
        return await self._session.call(requests.request("engine.health", {}, requests.anything))

    async def stats(self) -> dict[str, Any]:
        """Counters since the start; never waits for other calls."""
        return await self._session.call(requests.request("engine.stats", {}, requests.anything))

    async def sync(self) -> int:
        """Waits until everything sent before is finished and durable; returns the revision."""
        return await self._session.call(requests.request("engine.sync", {}, requests.number("seq")))


async def _each(made: Iterable[Request[T]]) -> AsyncIterator[Request[T]]:
    for request in made:
        yield request


async def _requests(
    template: requests.SearchTemplate,
    vectors: Iterable[VectorsLike] | AsyncIterable[VectorsLike],
    batcher: batches.Batcher,
) -> AsyncIterator[Request[SearchResult]]:
    """One request for every full block, and one for what is left."""
    fault: Exception | None = None
    try:
        if isinstance(vectors, AsyncIterable):
            async for piece in vectors:
                for rows in batcher.add(piece):
                    yield template.vectors(rows)
        else:
            for piece in batches.pieces(vectors):
                for rows in batcher.add(piece):
                    yield template.vectors(rows)
    except Exception as error:  # what came before it is not lost
        fault = error
    for rows in batcher.rest():
        yield template.vectors(rows)
    if fault is not None:
        raise fault
