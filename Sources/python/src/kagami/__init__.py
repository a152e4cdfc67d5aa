"""Kagami: what an embedding resembles, and whose it is.

A `Client` runs `kagami serve` as a co-process and asks it; `kagami.aio.AsyncClient` is its twin for asyncio.

    import kagami

    with kagami.Client("art.kagami") as client:
        found = client.search(vectors, k=5)  # vectors: shape (n, d)
        found.keys, found.scores             # shape (n, 5), best first

`Client.connect` and `AsyncClient.connect` share an engine that `kagami serve --socket` runs.
"""

from ._notifications import Progress
from ._requests import CommonOptions, SearchOptions
from .client import Client, Pending
from .errors import (
    CallTimeout,
    Cancelled,
    ClientClosed,
    Conflict,
    ConnectionLost,
    DeadlineExceeded,
    EngineDied,
    EngineError,
    EngineNotFound,
    InternalError,
    InvalidParams,
    InvalidRequest,
    InvalidValue,
    KagamiError,
    MethodNotFound,
    NotFound,
    NotReady,
    Overloaded,
    ProtocolViolation,
    ReadOnly,
    ResourceExhausted,
    ShuttingDown,
    Stale,
    StorageError,
    TooLarge,
    UnsupportedVersion,
)
from .results import (
    Failure,
    Group,
    Hit,
    Item,
    ItemsResult,
    Permission,
    RemoveResult,
    SearchResult,
    UpsertResult,
)

__version__ = "0.1.0"

__all__ = [
    "CallTimeout",
    "Cancelled",
    "Client",
    "ClientClosed",
    "CommonOptions",
    "Conflict",
    "ConnectionLost",
    "DeadlineExceeded",
    "EngineDied",
    "EngineError",
    "EngineNotFound",
    "Failure",
    "Group",
    "Hit",
    "InternalError",
    "InvalidParams",
    "InvalidRequest",
    "InvalidValue",
    "Item",
    "ItemsResult",
    "KagamiError",
    "MethodNotFound",
    "NotFound",
    "NotReady",
    "Overloaded",
    "Pending",
    "Permission",
    "Progress",
    "ProtocolViolation",
    "ReadOnly",
    "RemoveResult",
    "ResourceExhausted",
    "SearchOptions",
    "SearchResult",
    "ShuttingDown",
    "Stale",
    "StorageError",
    "TooLarge",
    "UnsupportedVersion",
    "UpsertResult",
]
