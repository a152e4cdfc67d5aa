"""Columns of lists of numbers as matrices, for `readers.parquet`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def column_of(path: object, schema: Any, name: str | None) -> str:
    """The column that holds the vectors: the one that is named, else the only one of lists of numbers.

    Raises:
        ValueError: There is none such, or it holds something else; the message says what.
    """
    lists: list[str] = [field.name for field in schema if _numbers(field.type)]
    known = ", ".join(lists) or "none"
    if name is None:
        if len(lists) != 1:
            others = [f"{field.name} ({field.type})" for field in schema if field.name not in lists]
            found = "" if lists else f"; there are {', '.join(others) or 'no columns'}"
            raise ValueError(f"{path} has {len(lists)} columns of lists of numbers ({known}{found}): name one")
        return lists[0]
    if name not in lists:
        kinds = [str(field.type) for field in schema if field.name == name]
        what = f"it holds {kinds[0]}" if kinds else "there is no such column"
        raise ValueError(f"{path} has no column of lists of numbers {name!r}: {what}; those that are one: {known}")
    return name


def _numbers(kind: Any) -> bool:
    """Whether a type is lists of numbers; of texts, dates, booleans and lists there are lists, too."""
    from pyarrow import types

    if not (types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)):
        return False
    return bool(types.is_floating(kind.value_type) or types.is_integer(kind.value_type))


def matrix(column: Any, name: str, start: int, dimension: int | None) -> npt.NDArray[Any]:
    """A block of a column as a matrix.

    Args:
        column: Lists of numbers.
        name: What it is called in what is raised.
        start: The number of its first row.
        dimension: How many numbers a row has; None for as many as the first one.

    Raises:
        ValueError: A row has no vector, one of another length, or a number that is null; the message names the row.
    """
    import pyarrow.compute as compute

    if column.null_count:
        raise ValueError(f"{name}: row {start + _first(column.is_null())} has no vector")
    lengths = np.asarray(compute.list_value_length(column).to_numpy(zero_copy_only=False), np.int64)
    wanted = int(lengths[0]) if dimension is None and len(lengths) else (dimension or 0)
    wrong = np.flatnonzero(lengths != wanted)
    if len(wrong):
        row = int(wrong[0])
        raise ValueError(
            f"{name}: vectors of different lengths: row {start + row} has {int(lengths[row])} numbers, "
            f"those before it have {wanted}"
        )
    if wanted == 0 and len(lengths):
        raise ValueError(f"{name}: row {start} has an empty vector")
    numbers = column.flatten()
    if numbers.null_count:
        place = _first(numbers.is_null())
        raise ValueError(f"{name}: row {start + place // wanted} has a null in place of number {place % wanted}")
    return np.asarray(numbers.to_numpy(zero_copy_only=False)).reshape(len(column), wanted)


def _first(flags: Any) -> int:
    """The place of the first that is true."""
    return int(np.flatnonzero(flags.to_numpy(zero_copy_only=False))[0])
