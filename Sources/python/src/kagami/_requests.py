"""Requests: the line of each call, and how its answer is read. The two clients share all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypedDict, TypeVar

import numpy as np
import numpy.typing as npt

from ._dates import dated
from ._json import dumps
from ._values import PARAMS, finite, plain, shown, whole
from ._vectors import VectorsLike, as_rows, is_array, packed, packed_rows, packed_vector
from .errors import InvalidValue, ProtocolViolation
from .results import Failure, Item, ItemsResult, Permission, RemoveResult, SearchResult, UpsertResult

T = TypeVar("T")

#: Methods that the engine answers at once, in places of their own beside the window.
URGENT = frozenset({"engine.hello", "engine.health", "engine.stats", "engine.cancel", "engine.shutdown"})
#: Methods that change nothing, so that they may be sent again when an engine died on them.
READS = frozenset(
    {"engine.hello", "engine.health", "engine.stats", "engine.sync", "rpc.discover", "search", "match", "match_video",
     "items.get", "items.count", "items.scroll", "members.list", "members.get", "works.list", "works.get",
     "permissions.list", "permissions.get", "permissions.check", "index.verify", "evidence.replay", "audit.verify"}
)  # fmt: skip


class CommonOptions(TypedDict, total=False):
    """What `search` and `match` both take; what is left out, or None, is left to the engine.

    Attributes:
        filter: Which items may be answered: `{"must": […], "should": […], "must_not": […]}`.
        group_by: `"work"` gathers hits by work.
        group_size: Hits shown of each work, 1 to 100.
        with_attributes: Whether hits show kind, title, source, timecode and attributes.
        with_vectors: Whether hits show the stored vector.
        min_seq: The revision that must be visible, else `Stale`.
        deadline_ms: Milliseconds after which the answer is of no use.
        model: The embedding model that the catalogue must be of.
        use: A use, `{"licensee", "use", "territory", "at"}`: hits then say whether it is permitted.
    """

    filter: Mapping[str, Any] | None
    group_by: str | None
    group_size: int | None
    with_attributes: bool | None
    with_vectors: bool | str | None
    min_seq: int | None
    deadline_ms: float | None
    model: str | None
    use: Mapping[str, Any] | None


class SearchOptions(CommonOptions, total=False):
    """What `search` takes besides.

    Attributes:
        score_threshold: The least score of a hit.
        exact: Whether every item must be looked at.
        target_recall: The share of the true neighbours that is wanted on average, above 0 and up to 1.
        beam_width: How many candidates an approximate search keeps, in place of `target_recall`.
    """

    score_threshold: float | None
    exact: bool | None
    target_recall: float | None
    beam_width: int | None


class Request(Generic[T]):
    """One call: what follows the id in its line, and how its result is read."""

    __slots__ = ("body", "decode", "method", "repeatable", "urgent")

    def __init__(self, method: str, body: bytes, decode: Callable[[Any], T], repeatable: bool) -> None:
        """Takes the line from the comma after the id to the newline."""
        self.method = method
        self.body = body
        self.decode = decode
        self.repeatable = repeatable
        self.urgent = method in URGENT


def request(method: str, params: Mapping[str, Any], decode: Callable[[Any], T]) -> Request[T]:
    """A call with parameters as JSON; None stands for one that is not given.

    Raises:
        InvalidValue: A parameter cannot be sent.
    """
    given = {name: value for name, value in params.items() if value is not None}
    return _line(method, plain(dated(given)), decode)


def _line(method: str, given: Mapping[str, Any], decode: Callable[[Any], T]) -> Request[T]:
    """A call whose parameters `plain` has made."""
    body = b',"method":%s,"params":%s}\n' % (dumps(method), dumps(given))
    return Request(method, body, decode, method in READS or given.get("op_id") is not None)


def raw(method: str, params: Mapping[str, Any]) -> Request[Any]:
    """A call whose result is handed on as it is; arrays named `vector` or `vectors` are packed, None is null."""
    if not isinstance(method, str):
        raise InvalidValue(f"a method is named by a text, not {shown(method)}", "/method")
    given = dict(params)
    if is_array(given.get("vector")):
        given["vector"] = packed_vector(given["vector"], "/params/vector")
    if is_array(given.get("vectors")):
        given["vectors"] = packed_rows(as_rows(given["vectors"]))
    return _line(plain(method, "/method", 1), plain(dated(given)), lambda result: result)


class SearchTemplate:
    """The part of a search's line that is the same for all vectors, made once."""

    def __init__(self, method: str, options: Mapping[str, Any], width: int | None) -> None:
        """Takes the options, and how many columns the answer's arrays have."""
        given = {name: value for name, value in options.items() if value is not None and value is not False}
        if given.get("with_vectors") is True:
            given["with_vectors"] = "f32le"
        self.method = method
        self.width = width
        if "score_threshold" in given:
            given["score_threshold"] = finite(given["score_threshold"], "/params/score_threshold")
        given = plain(dated(given))
        text = dumps(given)
        self._options = given
        self._head = b',"method":"%s","params":{"vectors":{"b64":"' % method.encode()
        self._foot = (b"," + text[1:] if given else b"}") + b"}\n"

    def vectors(self, rows: npt.NDArray[Any]) -> Request[SearchResult]:
        """The request of a matrix that `as_rows` made."""
        text, rest = packed(rows)
        body = b"".join((self._head, text, rest, self._foot))
        return Request(self.method, body, self._reader(len(rows)), True)

    def key(self, key: str) -> Request[SearchResult]:
        """The request of a stored item."""
        return request(self.method, {"key": key, **self._options}, self._reader(1))

    def _reader(self, count: int) -> Callable[[Any], SearchResult]:
        def read(result: Any) -> SearchResult:
            found = SearchResult(result, self.width)
            if len(found) != count:
                raise ProtocolViolation(f"{len(found)} results for {count} vectors")
            return found

        return read


def one_search(template: SearchTemplate, vectors: VectorsLike | None, key: str | None) -> Request[SearchResult]:
    """The request of vectors or of a key, whichever is given."""
    if (vectors is None) == (key is None):
        raise InvalidValue("either vectors or key is needed", "/params")
    if key is not None:
        return template.key(text(key, "/params/key"))
    assert vectors is not None
    rows = as_rows(vectors)
    if len(rows) == 0:
        raise InvalidValue("there are no vectors to search for", "/params/vectors")
    return template.vectors(rows)


def search_template(k: int, options: Mapping[str, Any]) -> SearchTemplate:
    """Checks what the arrays depend on; all else is the engine's to check."""
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or k < 1:
        raise InvalidValue(f"k is a whole number from 1, not {shown(k)}", "/params/k")
    return SearchTemplate("search", {"k": int(k), **options}, int(k))


def match_template(score_threshold: float, options: Mapping[str, Any]) -> SearchTemplate:
    """A match's template; its arrays are as wide as the longest row."""
    threshold = finite(score_threshold, "/params/score_threshold")
    return SearchTemplate("match", {"score_threshold": threshold, **options}, None)


# Edits


def upserts(
    items: Iterable[Mapping[str, Any] | str],
    vectors: VectorsLike | None,
    atomic: bool,
    strict: bool,
    op_id: str | None,
    batch: int,
) -> list[Request[UpsertResult]]:
    """The requests that store items: with the matrix beside them, or each with a vector of its own."""
    if not _is_listing(items):
        raise InvalidValue(f"items is a list of items or keys, not a {type(items).__name__}", "/params/items")
    size = whole(batch, "batch")
    rows = None if vectors is None else as_rows(vectors)
    wire = [_wire_item(item, number, rows is not None) for number, item in enumerate(items)]
    if rows is not None and len(rows) != len(wire):
        raise InvalidValue(
            f"{len(wire)} items and {len(rows)} vectors: there must be one vector for each item", "/params/vectors"
        )
    starts = range(0, len(wire), size)
    if atomic and len(starts) > 1:
        raise InvalidValue(
            f"an atomic upsert is one request: {len(wire)} items are more than batch={size}", "/params/atomic"
        )
    # What is neither true nor false is the engine's to refuse, and not to be taken for true.
    flags = {name: plain(flag, f"/params/{name}") for name, flag in (("atomic", atomic), ("strict", strict)) if flag}
    operation = None if op_id is None else text(op_id, "/params/op_id")
    requests = []
    for number, start in enumerate(starts):
        params: dict[str, Any] = {"items": wire[start : start + size]}
        if rows is not None:
            params["vectors"] = packed_rows(rows[start : start + size])
        params.update(flags)
        if operation is not None:
            params["op_id"] = operation if len(starts) == 1 else f"{operation}/{number}"
        requests.append(_line("items.upsert", params, _upsert_reader(start)))
    return requests


def _wire_item(item: Mapping[str, Any] | str, number: int, has_matrix: bool) -> Any:
    """An item as it travels; its pointer has its number among all items, of whatever request."""
    pointer = f"/params/items/{number}"
    if isinstance(item, str):
        return {"key": text(item, f"{pointer}/key")}
    if not isinstance(item, Mapping):
        raise InvalidValue(f"an item is a key or a mapping, not {shown(item)}", pointer)
    given = {name: value for name, value in item.items() if value is not None}
    if not has_matrix and is_array(given.get("vector")):
        given["vector"] = packed_vector(given["vector"], f"{pointer}/vector")
    return plain(given, pointer, PARAMS + 2)


def _upsert_reader(start: int) -> Callable[[Any], UpsertResult]:
    def read(result: Any) -> UpsertResult:
        failures = [
            Failure(start + f["index"], f.get("key"), f["kind"], f["message"], f.get("pointer"))
            for f in result.get("failures", ())
        ]
        return UpsertResult(
            result["upserted"], result["replaced"], failures, list(result.get("duplicates", ())), result["seq"],
            result.get("repeated", False),
        )  # fmt: skip

    return read


def joined_upserts(results: Sequence[UpsertResult]) -> UpsertResult:
    """The sum of several requests' results."""
    return UpsertResult(
        sum(r.upserted for r in results),
        sum(r.replaced for r in results),
        [failure for r in results for failure in r.failures],
        [key for r in results for key in r.duplicates],
        max((r.seq for r in results), default=0),
        bool(results) and all(r.repeated for r in results),
    )


def removed(result: Any) -> RemoveResult:
    """Reads the receipt of a takedown."""
    return RemoveResult(
        result["removed"], result.get("missing", 0), list(result["keys"]), result["time"], result["seq"],
        result.get("repeated", False),
    )  # fmt: skip


def remove(
    keys: Sequence[str] | None, filter: Mapping[str, Any] | None, confirm: bool, op_id: str | None
) -> Request[RemoveResult]:
    """Takes items out by key or by what they are."""
    if (keys is None) == (filter is None):
        raise InvalidValue("either keys or filter is needed", "/params")
    params = {
        "keys": None if keys is None else key_list(keys),
        "filter": filter,
        "confirm": confirm or None,
        "op_id": op_id,
    }
    return request("items.remove", params, removed)


# Reads


def get(keys: Sequence[str], with_attributes: bool, with_vectors: bool) -> Request[ItemsResult]:
    """Items by key."""

    def read(result: Any) -> ItemsResult:
        return ItemsResult([Item.from_wire(item) for item in result["items"]], result["missing"], result["seq"])

    params = {
        "keys": key_list(keys),
        "with_attributes": with_attributes,
        "with_vectors": "f32le" if with_vectors else None,
    }
    return request("items.get", params, read)


def scroll_page(
    filter: Mapping[str, Any] | None, page: int, with_attributes: bool, with_vectors: bool, cursor: str | None
) -> Request[tuple[list[Item], str | None]]:
    """A page of items, and the cursor of the next."""
    params = {
        "filter": filter,
        "limit": page,
        "with_attributes": with_attributes,
        "with_vectors": "f32le" if with_vectors else None,
        "cursor": cursor,
    }
    return request("items.scroll", params, lambda r: ([Item.from_wire(item) for item in r["items"]], r.get("cursor")))


def register_page(
    method: str, name: str, params: Mapping[str, Any]
) -> Request[tuple[list[dict[str, Any]], str | None]]:
    """A page of the register, and the cursor of the next."""
    return request(method, params, lambda r: (r[name], r.get("cursor")))


def remove_entry(
    method: str, subject: Mapping[str, str], cascade: bool, op_id: str | None
) -> Request[RemoveResult]:  # fmt: skip
    """Takes a member or a work out."""
    return request(method, {**subject, "cascade": cascade or None, "op_id": op_id}, removed)


def revocation(id: str, revoked_at: str, reference: str | None) -> Request[dict[str, Any]]:
    """Records that a permission covers nothing from a moment on."""
    params = {"id": id, "revoked_at": revoked_at, "reference": reference}
    return request("permissions.revoke", params, anything)


def edit(method: str, params: Mapping[str, Any]) -> Request[int]:
    """An edit that answers nothing but the revision."""
    return request(method, params, number("seq"))


def verdict(params: Mapping[str, Any]) -> Request[Permission]:
    """Asks whether a use is permitted."""
    return request("permissions.check", params, lambda r: Permission.from_wire(r["permission"]))


def text(value: Any, pointer: str) -> str:
    """A text that can be sent. Raises InvalidValue."""
    if not isinstance(value, str):
        raise InvalidValue(f"expected a text, not {shown(value)}", pointer)
    made: str = plain(value, pointer)
    return made


def _is_listing(values: Any) -> bool:
    """Whether values are many of a kind; a text yields letters, and a table of pandas the names of its columns."""
    return (
        isinstance(values, Iterable)
        and not isinstance(values, (str, bytes, Mapping))
        and not hasattr(values, "columns")
    )


def key_list(keys: Iterable[str]) -> list[str]:
    """Keys as a list. Raises InvalidValue."""
    if not _is_listing(keys):
        raise InvalidValue(f"keys is a list of keys, not one text or a {type(keys).__name__}", "/params/keys")
    return [text(key, f"/params/keys/{number}") for number, key in enumerate(keys)]


def number(name: str) -> Callable[[Any], int]:
    """Reads one whole number."""
    return lambda result: int(result[name])


def anything(result: Any) -> dict[str, Any]:
    """An object as it is."""
    if not isinstance(result, dict):
        raise ProtocolViolation("the result is no object")
    return result
