"""A bar for long searches, drawn by tqdm where it is installed."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from typing import Any

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
    total = len(vectors) if isinstance(vectors, Sized) and getattr(vectors, "ndim", 2) == 2 else None
    return tqdm(total=total, unit="vector", unit_scale=True)


def bar(results: Iterator[SearchResult], vectors: Any) -> Iterator[SearchResult]:
    """Hands results on and counts their rows."""
    drawn = make_bar(vectors)

    def counted() -> Iterator[SearchResult]:
        with drawn:
            for result in results:
                yield result
                drawn.update(len(result))

    return counted()
