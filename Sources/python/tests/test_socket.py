"""Clients that share one engine over its socket: `Client.connect` and `AsyncClient.connect`."""

import asyncio
import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import kagami
from conftest import PATIENCE, exists, is_running, settles
from kagami.aio import AsyncClient


class Shared:
    """An engine on a socket."""

    def __init__(self, binary, catalogue, path, *arguments):
        self.path = str(path)
        self.command = [binary, "serve", catalogue, "--socket", self.path, *arguments]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        kagami.Client.connect(self.path, wait=PATIENCE).close()
        assert self.process.poll() is None, self.process.stderr.read()

    def stop(self):
        """Stops it where it is, so that what is sent from now on stays without an answer."""
        os.kill(self.process.pid, signal.SIGSTOP)
        state = Path(f"/proc/{self.process.pid}/stat")
        assert settles(lambda: state.read_text().rsplit(")", 1)[1].split()[0] == "T")

    def kill(self):
        self.process.kill()
        self.wait()

    def wait(self):
        code = self.process.wait(PATIENCE)
        self.process.stderr.close()
        return code


@pytest.fixture
def start(binary, catalogue, tmp_path):
    """Starts engines on a socket: `start(*arguments)`."""
    engines = []

    def make(*arguments, catalogue=catalogue):
        engines.append(Shared(binary, catalogue, tmp_path / "engine", *arguments))
        return engines[-1]

    yield make
    for engine in engines:
        if engine.process.poll() is None:
            engine.process.terminate()
            assert engine.wait() == 0
            assert not os.path.exists(engine.path)


def connections(engine):
    """How many sockets the engine has open, the one that it listens on not counted."""
    count = 0
    for name in Path(f"/proc/{engine.process.pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            count += os.readlink(name).startswith("socket:")
    return count - 1


def test_a_shared_engine_answers_as_an_own_one_does(client, start, queries):
    engine = start()
    with kagami.Client.connect(engine.path) as shared, kagami.Client.connect(Path(engine.path)) as other:
        assert shared.pid == other.pid == engine.process.pid
        assert shared.info["count"] == client.info["count"]
        for each in (shared, other):
            found = each.search_all(queries, k=5, batch=7)
            expected = client.search(queries, k=5)
            assert np.array_equal(found.keys, expected.keys)
            assert np.array_equal(found.scores, expected.scores)
        with pytest.raises(kagami.NotFound):
            shared.search(key="nobody/0")
        assert settles(lambda: connections(engine) == 2)
    assert settles(lambda: connections(engine) == 0)
    assert engine.process.poll() is None, "closing a client ends the connection and not the engine"
    with pytest.raises(kagami.ClientClosed):
        shared.count()


def test_the_twin_for_asyncio(client, start, queries):
    engine = start()

    async def main():
        connecting = AsyncClient.connect(engine.path)
        async with connecting as shared, AsyncClient.connect(engine.path) as other:
            assert shared.pid == engine.process.pid
            answers = await asyncio.gather(
                *(each.search(vector, k=3) for vector in queries[:100] for each in (shared, other))
            )
            pages = [page async for page in other.search_iter(queries[:100], k=3, batch=9)]
            return answers, pages

    answers, pages = asyncio.run(main())
    expected = client.search(queries[:100], k=3)
    assert np.array_equal(np.concatenate([answer.keys for answer in answers[::2]]), expected.keys)
    assert np.array_equal(np.concatenate([answer.keys for answer in answers[1::2]]), expected.keys)
    assert np.array_equal(np.concatenate([page.keys for page in pages]), expected.keys)
    assert settles(lambda: connections(engine) == 0)
    assert engine.process.poll() is None


def test_an_edit_over_one_connection_is_seen_over_another(start, own_catalogue, queries):
    engine = start(catalogue=own_catalogue)
    with kagami.Client.connect(engine.path) as one, kagami.Client.connect(engine.path) as two:
        assert one.upsert([{"key": "new/1"}], queries[:1]).upserted == 1
        assert two.search(queries[0], k=1).keys[0, 0] == "new/1"
        assert two.remove(["new/1"]).removed == 1
        assert one.get(["new/1"]).missing == 1


def test_many_threads_over_one_connection_and_many(start, queries, client):
    engine = start()
    expected = client.search(queries[:64], k=2).keys
    shared = kagami.Client.connect(engine.path)
    found, failures = {}, []

    def work(number):
        try:
            each = shared if number % 2 else kagami.Client.connect(engine.path)
            found[number] = np.concatenate([each.search(vector, k=2).keys for vector in queries[:64]])
            if each is not shared:
                each.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shared.close()
    assert not failures
    assert all(np.array_equal(keys, expected) for keys in found.values())


def test_more_than_the_pipe_holds_goes_both_ways(start, queries):
    engine = start()
    with kagami.Client.connect(engine.path) as shared:
        vectors = np.tile(queries.astype(np.float32), (9, 1))[:4000]  # 5 MB of base64 in one line
        pending = [shared.submit_search(vectors, k=20, exact=True) for _ in range(4)]
        assert all(call.result().keys.shape == (4000, 20) for call in pending)


def test_what_is_under_way_is_answered_before_the_connection_ends(start, queries):
    engine = start()
    shared = kagami.Client.connect(engine.path)
    pending = [shared.submit_search(vector, k=2) for vector in queries[:50]]
    shared.close()
    assert all(call.result().keys.shape == (1, 2) for call in pending)


def test_an_exception_ends_the_connection_at_once(start, queries):
    engine = start()
    with pytest.raises(RuntimeError, match="mine"), kagami.Client.connect(engine.path) as shared:
        pending = [shared.submit_search(np.tile(queries, (9, 1)), k=20, exact=True) for _ in range(20)]
        raise RuntimeError("mine")
    with pytest.raises(kagami.ClientClosed):  # which a client that waits for the answers would not say
        pending[-1].result()
    assert settles(lambda: connections(engine) == 0)


def test_nobody_listens(tmp_path):
    path = str(tmp_path / "nobody")
    with pytest.raises(kagami.EngineNotFound, match=r"no engine listens at .*nobody: No such file"):
        kagami.Client.connect(path)
    with pytest.raises(kagami.EngineNotFound):
        asyncio.run(AsyncClient.connect(path).start())
    Path(path).touch()
    with pytest.raises(kagami.EngineNotFound, match="Connection refused"):
        kagami.Client.connect(path)
    with pytest.raises(kagami.EngineNotFound, match="too long"):
        kagami.Client.connect("/tmp/" + "x" * 200)


def test_a_connection_too_many_is_refused_by_name(start):
    engine = start("--max-connections", "1")
    assert settles(lambda: connections(engine) == 0)
    with kagami.Client.connect(engine.path):
        with pytest.raises(kagami.Overloaded, match="1 callers are connected") as caught:
            kagami.Client.connect(engine.path)
        assert caught.value.retryable
        with pytest.raises(kagami.Overloaded):
            asyncio.run(AsyncClient.connect(engine.path).start())
    assert settles(lambda: connections(engine) == 0)
    kagami.Client.connect(engine.path).close()


def test_an_engine_that_is_killed_is_a_lost_connection(start, queries):
    engine = start()
    shared = kagami.Client.connect(engine.path)
    engine.stop()
    pending = shared.submit_search(queries[0])
    engine.kill()
    with pytest.raises(kagami.ConnectionLost, match="has closed the connection") as caught:
        pending.result()
    assert isinstance(caught.value, kagami.EngineDied)
    assert caught.value.path == engine.path
    with pytest.raises(kagami.ConnectionLost):
        shared.count()
    shared.close()
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.path, str(again), again.exit_code) == (engine.path, str(caught.value), None)


def test_an_engine_that_is_told_to_end_is_a_lost_connection(start):
    engine = start()
    shared = kagami.Client.connect(engine.path)
    engine.process.terminate()
    assert engine.wait() == 0
    with pytest.raises(kagami.EngineDied):
        shared.count()


def test_retries_wait_for_the_next_engine(start, queries):
    engine = start()
    with kagami.Client.connect(engine.path, retries=2, wait=30) as shared:
        first = shared.search(queries[0], k=3)
        engine.stop()
        pending = shared.submit_search(queries[0], k=3)
        engine.kill()
        timer = threading.Timer(0.3, engine.start)
        timer.start()
        again = pending.result()
        timer.join()
        assert np.array_equal(again.scores, first.scores)
        assert shared.pid == engine.process.pid


def test_retries_of_the_twin(start, queries):
    engine = start()

    async def main():
        async with AsyncClient.connect(engine.path, retries=2, wait=30) as shared:
            first = await shared.search(queries[0], k=3)
            engine.stop()
            pending = await shared.submit_search(queries[0], k=3)
            await asyncio.sleep(0)
            engine.kill()
            timer = threading.Timer(0.3, engine.start)
            timer.start()
            again = await pending.result()
            timer.join()
            assert np.array_equal(again.scores, first.scores)

    asyncio.run(main())


def test_no_call_waits_for_the_next_engine_longer_than_its_timeout(start, queries):
    engine = start()
    with kagami.Client.connect(engine.path, retries=2, wait=30, timeout=0.3) as shared:
        engine.stop()
        pending = shared.submit_search(queries[0], k=3)
        engine.kill()
        outcomes = []

        def ask(timeout):
            begun = time.monotonic()
            try:
                shared.search(queries[0], timeout=timeout)
            except kagami.KagamiError as error:
                outcomes.append((type(error), time.monotonic() - begun < 25))

        threads = [threading.Thread(target=ask, args=(timeout,)) for timeout in (0.1, 0.2, 0.5, 0.3)]
        for thread in threads:
            thread.start()
        with pytest.raises(kagami.CallTimeout):
            pending.result()
        with pytest.raises(kagami.CallTimeout):
            next(shared.search_iter(queries[:9], k=3, batch=3))
        for thread in threads:
            thread.join()
        assert outcomes == [(kagami.CallTimeout, True)] * 4
        engine.start()
        # What was sent to the engine before is asked again of this one.
        again = pending.result(timeout=PATIENCE)
        assert np.array_equal(again.scores, shared.search(queries[0], k=3, timeout=PATIENCE).scores)


def test_no_call_of_the_twin_waits_for_the_next_engine_longer_than_its_timeout(start, queries):
    engine = start()

    async def main():
        async with AsyncClient.connect(engine.path, retries=2, wait=30, timeout=0.3) as shared:
            engine.stop()
            pending = await shared.submit_search(queries[0], k=3)
            await asyncio.sleep(0)
            engine.kill()
            begun = time.monotonic()
            calls = [shared.search(queries[0], timeout=timeout) for timeout in (0.1, 0.2, 0.5, 0.3)]
            outcomes = await asyncio.gather(pending.result(), *calls, return_exceptions=True)
            assert {type(outcome) for outcome in outcomes} == {kagami.CallTimeout}
            assert time.monotonic() - begun < 25, "the client waits for 30 seconds"
            await asyncio.to_thread(engine.start)
            again = await pending.result(timeout=PATIENCE)
            assert np.array_equal(again.scores, (await shared.search(queries[0], k=3, timeout=PATIENCE)).scores)

    asyncio.run(main())


def test_closing_stops_the_wait_for_the_next_engine(start):
    engine = start()
    shared = kagami.Client.connect(engine.path, retries=2, wait=30)
    engine.kill()
    outcomes = []

    def ask():
        try:
            outcomes.append(shared.count())
        except kagami.KagamiError as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    assert outcomes == []
    begun = time.monotonic()
    with contextlib.suppress(kagami.ConnectionLost):
        shared.close()
    for thread in threads:
        thread.join()
    assert time.monotonic() - begun < 25, "the client waits for 30 seconds"
    assert outcomes == [kagami.ClientClosed] * 3
    engine.start()
    assert settles(lambda: connections(engine) == 0)


def test_closing_the_twin_stops_the_wait_for_the_next_engine(start):
    engine = start()

    async def main():
        shared = AsyncClient.connect(engine.path, retries=2, wait=30)
        await shared.start()
        engine.kill()
        calls = [asyncio.ensure_future(shared.count()) for _ in range(3)]
        await asyncio.sleep(0.2)
        assert not any(call.done() for call in calls)
        with contextlib.suppress(kagami.ConnectionLost):
            await shared.close()
        outcomes = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 25)
        assert [type(outcome) for outcome in outcomes] == [kagami.ClientClosed] * 3
        await asyncio.to_thread(engine.start)
        assert await asyncio.to_thread(settles, lambda: connections(engine) == 0)

        beginning = AsyncClient.connect(engine.path + " of nobody", wait=30)
        start = asyncio.ensure_future(beginning.start())
        await asyncio.sleep(0.05)
        await beginning.close()
        with pytest.raises(kagami.ClientClosed):
            await asyncio.wait_for(start, 25)

    asyncio.run(main())


def test_an_engine_that_does_not_answer_is_not_waited_for(start):
    engine = start()
    engine.stop()
    begun = time.monotonic()
    with pytest.raises(kagami.CallTimeout):
        kagami.Client.connect(engine.path, start_timeout=0.2)
    with pytest.raises(kagami.CallTimeout):
        asyncio.run(AsyncClient.connect(engine.path, start_timeout=0.2).start())
    assert time.monotonic() - begun < 50, "the client gives an engine 60 seconds"
    os.kill(engine.process.pid, signal.SIGCONT)


def test_a_client_that_nobody_closes_leaves_no_connection(start):
    engine = start()
    clients = [kagami.Client.connect(engine.path) for _ in range(3)]
    assert settles(lambda: connections(engine) == 3)
    del clients
    gc.collect()
    assert settles(lambda: connections(engine) == 0)
    assert is_running(engine.process.pid)
    assert exists(engine.process.pid)


def test_a_client_for_asyncio_that_nobody_closes_leaves_no_connection(start, queries):
    engine = start()

    async def main():
        clients = [AsyncClient.connect(engine.path, retries=2) for _ in range(3)]
        for each in clients:
            await each.start()
            await each.search(queries[0], k=1)
        assert settles(lambda: connections(engine) == 3)
        del clients, each
        gc.collect()
        assert await asyncio.to_thread(settles, lambda: connections(engine) == 0)

    before = len(os.listdir("/proc/self/fd"))
    asyncio.run(main())
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before
    assert is_running(engine.process.pid)


def test_a_client_that_outlives_its_loop_leaves_no_connection(start):
    engine = start()
    before = len(os.listdir("/proc/self/fd"))
    client = AsyncClient.connect(engine.path)
    asyncio.run(client.start())
    assert settles(lambda: connections(engine) == 1)
    del client
    gc.collect()
    assert settles(lambda: connections(engine) == 0)
    assert len(os.listdir("/proc/self/fd")) == before
    assert is_running(engine.process.pid)


def test_after_a_fork_the_parent_keeps_its_connection(start):
    engine = start()

    def child(queue):
        try:
            shared.count()
        except kagami.KagamiError as error:
            queue.put(str(error))
        with kagami.Client.connect(engine.path) as own:
            queue.put(own.count())

    with kagami.Client.connect(engine.path) as shared:
        context = multiprocessing.get_context("fork")
        queue = context.Queue()
        process = context.Process(target=child, args=(queue,))
        process.start()
        assert "before a fork" in queue.get(timeout=PATIENCE)
        assert queue.get(timeout=PATIENCE) == shared.count()
        process.join()
        assert process.exitcode == 0
