"""Vectors between NumPy and the wire."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from typing import Any

import numpy as np
import numpy.typing as npt

#: Anything that NumPy reads as one vector, shape (d,), or several, shape (n, d).
VectorsLike = npt.ArrayLike

_DTYPES: dict[str, np.dtype[Any]] = {"f32le": np.dtype("<f4"), "f16le": np.dtype("<f2"), "i8": np.dtype("i1")}
_NAMES = {"<f4": "f32le", "<f2": "f16le", "|i1": "i8"}


def as_rows(vectors: VectorsLike) -> npt.NDArray[Any]:
    """Vectors as a C-contiguous matrix of a type that the wire knows.

    float16 and int8 stay what they are; everything else becomes float32.

    Raises:
        ValueError: They are not of shape (d,) or (n, d).
        TypeError: They are no real numbers.
    """
    rows = np.asarray(vectors)
    if rows.ndim == 1:
        rows = rows[np.newaxis]
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise ValueError(f"vectors have shape (d,) or (n, d), not {rows.shape}")
    if rows.dtype.kind not in "fiu":
        raise TypeError(f"vectors are real numbers, not {rows.dtype}")
    small = rows.dtype.kind in "fi" and rows.dtype.itemsize == (2 if rows.dtype.kind == "f" else 1)
    wanted: np.dtype[Any] = rows.dtype.newbyteorder("<") if small else _DTYPES["f32le"]
    with np.errstate(over="ignore"):  # the engine refuses infinities, and says where they are
        return np.ascontiguousarray(rows, dtype=wanted)


def packed(rows: npt.NDArray[Any]) -> tuple[bytes, bytes]:
    """The wire's object for a matrix of `as_rows`, cut in two: its base64 text, and what comes after it."""
    rest = b'","dtype":"%s","shape":[%d,%d]}' % (_NAMES[rows.dtype.str].encode(), *rows.shape)
    return b2a_base64(rows.data, newline=False), rest


def unpacked(vector: Any) -> npt.NDArray[np.float32]:
    """A stored vector, shape (d,), from its object on the wire."""
    stored: npt.NDArray[Any] = np.frombuffer(a2b_base64(vector["b64"]), _DTYPES[vector["dtype"]])
    return stored.astype(np.float32)
