"""What callers take for vectors."""

import asyncio
import collections

import numpy as np
import pytest

import kagami
from kagami._requests import upserts
from kagami._vectors import as_rows
from kagami.aio import AsyncClient


class Tensor:
    """An array of another library, or one that does not let itself be read."""

    def __init__(self, array, error=None):
        self.array, self.error = array, error

    def __array__(self, dtype=None, copy=None):
        if self.error is not None:
            raise self.error
        return np.asarray(self.array, dtype)


class Series(Tensor):
    """As those of pandas."""

    def to_numpy(self):
        return self.array

    def __iter__(self):
        return iter(["the", "names", "of", "columns"])


ROWS = np.eye(4, dtype=np.float32)
BAD = ROWS.copy()
BAD[2, 1] = np.nan
GRAD = RuntimeError("Can't call numpy() on Tensor that requires grad.")

#: Vectors, the place of the fault, and words of what is said.
REFUSED = [
    (BAD, "/2/1", "vector 2 has nan at 1, which is not finite"),
    (BAD.astype(np.float16), "/2/1", "vector 2 has nan"),
    (BAD.astype(">f8"), "/2/1", "vector 2 has nan"),
    (BAD[::2], "/1/1", "vector 1 has nan"),
    (BAD.tolist(), "/2/1", "vector 2 has nan"),
    (-np.full(4, np.inf), "/0/0", "vector 0 has -inf"),
    ([0.5, 1e300], "/0/1", "beyond the range of 32-bit floats"),
    (np.full((2, 4), 1e39), "/0/0", "1e+39"),
    (np.array([1, 2**200], object), "", "real numbers, not object"),
    (np.array([[1, None]], object), "", "vector 0 has None at 1"),
    (["a", "b"], "", "they are texts"),
    ("a/1", "", "named by key"),
    (b"abc", "", "named by key"),
    (5, "", "expected vectors"),
    (None, "", "either vectors or key"),
    (np.ones(4, complex), "", "complex"),
    (np.ones(4, bool), "", "booleans"),
    (np.ones(4, "M8[s]"), "", "dates"),
    (np.ones(4, "m8[s]"), "", "lengths of time"),
    (np.zeros(4, [("a", "f4")]), "", "records"),
    (np.array([b"a"]), "", "bytes"),
    (np.ones((2, 2, 2)), "", "(2, 2, 2)"),
    (np.ones((4, 0)), "", "empty"),
    (np.ones(0), "", "empty"),
    ([], "", "empty"),
    (np.ones((0, 4)), "", "no vectors"),
    ([[1.0, 2.0], [1.0]], "", "vector 1 has 1 numbers, vector 0 has 2"),
    (np.ma.array(ROWS, mask=ROWS == 1), "", "masked array"),
    (np.ma.array(ROWS), "", "masked array"),
    ([np.ma.array(ROWS[0], mask=ROWS[0] == 1)], "", "masked array"),
    (Tensor(ROWS, GRAD), "", "requires grad"),
    (Tensor(ROWS, TypeError("bfloat16")), "", "bfloat16"),
    (Series(np.array([ROWS[0], None], object)), "", "numpy.stack"),
    ((row for row in ROWS), "", "search_iter"),
    ({1, 2}, "", "search_iter"),
    ({"a": 1}, "", "search_iter"),
    (collections.deque([1.0]) and object(), "", "expected vectors"),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_are_no_vectors_is_refused(fake, number):
    vectors, place, words = REFUSED[number]
    with fake() as client:
        for call in (client.search, client.submit_search):
            with pytest.raises(kagami.InvalidValue) as caught:
                call(vectors)
            assert words in str(caught.value)
            if vectors is not None:
                assert caught.value.pointer == "/params/vectors" + place
            vectors = REFUSED[number][0] if not hasattr(vectors, "send") else (row for row in ROWS)
        with pytest.raises(kagami.InvalidValue):
            client.upsert(["a", "b", "c", "d"], vectors) if vectors is not None else client.search(vectors)
        assert len(client.search(ROWS)) == 4


def test_what_are_no_vectors_is_refused_by_the_twin(fake_binary):
    from conftest import make_fake

    async def main():
        async with make_fake(AsyncClient, fake_binary) as client:
            for vectors, _, words in REFUSED:
                if hasattr(vectors, "send"):
                    continue
                with pytest.raises(kagami.InvalidValue) as caught:
                    await client.search(vectors)
                assert words in str(caught.value)
                assert len(await client.search(ROWS)) == 4

    asyncio.run(main())


@pytest.mark.parametrize(
    "vectors",
    [
        ROWS[0],
        ROWS.astype(">f4"),
        ROWS.astype(np.longdouble),
        np.asfortranarray(ROWS)[::-1],
        ROWS.astype(np.uint64) * (2**63 + 12345),
        np.array([[2**62 + 1, -(2**62)]]),
        ROWS.astype(">i8"),
        [[True, 0.5]],
        [ROWS[0], ROWS[1]],
        Tensor(ROWS),
        Series(ROWS),
        np.full(4, 3e38),
        np.full(4, 1e-300),
    ],
)
def test_what_is_rounded_once(vectors):
    rows = as_rows(vectors)
    expected = np.atleast_2d(np.asarray(vectors)).astype(np.float32)
    assert rows.dtype == np.dtype("<f4")
    assert rows.flags.c_contiguous
    assert np.array_equal(rows, expected)


def test_a_vector_of_an_item_is_named_by_its_item(fake):
    with fake() as client:
        for vector in (BAD[2], BAD[2].tolist()):
            with pytest.raises(kagami.InvalidValue) as caught:
                client.upsert([{"key": "a", "vector": ROWS[0]}, {"key": "b", "vector": vector}])
            assert caught.value.pointer == "/params/items/1/vector/1"
        with pytest.raises(kagami.InvalidValue) as caught:
            client.call("search", vector=BAD[2])
        assert caught.value.pointer == "/params/vector/1"
    (request,) = upserts([{"key": "a", "vector": Tensor(ROWS[0])}], None, False, False, None, 10)
    assert b'"dtype":"f32le"' in request.body


def test_a_stream_of_a_table_is_its_rows(fake):
    with fake() as client:
        assert len(client.search_all(Series(ROWS), k=2)) == 4
        for odd in ("abc", b"abc", {"a": ROWS}, 5, None):
            with pytest.raises(kagami.InvalidValue):
                client.search_all(odd, k=2)


def test_a_stream_answers_what_came_before_the_fault(fake, fake_binary):
    from conftest import make_fake

    def source():
        yield from ROWS[:3]
        yield BAD[2]

    def broken():
        yield ROWS[0]
        raise ZeroDivisionError

    with fake() as client:
        for stream, error, count in ((source(), kagami.InvalidValue, 3), (broken(), ZeroDivisionError, 1)):
            results = client.search_iter(stream, batch=1, k=2)
            assert [len(next(results)) for _ in range(count)] == [1] * count
            with pytest.raises(error):
                next(results)
        assert not client._session.link.ledger.pending

    async def main():
        async with make_fake(AsyncClient, fake_binary) as client:
            for stream, error, count in ((source(), kagami.InvalidValue, 3), (broken(), ZeroDivisionError, 1)):
                results = client.search_iter(stream, batch=1, k=2)
                assert [len(await anext(results)) for _ in range(count)] == [1] * count
                with pytest.raises(error):
                    await anext(results)

    asyncio.run(main())
