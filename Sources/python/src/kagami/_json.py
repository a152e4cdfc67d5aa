"""JSON in and out: orjson where it is installed, the standard library otherwise."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

try:
    import orjson
except ImportError:  # the `fast` extra is not installed
    orjson = None  # type: ignore[assignment]


def _plain(value: Any) -> Any:
    """NumPy's scalars and arrays as Python's own."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _refuse_nonfinite(value: Any) -> None:
    """Raises for NaN and infinities: orjson writes them as null, which means something else."""
    if isinstance(value, (float, np.floating)) and not math.isfinite(value):
        raise ValueError(f"{value} is no number of JSON")
    if isinstance(value, dict):
        for part in value.values():
            _refuse_nonfinite(part)
    elif isinstance(value, (list, tuple, np.ndarray)):
        for part in value:
            _refuse_nonfinite(part)


def _standard_dumps(value: Any) -> bytes:
    try:
        text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)
        return text.encode()
    except ValueError:
        _refuse_nonfinite(value)  # says which number
        raise


def _orjson_dumps(value: Any) -> bytes:
    line = orjson.dumps(value, default=_plain)
    if b"null" in line:
        _refuse_nonfinite(value)
    return line


#: JSON of a value in one line of UTF-8. Raises TypeError or ValueError for what has none.
dumps = _standard_dumps if orjson is None else _orjson_dumps
#: The value of JSON in UTF-8. Raises ValueError.
loads = json.loads if orjson is None else orjson.loads
