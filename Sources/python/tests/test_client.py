"""Every call against the real engine, on the sample."""

import itertools

import numpy as np
import pytest

import kagami
from conftest import PATIENCE


def exact_top(items, queries, k):
    """What an exact search by cosine finds: rows and scores of shape (n, k)."""
    items, queries = (
        a.astype(np.float64) / np.linalg.norm(a.astype(np.float64), axis=1)[:, None] for a in (items, queries)
    )
    scores = queries @ items.T
    rows = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return rows, np.take_along_axis(scores, rows, 1)


def test_info(client, items):
    assert client.info["name"] == "kagami"
    assert client.info["count"] == len(items)
    assert client.dimension == items.shape[1]


def test_search_finds_what_a_scan_finds(client, items, queries, keys):
    found = client.search(queries, k=7)
    rows, scores = exact_top(items, queries, 7)
    assert found.keys.shape == found.scores.shape == (len(queries), 7)
    assert found.keys.dtype == object
    assert found.scores.dtype == np.float32
    assert np.allclose(found.scores, scores, atol=1e-5)
    # Items that look the same have equal scores, and stand in another order here.
    same = found.keys == np.array(keys, object)[rows]
    assert same.mean() > 0.97
    assert found.exact
    assert found.plan == "exact"
    assert not found.partial
    assert not found.degraded


def test_one_vector_is_one_row(client, queries):
    found = client.search(queries[0], k=3)
    assert found.keys.shape == (1, 3)
    assert len(found) == 1
    assert [hit.key for hit in found[0]] == list(found.keys[0])


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, ">f4", "list"])
def test_numbers_of_every_kind_find_the_same(client, queries, kind):
    vectors = queries[:5].tolist() if kind == "list" else queries[:5].astype(kind)
    found = client.search(vectors, k=4)
    expected = client.search(queries[:5], k=4)
    assert np.array_equal(found.keys, expected.keys)
    assert np.array_equal(found.scores, expected.scores)


def test_bytes_are_sent_as_bytes(client, queries):
    quantised = np.round(queries[:5].astype(np.float32) * 400).clip(-127, 127).astype(np.int8)
    assert client.search(quantised, k=1).scores.min() > 0.3


def test_views_that_are_not_contiguous(client, queries):
    wide = np.zeros((10, 512), np.float32)
    wide[:, ::2] = queries[:10]
    assert np.array_equal(client.search(wide[::2, ::2], k=2).keys, client.search(queries[:10:2], k=2).keys)


def test_scores_are_the_same_bits_for_every_batch(client, queries):
    whole = client.search(queries, k=5)
    for batch in (1, 7, 64, 450):
        split = client.search_all(queries, k=5, batch=batch)
        assert np.array_equal(split.keys, whole.keys)
        assert np.array_equal(split.scores, whole.scores)
        assert (split.seq, split.exact, split.plan) == (whole.seq, whole.exact, whole.plan)


def test_search_iter_takes_vectors_and_blocks(client, queries):
    whole = client.search(queries[:100], k=2).keys
    for source in (queries[:100], list(queries[:100]), iter([queries[:33], queries[33:34], queries[34:100]])):
        results = list(client.search_iter(source, k=2, batch=16))
        assert [len(result) for result in results] == [16] * 6 + [4]
        assert np.array_equal(np.concatenate([result.keys for result in results]), whole)
    assert list(client.search_iter([], k=2)) == []
    assert client.search_all(np.empty((0, 256)), k=3).keys.shape == (0, 3)


def test_search_iter_reads_no_further_ahead_than_it_must(client, queries):
    taken = itertools.count()
    source = (vector for vector in queries if next(taken) >= 0)
    stream = client.search_iter(source, batch=1, in_flight=3)
    next(stream)
    assert next(taken) <= 5


def test_a_slow_source_is_answered_as_it_comes(client, queries):
    import time

    taken = 0

    def frames():
        nonlocal taken
        for vector in queries:
            time.sleep(0.05)
            taken += 1
            yield vector

    next(client.search_iter(frames(), batch=1))
    assert taken < 64, "it does not wait until as many are there as may be under way"


def test_search_by_key_leaves_the_item_out(client, keys):
    found = client.search(key=keys[0], k=5)
    assert found.keys.shape == (1, 5)
    assert keys[0] not in found.keys


def test_filters_and_attributes(client, queries):
    conditions = {"must": [{"key": "kind", "match": {"value": "film"}}, {"key": "year", "range": {"gte": 2015}}]}
    found = client.search(queries[:3], k=4, filter=conditions, with_attributes=True, with_vectors=True)
    for hits in found:
        assert len(hits) == 4
        for hit in hits:
            assert hit.kind == "film"
            assert hit.attributes["year"] >= 2015
            assert hit.member
            assert hit.work
            assert hit.vector.shape == (256,)
            assert hit.vector.dtype == np.float32


def test_fewer_hits_are_padded(client, queries):
    found = client.search(queries[:50], k=6, score_threshold=0.6)
    counts = [len(hits) for hits in found]
    assert min(counts) < 6 < sum(counts)
    for row, count in enumerate(counts):
        assert all(found.keys[row, :count])
        assert list(found.keys[row, count:]) == [None] * (6 - count)
        assert (found.scores[row, :count] >= 0.6).all()
        assert (found.scores[row, count:] == -np.inf).all()
    none = client.search(queries[:2], k=2, score_threshold=0.999)
    assert none.keys.tolist() == [[None, None]] * 2


def test_groups(client, queries):
    found = client.search(queries[:4], k=3, group_by="work", group_size=2)
    assert found.keys.shape == (4, 3)
    for row, groups in enumerate(found.groups):
        assert len(groups) == 3
        for column, group in enumerate(groups):
            assert group.hits[0].key == found.keys[row, column]
            assert np.float32(group.score) == found.scores[row, column]
            assert 1 <= len(group.hits) <= min(2, group.count)
            assert group.hits[0].work == group.work
    assert found.hits[0][0].key == found.keys[0, 0]
    assert client.search(queries[:2]).groups == [[], []]


def test_match_is_complete(client, items, queries):
    _, scores = exact_top(items, queries, len(items))
    pages = client.match(queries, score_threshold=0.5, limit=100)
    assert pages.complete is False
    assert sum(map(len, pages)) == 100
    whole = client.match_all(queries, score_threshold=0.5)
    assert whole.complete is True
    assert whole.cursor is None
    assert [len(hits) for hits in whole] == (scores >= 0.5).sum(1).tolist()
    assert whole.keys.shape == (len(queries), (scores >= 0.5).sum(1).max())


def test_match_in_pages_is_the_match(client, queries):
    whole = client.match(queries[:40], score_threshold=0.45, limit=100_000)
    pages, cursor = [], None
    while True:
        pages.append(client.match(queries[:40], score_threshold=0.45, limit=50, cursor=cursor))
        cursor = pages[-1].cursor
        if cursor is None:
            break
    assert len(pages) > 3
    assert np.array_equal(kagami.SearchResult.merged(pages).keys, whole.keys)


def test_pending_calls(client, queries):
    calls = [client.submit_search(query, k=1) for query in queries[:10]]
    stats = client.submit("engine.stats")
    assert [call.result().keys[0, 0] for call in calls] == list(client.search(queries[:10], k=1).keys[:, 0])
    assert stats.result()["requests"] > 0
    assert stats.done


def test_any_method(client, queries, keys):
    assert client.call("items.count") == {"count": 1785, "seq": 1}
    assert client.call("items.get", keys=keys[:1], with_attributes=False)["items"][0]["key"] == keys[0]
    by_name = client.call("search", vector=queries[0], k=1)
    assert by_name == client.call("search", vectors=queries[:1], k=1)
    with pytest.raises(kagami.MethodNotFound, match="did you mean search"):
        client.call("serch")


def test_refusals_are_typed(client, queries):
    with pytest.raises(kagami.InvalidParams, match="did you mean") as caught:
        client.search(queries[0], fliter={})
    assert caught.value.pointer == "/params/fliter"
    assert caught.value.kind == "invalid_params"
    assert not caught.value.retryable
    with pytest.raises(kagami.InvalidParams) as caught:
        client.search(np.ones((3, 7)))
    assert "256" in str(caught.value)
    with pytest.raises(kagami.TooLarge):
        client.search(queries[0], k=20_000)
    with pytest.raises(kagami.NotFound):
        client.search(key="nobody/0")
    with pytest.raises(kagami.InvalidParams):
        client.search(np.zeros(256))
    with pytest.raises(kagami.InvalidParams):
        client.search(np.full(256, np.inf))
    with pytest.raises(kagami.InvalidParams):
        client.search(np.full(256, 1e300))
    with pytest.raises(kagami.Stale):
        client.search(queries[0], min_seq=10**9)
    assert issubclass(kagami.Stale, kagami.EngineError)


def test_mistakes_are_found_before_anything_is_sent(client, queries):
    with pytest.raises(ValueError, match="vectors or key"):
        client.search()
    with pytest.raises(ValueError, match="vectors or key"):
        client.search(queries[0], key="a")
    with pytest.raises(ValueError, match="shape"):
        client.search(np.ones((2, 2, 2)))
    with pytest.raises(ValueError, match="no vectors"):
        client.search(np.ones((0, 256)))
    with pytest.raises(TypeError, match="real numbers"):
        client.search(np.array(["a"]))
    with pytest.raises(TypeError, match="real numbers"):
        client.search(np.ones(256, complex))
    with pytest.raises(ValueError, match="k is"):
        client.search(queries[0], k=0)
    with pytest.raises(ValueError, match="batch"):
        list(client.search_iter(queries, batch=0))
    with pytest.raises(ValueError, match="nan"):
        client.search(queries[0], score_threshold=float("nan"))
    with pytest.raises(TypeError, match="list of keys"):
        client.get("a/1")
    with pytest.raises(ValueError, match="keys or filter"):
        client.remove()
    with pytest.raises(TypeError):
        client.call("search", vector={1, 2})


def test_reading_items(client, keys, items):
    got = client.get([keys[3], "nobody/0", keys[1]], with_vectors=True)
    assert [item.key for item in got.items] == [keys[3], keys[1]]
    assert got.missing == 1
    assert np.array_equal(got.items[0].vector.astype(np.float16), items[3])
    assert got.items[0].attributes["medium"]
    assert client.get(keys[:1], with_attributes=False).items[0].title is None
    assert client.count() == len(keys)
    members = list(client.members())
    first = members[0]["member"]
    assert client.count({"must": [{"key": "member", "match": {"value": first}}]}) == members[0]["items"]
    assert sum(member["items"] for member in members) == len(keys)
    assert len(list(client.works())) == 250
    assert {work["member"] for work in client.works(first)} == {first}


def test_scroll_yields_all_in_order(client, keys):
    assert [item.key for item in client.scroll(page=100)] == keys
    films = {"must": [{"key": "kind", "match": {"value": "film"}}]}
    assert [item.kind for item in client.scroll(filter=films, page=7)] == ["film"] * client.count(films)


def test_edits(binary, own_catalogue, items):
    with kagami.Client(own_catalogue, binary=binary) as client:
        rows = np.roll(items[:2500].astype(np.float32), 5, axis=1)
        given = [{"key": f"new/{i}", "member": "new", "work": "w", "attributes": {"n": i}} for i in range(len(rows))]
        result = client.upsert(given, rows, batch=400)
        assert (result.upserted, result.replaced, result.failures) == (len(rows), 0, [])
        assert client.count() == 2 * len(items)
        assert client.search(rows[7], k=1).keys[0, 0] == "new/7"
        assert client.get(["new/9"]).items[0].attributes == {"n": 9}
        assert client.sync() == result.seq

        own = [{"key": "own/1", "vector": rows[0]}, {"key": "own/2", "vector": rows[1].tolist()}]
        assert client.add(own).upserted == 2
        assert client.upsert(["key/1", "key/2"], rows[:2], op_id="once").upserted == 2
        again = client.upsert(["key/1", "key/2"], rows[:2], op_id="once")
        assert again.repeated

        receipt = client.remove(["own/1", "own/3"])
        assert (receipt.removed, receipt.missing, receipt.keys) == (1, 1, ["own/1"])
        gone = client.remove(filter={"must": [{"key": "member", "match": {"value": "new"}}]})
        assert gone.removed == len(rows)
        compacted = client.compact()
        assert compacted["rows_removed"] >= len(rows)
        built = client.build(threads=1)
        assert built["rows"] == client.count()
        assert client.health()["state"] == "ok"
        assert client.stats()["requests"] > 10


def test_what_an_upsert_refuses_is_named(binary, own_catalogue, items):
    with kagami.Client(own_catalogue, binary=binary) as client:
        rows = items[:5].astype(np.float32)
        rows[3] = 0
        result = client.upsert([f"x/{i}" for i in range(5)], rows, batch=2)
        assert result.upserted == 4
        (failure,) = result.failures
        assert (failure.index, failure.key, failure.kind) == (3, "x/3", "invalid_params")
        with pytest.raises(kagami.EngineError):
            client.upsert([f"y/{i}" for i in range(5)], rows, atomic=True)
        with pytest.raises(ValueError, match="atomic"):
            client.upsert([f"y/{i}" for i in range(5)], rows, atomic=True, batch=2)
        with pytest.raises(ValueError, match="one vector for each"):
            client.upsert(["y"], rows)
        assert client.upsert(["d/1", "d/1"], rows[:2]).duplicates == ["d/1"]
        with pytest.raises(kagami.NotFound):
            client.upsert([{"key": "z", "member": "nobody"}], rows[:1], strict=True, atomic=True)
        assert client.upsert([]).upserted == 0


def test_the_register(binary, own_catalogue, keys):
    with kagami.Client(own_catalogue, binary=binary) as client:
        seq = client.put_member("studio", name="Studio A", contact="rights@example.org")
        assert client.put_work("studio", "film", title="The Film") == seq + 1
        assert [work["title"] for work in client.works("studio")] == ["The Film"]
        member = client.get(keys[:1]).items[0].member
        put = client.put_permission(
            id="p1", member=member, licensee="acme", uses=["training"], granted_at="2024-12-20T09:30:00Z"
        )
        assert put["created"]
        use = {"licensee": "acme", "use": "training", "territory": "JP", "at": "2025-06-01"}
        assert client.check_permission(use, key=keys[0]) == kagami.Permission(True, None, "p1")
        assert client.search(key=keys[0], k=1, use=use)[0][0].permission.id in ("p1", None)
        other = client.check_permission({**use, "licensee": "other"}, member=member)
        assert other == kagami.Permission(False, "other_licensee", "p1")
        assert client.revoke_permission("p1", "2025-03-01")["created"]
        assert client.check_permission(use, key=keys[0]).reason == "revoked_before"
        assert [entry["id"] for entry in client.permissions(member=member)] == ["p1"]
        assert list(client.permissions(licensee="nobody")) == []
        with pytest.raises(kagami.Conflict):
            client.remove_member(member)
        assert client.remove_member(member, cascade=True).removed > 0
        assert client.remove_work("studio", "film").removed == 0
        with (
            pytest.raises(kagami.ReadOnly),
            kagami.Client(own_catalogue, binary=binary, arguments=["--read-only"]) as reader,
        ):
            reader.put_member("x")


def test_progress_bar(client, queries, capsys):
    pytest.importorskip("tqdm")
    assert sum(len(result) for result in client.search_iter(queries, progress=True)) == len(queries)
    assert "450/450" in capsys.readouterr().err


def test_cancel_of_the_real_engine(client, queries):
    if "engine.cancel" not in client.info["methods"]:
        pytest.skip("this engine has no engine.cancel")
    calls = [client.submit_search(queries, k=10) for _ in range(30)]
    stopped = client.cancel(*calls)
    outcomes = []
    for call in calls:
        try:
            outcomes.append(len(call.result(timeout=PATIENCE)))
        except kagami.Cancelled:
            outcomes.append("cancelled")
    assert set(outcomes) <= {len(queries), "cancelled"}
    # What runs when it is told to end may be done first: at most one search a worker, and there is one to spare.
    running = client.stats()["threads"] + 1
    assert stopped > running
    assert stopped - running <= outcomes.count("cancelled") <= stopped


def test_progress_of_the_real_engine(binary, own_catalogue):
    with kagami.Client(own_catalogue, binary=binary) as client:
        if "engine.cancel" not in client.info["methods"]:
            pytest.skip("this engine tells no progress")
        heard = []
        assert client.build(progress=heard.append)["rows"] == 1785
        assert heard
        assert all(0 <= progress.done <= progress.total == 1785 for progress in heard)
