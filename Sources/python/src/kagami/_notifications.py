"""Lines that the engine writes unasked: progress for who asked for it, the rest for the client's handler."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ._values import shown
from .errors import InvalidValue

Handler = TypeVar("Handler")
_logger = logging.getLogger("kagami")

#: Called with the method and the parameters of a notification.
NotificationHandler = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long call is.

    Attributes:
        stage: What is being done, such as `rows` or `graph`.
        done: How many rows of it.
        total: Of how many.
    """

    stage: str
    done: int
    total: int


#: Called a few times a second while a long call goes on, and never after its answer.
ProgressHandler = Callable[[Progress], None]


def _callable(handler: Handler, name: str) -> Handler:
    if handler is not None and not callable(handler):
        raise InvalidValue(f"{name} is called with what is told; it is not {shown(handler)}", f"/{name}")
    return handler


class Notifications:
    """Who wants to be told of what."""

    def __init__(self, handler: NotificationHandler | None) -> None:
        """Takes the handler of all that belongs to no call."""
        self._handler = _callable(handler, "on_notification")
        self._calls: dict[str, ProgressHandler] = {}
        self._numbers = itertools.count(1)

    def open(self, handler: ProgressHandler | None) -> str | None:
        """A token under which the engine tells of a call; None where nobody listens."""
        if handler is None:
            return None
        _callable(handler, "progress")
        token = f"call-{next(self._numbers)}"
        self._calls[token] = handler
        return token

    def close(self, token: str | None) -> None:
        """Forgets a token."""
        if token is not None:
            self._calls.pop(token, None)

    def deliver(self, method: str, params: dict[str, Any]) -> None:
        """Tells whom it concerns; what a handler raises is logged and harms nobody."""
        try:
            call = self._calls.get(str(params.get("token"))) if method == "progress" else None
            if call is not None:
                call(Progress(str(params["stage"]), int(params["done"]), int(params["total"])))
            elif self._handler is not None:
                self._handler(method, params)
        except Exception:
            _logger.exception("the handler of notifications failed")
