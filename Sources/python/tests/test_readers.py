"""Files of vectors, sound and damaged."""

import struct

import numpy as np
import pytest

import kagami
from kagami import readers

ROWS = np.arange(70, dtype=np.float32).reshape(10, 7)


def write_fvecs(path, rows):
    path.write_bytes(b"".join(struct.pack("<i", len(row)) + row.astype("<f4").tobytes() for row in rows))
    return path


def write_fbin(path, rows):
    path.write_bytes(struct.pack("<II", *rows.shape) + rows.astype("<f4").tobytes())
    return path


def write_npy(path, rows):
    np.save(path, rows)
    return path


def write_hdf5(path, rows, **others):
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        file["group/vectors"] = rows
        file["distances"] = np.zeros(3)
        for name, value in others.items():
            file[name] = value
    return path


def write_parquet(path, rows, kind=None, **others):
    pa = pytest.importorskip("pyarrow")
    files = pytest.importorskip("pyarrow.parquet")
    vectors = pa.array([None if row is None else list(row) for row in rows], kind or pa.list_(pa.float32()))
    files.write_table(pa.table({"id": list(range(len(rows))), "embedding": vectors, **others}), path, row_group_size=4)
    return path


WRITERS = {
    "a.npy": write_npy,
    "a.fvecs": write_fvecs,
    "a.fbin": write_fbin,
    "a.h5": write_hdf5,
    "a.hdf5": write_hdf5,
    "a.parquet": write_parquet,
}


@pytest.mark.parametrize("name", WRITERS)
def test_files_come_back_in_blocks(tmp_path, name):
    path = WRITERS[name](tmp_path / name, ROWS)
    file = readers.read(path, rows=3)
    assert len(file) == 10
    assert file.dimension == 7
    assert name in repr(file)
    for _ in range(2):
        blocks = list(file)
        assert max(map(len, blocks)) <= 3
        assert np.array_equal(np.concatenate(blocks), ROWS)
        assert all(block.dtype == np.float32 for block in blocks)


def test_half_precision_stays(tmp_path):
    (block,) = readers.npy(write_npy(tmp_path / "a.npy", ROWS.astype(np.float16)))
    assert block.dtype == np.float16


@pytest.mark.parametrize("kind", ["fixed", "large", "double", "half"])
def test_parquet_of_every_kind(tmp_path, kind):
    pa = pytest.importorskip("pyarrow")
    types = {
        "fixed": pa.list_(pa.float32(), 7),
        "large": pa.large_list(pa.float32()),
        "double": pa.list_(pa.float64()),
        "half": pa.list_(pa.float16()),
    }
    rows = ROWS.astype(np.float16) if kind == "half" else ROWS
    file = readers.read(write_parquet(tmp_path / "a.parquet", rows, types[kind]), column="embedding")
    assert np.array_equal(np.concatenate(list(file)), ROWS)


def test_columns_must_be_clear(tmp_path):
    with pytest.raises(ValueError, match="2 columns of lists"):
        readers.read(write_parquet(tmp_path / "a.parquet", ROWS, other=[[1.0]] * 10))
    with pytest.raises(ValueError, match="no column of lists 'id'"):
        readers.read(tmp_path / "a.parquet", column="id")
    with pytest.raises(ValueError, match="2 matrices"):
        readers.read(write_hdf5(tmp_path / "a.h5", ROWS, test=ROWS))
    with pytest.raises(ValueError, match="no matrix 'train'"):
        readers.read(tmp_path / "a.h5", column="train")
    assert len(readers.read(tmp_path / "a.h5", column="test")) == 10


def test_damaged_parquet(tmp_path):
    ragged = write_parquet(tmp_path / "a.parquet", [[1.0, 2.0], [1.0], [1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="different lengths"):
        list(readers.read(ragged))
    missing = write_parquet(tmp_path / "b.parquet", [[1.0], [2.0], None])
    with pytest.raises(ValueError, match="row 2 has no vector"):
        list(readers.read(missing))
    null = write_parquet(tmp_path / "c.parquet", [[1.0], [None]])
    with pytest.raises(ValueError, match="null"):
        list(readers.read(null))


def test_damaged_files(tmp_path):
    path = write_fvecs(tmp_path / "a.fvecs", ROWS)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(ValueError, match="whole vectors"):
        readers.read(path)
    path.write_bytes(b"abc")
    with pytest.raises(ValueError, match="cut off"):
        readers.read(path)
    path.write_bytes(b"")
    with pytest.raises(ValueError, match="empty"):
        readers.read(path)
    words = np.frombuffer(write_fvecs(path, ROWS).read_bytes(), "<i4").copy()
    words[16] = 6
    path.write_bytes(words.tobytes())
    with pytest.raises(ValueError, match="vector 2 has another length"):
        list(readers.read(path))
    path = write_fbin(tmp_path / "a.fbin", ROWS)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ValueError, match="as its header says"):
        readers.read(path)
    path.write_bytes(b"x")
    with pytest.raises(ValueError, match="too short"):
        readers.read(path)
    assert list(readers.read(write_fbin(path, ROWS[:0]))) == []
    with pytest.raises(ValueError, match="shape"):
        readers.read(write_npy(tmp_path / "b.npy", ROWS[0]))
    with pytest.raises(ValueError, match="no columns"):
        readers.read(tmp_path / "b.npy", column="x")
    with pytest.raises(ValueError, match="read from"):
        readers.read("x.csv")
    with pytest.raises(FileNotFoundError):
        readers.read(tmp_path / "none.npy")


@pytest.mark.parametrize("module, call", [("pyarrow", readers.parquet), ("h5py", readers.hdf5)])
def test_missing_extras_say_how_to_get_them(monkeypatch, module, call):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(ImportError, match=r"pip install 'kagami\["):
        call("a.file")


def test_searching_a_file(client, queries, tmp_path, capsys):
    pytest.importorskip("tqdm")
    path = write_npy(tmp_path / "q.npy", queries)
    expected = client.search(queries, k=2).keys
    found = client.search_all(readers.read(path, rows=77), k=2, progress=True)
    assert np.array_equal(found.keys, expected)
    assert "450/450" in capsys.readouterr().err
    parquet = readers.read(write_parquet(tmp_path / "q.parquet", queries.astype(np.float32)))
    assert np.array_equal(client.search_all(parquet, k=2).keys, expected)
    assert isinstance(found, kagami.SearchResult)
