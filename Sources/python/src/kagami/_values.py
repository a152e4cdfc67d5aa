"""What callers hand over, as plain values of JSON, or refused with the place and what to do.

Both ways of writing JSON, with orjson and without, are given what this makes and nothing else: so they take and refuse
the same. A line that the engine could not read would be answered without an id, and no caller would know whose it was.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import math
import uuid
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from .errors import InvalidValue

#: Objects and lists inside one another that a line may have, its own object counted: the protocol's limit.
DEPTH = 32
#: The level of `params` in a line.
PARAMS = 2
_LEAST, _GREATEST = -(1 << 63), (1 << 63) - 1
#: Types whose values have no form in JSON that everybody would expect, and what to hand over instead.
_ADVICE: tuple[tuple[type | tuple[type, ...], str], ...] = (
    ((bytes, bytearray, memoryview), "give a text: value.decode(), or base64.b64encode(value).decode()"),
    ((set, frozenset), "give a list, such as sorted(value)"),
    (enum.Enum, "give its value: value.value"),
    (uuid.UUID, "give a text: str(value)"),
    ((Decimal, Fraction), "give float(value), or a text: str(value)"),
    (complex, "give its parts as two numbers"),
    (datetime.time, "give a text: value.isoformat()"),
    (datetime.timedelta, "give a number: value.total_seconds()"),
)


class _Refused(Exception):
    """What is wrong with a value, and where: the names from the inside out."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.names: list[str | int] = []


def plain(value: Any, pointer: str = "/params", level: int = PARAMS) -> Any:
    """A value as dictionaries, lists, texts, numbers, booleans and None of Python's own types.

    NumPy's scalars and arrays become numbers and lists, any mapping an object, tuples lists, dates the text that
    `isoformat()` writes. Objects are copied; complexity O(n) for n values.

    Args:
        value: What a caller gave.
        pointer: The place of the value in the request.
        level: How deep it lies: 1 is the line itself.

    Raises:
        InvalidValue: Something in it has no form in JSON, or none that the engine takes; the pointer names it.
    """
    try:
        return _plain(value, level)
    except _Refused as refused:
        place = pointer + "".join(map(step, reversed(refused.names)))
        raise InvalidValue(refused.reason, place) from None


def step(name: str | int) -> str:
    """A name or a number as a step of a JSON pointer."""
    text = str(name).replace("~", "~0").replace("/", "~1")
    return "/" + text.encode(errors="backslashreplace").decode()


def finite(value: Any, pointer: str) -> float:
    """A number that a threshold can be. Raises InvalidValue."""
    if isinstance(value, (bool, np.bool_, str, bytes)) or not hasattr(value, "__float__"):
        raise InvalidValue(f"expected a number, not {value!r}", pointer)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidValue(f"expected a number, not {shown(value)}: {error}", pointer) from None
    if not math.isfinite(number):
        raise InvalidValue(f"{number} is no number that can be compared with; leave it out, or give another", pointer)
    return number


def whole(value: Any, name: str, least: int = 1) -> int:
    """A count that a caller gave, such as `batch`. Raises InvalidValue."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise InvalidValue(f"{name} is a whole number from {least}, not {shown(value)}", f"/{name}")
    return int(value)


def seconds(value: Any, name: str) -> float:
    """A length of time that a caller gave, such as `timeout`; infinity is one. Raises InvalidValue."""
    if isinstance(value, (bool, np.bool_, str, bytes)) or not hasattr(value, "__float__"):
        raise InvalidValue(f"{name} is a number of seconds, not {shown(value)}", f"/{name}")
    try:
        number = float(value)
    except OverflowError:
        return math.inf
    if math.isnan(number):
        raise InvalidValue(f"{name} is a number of seconds, not nan", f"/{name}")
    return number


def shown(value: Any) -> str:
    """A value as it stands in messages: cut, since it may be of any size, and never raising."""
    try:
        text = repr(value)
    except Exception:
        text = f"a {type(value).__name__}"
    return text if len(text) <= 80 else text[:77] + "..."


def _plain(value: Any, level: int) -> Any:
    kind = type(value)
    if kind is str:
        return value if value.isascii() else _text(value)
    if value is None or kind is bool:
        return value
    if kind is int:
        return _integer(value)
    if kind is float:
        return _float(value)
    if kind is dict:
        return _object(value, level)
    if kind is list:
        return _list(value, level)
    return _converted(value, level)


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _Refused(
            f"the text has half of a surrogate pair, {value[error.start]!a}, at character {error.start}, which UTF-8 "
            "does not have; decode it anew, or replace it"
        ) from None
    return value


def _integer(value: int) -> int:
    if _LEAST <= value <= _GREATEST:
        return value
    raise _Refused(f"a whole number of {value.bit_length()} bits is beyond 64 bits; give a text, or a float")


def _float(value: float) -> float:
    if math.isfinite(value):
        return value
    raise _Refused(f"{value} is no number of JSON; leave it out, or give None")


def _object(value: Mapping[Any, Any], level: int) -> dict[str, Any]:
    _check_depth(level)
    made: dict[str, Any] = {}
    for key, part in value.items():
        name = key if type(key) is str and key.isascii() else _name(key)
        if name in made:
            raise _Refused(f"two keys are {name!r} once they are texts; name each once")
        try:
            made[name] = _plain(part, level + 1)
        except _Refused as refused:
            refused.names.append(name)
            raise
    return made


def _name(key: Any) -> str:
    if not isinstance(key, str):
        raise _Refused(f"the key {shown(key)} is a {type(key).__name__}; keys are texts: give str(key)")
    try:
        return _text(str.__str__(key))
    except _Refused as refused:
        refused.reason = f"the key {shown(key)}: {refused.reason}"
        raise


def _list(value: list[Any] | tuple[Any, ...], level: int) -> list[Any]:
    _check_depth(level)
    made: list[Any] = []
    try:
        for part in value:
            made.append(_plain(part, level + 1))
    except _Refused as refused:
        refused.names.append(len(made))
        raise
    return made


def _check_depth(level: int) -> None:
    if level > DEPTH:
        raise _Refused(
            f"objects and lists are nested deeper than the {DEPTH} levels that a line may have; flatten them, or give "
            "the inner ones as a text"
        )


def _converted(value: Any, level: int) -> Any:
    """What is none of the types that JSON has, but may stand for one of them."""
    if isinstance(value, enum.Enum) and not isinstance(value, (str, int, float)):
        raise _refusal(value)
    if isinstance(value, str):
        return _text(str.__str__(value))
    if isinstance(value, int):
        return _integer(int.__int__(value))
    if isinstance(value, float):
        return _float(float.__float__(value))
    if isinstance(value, Mapping):
        return _object(value, level)
    if isinstance(value, (list, tuple)):
        return _list(value, level)
    if isinstance(value, datetime.date):  # datetime.datetime is one, too
        return moment_text(value)
    if isinstance(value, (np.generic, np.ndarray)):
        return _numpy(value, level)
    raise _refusal(value)


def moment_text(value: datetime.date) -> str:
    """The text of a date or a date and time, as `isoformat()` writes it. Raises `_Refused` for one that is none."""
    text = value.isoformat()
    if not text[:1].isdigit():  # pandas.NaT says that it is a datetime
        raise _Refused(f"{text} is no time; leave it out, or give None")
    return text


def _numpy(value: np.generic | np.ndarray[Any, Any], level: int) -> Any:
    if isinstance(value, np.ma.MaskedArray):
        raise _Refused(
            "a masked array: what stands in the places of masked values is yours to say: give value.filled(…)"
        )
    kind = value.dtype.kind
    if kind == "M":
        return _plain(_moments(value), level)
    if kind == "f" and value.dtype.itemsize > 8:  # long doubles are not Python's
        with np.errstate(over="ignore"):
            value = value.astype(np.float64)
    if kind not in "biufUO":
        raise _Refused(f"values of NumPy's type {value.dtype} have no form in JSON; give numbers, texts or lists")
    return _plain(value.tolist(), level)


def _moments(value: np.generic | np.ndarray[Any, Any]) -> Any:
    if bool(np.isnat(value).any()):
        raise _Refused("NaT is no time; leave it out, or give None")
    unit = np.datetime_data(value.dtype)[0]
    finest = "D" if unit in ("Y", "M", "W", "D") else "us"
    return value.astype(f"datetime64[{finest}]").tolist()


def _refusal(value: Any) -> _Refused:
    name = type(value).__name__
    for kinds, advice in _ADVICE:
        if isinstance(value, kinds):
            return _Refused(f"a {name} has no form in JSON; {advice}")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _Refused(f"{name} is a dataclass, which has no form in JSON; give dataclasses.asdict(value)")
    if hasattr(value, "__array__"):
        return _Refused(f"a {name} has no form in JSON; give a list of its values, or one number")
    return _Refused(f"a {name} has no form in JSON; give texts, numbers, booleans, None, lists or mappings")
