"""Vectors from files, a block at a time: `.npy`, `.fvecs`, `.fbin`, and with extras parquet and HDF5.

    from kagami import readers

    for result in client.search_iter(readers.read("frames.npy"), k=5):
        ...

Every reader knows its `len` and its `dimension`, can be iterated again, and keeps one block in memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Block = npt.NDArray[Any]
PathLike = str | os.PathLike[str]

#: Rows of a block unless told otherwise.
ROWS = 4096


class VectorFile(Iterable[Block]):
    """Blocks of shape (up to `rows`, `dimension`), in the order of the file.

    Attributes:
        path: The file.
        dimension: How many numbers a vector has.
    """

    def __init__(self, path: PathLike, count: int, dimension: int, blocks: Callable[[], Iterator[Block]]) -> None:
        """Takes what the file holds, and what begins to read it."""
        self.path = Path(path)
        self.dimension = dimension
        self._count = count
        self._blocks = blocks

    def __len__(self) -> int:
        """How many vectors there are."""
        return self._count

    def __iter__(self) -> Iterator[Block]:
        """Begins at the first vector."""
        return self._blocks()

    def __repr__(self) -> str:
        """Name and shape."""
        return f"<VectorFile {self.path}: {len(self)} vectors of {self.dimension} numbers>"


def read(path: PathLike, *, rows: int = ROWS, column: str | None = None) -> VectorFile:
    """Opens a file of vectors by its ending.

    Args:
        path: `.npy`, `.fvecs`, `.fbin`, `.parquet`, `.h5` or `.hdf5`.
        rows: How many vectors a block has.
        column: The column of a parquet file, or the dataset of an HDF5 file; needed where there are several.

    Raises:
        ValueError: The ending is another, or the file is not what it should be.
        ImportError: The extra for it is not installed.
    """
    ending = Path(path).suffix.lower()
    if column is None and ending in _PLAIN:
        return _PLAIN[ending](path, rows=rows)
    if ending == ".parquet":
        return parquet(path, column=column, rows=rows)
    if ending in (".h5", ".hdf5"):
        return hdf5(path, dataset=column, rows=rows)
    if ending in _PLAIN:
        raise ValueError(f"{path}: a {ending} file has no columns")
    raise ValueError(f"{path}: vectors are read from .npy, .fvecs, .fbin, .parquet, .h5 and .hdf5 files")


def npy(path: PathLike, *, rows: int = ROWS) -> VectorFile:
    """A NumPy array of shape (n, d), mapped into memory."""
    array = np.load(path, mmap_mode="r")
    return _of_matrix(path, array, rows)


def fvecs(path: PathLike, *, rows: int = ROWS) -> VectorFile:
    """Vectors that each begin with their length: int32, then float32."""
    if os.path.getsize(path) == 0:
        raise ValueError(f"{path} is empty")
    if os.path.getsize(path) % 4:
        raise ValueError(f"{path} is cut off: it is no whole number of 4-byte words")
    words = np.memmap(path, np.dtype("<i4"), "r")
    dimension = int(words[0])
    if dimension < 1 or len(words) % (dimension + 1):
        raise ValueError(f"{path} does not hold whole vectors of {dimension} numbers, as its first word says")
    table = words.reshape(-1, dimension + 1)

    def blocks() -> Iterator[Block]:
        for start in range(0, len(table), rows):
            block = table[start : start + rows]
            wrong = np.flatnonzero(block[:, 0] != dimension)
            if len(wrong):
                raise ValueError(f"{path}: vector {start + int(wrong[0])} has another length than {dimension}")
            yield np.ascontiguousarray(block[:, 1:]).view("<f4")

    return VectorFile(path, len(table), dimension, blocks)


def fbin(path: PathLike, *, rows: int = ROWS) -> VectorFile:
    """A matrix that begins with its shape: two uint32, then float32."""
    head = np.fromfile(path, np.dtype("<u4"), 2)
    if len(head) < 2:
        raise ValueError(f"{path} is too short for a header")
    count, dimension = map(int, head)
    if dimension < 1 or os.path.getsize(path) != 8 + 4 * count * dimension:
        raise ValueError(f"{path} does not hold {count} vectors of {dimension} numbers, as its header says")
    if count == 0:
        return VectorFile(path, 0, dimension, lambda: iter(()))
    return _of_matrix(path, np.memmap(path, np.dtype("<f4"), "r", 8, (count, dimension)), rows)


def parquet(path: PathLike, *, column: str | None = None, rows: int = ROWS) -> VectorFile:
    """A column of lists of numbers in a parquet file (needs the `parquet` extra).

    Args:
        path: The file.
        column: The column's name; the only column of lists unless given.
        rows: How many vectors a block has.
    """
    try:
        import pyarrow as arrow
        import pyarrow.parquet as files
    except ImportError as error:
        raise ImportError("parquet files need pyarrow: pip install 'kagami[parquet]'") from error
    file = files.ParquetFile(path)
    lists = [field.name for field in file.schema_arrow if _is_list(field.type, arrow)]
    if column is None:
        if len(lists) != 1:
            raise ValueError(f"{path} has {len(lists)} columns of lists ({', '.join(lists) or 'none'}): name one")
        column = lists[0]
    elif column not in lists:
        raise ValueError(f"{path} has no column of lists {column!r}, but {', '.join(lists) or 'none'}")
    name = column

    def blocks() -> Iterator[Block]:
        start = 0
        with files.ParquetFile(path) as again:
            for batch in again.iter_batches(batch_size=rows, columns=[name]):
                yield _list_matrix(batch.column(0), f"{path}, column {name}", start)
                start += batch.num_rows

    count = file.metadata.num_rows
    file.close()
    first = next(blocks(), np.empty((0, 0)))
    return VectorFile(path, count, first.shape[1], blocks)


def _is_list(kind: Any, arrow: Any) -> bool:
    types = arrow.types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _list_matrix(column: Any, name: str, start: int) -> Block:
    """A column of lists as a matrix; rows are counted from `start` in what is raised."""
    if column.null_count:
        row = next(i for i, valid in enumerate(column.is_valid()) if not valid.as_py())
        raise ValueError(f"{name}: row {start + row} has no vector")
    lengths = [len(value) for value in column[:1]]
    dimension = lengths[0] if lengths else 0
    numbers = column.flatten()
    if numbers.null_count:
        raise ValueError(f"{name}: a vector from row {start} on has a number that is null")
    flat = numbers.to_numpy(zero_copy_only=False)
    if len(flat) != len(column) * dimension or not _all_as_long(column, dimension):
        raise ValueError(f"{name}: vectors from row {start} on have different lengths")
    return np.asarray(flat).reshape(len(column), dimension)


def _all_as_long(column: Any, dimension: int) -> bool:
    import pyarrow.compute as compute

    lengths = compute.list_value_length(column)
    return bool(compute.all(compute.equal(lengths, dimension)).as_py() in (True, None))


def hdf5(path: PathLike, *, dataset: str | None = None, rows: int = ROWS) -> VectorFile:
    """A dataset of shape (n, d) in an HDF5 file (needs the `hdf5` extra).

    Args:
        path: The file.
        dataset: Its name, such as `test`; the only dataset of two dimensions unless given.
        rows: How many vectors a block has.
    """
    try:
        import h5py
    except ImportError as error:
        raise ImportError("HDF5 files need h5py: pip install 'kagami[hdf5]'") from error
    with h5py.File(path, "r") as file:
        found: list[str] = []

        def visit(name: str, node: Any) -> None:
            if isinstance(node, h5py.Dataset) and node.ndim == 2:
                found.append(name)

        file.visititems(visit)
        if dataset is None:
            if len(found) != 1:
                raise ValueError(f"{path} has {len(found)} matrices ({', '.join(found) or 'none'}): name one")
            dataset = found[0]
        elif dataset not in found:
            raise ValueError(f"{path} has no matrix {dataset!r}, but {', '.join(found) or 'none'}")
        count, dimension = file[dataset].shape
    name = dataset

    def blocks() -> Iterator[Block]:
        with h5py.File(path, "r") as again:
            table = again[name]
            for start in range(0, count, rows):
                yield table[start : start + rows]

    return VectorFile(path, int(count), int(dimension), blocks)


def _of_matrix(path: PathLike, array: npt.NDArray[Any], rows: int) -> VectorFile:
    if array.ndim != 2:
        raise ValueError(f"{path} has shape {array.shape}, not (vectors, numbers)")

    def blocks() -> Iterator[Block]:
        for start in range(0, len(array), rows):
            yield np.array(array[start : start + rows])

    return VectorFile(path, len(array), array.shape[1], blocks)


_PLAIN: dict[str, Callable[..., VectorFile]] = {".npy": npy, ".fvecs": fvecs, ".fbin": fbin}
