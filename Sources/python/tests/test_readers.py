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
    with pytest.raises(ValueError, match="no column of lists of numbers 'id': it holds int64"):
        readers.read(tmp_path / "a.parquet", column="id")
    with pytest.raises(ValueError, match="2 matrices"):
        readers.read(write_hdf5(tmp_path / "a.h5", ROWS, test=ROWS))
    with pytest.raises(ValueError, match="no matrix of numbers 'train'"):
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


def test_parquet_blocks_of_another_width_name_the_row(tmp_path):
    """Each row group is even in itself, so that only the file as a whole is not."""
    rows = [[1.0, 2.0]] * 4 + [[1.0, 2.0, 3.0]] * 4
    path = write_parquet(tmp_path / "a.parquet", rows)
    for size in (4, 3, 100):
        with pytest.raises(ValueError, match="row 4 has 3 numbers, those before it have 2"):
            list(readers.read(path, rows=size))
    path = write_parquet(tmp_path / "b.parquet", [[1.0, 2.0]] * 6 + [[1.0], [1.0, 2.0, 3.0]])
    with pytest.raises(ValueError, match="row 6 has 1 numbers"):
        list(readers.read(path))
    path = write_parquet(tmp_path / "c.parquet", [[1.0, 2.0]] * 5 + [[1.0, None]])
    with pytest.raises(ValueError, match="row 5 has a null in place of number 1"):
        list(readers.read(path, rows=2))
    with pytest.raises(ValueError, match="row 0 has an empty vector"):
        readers.read(write_parquet(tmp_path / "d.parquet", [[], []]))
    assert list(readers.read(write_parquet(tmp_path / "e.parquet", []))) == []


def test_parquet_columns_of_other_things_are_no_vectors(tmp_path):
    pa = pytest.importorskip("pyarrow")
    import datetime

    others = {
        "texts": pa.array([["a", "b"]] * 10),
        "flags": pa.array([[True, False]] * 10),
        "dates": pa.array([[datetime.date(2025, 3, 1)]] * 10),
        "nested": pa.array([[[1.0], [2.0]]] * 10),
        "title": pa.array(["a"] * 10),
    }
    path = write_parquet(tmp_path / "a.parquet", ROWS, **others)
    assert np.array_equal(np.concatenate(list(readers.read(path))), ROWS)
    for name, kind in zip(others, ["string", "bool", "date32", "list", "string"], strict=True):
        with pytest.raises(ValueError, match=f"no column of lists of numbers '{name}': it holds .*{kind}"):
            readers.read(path, column=name)
    with pytest.raises(ValueError, match="there is no such column"):
        readers.read(path, column="nowhere")
    path = write_parquet(tmp_path / "b.parquet", [["1", "2"]], pa.list_(pa.string()))
    with pytest.raises(ValueError, match=r"0 columns .*embedding \(list<"):
        readers.read(path)


@pytest.mark.parametrize(
    "array, words",
    [
        (np.ones((2, 2), complex), "complex128"),
        (np.ones((2, 2), bool), "bool"),
        (np.array([["a", "b"]]), "<U1"),
        (np.array([["2025-03-01"]], "M8[D]"), "datetime64"),
        (np.zeros((2, 2), [("a", "f4")]), "'a'"),
        (np.array([[1, {}]], object), "Python objects"),
        (np.ones((3, 0)), "shape"),
        (np.ones((3, 2, 2)), "shape"),
    ],
)
def test_arrays_that_are_no_vectors(tmp_path, array, words):
    with pytest.raises(ValueError, match=words) as caught:
        readers.read(write_npy(tmp_path / "a.npy", array))
    assert "a.npy" in str(caught.value)


@pytest.mark.parametrize("kind", [">f4", ">f8", "<i8", ">u2", "f2"])
def test_arrays_of_every_number(client, tmp_path, queries, kind):
    rows = np.asfortranarray(np.round(queries[:20].astype(np.float64) * 100).clip(0, 100).astype(kind))
    rows[:, 0] = 1
    found = client.search_all(readers.read(write_npy(tmp_path / "a.npy", rows), rows=7), k=2)
    assert np.array_equal(found.keys, client.search(rows.astype(np.float32), k=2).keys)


def test_files_of_another_kind_are_named(tmp_path):
    path = tmp_path / "a.npy"
    for content in (b"", b"hello, this is a text", b"\x93NUMPY\x01\x00"):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"a\.npy cannot be read as \.npy"):
            readers.read(path)
    write_npy(path, ROWS)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(ValueError, match=r"a\.npy cannot be read"):
        readers.read(path)
    np.savez(tmp_path / "b.npz", ROWS)
    (tmp_path / "b.npz").rename(path)
    with pytest.raises(ValueError, match="archive of arrays"):
        readers.read(path)
    for ending in (".h5", ".parquet"):
        pytest.importorskip("h5py" if ending == ".h5" else "pyarrow")
        other = tmp_path / f"a{ending}"
        other.write_bytes(b"hello, this is a text")
        with pytest.raises(ValueError, match=f"a{ending} cannot be read as {ending}"):
            readers.read(other)


def test_endings_that_are_mistaken_are_guessed(tmp_path):
    path = write_fvecs(tmp_path / "a.fbin", ROWS)
    with pytest.raises(ValueError, match=r"seems to be an \.fvecs file of vectors of 7 numbers"):
        readers.read(path)
    path = write_fbin(tmp_path / "a.fvecs", ROWS)
    with pytest.raises(ValueError, match=r"seems to be an \.fbin file of 10 vectors of 7 numbers"):
        list(readers.read(path))
    path = tmp_path / "b.fbin"
    path.write_bytes(struct.pack("<QQ", *ROWS.shape) + ROWS.tobytes())
    with pytest.raises(ValueError, match="10 and 7 in 64 bits"):
        readers.read(path)


@pytest.mark.parametrize("rows", [0, -1, 1.5, True, "3"])
@pytest.mark.parametrize("name", WRITERS)
def test_blocks_of_no_rows_are_refused(tmp_path, name, rows):
    with pytest.raises(ValueError, match="rows is a whole number from 1"):
        readers.read(WRITERS[name](tmp_path / name, ROWS), rows=rows)


def test_hdf5_of_other_things(tmp_path):
    path = write_hdf5(tmp_path / "a.h5", ROWS, flags=np.ones((3, 2), bool), parts=np.ones((3, 2), complex))
    assert len(readers.read(path)) == 10
    with pytest.raises(ValueError, match="no matrix of numbers 'flags'"):
        readers.read(path, column="flags")


def test_a_bad_number_in_a_file_names_its_vector(client, queries, tmp_path):
    """Not its place in the request that it was sent with."""
    rows = queries[:100].astype(np.float32)
    rows[77, 5] = np.nan
    stream = client.search_iter(readers.read(write_npy(tmp_path / "a.npy", rows), rows=30), k=1, batch=8)
    done = 0
    with pytest.raises(kagami.InvalidValue, match="vector 77 has nan at 5") as caught:
        for result in stream:
            done += len(result)
    assert caught.value.pointer == "/params/vectors/77/5"
    assert done >= 56  # what came before it is answered first


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
