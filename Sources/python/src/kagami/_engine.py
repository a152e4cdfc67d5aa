"""What the clients need of an engine, however it is reached."""

from __future__ import annotations

import os
import weakref
from abc import ABC, abstractmethod
from typing import Protocol

from .errors import EngineDied


class Engine(ABC):
    """An engine that answers, and what it is spoken with: descriptors that never block.

    Attributes:
        stdin: Where requests go.
        stdout: Where answers come from; another number than `stdin`.
        stderr: Where the engine's log comes from; None where it goes elsewhere.
        is_foreign: Whether it belongs to the process that this one was forked from.
    """

    stdin: int
    stdout: int
    stderr: int | None

    def __init__(self) -> None:
        """Remembers it for the case of a fork."""
        self.is_foreign = False
        _engines.add(self)

    @property
    @abstractmethod
    def pid(self) -> int:
        """The number of the engine's process."""

    @property
    @abstractmethod
    def has_ended(self) -> bool:
        """Whether there is nothing to wait for once it answers no more."""

    @abstractmethod
    def wait(self, seconds: float | None) -> None:
        """Waits for the end so long, or for as long as it takes."""

    @property
    @abstractmethod
    def ended_well(self) -> bool:
        """Whether it ended as it does when it is told that nothing more comes."""

    @abstractmethod
    def died(self) -> EngineDied:
        """How it ended."""

    @abstractmethod
    def terminate(self) -> None:
        """Asks for an end soon."""

    @abstractmethod
    def kill(self) -> None:
        """Brings the end about."""

    def read_stderr(self) -> bool:
        """Takes what is there of standard error; whether more may come."""
        return False

    @abstractmethod
    def close_stdin(self) -> None:
        """Tells the engine that nothing more comes."""

    @abstractmethod
    def close_pipes(self) -> None:
        """Lets go of all descriptors."""

    def forget(self) -> None:
        """Lets go of it in a child after a fork: it belongs to the parent."""
        self.is_foreign = True
        self.close_pipes()


class Source(Protocol):
    """Where engines come from: called for the first one, and for every one after an end."""

    def __call__(self) -> Engine:
        """Gives a new one. Raises EngineNotFound."""


_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


def _forget_all() -> None:
    for engine in list(_engines):
        engine.forget()


os.register_at_fork(after_in_child=_forget_all)
