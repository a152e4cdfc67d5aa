"""Dates and times on their way to the engine, which takes instants in UTC to the millisecond.

What Python's `isoformat()` writes is taken wherever the protocol has a time, and so are dates and times themselves.
A time without a zone is one in UTC, as all times of the protocol are; finer fractions than milliseconds are cut off.
Dates that the engine keeps as they are written are sent so, too.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ._values import shown
from .errors import InvalidValue

#: Parameters that are instants, of whatever method.
_INSTANTS = frozenset({"valid_from", "valid_until", "granted_at", "revoked_at"})
#: Parameters that are dates of the register, which the engine keeps as they are written.
_KEPT = frozenset({"joined_at", "first_published"})
#: Members of `use` that are instants.
_OF_USE = frozenset({"at", "as_known_at"})
_NAMES = _INSTANTS | _KEPT | {"use"}

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_MONTH = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?", re.ASCII)
#: How the engine itself reads a time.
_WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d(?::\d\d)?)?)?", re.ASCII
)
_TIME = re.compile(
    r"[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?"
    r"(?:(Z)|([+-])(\d\d):?(\d\d)(?::?(\d\d)(?:\.(\d{1,6}))?)?)?",
    re.ASCII | re.IGNORECASE,
)
_EXPECTED = "give a datetime, a date, or a text such as 2025-03-01T09:30:00+09:00 or 2025-03-01"


def dated(params: Mapping[str, Any], pointer: str = "/params") -> Mapping[str, Any]:
    """Parameters with their dates as the engine takes them; the same object where there are none.

    Raises:
        InvalidValue: One of them is no date; it says what is wrong about it.
    """
    if _NAMES.isdisjoint(params):
        return params
    changed: dict[str, Any] = {}
    for name in params.keys() & _INSTANTS:
        changed[name] = instant(params[name], f"{pointer}/{name}")
    for name in params.keys() & _KEPT:
        value = params[name]
        # A year or a month may be all that is known of a publication.
        if not (name == "first_published" and isinstance(value, str) and _MONTH.fullmatch(value)):
            changed[name] = _kept(value, f"{pointer}/{name}")
    use = params.get("use")
    if isinstance(use, Mapping):
        changed["use"] = {
            name: instant(value, f"{pointer}/use/{name}") if name in _OF_USE else value for name, value in use.items()
        }
    return {**params, **changed} if changed else params


def instant(value: Any, pointer: str) -> str | None:
    """A date or a time as the protocol's text; None stays None.

    Raises:
        InvalidValue: It is none.
    """
    if value is None:
        return None
    try:
        if isinstance(value, np.datetime64):
            value = _of_numpy(value)
        if isinstance(value, datetime.datetime):
            return _of_datetime(value)
        if isinstance(value, datetime.date):
            return f"{value.year:04}-{value.month:02}-{value.day:02}"
        if isinstance(value, str):
            return _of_text(value)
    except (ValueError, OverflowError) as error:
        raise InvalidValue(f"{shown(value)} is no date: {_reason(error)}; {_EXPECTED}", pointer) from None
    hint = ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        hint = "; seconds since 1970 are datetime.fromtimestamp(seconds, timezone.utc)"
    raise InvalidValue(f"expected a date, not a {type(value).__name__}: {_EXPECTED}{hint}", pointer)


def _kept(value: Any, pointer: str) -> str | None:
    """A date or a time as it was written, or as `isoformat()` writes it, once it is known to be one."""
    made = instant(value, pointer)
    if isinstance(value, np.datetime64):
        value = _of_numpy(value)
    text = value.isoformat() if isinstance(value, datetime.date) else value
    return text if isinstance(text, str) and _WRITTEN.fullmatch(text) else made


def _of_numpy(value: np.datetime64) -> datetime.date:
    if np.isnat(value):
        raise ValueError("it is not a time")
    unit = np.datetime_data(value.dtype)[0]
    plain: Any = value.astype("datetime64[D]" if unit in ("Y", "M", "W", "D") else "datetime64[us]").item()
    if not isinstance(plain, datetime.date):  # beyond Python's years it is a number
        raise ValueError("its year is not one of 1 to 9999")
    return plain


def _of_datetime(value: datetime.datetime) -> str:
    if value != value:  # pandas.NaT
        raise ValueError("it is not a time")
    if value.utcoffset() is not None:
        value = value.astimezone(datetime.timezone.utc)
    date = f"{value.year:04}-{value.month:02}-{value.day:02}"
    fraction = f".{value.microsecond // 1000:03}" if value.microsecond >= 1000 else ""
    return f"{date}T{value.hour:02}:{value.minute:02}:{value.second:02}{fraction}Z"


def _of_text(text: str) -> str:
    date = _DATE.match(text)
    if date is None:
        raise ValueError("it does not begin with year, month and day, such as 2025-03-01")
    day = datetime.date(*map(int, date.groups()))
    if date.end() == len(text):
        return text
    time = _TIME.fullmatch(text, date.end())
    if time is None:
        raise ValueError(f"what follows the day, {shown(text[date.end() :])}, is no time such as T09:30:00+09:00")
    hour, minute, second, fraction = time.group(1), time.group(2) or 0, time.group(3) or 0, time.group(4) or ""
    clock = datetime.time(int(hour), int(minute), int(second), int(fraction[:6].ljust(6, "0")))
    return _of_datetime(datetime.datetime.combine(day, clock, _zone(time)))


def _zone(time: re.Match[str]) -> datetime.timezone:
    sign, hours, minutes, seconds, micros = time.group(6, 7, 8, 9, 10)
    if sign is None:
        return datetime.timezone.utc
    if int(hours) > 23 or int(minutes) > 59 or int(seconds or 0) > 59:
        raise ValueError(f"its distance from UTC, {sign}{hours}:{minutes}, is none of a day")
    offset = datetime.timedelta(
        hours=int(hours),
        minutes=int(minutes),
        seconds=int(seconds or 0),
        microseconds=int((micros or "").ljust(6, "0")),
    )
    return datetime.timezone(-offset if sign == "-" else offset)


def _reason(error: Exception) -> str:
    return "in UTC it is before the year 1 or after 9999" if isinstance(error, OverflowError) else str(error)
