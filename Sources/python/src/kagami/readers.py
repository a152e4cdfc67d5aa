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
    array = _opened(path, lambda: np.load(path, mmap_mode="r"))
    if not isinstance(array, np.ndarray):
        raise ValueError(f"{path} is an archive of arrays; save the matrix with numpy.save")
    return _of_matrix(path, array, rows)


def fvecs(path: PathLike, *, rows: int = ROWS) -> VectorFile:
    """Vectors that each begin with their length: int32, then float32."""
    rows = _rows(rows)
    if os.path.getsize(path) == 0:
        raise ValueError(f"{path} is empty")
    if os.path.getsize(path) % 4:
        raise ValueError(f"{path} is cut off: it is no whole number of 4-byte words")
    words = np.memmap(path, np.dtype("<i4"), "r")
    dimension = int(words[0])
    if dimension < 1 or len(words) % (dimension + 1):
        raise ValueError(
            f"{path} does not hold whole vectors of {dimension} numbers, as its first word says{_guess(path)}"
        )
    table = words.reshape(-1, dimension + 1)

    def blocks() -> Iterator[Block]:
        for start in range(0, len(table), rows):
            block = table[start : start + rows]
            wrong = np.flatnonzero(block[:, 0] != dimension)
            if len(wrong):
                number = start + int(wrong[0])
                raise ValueError(f"{path}: vector {number} has another length than {dimension}{_guess(path)}")
            yield np.ascontiguousarray(block[:, 1:]).view("<f4")

    return VectorFile(path, len(table), dimension, blocks)


def fbin(path: PathLike, *, rows: int = ROWS) -> VectorFile:
    """A matrix that begins with its shape: two uint32, then float32."""
    head = np.fromfile(path, np.dtype("<u4"), 2)
    if len(head) < 2:
        raise ValueError(f"{path} is too short for a header")
    count, dimension = map(int, head)
    if dimension < 1 or os.path.getsize(path) != 8 + 4 * count * dimension:
        raise ValueError(
            f"{path} does not hold {count} vectors of {dimension} numbers, as its header says{_guess(path)}"
        )
    if count == 0:
        return VectorFile(path, 0, dimension, lambda: iter(()))
    return _of_matrix(path, np.memmap(path, np.dtype("<f4"), "r", 8, (count, dimension)), rows)


def _guess(path: PathLike) -> str:
    """What a file of numbers seems to be instead, from its size and its first words; empty where nothing fits."""
    size = os.path.getsize(path)
    words = np.fromfile(path, np.dtype("<u4"), 4).tolist()
    if len(words) < 4:
        return ""
    if words[1] > 0 and size == 8 + 4 * words[0] * words[1]:
        return f"; it seems to be an .fbin file of {words[0]} vectors of {words[1]} numbers: readers.fbin(path)"
    if words[1] == words[3] == 0 and words[2] > 0 and size == 16 + 4 * words[0] * words[2]:
        return f"; its header seems to be {words[0]} and {words[2]} in 64 bits each: write them in 32 bits"
    if 0 < words[0] < 1 << 16 and size % (4 * words[0] + 4) == 0:
        return f"; it seems to be an .fvecs file of vectors of {words[0]} numbers: readers.fvecs(path)"
    return ""


def parquet(path: PathLike, *, column: str | None = None, rows: int = ROWS) -> VectorFile:
    """A column of lists of numbers in a parquet file (needs the `parquet` extra).

    Args:
        path: The file.
        column: The column's name; the only column of lists unless given.
        rows: How many vectors a block has.
    """
    try:
        import pyarrow.parquet as files

        from . import _parquet
    except ImportError as error:
        raise ImportError("parquet files need pyarrow: pip install 'kagami[parquet]'") from error
    rows = _rows(rows)
    with _opened(path, lambda: files.ParquetFile(path)) as file:
        name = _parquet.column_of(path, file.schema_arrow, column)
        count = file.metadata.num_rows

    def blocks() -> Iterator[Block]:
        start, dimension = 0, None
        with files.ParquetFile(path) as again:
            for batch in again.iter_batches(batch_size=rows, columns=[name]):
                if batch.num_rows == 0:
                    continue
                block = _parquet.matrix(batch.column(0), f"{path}, column {name}", start, dimension)
                dimension = block.shape[1]
                start += batch.num_rows
                yield block

    first = next(blocks(), np.empty((0, 0)))
    return VectorFile(path, count, first.shape[1], blocks)


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
    rows = _rows(rows)
    with _opened(path, lambda: h5py.File(path, "r")) as file:
        found: list[str] = []

        def visit(name: str, node: Any) -> None:
            if isinstance(node, h5py.Dataset) and node.ndim == 2 and node.dtype.kind in "fiu":
                found.append(name)

        file.visititems(visit)
        if dataset is None:
            if len(found) != 1:
                raise ValueError(
                    f"{path} has {len(found)} matrices of numbers ({', '.join(found) or 'none'}): name one"
                )
            dataset = found[0]
        elif dataset not in found:
            raise ValueError(f"{path} has no matrix of numbers {dataset!r}, but {', '.join(found) or 'none'}")
        count, dimension = file[dataset].shape
    name = dataset

    def blocks() -> Iterator[Block]:
        with h5py.File(path, "r") as again:
            table = again[name]
            for start in range(0, count, rows):
                yield table[start : start + rows]

    return VectorFile(path, int(count), int(dimension), blocks)


def _of_matrix(path: PathLike, array: npt.NDArray[Any], rows: int) -> VectorFile:
    rows = _rows(rows)
    if array.ndim != 2 or array.shape[1] == 0:
        raise ValueError(f"{path} has shape {array.shape}, not (vectors, numbers)")
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{path} holds {array.dtype}, not real numbers")

    def blocks() -> Iterator[Block]:
        for start in range(0, len(array), rows):
            yield np.array(array[start : start + rows])

    return VectorFile(path, len(array), array.shape[1], blocks)


def _rows(rows: int) -> int:
    if isinstance(rows, bool) or not isinstance(rows, (int, np.integer)) or rows < 1:
        raise ValueError(f"rows is a whole number from 1, not {rows!r}")
    return int(rows)


def _opened(path: PathLike, open: Callable[[], Any]) -> Any:
    """What a library opens; what it says of a file that is not what it should be, with the file's name."""
    try:
        return open()
    except FileNotFoundError:
        raise
    except (ValueError, EOFError, OSError) as error:
        if os.path.isdir(path) or not os.access(path, os.R_OK):
            raise
        ending = Path(path).suffix
        raise ValueError(f"{path} cannot be read as {ending or 'what it should be'}: {error}") from error


_PLAIN: dict[str, Callable[..., VectorFile]] = {".npy": npy, ".fvecs": fvecs, ".fbin": fbin}
