"""A bar for long searches, drawn by tqdm where it is installed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .readers import VectorFile
from .results import SearchResult


def make_bar(vectors: Any) -> Any:
    """A bar that counts vectors; it knows the end where they are an array or a list of vectors.

    Raises:
        ImportError: tqdm is missing; the message says how to get it.
    """
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise ImportError("progress=True needs tqdm: pip install 'kagami[tqdm]'") from error
    return tqdm(total=_count(vectors), unit="vector", unit_scale=True)


def _count(vectors: Any) -> int | None:
    """How many vectors there are, where that is known: of a matrix, a file, or a list of vectors."""
    if isinstance(vectors, VectorFile) or getattr(vectors, "ndim", 0) == 2:
        return len(vectors)
    if isinstance(vectors, Sequence) and len(vectors) > 0 and np.ndim(vectors[0]) == 1:
        return len(vectors)
    return None


def bar(results: Iterator[SearchResult], vectors: Any) -> Iterator[SearchResult]:
    """Hands results on and counts their rows."""
    drawn = make_bar(vectors)

    def counted() -> Iterator[SearchResult]:
        with drawn:
            for result in results:
                yield result
                drawn.update(len(result))

    return counted()
