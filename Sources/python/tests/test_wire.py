"""Lines, vectors and numbers on their way to the wire and back, without an engine."""

import json
import random
import subprocess
import sys

import numpy as np
import pytest

from conftest import DATA, PATIENCE
from kagami import _json, results
from kagami._batches import blocks
from kagami._ledger import Ledger, Slot
from kagami._requests import search_template
from kagami._values import plain
from kagami._vectors import as_rows, packed_rows, unpacked

ENCODERS = [_json._standard_dumps]
if _json.orjson is not None:
    ENCODERS.append(_json._orjson_dumps)


@pytest.mark.parametrize("dumps", ENCODERS)
def test_json_is_one_line_of_utf8_whoever_writes_it(dumps):
    value = {"鏡": ["a\n", np.float32(0.5), np.int64(7), np.arange(2), None, True], "x": "\u2028"}
    line = dumps(plain(value))
    assert b"\n" not in line
    assert json.loads(line) == {"鏡": ["a\n", 0.5, 7, [0, 1], None, True], "x": "\u2028"}


def test_vectors_come_back_bit_for_bit():
    random_bits = np.random.default_rng(7).integers(0, 2**16, 1000, dtype=np.uint16).view(np.float16)
    halves = random_bits[np.isfinite(random_bits)][:900].reshape(30, 30)
    for rows in (halves, halves.astype(np.float32), halves.astype(">f2"), halves.astype(">f4")):
        wire = packed_rows(as_rows(rows))
        assert wire["shape"] == [30, 30]
        assert wire["dtype"] == ("f16le" if rows.dtype.itemsize == 2 else "f32le")
        back = unpacked(wire).reshape(30, 30)
        assert np.array_equal(back.view(np.uint32), halves.astype(np.float32).view(np.uint32))


def test_rows_are_not_copied_without_need():
    rows = np.ones((4, 8), np.float32)
    assert np.shares_memory(as_rows(rows), rows)
    assert np.shares_memory(as_rows(rows[2]), rows)


def test_a_line_is_a_request():
    made = search_template(3, {"target_recall": np.float64(0.9), "exact": None, "with_vectors": True, "filter": {}})
    body = made.vectors(as_rows([[1, 2], [3, 4]])).body
    line = json.loads(b'{"jsonrpc":"2.0","id":1' + body)
    vectors = line["params"].pop("vectors")
    assert np.array_equal(unpacked(vectors), [1, 2, 3, 4])
    assert line == {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "search",
        "params": {"k": 3, "target_recall": 0.9, "with_vectors": "f32le", "filter": {}},
    }


@pytest.mark.parametrize("seed", range(20))
def test_blocks_of_any_pieces(seed):
    chance = random.Random(seed)
    rows = np.arange(chance.randrange(1, 200) * 3, dtype=np.float32).reshape(-1, 3)
    cuts = sorted(chance.randrange(len(rows) + 1) for _ in range(chance.randrange(10)))
    pieces = [rows[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    pieces = [piece[0] if len(piece) == 1 and chance.random() < 0.5 else piece for piece in pieces]
    batch = chance.randrange(1, 40)
    made = list(blocks(pieces, batch))
    assert [len(block) for block in made[:-1]] == [batch] * (len(made) - 1)
    assert np.array_equal(np.concatenate(made), rows)


def test_blocks_keep_types_apart():
    pieces = [np.ones((3, 2), np.float16), np.ones((3, 2), np.float32), np.ones((1, 4), np.float32)]
    assert [(len(block), block.dtype.name) for block in blocks(pieces, 2)] == [
        (2, "float16"), (1, "float16"), (2, "float32"), (1, "float32"), (1, "float32"),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_answers_cut_anywhere(seed):
    chance = random.Random(seed)
    ledger = Ledger()
    slots = [Slot(b"x") for _ in range(50)]
    for slot in slots:
        ledger.submit(slot)
    lines = [b'{"jsonrpc":"2.0","id":%d,"result":"%s"}\n' % (slot.id, b"y" * chance.randrange(300)) for slot in slots]
    chance.shuffle(lines)
    stream = b"".join(lines)
    settled = []
    while stream:
        cut = chance.choice([1, 7, 100, 5000])
        settled += ledger.receive(stream[:cut])
        stream = stream[cut:]
    assert sorted(slot.id for slot in settled) == [slot.id for slot in slots]
    assert {slot.line + b"\n" for slot in slots} == set(lines)
    assert not ledger.pending
    assert ledger.has_room(Slot(b"x" * (1 << 20)))


def test_scores_are_the_floats_that_the_engine_wrote():
    bits = np.random.default_rng(1).integers(0x38000000, 0x3F800000, 20_000, dtype=np.uint32)
    scores = bits.view(np.float32)
    hits = [{"key": str(i), "score": json.loads(np.format_float_positional(s))} for i, s in enumerate(scores)]
    found = results.SearchResult({"results": [{"hits": hits}], "seq": 1}, len(scores)).scores
    assert np.array_equal(found[0].view(np.uint32), bits)


def test_results_joined():
    def result(plan, exact, **others):
        return results.SearchResult({"results": [{"hits": []}], "seq": 3, "plan": plan, "exact": exact, **others}, 1)

    joined = results.SearchResult.joined([result("exact", True), result("walk", False, partial=True)], 1)
    assert (len(joined), joined.plan, joined.exact, joined.partial, joined.degraded) == (2, "walk", False, True, False)
    assert results.SearchResult.joined([result("exact", True)] * 2, 1).exact
    assert len(results.SearchResult.joined([], 4)) == 0


def test_with_nothing_but_numpy(binary, catalogue):
    """What the extras bring is missed by nobody who does not ask for it."""
    program = f"""
import sys
for name in ("orjson", "tqdm", "pyarrow", "h5py"):
    sys.modules[name] = None
import numpy as np
import kagami
queries = np.load({str(DATA / "queries.npy")!r})
with kagami.Client({catalogue!r}, binary={binary!r}) as client:
    assert client.search_all(queries, k=3).keys.shape == (450, 3)
    assert client.match_all(queries, score_threshold=0.6).complete
    try:
        client.search_iter(queries, progress=True)
    except ImportError as error:
        assert "kagami[tqdm]" in str(error)
    else:
        raise AssertionError
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
