"""From an answer's line to what a call returns or raises."""

from __future__ import annotations

from typing import TypeVar

from ._json import Unreadable, loads
from ._requests import Request
from .errors import ProtocolViolation, engine_error

T = TypeVar("T")


class NotJSON(ProtocolViolation):
    """A line that began like an answer and is none: nothing that follows can be trusted."""


def result_of(request: Request[T], line: bytes) -> T:
    """Reads a line.

    Raises:
        EngineError: The engine refused the request.
        ProtocolViolation: The line is no answer to it.
    """
    try:
        answer = loads(line)
    except Unreadable as odd:  # the line is whole, and those after it are none the worse
        raise ProtocolViolation(
            f"the answer to {request.method} holds what Python cannot: {odd}; ask for less, such as "
            "with_attributes=False, or store that item anew",
            line,
        ) from None
    except ValueError:
        raise NotJSON("the engine wrote a line that is no JSON", line) from None
    if "error" in answer:
        raise engine_error(answer["error"])
    try:
        return request.decode(answer["result"])
    except (TypeError, ValueError, AttributeError, LookupError, OverflowError) as error:
        raise ProtocolViolation(f"the answer to {request.method} has another shape ({error!r})", line) from error
