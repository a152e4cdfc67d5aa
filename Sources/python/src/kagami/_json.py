"""JSON in and out: orjson where it is installed, the standard library otherwise; the same either way.

What is written has been made by `_values.plain`, so there is nothing left that the two would treat differently.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from ._values import step

try:
    import orjson
except ImportError:  # the `fast` extra is not installed
    orjson = None  # type: ignore[assignment]

#: Integers of so many digits may be beyond 64 bits: orjson then reads floats, which are other numbers.
_LONG_INTEGER = re.compile(rb"(?<=[:,\[\s-])[0-9]{19}")
#: Digits as zeros and all else as spaces: so a run of digits is found many times faster than by an expression.
_DIGITS = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_RUN = b"0" * 19
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


class Unreadable(ValueError):
    """JSON with a value that Python cannot hold, such as 1e400; the message says which, and where."""


class _Odd:
    """Stands where a value cannot be held."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def _standard_dumps(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _orjson_dumps(value: Any) -> bytes:
    return orjson.dumps(value)


def _integer(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return _Odd(f"a whole number of {len(text)} digits")


def _float(text: str) -> Any:
    value = float(text)
    return value if math.isfinite(value) else _Odd(f"the number {text if len(text) <= 40 else text[:37] + '...'}")


def _refusing(read: Any) -> Any:
    def refuse(text: str) -> Any:
        value = read(text)
        if isinstance(value, _Odd):
            raise Unreadable(value.reason)
        return value

    return refuse


_decoder = json.JSONDecoder(
    parse_int=_refusing(_integer), parse_float=_refusing(_float), parse_constant=_refusing(_Odd)
)
_lenient = json.JSONDecoder(parse_int=_integer, parse_float=_float, parse_constant=_Odd)


def _standard_loads(line: bytes) -> Any:
    try:
        return _loads(line.decode().strip(" \t\r\n"))
    except RecursionError:
        raise Unreadable("values that are nested too deeply") from None


def _loads(text: str) -> Any:
    try:
        value = _decoder.decode(text)
    except Unreadable:
        raise Unreadable(_first_odd(_lenient.decode(text), "") or "a number") from None
    if _HALF_PAIR.search(text) is not None and (reason := _first_odd(value, "")) is not None:
        raise Unreadable(reason)
    return value


def _orjson_loads(line: bytes) -> Any:
    if _RUN not in line.translate(_DIGITS) or _LONG_INTEGER.search(line) is None:
        try:
            return orjson.loads(line)
        except ValueError:
            pass
    return _standard_loads(line)  # which says what is wrong, if anything is


def loads_leniently(line: bytes) -> Any:
    """The value of JSON, with something else where a value cannot be held; for the members that can.

    Raises:
        ValueError: It is no JSON.
    """
    try:
        return _lenient.decode(line.decode().strip(" \t\r\n"))
    except RecursionError:
        raise Unreadable("values that are nested too deeply") from None


def _first_odd(value: Any, place: str) -> str | None:
    """What cannot be held of a value, and where it stands; None where all can."""
    if isinstance(value, _Odd):
        return f"{value.reason} at {place or '/'}"
    if isinstance(value, str):
        return None if _is_text(value) else f"a text with half of a surrogate pair at {place or '/'}"
    parts: Any = ()
    if isinstance(value, dict):
        if not all(map(_is_text, value)):
            return f"a name with half of a surrogate pair at {place or '/'}"
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    for name, part in parts:
        if (reason := _first_odd(part, place + step(name))) is not None:
            return reason
    return None


def _is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


#: JSON of a value that `_values.plain` made, in one line of UTF-8.
dumps = _standard_dumps if orjson is None else _orjson_dumps
#: The value of JSON in UTF-8. Raises Unreadable for values that Python cannot hold, ValueError for what is no JSON.
loads = _standard_loads if orjson is None else _orjson_loads
