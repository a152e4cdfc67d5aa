"""The asyncio twin: the same calls, the same troubles."""

import asyncio
import functools
import inspect
import os
import signal
import subprocess
import sys
import time
from contextlib import aclosing

import numpy as np
import pytest

import kagami
from conftest import PATIENCE, children, exists, make_fake, settles, slow_to_return
from kagami.aio import AsyncClient

VECTOR = np.ones(4, np.float32)


def run(test):
    """Runs a coroutine as a test, within bounds, and sees to it that the loop is left clean."""

    @functools.wraps(test)
    def wrapper(*arguments, **named):
        asyncio.run(asyncio.wait_for(test(*arguments, **named), 2 * PATIENCE))

    return wrapper


@pytest.fixture
def fake(fake_binary):
    return functools.partial(make_fake, AsyncClient, fake_binary)


@pytest.fixture
def start(binary, catalogue):
    return functools.partial(AsyncClient, catalogue, binary=binary)


def test_the_twins_offer_the_same():
    def calls(kind):
        return {name: member for name, member in vars(kind).items() if not name.startswith("_") and callable(member)}

    ours, theirs = calls(AsyncClient), calls(kagami.Client)
    assert set(ours) - set(theirs) == {"start"}
    assert set(theirs) <= set(ours)
    for name, call in theirs.items():
        # Streams may be asynchronous, and answers are; all else agrees.
        ours_here = [(p.name, p.kind, p.default) for p in inspect.signature(ours[name]).parameters.values()]
        assert ours_here == [(p.name, p.kind, p.default) for p in inspect.signature(call).parameters.values()], name


@run
async def test_searching(start, queries, binary, catalogue):
    with kagami.Client(catalogue, binary=binary) as client:
        expected = client.search(queries, k=5)
    async with start() as client:
        assert client.dimension == 256
        found = await client.search(queries, k=5)
        assert np.array_equal(found.keys, expected.keys)
        assert np.array_equal(found.scores, expected.scores)
        for batch in (1, 64, 1000):
            assert np.array_equal((await client.search_all(queries, k=5, batch=batch)).keys, expected.keys)

        async def frames():
            for start in range(0, len(queries), 37):
                await asyncio.sleep(0)
                yield queries[start : start + 37]

        pieces = [piece.keys async for piece in client.search_iter(frames(), k=5, batch=50, progress=False)]
        assert np.array_equal(np.concatenate(pieces), expected.keys)
        matched = await client.match_all(queries[:100], score_threshold=0.5)
        assert matched.complete
        assert (await client.match(queries[:100], score_threshold=0.5, limit=3)).cursor


@run
async def test_many_tasks(start, queries):
    async with start() as client:
        expected = await client.search(queries, k=3)
        results = await asyncio.gather(*(client.search(query, k=3) for query in queries))
        assert np.array_equal(np.concatenate([result.keys for result in results]), expected.keys)


@run
async def test_edits_and_register(binary, own_catalogue, items, keys):
    async with AsyncClient(own_catalogue, binary=binary) as client:
        rows = np.roll(items[:900].astype(np.float32), 5, axis=1)
        result = await client.upsert(
            [{"key": f"n/{i}", "member": "n", "work": "w"} for i in range(900)], rows, batch=300
        )
        assert result.upserted == 900
        assert await client.count() == len(items) + 900
        assert (await client.get(["n/1"], with_vectors=True)).items[0].vector.shape == (256,)
        assert (await client.remove(filter={"must": [{"key": "member", "match": {"value": "n"}}]})).removed == 900
        assert [item.key async for item in client.scroll(page=500)] == keys
        assert await client.put_member("studio", name="S")
        assert await client.put_work("studio", "w", title="W")
        assert [work["title"] async for work in client.works("studio")] == ["W"]
        assert len([member async for member in client.members()]) == 8
        use = {"licensee": "acme", "use": "training", "territory": "JP", "at": "2025-06-01"}
        assert (await client.check_permission(use, key=keys[0])).reason == "none_recorded"
        await client.put_permission(id="p", member="studio", licensee="a", uses=["training"], granted_at="2024-01-01")
        assert (await client.revoke_permission("p", "2025-01-01"))["created"]
        assert [entry["id"] async for entry in client.permissions(licensee="a")] == ["p"]
        assert (await client.remove_work("studio", "w")).removed == 0
        assert (await client.remove_member("studio", cascade=True)).removed == 0
        assert (await client.compact())["rows_removed"] == 900
        assert (await client.build(threads=1))["rows"] == len(items)
        assert (await client.health())["state"] == "ok"
        assert (await client.stats())["requests"] > 5
        assert await client.sync() > 1
        assert (await client.call("items.count"))["count"] == len(items)
        with pytest.raises(kagami.InvalidParams):
            await client.search(np.ones(3))


@run
async def test_answers_out_of_order_find_their_calls(fake):
    async with fake({"on": "search", "hold": 8, "always": True}) as client:
        calls = [await client.submit_search(VECTOR, k=2) for _ in range(8)]
        for call in calls:
            assert (await call.result(PATIENCE)).keys[0, 0] == f"search/{call.id}/0"


@run
async def test_death_in_the_middle(fake):
    async with fake({"on": "search", "flood": 1 << 20, "stderr": "disk on fire\n", "exit": 74}) as client:
        calls = [asyncio.ensure_future(client.search(VECTOR)) for _ in range(3)]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {kagami.EngineDied}
        assert outcomes[0].exit_code == 74
        assert outcomes[0].stderr_tail.endswith("disk on fire\n")
        with pytest.raises(kagami.EngineDied):
            await client.count()


@run
async def test_kill(fake):
    async with fake({"on": "search", "hold": 99, "always": True}) as client:
        call = asyncio.ensure_future(client.search(VECTOR))
        await asyncio.sleep(0.1)
        os.kill(client.pid, signal.SIGKILL)
        with pytest.raises(kagami.EngineDied) as caught:
            await call
        assert caught.value.signal == signal.SIGKILL


@run
async def test_a_flood_on_standard_error_stalls_nobody(fake):
    async with fake({"on": "search", "flood": 4 << 20, "default": 0}) as client:
        assert len(await client.search(VECTOR, timeout=PATIENCE)) == 1


@pytest.mark.parametrize(
    "line", ["hello\n", '{"jsonrpc":"2.0","id":99,"result":{}}\n', '{"jsonrpc":"2.0","id":2,"re\n']
)
@run
async def test_garbage(fake, line):
    async with fake({"on": "search", "raw": line}) as client:
        with pytest.raises(kagami.ProtocolViolation):
            await client.search(VECTOR, timeout=PATIENCE)
        with pytest.raises(kagami.ProtocolViolation):
            await client.count()
        assert not exists(client.pid)


@run
async def test_an_unterminated_last_line_is_no_answer(fake):
    async with fake({"on": "engine.sync", "raw": '{"jsonrpc":"2.0","id":2,"result":{"seq":1}}', "exit": 0}) as client:
        with pytest.raises(kagami.EngineDied):
            await client.sync()


@run
async def test_lines_longer_than_asyncio_likes(fake):
    async with fake({"on": "search", "search_pad": 3 << 20, "always": True}) as client:
        results = await asyncio.gather(*(client.search(VECTOR, k=1) for _ in range(30)))
        assert {len(result.keys[0, 0]) for result in results} == {3 << 20}


@run
async def test_answers_may_come_one_byte_at_a_time(fake):
    async with fake({"on": "engine.sync", "dribble": {"seq": 7}, "always": True}) as client:
        assert [await client.sync(), await client.sync()] == [7, 7]


@run
async def test_more_large_requests_than_every_pipe_holds(fake):
    async with fake({"on": "search", "sleep": 0.01, "default": 0, "always": True}) as client:
        rows = np.ones((40 * 1000, 64), np.float32)
        assert len(await client.search_all(rows, batch=1000, k=2)) == 40_000


@run
async def test_the_window_is_kept(fake):
    limits = {"limits": {"window_requests": 4, "window_bytes": 1 << 20, "line_bytes": 1 << 20}}
    steps = {"on": "engine.hello", "hello": limits}, {"on": "search", "hold": 4, "always": True}
    async with fake(*steps) as client:
        assert len(await client.search_all(np.ones((64, 4)), batch=1, k=2)) == 64
        assert len(await asyncio.gather(*(client.search(VECTOR) for _ in range(32)))) == 32
        calls = [await client.submit_search(VECTOR) for _ in range(3)]
        assert not any(call.done for call in calls)
        assert await client.health() == {}


@run
async def test_a_call_that_finds_no_room_in_time_is_not_sent(fake):
    limits = {"limits": {"window_requests": 1}}
    steps = {"on": "engine.hello", "hello": limits}, {"on": "search", "hold": 9, "always": True}
    async with fake(*steps, timeout=0.1) as client:
        await client.submit_search(VECTOR)
        with pytest.raises(kagami.CallTimeout, match="room"):
            await client.search(VECTOR)


@run
async def test_timeouts(fake):
    steps = {"on": "search", "hold": 3, "always": True}, {"on": "items.count", "hold": 9}
    async with fake(*steps) as client:
        with pytest.raises(kagami.CallTimeout):
            await client.search(VECTOR, timeout=0.05)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.count(), 0.05)
        assert len(await client.search(VECTOR, timeout=PATIENCE)) == 1


@run
async def test_a_cancelled_task_cancels_its_call(fake):
    hello = {"methods": ["engine.hello", "search", "engine.cancel"], "limits": {"window_requests": 1}}
    async with fake({"on": "engine.hello", "hello": hello}, {"on": "search", "hold": 9}) as client:
        task = asyncio.ensure_future(client.search(VECTOR))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(await client.search(VECTOR, timeout=PATIENCE)) == 1


@run
async def test_cancel(fake):
    hello = {"methods": ["engine.hello", "search", "engine.cancel"]}
    async with fake({"on": "engine.hello", "hello": hello}, {"on": "search", "hold": 9, "always": True}) as client:
        calls = [await client.submit_search(VECTOR) for _ in range(3)]
        assert await client.cancel(calls[0], calls[2].id) == 2
        for call in (calls[0], calls[2]):
            with pytest.raises(kagami.Cancelled):
                await call.result(PATIENCE)
        assert not calls[1].done
        assert await client.cancel(all=True) == 1


@run
async def test_reads_are_sent_again_to_a_new_engine(fake, tmp_path):
    async with fake({"on": "search", "once": str(tmp_path / "1"), "exit": 70}, retries=1) as client:
        before = client.pid
        results = await asyncio.gather(*(client.search(VECTOR) for _ in range(10)))
        assert len(results) == 10
        assert client.pid != before
    async with fake({"on": "search", "once": str(tmp_path / "2"), "kill": 9}, retries=2) as client:
        assert len(await client.search_all(np.ones((300, 4)), batch=1, k=2)) == 300
    async with fake({"on": "items.remove", "once": str(tmp_path / "3"), "exit": 70}, retries=2) as client:
        with pytest.raises(kagami.EngineDied):
            await client.remove(["a"])
        assert await client.call("items.count") == {}
    async with fake({"on": "search", "always": True, "exit": 70}, retries=2) as client:
        with pytest.raises(kagami.EngineDied):
            await client.search(VECTOR)


@run
async def test_an_engine_that_starts_slower_than_calls_wait_is_there_for_later_ones(fake, tmp_path):
    async with fake(*slow_to_return(tmp_path, 0.6), retries=9) as client:
        late = 0
        for _ in range(1000):
            try:
                await client.search(VECTOR, timeout=0.15)
                break
            except kagami.CallTimeout:
                late += 1
        assert 1 <= late < 1000
        assert client.pid in children()


@run
async def test_closing_during_a_restart_leaves_no_process(fake, tmp_path):
    before = children()
    client = fake(*slow_to_return(tmp_path, 30), retries=2)
    await client.start()
    call = asyncio.ensure_future(client.search(VECTOR))
    assert await asyncio.to_thread(settles, (tmp_path / "asked").exists)
    await client.close()
    assert children() == before
    with pytest.raises(kagami.ClientClosed):
        await asyncio.wait_for(call, 20)


@run
async def test_leaving_a_stream_early_leaves_nothing_behind(fake):
    async with fake() as client:
        async with aclosing(client.search_iter(np.ones((1000, 4)), batch=1, k=2)) as stream:
            async for _ in stream:
                break
        assert await client.call("engine.sync", timeout=PATIENCE) == {}
        assert not client._session.link.ledger.pending


@run
async def test_an_error_in_a_stream_comes_at_its_place(fake):
    refusal = {"kind": "invalid_params", "code": -32602}
    async with fake({"on": "search", "default": 0}, {"on": "search", "refuse": refusal}) as client:
        stream = client.search_iter(np.ones((9, 4)), batch=1, k=2)
        assert len(await stream.__anext__()) == 1
        with pytest.raises(kagami.InvalidParams):
            await stream.__anext__()


@run
async def test_notifications(fake, caplog):
    heard = []

    def handler(method, params):
        heard.append((method, params))
        raise ValueError

    steps = (
        {"on": "search", "notify": "engine.progress", "default": 0},
        {"on": "index.build", "progress": 3, "reply": {}},
    )
    async with fake(*steps, on_notification=handler) as client:
        assert len(await client.search(VECTOR)) == 1
        told = []
        assert await client.build(progress=told.append) == {}
    assert told == [kagami.Progress("graph", 3, 9)]
    assert heard == [("engine.progress", {"done": 0.5})]
    assert "handler of notifications failed" in caplog.text


@run
async def test_closing_answers_what_is_under_way(start, queries):
    client = start()
    await client.start()
    calls = [await client.submit_search(query) for query in queries[:60]]
    await client.close()
    assert [len(await call.result()) for call in calls] == [1] * 60
    assert not exists(client.pid)
    await client.close()
    with pytest.raises(kagami.ClientClosed):
        await client.count()


@run
async def test_closing_with_calls_that_are_never_answered(fake):
    client = fake({"on": "search", "hold": 99, "always": True})
    await client.start()
    tasks = [asyncio.ensure_future(client.search(VECTOR)) for _ in range(3)]
    await asyncio.sleep(0.05)
    await client.close()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {kagami.ClientClosed}


@run
async def test_an_exception_ends_the_engine_at_once(fake):
    begun = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        async with fake({"on": "search", "sleep": 60}) as client:
            await client.submit_search(VECTOR)
            raise ZeroDivisionError
    assert time.monotonic() - begun < 50, "the engine would have slept for 60 seconds"
    assert not exists(client.pid)


@run
async def test_engines_that_do_not_want_to_end(fake):
    ready = asyncio.Event()
    step = {"on": "search", "ignore_term": 1, "notify": "ready", "sleep": 200}
    client = fake(step, close_timeout=0.1, on_notification=lambda *_: ready.set())
    await client.start()
    await client.submit_search(VECTOR)
    await ready.wait()
    with pytest.raises(kagami.EngineDied) as caught:
        await client.close()
    assert caught.value.signal == signal.SIGKILL
    async with fake({"on": "search", "close_stdout": 1, "sleep": 60}, close_timeout=0.1) as client:
        with pytest.raises(kagami.EngineDied):
            await client.search(VECTOR)
        assert not exists(client.pid)


@run
async def test_an_engine_that_does_not_start_says_why(binary, tmp_path, fake):
    with pytest.raises(kagami.EngineDied) as caught:
        async with AsyncClient(tmp_path / "missing.kagami", binary=binary):
            pass
    assert caught.value.exit_code == 66
    with pytest.raises(kagami.CallTimeout):
        await fake({"on": "engine.hello", "sleep": 30}, start_timeout=0.1).start()
    with pytest.raises(kagami.EngineNotFound):
        AsyncClient("x", binary="/nowhere/kagami")


def test_a_client_that_is_forgotten_ends_its_engine(fake_binary):
    program = f"""
import asyncio
from kagami.aio import AsyncClient

async def main():
    client = AsyncClient("x", binary={fake_binary!r})
    await client.start()
    print(client.pid, flush=True)
    return client

kept = asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not exists(int(done.stdout))
