"""Vectors between NumPy and the wire."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from typing import Any

import numpy as np
import numpy.typing as npt

from ._values import shown, step
from .errors import InvalidValue

#: Anything that NumPy reads as one vector, shape (d,), or several, shape (n, d).
VectorsLike = npt.ArrayLike

_DTYPES: dict[str, np.dtype[Any]] = {"f32le": np.dtype("<f4"), "f16le": np.dtype("<f2"), "i8": np.dtype("i1")}
_NAMES = {"<f4": "f32le", "<f2": "f16le", "|i1": "i8"}
#: What arrays hold that are no vectors, and what to do, by NumPy's kinds.
_ADVICE = {
    "b": "they are booleans; say vectors.astype(numpy.float32) if 0 and 1 are meant",
    "c": "they are complex; take their real parts, or their absolute values",
    "M": "they are dates",
    "m": "they are lengths of time",
    "S": "they are bytes",
    "U": "they are texts; an item is named by key=...",
    "V": "they are records; take one of the fields",
}


def as_rows(vectors: VectorsLike, pointer: str = "/params/vectors", first: int = 0) -> npt.NDArray[Any]:
    """Vectors as a C-contiguous matrix of a type that the wire knows.

    float16 and int8 stay what they are; everything else is rounded to the nearest float32.

    Args:
        vectors: What a caller gave.
        pointer: Their place in the request.
        first: The number of the first vector, where others came before them.

    Raises:
        InvalidValue: They are not of shape (d,) or (n, d), no real numbers, masked, not finite, or beyond the range of
            float32; the pointer names the vector and the number.
    """
    given = _as_array(vectors, pointer)
    rows = given[np.newaxis] if given.ndim == 1 else given
    if given.ndim == 0:
        raise InvalidValue(f"expected vectors of shape (d,) or (n, d), not {_single(vectors)}", pointer)
    if given.ndim > 2:
        raise InvalidValue(f"vectors have shape (d,) or (n, d), not {given.shape}; reshape them", pointer)
    if rows.shape[1] == 0:
        raise InvalidValue(f"the vectors are empty: shape {given.shape}", pointer)
    if rows.dtype.kind not in "fiu":
        raise InvalidValue(f"vectors are real numbers, not {rows.dtype}: {_wrong_kind(rows)}", pointer)
    small = rows.dtype.kind in "fi" and rows.dtype.itemsize == (2 if rows.dtype.kind == "f" else 1)
    wanted: np.dtype[Any] = rows.dtype.newbyteorder("<") if small else _DTYPES["f32le"]
    if rows.dtype == wanted:
        made = np.ascontiguousarray(rows)
    else:
        with np.errstate(over="ignore"):
            made = np.ascontiguousarray(rows, dtype=wanted)
    if wanted.kind == "f" and np.count_nonzero(np.isfinite(made)) != made.size:
        raise _not_finite(rows, made, pointer, first, given.ndim == 1)
    return made


def _as_array(vectors: Any, pointer: str) -> npt.NDArray[Any]:
    if isinstance(vectors, np.ma.MaskedArray) or (
        isinstance(vectors, (list, tuple)) and any(isinstance(row, np.ma.MaskedArray) for row in vectors)
    ):
        raise InvalidValue(
            "a masked array: vectors have every number; give vectors.filled(0), or leave the masked rows out", pointer
        )
    try:
        return np.asarray(vectors)
    except Exception as error:  # whatever an object's own conversion raises
        reason = _uneven(vectors) or f"a {type(vectors).__name__} cannot be read as an array: {error}"
        raise InvalidValue(f"{reason}; give a NumPy array of numbers", pointer) from error


def _uneven(vectors: Any) -> str | None:
    """Which of several vectors is the first of another length than the first; None where that is not the fault."""
    lengths = [len(row) for row in vectors if hasattr(row, "__len__")] if isinstance(vectors, (list, tuple)) else []
    for number, length in enumerate(lengths):
        if length != lengths[0]:
            return f"vector {number} has {length} numbers, vector 0 has {lengths[0]}"
    return None


def _single(value: Any) -> str:
    if isinstance(value, (str, bytes)):
        return "a text; an item is named by key=..."
    if hasattr(value, "__iter__"):
        return f"a {type(value).__name__}; streams of vectors are for search_iter and search_all"
    return f"a {type(value).__name__}, {shown(value)}"


def _wrong_kind(rows: npt.NDArray[Any]) -> str:
    if rows.dtype.kind != "O":
        return _ADVICE.get(rows.dtype.kind, "give float32")
    for (row, column), value in np.ndenumerate(rows):
        if isinstance(value, (np.ndarray, list, tuple)) or hasattr(value, "__array__"):
            return "they are arrays in an array; make one matrix of them: numpy.stack(list(vectors))"
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return f"vector {row} has {shown(value)} at {column}"
    return "say vectors.astype(numpy.float32) if they are numbers"


def _not_finite(rows: npt.NDArray[Any], made: npt.NDArray[Any], pointer: str, first: int, is_one: bool) -> InvalidValue:
    row, column = (int(place) for place in np.argwhere(~np.isfinite(made))[0])
    value = rows[row, column]
    reason = "is beyond the range of 32-bit floats; scale it" if np.isfinite(value) else "is not finite"
    number = first + row
    place = step(column) if is_one and first == 0 and pointer.endswith("vector") else step(number) + step(column)
    return InvalidValue(
        f"vector {number} has {value} at {column}, which {reason}, or leave the vector out", pointer + place
    )


def packed(rows: npt.NDArray[Any]) -> tuple[bytes, bytes]:
    """The wire's object for a matrix of `as_rows`, cut in two: its base64 text, and what comes after it."""
    rest = b'","dtype":"%s","shape":[%d,%d]}' % (_NAMES[rows.dtype.str].encode(), *rows.shape)
    return b2a_base64(rows.data, newline=False), rest


def packed_rows(rows: npt.NDArray[Any]) -> dict[str, Any]:
    """The wire's object for a matrix of `as_rows`."""
    return {
        "b64": b2a_base64(rows.data, newline=False).decode(),
        "dtype": _NAMES[rows.dtype.str],
        "shape": list(rows.shape),
    }


def packed_vector(vector: VectorsLike, pointer: str) -> dict[str, Any]:
    """The wire's object for one vector. Raises InvalidValue as `as_rows`, and where there are several."""
    rows = as_rows(vector, pointer)
    if len(rows) != 1:
        raise InvalidValue(f"expected one vector of shape (d,), not {len(rows)} of them", pointer)
    made = packed_rows(rows)
    del made["shape"]
    return made


def is_array(value: Any) -> bool:
    """Whether a value is to be sent packed: an array of NumPy's, or what makes one of itself."""
    return hasattr(value, "__array__")


def unpacked(vector: Any) -> npt.NDArray[np.float32]:
    """A stored vector, shape (d,), from its object on the wire."""
    stored: npt.NDArray[Any] = np.frombuffer(a2b_base64(vector["b64"]), _DTYPES[vector["dtype"]])
    return stored.astype(np.float32)
