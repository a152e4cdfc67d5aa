"""Streams of vectors, cut into what one request carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from ._values import whole
from ._vectors import VectorsLike, as_rows
from .errors import InvalidValue


class Batcher:
    """Gathers vectors and matrices, in any sizes, into matrices of `batch` rows.

    A change of type or dimension ends a block early, so nothing is converted that need not be.
    """

    def __init__(self, batch: int) -> None:
        """Takes how many rows a block has."""
        self._batch = whole(batch, "batch")
        self._waiting: list[npt.NDArray[Any]] = []
        self._count = 0
        self._seen = 0

    def add(self, piece: VectorsLike) -> Iterator[npt.NDArray[Any]]:
        """Yields the blocks that become full."""
        rows = as_rows(piece, first=self._seen)
        self._seen += len(rows)
        first = self._waiting[0] if self._waiting else rows
        if rows.dtype != first.dtype or rows.shape[1] != first.shape[1]:
            yield from self.rest()
        at = 0
        while self._count + len(rows) - at >= self._batch:
            end = at + self._batch - self._count
            self._keep(rows[at:end])
            yield from self.rest()
            at = end
        if at < len(rows):
            self._keep(rows[at:])

    def rest(self) -> Iterator[npt.NDArray[Any]]:
        """Yields what has been gathered, if anything."""
        waiting, self._waiting, self._count = self._waiting, [], 0
        if waiting:
            yield waiting[0] if len(waiting) == 1 else np.concatenate(waiting)

    def _keep(self, rows: npt.NDArray[Any]) -> None:
        self._waiting.append(rows)
        self._count += len(rows)


def blocks(vectors: Iterable[VectorsLike], batch: int) -> Iterator[npt.NDArray[Any]]:
    """Vectors and matrices as matrices of `batch` rows; the last one may be smaller."""
    batcher = Batcher(batch)
    fault: Exception | None = None
    try:
        for piece in pieces(vectors):
            yield from batcher.add(piece)
    except Exception as error:  # what came before it is not lost
        fault = error
    yield from batcher.rest()
    if fault is not None:
        raise fault


def pieces(vectors: Iterable[VectorsLike]) -> Iterable[VectorsLike]:
    """A matrix as one piece, anything else as what it yields; tables of pandas and polars would yield their columns."""
    if isinstance(vectors, np.ndarray) or hasattr(vectors, "to_numpy"):
        return [cast(VectorsLike, vectors)]
    if isinstance(vectors, (str, bytes, Mapping)) or not isinstance(vectors, Iterable):
        raise InvalidValue(f"expected vectors, not a {type(vectors).__name__}", "/params/vectors")
    return vectors


def requests_ahead(in_flight: int | None, batch: int) -> int:
    """How many requests are sent ahead; unless given, what keeps an engine busy: many small ones, few large ones."""
    if in_flight is not None:
        return whole(in_flight, "in_flight")
    return max(4, min(64, 4096 // whole(batch, "batch")))
