"""What is answered, as arrays and as typed objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ._vectors import unpacked


@dataclass(frozen=True, slots=True)
class Permission:
    """What the register says about the use of an item.

    Attributes:
        permitted: Whether a recorded permission covers the use.
        reason: Why not: the nearest reason, such as `none_recorded`.
        id: The permission that covers it, or came nearest.
    """

    permitted: bool
    reason: str | None = None
    id: str | None = None

    @classmethod
    def from_wire(cls, value: Mapping[str, Any]) -> Permission:
        """Reads `{"status", "reason", "id"}`."""
        return cls(value["status"] == "permitted", value.get("reason"), value.get("id"))


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One item of the catalogue.

    Attributes:
        key: Its key.
        member: Whose it is, where the catalogue says so.
        work: Which work it shows, where the catalogue says so.
        kind: What kind of picture it is.
        title: Its title.
        source: Where it came from.
        timecode: When it is seen: a number or a text.
        attributes: All else that was registered.
        vector: The stored vector, float32 of shape (d,), where it was asked for.
    """

    key: str
    member: str | None = None
    work: str | None = None
    kind: str | None = None
    title: str | None = None
    source: str | None = None
    timecode: float | str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    vector: npt.NDArray[np.float32] | None = None

    @classmethod
    def from_wire(cls, value: Mapping[str, Any]) -> Item:
        """Reads an entry of `items`."""
        return cls(**_item_fields(value))


@dataclass(frozen=True, slots=True, eq=False)
class Hit(Item):
    """One item that a search found.

    Attributes:
        score: How similar it is; larger is more similar.
        permission: Whether the use that was asked about is permitted; None where none was.
    """

    score: float = 0.0
    permission: Permission | None = None

    @classmethod
    def from_wire(cls, value: Mapping[str, Any]) -> Hit:
        """Reads an entry of `hits`."""
        if len(value) == 2:
            return cls(value["key"], score=value["score"])
        permission = value.get("permission")
        verdict = None if permission is None else Permission.from_wire(permission)
        return cls(**_item_fields(value), score=value["score"], permission=verdict)


def _item_fields(value: Mapping[str, Any]) -> dict[str, Any]:
    vector = value.get("vector")
    return {
        "key": value["key"],
        "member": value.get("member"),
        "work": value.get("work"),
        "kind": value.get("kind"),
        "title": value.get("title"),
        "source": value.get("source"),
        "timecode": value.get("timecode"),
        "attributes": value.get("attributes") or {},
        "vector": None if vector is None else unpacked(vector),
    }


@dataclass(frozen=True, slots=True)
class Group:
    """The hits that show one work.

    Attributes:
        work: Which work; None for an item without one, which is a group of its own.
        member: Whose it is.
        score: The score of its best item.
        count: How many of its items qualify.
        hits: Its best items, most similar first.
    """

    work: str | None
    member: str | None
    score: float
    count: int
    hits: list[Hit]

    @classmethod
    def from_wire(cls, value: Mapping[str, Any]) -> Group:
        """Reads an entry of `groups`."""
        hits = [Hit.from_wire(hit) for hit in value["hits"]]
        return cls(value.get("work"), value.get("member"), value["score"], value["count"], hits)


class SearchResult(Sequence[list[Hit]]):
    """What was found for n vectors: arrays for programs that count, objects for programs that look.

    It is a sequence of n lists of hits, one for each vector in order. Arrays and objects are made when they are first
    asked for, so a program that reads one kind does not pay for the other.

    Attributes:
        seq: The revision that was searched.
        exact: Whether every item that may be answered was looked at.
        plan: How the search was done: `exact`, `scan`, `walk` or `filtered_walk`.
        partial: Whether a deadline cut it short.
        degraded: Whether the engine worked without a part of its files.
        complete: Whether everything at or above the threshold is there; None for a search.
        cursor: Where to go on when it is not complete.
    """

    __slots__ = (
        "_entries",
        "_groups",
        "_hits",
        "_keys",
        "_scores",
        "_width",
        "answer",
        "complete",
        "cursor",
        "degraded",
        "exact",
        "partial",
        "plan",
        "seq",
    )

    def __init__(self, answer: Mapping[str, Any], width: int | None = None) -> None:
        """Takes the `result` of an answer, and how many columns the arrays have (as many as needed if None)."""
        self.answer = answer
        self.seq: int = answer["seq"]
        self.exact: bool = answer.get("exact", False)
        self.plan: str | None = answer.get("plan")
        self.partial: bool = answer.get("partial", False)
        self.degraded: bool = answer.get("degraded", False)
        self.complete: bool | None = answer.get("complete")
        self.cursor: str | None = answer.get("cursor")
        self._entries: list[Mapping[str, Any]] = answer["results"]
        self._width = width
        self._keys: npt.NDArray[np.object_] | None = None
        self._scores: npt.NDArray[np.float32] | None = None
        self._hits: list[list[Hit]] | None = None
        self._groups: list[list[Group]] | None = None

    @property
    def keys(self) -> npt.NDArray[np.object_]:
        """Keys of shape (n, k), best first; None where there are fewer. Of a group, the key of its best item."""
        if self._keys is None:
            self._keys = self._table("key", None, np.dtype(object))
        return self._keys

    @property
    def scores(self) -> npt.NDArray[np.float32]:
        """Scores of shape (n, k), float32, larger is more similar; minus infinity where there are fewer hits."""
        if self._scores is None:
            self._scores = self._table("score", -np.inf, np.dtype(np.float32))
        return self._scores

    @property
    def hits(self) -> list[list[Hit]]:
        """Hits of every vector, most similar first; of groups, those of all groups in order."""
        if self._hits is None:
            if self._grouped:
                self._hits = [[hit for group in groups for hit in group.hits] for groups in self.groups]
            else:
                self._hits = [[Hit.from_wire(hit) for hit in entry["hits"]] for entry in self._entries]
        return self._hits

    @property
    def groups(self) -> list[list[Group]]:
        """Works of every vector, most similar first; empty lists unless `group_by` was asked for."""
        if self._groups is None:
            self._groups = [[Group.from_wire(group) for group in entry.get("groups", ())] for entry in self._entries]
        return self._groups

    @property
    def _grouped(self) -> bool:
        return bool(self._entries) and "groups" in self._entries[0]

    def _table(self, name: str, empty: Any, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
        if not self._grouped:
            rows = [entry["hits"] for entry in self._entries]
        elif name == "key":
            rows = [[group["hits"][0] for group in entry["groups"]] for entry in self._entries]
        else:
            rows = [entry["groups"] for entry in self._entries]
        width = max(map(len, rows), default=0) if self._width is None else self._width
        cells = [hit[name] for row in rows for hit in row]
        if len(cells) == len(rows) * width and all(len(row) == width for row in rows):
            return np.array(cells, dtype).reshape(len(rows), width)
        table = np.full((len(rows), width), empty, dtype)
        for row, hits in zip(table, rows, strict=True):
            row[: len(hits)] = [hit[name] for hit in hits]
        return table

    def __len__(self) -> int:
        """How many vectors were searched for."""
        return len(self._entries)

    def __getitem__(self, row: Any) -> Any:
        """The hits of one vector."""
        return self.hits[row]

    def __iter__(self) -> Iterator[list[Hit]]:
        """The hits of every vector, in order."""
        return iter(self.hits)

    def __repr__(self) -> str:
        """Its shape and how it came about."""
        return f"<SearchResult of {len(self)} vectors, plan {self.plan}, seq {self.seq}>"

    @classmethod
    def joined(cls, results: Sequence[SearchResult], width: int | None = None) -> SearchResult:
        """Several results one after another; what holds of all holds, what is wrong with one is wrong."""
        entries = [entry for result in results for entry in result._entries]
        answer: dict[str, Any] = {
            "results": entries,
            "seq": max((result.seq for result in results), default=0),
            "exact": all(result.exact for result in results),
            "plan": min((result.plan or "" for result in results), key=_certainty, default="") or None,
            "partial": any(result.partial for result in results),
            "degraded": any(result.degraded for result in results),
        }
        if results and all(result.complete is not None for result in results):
            answer["complete"] = all(result.complete for result in results)
        return cls(answer, width)

    @classmethod
    def merged(cls, pages: Sequence[SearchResult]) -> SearchResult:
        """The pages of one match, row by row."""
        first = pages[0].answer["results"]
        name = "groups" if first and "groups" in first[0] else "hits"
        entries = [
            {name: [hit for page in pages for hit in page.answer["results"][row][name]]} for row in range(len(first))
        ]
        answer = {key: value for key, value in pages[-1].answer.items() if key != "cursor"}
        answer["results"] = entries
        answer["exact"] = all(page.exact for page in pages)
        return cls(answer)


def _certainty(plan: str) -> int:
    """The place of a plan among the others, least certain first."""
    order = ("filtered_walk", "walk", "scan", "exact")
    return order.index(plan) if plan in order else -1


@dataclass(frozen=True, slots=True)
class Failure:
    """One item that an upsert refused.

    Attributes:
        index: Its place among the items that were given, from 0.
        key: Its key.
        kind: The kind of error.
        message: What is wrong.
        pointer: The place in the request.
    """

    index: int
    key: str | None
    kind: str
    message: str
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class UpsertResult:
    """What became of items that were put.

    Attributes:
        upserted: How many are stored, replaced ones included.
        replaced: How many took the place of one with their key.
        failures: Those that were refused; the others are stored.
        duplicates: Keys that stood several times in a request, of which the last one stayed.
        seq: The revision that holds them.
        repeated: Whether all of it had been done before under the same `op_id`.
    """

    upserted: int
    replaced: int
    failures: list[Failure]
    duplicates: list[str]
    seq: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class RemoveResult:
    """The receipt of a takedown.

    Attributes:
        removed: How many items left.
        missing: How many of the keys had no item.
        keys: The keys of the removed items.
        time: When, in UTC.
        seq: The revision without them.
        repeated: Whether it had been done before under the same `op_id`.
    """

    removed: int
    missing: int
    keys: list[str]
    time: str
    seq: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class ItemsResult:
    """Items by key.

    Attributes:
        items: Those that exist, in the order of the keys.
        missing: How many do not.
        seq: The revision that was read.
    """

    items: list[Item]
    missing: int
    seq: int
