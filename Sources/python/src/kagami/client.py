"""The client for programs with threads, or without."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from . import _batches as batches
from . import _requests as requests
from ._connection import Socket
from ._notifications import NotificationHandler, ProgressHandler
from ._process import Program, serve_command
from ._progress import bar
from ._requests import CommonOptions, Request, SearchOptions
from ._session import Exchange, Session
from ._vectors import VectorsLike
from .results import Item, ItemsResult, Permission, RemoveResult, SearchResult, UpsertResult

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

T = TypeVar("T")


class Pending(Generic[T]):
    """A call that was sent and whose answer nobody waits for yet.

    Attributes:
        id: The id of its request, for `Client.cancel`.
    """

    def __init__(self, session: Session, exchange: Exchange[T]) -> None:
        """Made by `Client.submit` and `Client.submit_search`."""
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

    def result(self, timeout: float | None = None) -> T:
        """Waits for the answer; raises what the call would have raised."""
        return self._session.finish(self._exchange, self._session.deadline(timeout))


class Client:
    """Runs `kagami serve` on a catalogue and asks it. Safe to use from any number of threads.

        with kagami.Client("art.kagami") as client:
            found = client.search(vectors, k=5)
            print(found.keys, found.scores)

    Calls may go on side by side; together they keep to the engine's window, beyond which a call waits for room. When
    the engine dies, every call under way raises `EngineDied`, and so does every later one, unless `retries` is given.

    All calls raise `EngineError` (a subclass for each kind) when the engine refuses, `EngineDied`, `ProtocolViolation`,
    `CallTimeout` and `ClientClosed`. A client belongs to the process that made it: after a fork the child cannot use it
    and makes its own.

    Args:
        catalogue: The catalogue's directory.
        binary: The `kagami` program; KAGAMI_BIN, or the one on PATH, unless given.
        arguments: More arguments of `kagami serve`, such as `("--threads", "2")`.
        timeout: Seconds that a call waits for its answer; forever if None.
        start_timeout: Seconds that the engine may take to open the catalogue.
        close_timeout: Seconds that it may take to finish and exit, before it gets SIGTERM and then SIGKILL.
        retries: How often a call that changes nothing, or that has an `op_id`, is sent to a new engine when the one
            that it was sent to has died.
        on_notification: Called with method and parameters of every notification, such as progress, on a thread of the
            client's; it must not make calls.
        environment: Variables that the engine gets besides those of this process.

    Raises:
        EngineNotFound: There is no such program.
        EngineDied: The engine did not start; the message has what it wrote.
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
        """Starts the engine."""
        program = Program(serve_command(binary, catalogue, arguments), environment)
        self._begin(Session(program, timeout, start_timeout, close_timeout, retries, on_notification))

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
        """A client of an engine that others share, started by `kagami serve CATALOGUE --socket PATH`.

            with kagami.Client.connect("/run/user/1000/kagami") as client:
                client.search(vectors, k=5)

        It has all calls of a client that runs its own engine. Closing it ends the connection and not the engine.

        Args:
            path: The engine's socket.
            timeout: Seconds that a call waits for its answer; forever if None.
            start_timeout: Seconds that the engine may take to say what it is.
            close_timeout: Seconds that it may take to answer what is under way when the client is closed.
            retries: How often a call that changes nothing, or that has an `op_id`, is sent over a new connection when
                the one that it was sent over is lost.
            wait: Seconds for which an engine that is not there is waited for, at first and after a loss; no call waits
                longer than its timeout, and closing the client ends the wait.
            on_notification: As for a client that runs its own engine.

        Raises:
            EngineNotFound: No engine listens there.
            Overloaded: As many are connected as the engine takes.
            InvalidRequest: The engine serves another user.
        """
        client = cls.__new__(cls)
        source = Socket(os.fspath(path))
        client._begin(Session(source, timeout, start_timeout, close_timeout, retries, on_notification, wait))
        return client

    def _begin(self, session: Session) -> None:
        self._session = session
        self._finalizer = weakref.finalize(self, session.close_quietly)

    def __enter__(self) -> Self:
        """The client itself; leaving closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the client; after an exception without waiting for what is under way."""
        self._finalizer.detach()
        self._session.close(abort=error is not None)

    def close(self) -> None:
        """Lets the engine finish what it accepted, and waits for its end. Closing again does nothing.

        Raises:
            EngineDied: It did not exit well, and no call has said so yet.
        """
        self._finalizer.detach()
        self._session.close()

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
        return dict(self._session.hello)

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._session.hello["dimension"])

    # Any method

    def call(self, method: str, /, *, timeout: float | None = None, **params: Any) -> Any:
        """Calls a method by name; returns its `result` as plain objects.

        Arrays named `vector` or `vectors` are sent packed.

        Args:
            method: Such as `engine.stats`.
            timeout: Seconds to wait, in place of the client's.
            params: The method's parameters.
        """
        return self._session.call(requests.raw(method, params), timeout)

    def submit(self, method: str, /, **params: Any) -> Pending[Any]:
        """Sends a request without waiting for its answer."""
        return self._submit(requests.raw(method, params))

    def submit_search(
        self, vectors: VectorsLike, *, k: int = 10, **options: Unpack[SearchOptions]
    ) -> Pending[SearchResult]:
        """Sends a search without waiting for its answer."""
        return self._submit(requests.one_search(requests.search_template(k, options), vectors, None))

    def _submit(self, request: Request[T]) -> Pending[T]:
        return Pending(self._session, self._session.begin(request, self._session.deadline(None)))

    def cancel(self, *calls: Pending[Any] | int, all: bool = False) -> int:
        """Asks the engine to stop calls that `submit` sent, or all; each still has its answer, most likely `Cancelled`.

        Returns:
            How many were still under way.

        Raises:
            MethodNotFound: The engine cannot; see `info["methods"]`.
        """
        ids = [call.id if isinstance(call, Pending) else call for call in calls]
        request = requests.request(
            "engine.cancel", {"all": True} if all else {"ids": ids}, requests.number("cancelled")
        )
        return self._session.call(request)

    # Searching

    def search(
        self,
        vectors: VectorsLike | None = None,
        *,
        key: str | None = None,
        k: int = 10,
        timeout: float | None = None,
        **options: Unpack[SearchOptions],
    ) -> SearchResult:
        """Finds the k nearest items to each vector, or to a stored item, in one request.

        Args:
            vectors: Shape (d,) or (n, d). float16 and int8 are sent as they are, all else as float32.
            key: A stored item in place of vectors; it is left out of the answer.
            k: How many hits (or works) for each vector.
            timeout: Seconds to wait, in place of the client's.
            options: See `SearchOptions`.

        Returns:
            n rows, in order, also when there is one vector: `keys` and `scores` of shape (n, k), `hits`.
        """
        template = requests.search_template(k, options)
        return self._session.call(requests.one_search(template, vectors, key), timeout)

    def match(
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
        """Finds everything at or above a score, as much as one answer holds.

        Args:
            vectors: Shape (d,) or (n, d).
            score_threshold: The least score; larger is more similar.
            key: A stored item in place of vectors.
            limit: Matches in one answer, over all vectors; 10,000 unless given.
            cursor: Where an earlier answer stopped, everything else unchanged.
            timeout: Seconds to wait, in place of the client's.
            options: See `CommonOptions`.

        Returns:
            n rows. If `complete` is false, ask again with `cursor`, or use `match_all`.
        """
        template = requests.match_template(score_threshold, {"limit": limit, "cursor": cursor, **options})
        return self._session.call(requests.one_search(template, vectors, key), timeout)

    def match_all(
        self,
        vectors: VectorsLike | None = None,
        *,
        score_threshold: float,
        key: str | None = None,
        **options: Unpack[CommonOptions],
    ) -> SearchResult:
        """Finds everything at or above a score, in as many requests as that takes.

        Returns:
            n rows that are complete, all of one revision.

        Raises:
            Stale: The catalogue was edited meanwhile; begin anew.
        """
        pages = [self.match(vectors, score_threshold=score_threshold, key=key, **options)]
        while pages[-1].cursor is not None:
            cursor = pages[-1].cursor
            pages.append(self.match(vectors, score_threshold=score_threshold, key=key, cursor=cursor, **options))
        return SearchResult.merged(pages)

    def search_iter(
        self,
        vectors: Iterable[VectorsLike],
        *,
        k: int = 10,
        batch: int = 64,
        in_flight: int | None = None,
        progress: bool = False,
        timeout: float | None = None,
        **options: Unpack[SearchOptions],
    ) -> Iterator[SearchResult]:
        """Searches for a stream of vectors, many requests ahead, in constant memory.

        Args:
            vectors: Yields vectors of shape (d,) or matrices of shape (n, d), as the readers do; or is a matrix.
            k: How many hits for each vector.
            batch: How many vectors travel in one request. Larger is faster; 1 gives the earliest answers.
            in_flight: The most requests that are sent and not yet yielded; about 4,096 vectors unless given.
            progress: Whether tqdm shows a bar (needs the `tqdm` extra).
            timeout: Seconds to wait for each answer, in place of the client's.
            options: See `SearchOptions`.

        Yields:
            One result a request, in order: `batch` rows each, but for the last. Whoever stops early leaves nothing
            behind.
        """
        template = requests.search_template(k, options)
        made = (template.vectors(rows) for rows in batches.blocks(vectors, batch))
        width = batches.requests_ahead(in_flight, batch)
        results = self._session.pipeline(made, width, timeout)
        return bar(results, vectors) if progress else results

    def search_all(
        self,
        vectors: Iterable[VectorsLike],
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
        return SearchResult.joined(list(pieces), k)

    # Items

    def upsert(
        self,
        items: Iterable[Mapping[str, Any] | str],
        vectors: VectorsLike | None = None,
        *,
        atomic: bool = False,
        strict: bool = False,
        op_id: str | None = None,
        batch: int = 1000,
    ) -> UpsertResult:
        """Stores items, each in place of the one with its key. Durable when it returns.

        Args:
            items: Keys, or mappings with `key` and, where there are, `member`, `work`, `kind`, `title`, `source`,
                `timecode`, `attributes`, and `vector` (an array) unless `vectors` is given.
            vectors: One row for each item, shape (n, d): the fastest way.
            atomic: Whether one bad item refuses all; they must fit one request.
            strict: Whether members and works must exist.
            op_id: A name for this operation: the same name a second time changes nothing.
            batch: Items in one request; more than that are sent in several, each whole or not at all.

        Returns:
            How many are stored, and which were refused and why: see `failures`.
        """
        made = requests.upserts(items, vectors, atomic, strict, op_id, batch)
        return requests.joined_upserts(list(self._session.pipeline(made, 4, None)))

    add = upsert

    def remove(
        self,
        keys: Sequence[str] | None = None,
        *,
        filter: Mapping[str, Any] | None = None,
        confirm: bool = False,
        op_id: str | None = None,
    ) -> RemoveResult:
        """Takes items out, by key or by what they are; they leave every answer at once.

        Args:
            keys: Up to 10,000 keys.
            filter: Which items, in place of keys.
            confirm: Whether the filter may match every item.
            op_id: A name for this operation: the same name a second time changes nothing.
        """
        return self._session.call(requests.remove(keys, filter, confirm, op_id))

    def get(self, keys: Sequence[str], *, with_attributes: bool = True, with_vectors: bool = False) -> ItemsResult:
        """Items by key, in the order of the keys; absent ones are left out and counted."""
        return self._session.call(requests.get(keys, with_attributes, with_vectors))

    def count(self, filter: Mapping[str, Any] | None = None) -> int:
        """How many items there are, or meet a filter."""
        return self._session.call(requests.request("items.count", {"filter": filter}, requests.number("count")))

    def scroll(
        self,
        *,
        filter: Mapping[str, Any] | None = None,
        with_attributes: bool = True,
        with_vectors: bool = False,
        page: int = 1000,
    ) -> Iterator[Item]:
        """All items in the order in which they came, all at the revision of the first page.

        Raises:
            Stale: The catalogue was compacted meanwhile.
        """
        cursor: str | None = None
        while True:
            request = requests.scroll_page(filter, page, with_attributes, with_vectors, cursor)
            items, cursor = self._session.call(request)
            yield from items
            if cursor is None:
                return

    # The register

    def members(self) -> Iterator[dict[str, Any]]:
        """All members: `member`, `joined_at`, `works`, `items`, and `name` and `contact` where known."""
        return self._register("members.list", "members", {})

    def works(self, member: str | None = None) -> Iterator[dict[str, Any]]:
        """All works, or those of one member: `member`, `work`, `title`, `kind`, `items`."""
        return self._register("works.list", "works", {"member": member})

    def permissions(self, *, member: str | None = None, licensee: str | None = None) -> Iterator[dict[str, Any]]:
        """All permissions in the order of recording, of one member or one licensee."""
        return self._register("permissions.list", "permissions", {"member": member, "licensee": licensee})

    def _register(self, method: str, name: str, params: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            entries, cursor = self._session.call(requests.register_page(method, name, {**params, "cursor": cursor}))
            yield from entries
            if cursor is None:
                return

    def put_member(self, member: str, *, op_id: str | None = None, **details: Any) -> int:
        """Stores a member or changes what is given (`name`, `contact`, `joined_at`); returns the revision."""
        return self._session.call(requests.edit("members.put", {"member": member, "op_id": op_id, **details}))

    def put_work(self, member: str, work: str, *, op_id: str | None = None, **details: Any) -> int:
        """Stores a work or changes what is given (`title`, `kind`, `attributes` …); returns the revision."""
        params = {"member": member, "work": work, "op_id": op_id, **details}
        return self._session.call(requests.edit("works.put", params))

    def remove_member(self, member: str, *, cascade: bool = False, op_id: str | None = None) -> RemoveResult:
        """Takes a member out; one that has items only with them, if `cascade` says so."""
        return self._session.call(requests.remove_entry("members.remove", {"member": member}, cascade, op_id))

    def remove_work(
        self, member: str, work: str, *, cascade: bool = False, op_id: str | None = None
    ) -> RemoveResult:  # fmt: skip
        """Takes a work out; one that has items only with them, if `cascade` says so."""
        subject = {"member": member, "work": work}
        return self._session.call(requests.remove_entry("works.remove", subject, cascade, op_id))

    def put_permission(self, **permission: Any) -> dict[str, Any]:
        """Records a permission (`member`, `licensee`, `uses`, `granted_at` …); returns `id`, `recorded_at` and more."""
        return self._session.call(requests.request("permissions.put", permission, requests.anything))

    def revoke_permission(self, id: str, revoked_at: str, *, reference: str | None = None) -> dict[str, Any]:
        """Records that a permission covers nothing from a moment on."""
        return self._session.call(requests.revocation(id, revoked_at, reference))

    def check_permission(
        self, use: Mapping[str, Any], *, key: str | None = None, member: str | None = None, work: str | None = None
    ) -> Permission:
        """Whether a use (`licensee`, `use`, `territory`, `at`) of an item, a work or all of a member is permitted."""
        return self._session.call(requests.verdict({"use": use, "key": key, "member": member, "work": work}))

    # The engine

    def build(
        self,
        *,
        threads: int | None = None,
        memory_bytes: int | None = None,
        progress: ProgressHandler | None = None,
    ) -> dict[str, Any]:
        """Makes a new snapshot of the index and puts it in force; may take minutes, and has no timeout.

        Args:
            threads: How many threads may work.
            memory_bytes: Memory that may be taken, at least 1 MiB.
            progress: Told how far it is, on a thread of the client's.

        Returns:
            `snapshot`, `seq`, `rows`, `bytes` and `seconds`.
        """
        return self._long("index.build", {"threads": threads, "memory_bytes": memory_bytes}, progress)

    def compact(
        self,
        *,
        threads: int | None = None,
        memory_bytes: int | None = None,
        progress: ProgressHandler | None = None,
    ) -> dict[str, Any]:
        """Takes the bytes of removed items from the disk; has no timeout. Arguments are those of `build`."""
        return self._long("index.compact", {"threads": threads, "memory_bytes": memory_bytes}, progress)

    def _long(self, method: str, params: Mapping[str, Any], progress: ProgressHandler | None) -> dict[str, Any]:
        token = self._session.notifications.open(progress)
        try:
            call = requests.request(method, {**params, "progress_token": token}, requests.anything)
            return self._session.call(call, float("inf"))
        finally:
            self._session.notifications.close(token)

    def health(self) -> dict[str, Any]:
        """Whether the engine is well (`state`), and if not, why (`reasons`); never waits for other calls."""
        return self._session.call(requests.request("engine.health", {}, requests.anything))

    def stats(self) -> dict[str, Any]:
        """Counters since the start; never waits for other calls."""
        return self._session.call(requests.request("engine.stats", {}, requests.anything))

    def sync(self) -> int:
        """Waits until everything sent before is finished and durable; returns the revision."""
        return self._session.call(requests.request("engine.sync", {}, requests.number("seq")))


__all__ = ["Client", "Pending"]
