"""The pipe under an engine that misbehaves, and callers that do."""

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import kagami
from conftest import PATIENCE, children, exists, is_running, settles, slow_to_return

VECTOR = np.ones(4, np.float32)


def test_answers_out_of_order_find_their_calls(fake):
    with fake({"on": "search", "hold": 8, "always": True}) as client:
        calls = [client.submit_search(VECTOR, k=2) for _ in range(8)]
        for call in calls:
            assert call.result(timeout=PATIENCE).keys[0, 0] == f"search/{call.id}/0"


def test_a_stream_is_in_order_though_answers_are_not(fake):
    with fake({"on": "search", "hold": 4, "always": True}) as client:
        results = list(client.search_iter(np.ones((16, 4)), batch=1, in_flight=4, k=2))
        ids = [int(result.keys[0, 0].split("/")[1]) for result in results]
        assert ids == sorted(ids)
        assert len(set(ids)) == 16


def test_death_in_the_middle_is_told_with_code_and_tail(fake):
    with fake({"on": "search", "stderr": "disk on fire\n", "exit": 74}) as client:
        calls = [client.submit("items.count") for _ in range(3)]
        with pytest.raises(kagami.EngineDied) as caught:
            client.search(VECTOR)
        assert caught.value.exit_code == 74
        assert caught.value.signal is None
        assert caught.value.stderr_tail == "disk on fire\n"
        assert "reading or writing failed" in str(caught.value)
        assert [call.result(PATIENCE) for call in calls] == [{}, {}, {}]
        with pytest.raises(kagami.EngineDied):
            client.count()


def test_everybody_who_waits_is_told_of_the_death(fake):
    with fake({"on": "search", "hold": 99, "always": True}) as client:
        calls = [client.submit_search(VECTOR) for _ in range(20)]
        os.kill(client.pid, signal.SIGKILL)
        for call in calls:
            with pytest.raises(kagami.EngineDied) as caught:
                call.result(timeout=PATIENCE)
            assert caught.value.signal == signal.SIGKILL
            assert "SIGKILL" in str(caught.value)


def test_the_tail_of_standard_error_is_bounded_and_whole_lines(fake):
    with fake({"on": "search", "flood": 1 << 20, "stderr": "the end\n", "exit": 70}) as client:
        with pytest.raises(kagami.EngineDied) as caught:
            client.search(VECTOR)
        tail = caught.value.stderr_tail
        assert tail.endswith("x\nthe end\n")
        assert len(tail) <= 16 << 10
        assert {len(line) for line in tail.splitlines()[:-1]} == {1023}


def test_a_flood_on_standard_error_stalls_nobody(fake):
    with fake({"on": "search", "flood": 4 << 20, "default": 0}) as client:
        assert client.search(VECTOR, timeout=PATIENCE).keys[0, 0] == "search/2/0"


@pytest.mark.parametrize(
    "line", ["hello\n", "[1]\n", '{"jsonrpc":"2.0","id":99,"result":{}}\n', '{"id":null}\n', "7\n"]
)
def test_a_line_that_is_no_answer_ends_the_engine(fake, line):
    with fake({"on": "search", "raw": line}) as client:
        other = client.submit("x.hold")
        with pytest.raises(kagami.ProtocolViolation) as caught:
            client.search(VECTOR, timeout=PATIENCE)
        assert caught.value.line == line.strip().encode()
        assert other.result(PATIENCE) == {}
        with pytest.raises(kagami.ProtocolViolation):
            client.count()
        assert not is_running(client.pid)


def test_a_line_that_only_begins_like_an_answer_ends_the_engine(fake):
    with fake({"on": "search", "raw": '{"jsonrpc":"2.0","id":2,"result":{"resu\n'}) as client:
        with pytest.raises(kagami.ProtocolViolation):
            client.search(VECTOR, timeout=PATIENCE)
        with pytest.raises(kagami.ProtocolViolation):
            client.search(VECTOR, timeout=PATIENCE)


@pytest.mark.parametrize(
    "result", [None, {}, {"results": 3, "seq": 1}, {"results": [], "seq": 1}, {"results": [{"hits": []}] * 2, "seq": 1}]
)
def test_an_answer_of_another_shape_is_told_and_the_stream_goes_on(fake, result):
    with fake({"on": "search", "reply": result}) as client:
        with pytest.raises(kagami.ProtocolViolation):
            client.search(VECTOR)
        assert len(client.search(VECTOR)) == 1


def test_an_answer_twice_is_a_violation(fake):
    answer = '{"jsonrpc":"2.0","id":2,"result":{}}\n'
    with fake({"on": "items.get", "raw": answer * 2}) as client:
        assert client.call("items.get", keys=["a"]) == {}
        with pytest.raises(kagami.ProtocolViolation):
            client.sync()


def test_an_unterminated_last_line_is_no_answer(fake):
    with fake({"on": "engine.sync", "raw": '{"jsonrpc":"2.0","id":2,"result":{"seq":1}}', "exit": 0}) as client:
        with pytest.raises(kagami.EngineDied) as caught:
            client.sync()
        assert caught.value.exit_code == 0


def test_spaces_carriage_returns_and_empty_lines_are_let_be(fake):
    with fake(
        {"on": "engine.sync", "raw": '\n\r\n { "id" : 2 , "jsonrpc":"2.0", "result" : { "seq" : 41 } } \r\n'}
    ) as client:
        assert client.sync() == 41


def test_answers_may_come_one_byte_at_a_time(fake):
    with fake({"on": "engine.sync", "dribble": {"seq": 7}, "always": True}) as client:
        assert [client.sync(), client.sync()] == [7, 7]


def test_a_full_window_of_large_answers_that_nobody_takes(fake):
    # 64 answers of 1 MB: they are read although nobody asks for them, and requests go on.
    with fake({"on": "search", "search_pad": 1 << 20, "always": True}) as client:
        calls = [client.submit_search(VECTOR, k=1) for _ in range(64)]
        assert client.call("engine.sync", timeout=PATIENCE) == {}
        assert all(len(call.result().keys[0, 0]) == 1 << 20 for call in calls)


def test_more_large_requests_than_every_pipe_holds(fake):
    # 40 MB of requests to an engine that reads one at a time and answers late: nothing may wedge.
    with fake({"on": "search", "sleep": 0.01, "default": 0, "always": True}) as client:
        rows = np.ones((40 * 1000, 64), np.float32)
        assert len(client.search_all(rows, batch=1000, k=2)) == 40_000


def test_the_window_is_kept(fake):
    limits = {"limits": {"window_requests": 4, "window_bytes": 1 << 20, "line_bytes": 1 << 20}}
    with fake({"on": "engine.hello", "hello": limits}, {"on": "search", "hold": 4, "always": True}) as client:
        # Held until four are there: a fifth would be refused, fewer would hang.
        assert len(client.search_all(np.ones((64, 4)), batch=1, k=2)) == 64
        calls = [client.submit_search(VECTOR) for _ in range(3)]
        blocked = threading.Thread(target=lambda: calls.extend(client.submit_search(VECTOR) for _ in range(5)))
        blocked.start()
        blocked.join(PATIENCE)
        assert len(calls) == 8
        assert all(call.result(PATIENCE) for call in calls)


def test_the_window_counts_bytes(fake):
    limits = {"limits": {"window_requests": 64, "window_bytes": 3000, "line_bytes": 1 << 20}}
    with fake({"on": "engine.hello", "hello": limits}, {"on": "search", "hold": 2, "always": True}) as client:
        rows = np.ones((20, 256), np.float32)  # 1.4 kB a line: two fit, three do not
        assert len(client.search_all(rows, batch=1, k=2)) == 20


def test_a_call_that_finds_no_room_in_time_is_not_sent(fake):
    limits = {"limits": {"window_requests": 64, "window_bytes": 3000, "line_bytes": 1 << 20}}
    steps = {"on": "engine.hello", "hello": limits}, {"on": "search", "hold": 3, "always": True}
    with fake(*steps, timeout=0.1) as client:
        vector = np.ones(256, np.float32)
        client.submit_search(vector)
        client.submit_search(vector)
        with pytest.raises(kagami.CallTimeout, match="room"):
            client.search(vector)


def test_a_request_beyond_the_line_limit_is_not_sent(fake):
    limits = {"limits": {"window_requests": 64, "window_bytes": 1 << 20, "line_bytes": 4096}}
    with fake({"on": "engine.hello", "hello": limits}) as client:
        with pytest.raises(kagami.TooLarge, match="4096"):
            client.search(np.ones((100, 64)))
        with pytest.raises(kagami.TooLarge):
            list(client.search_iter(np.ones((100, 64)), batch=100))
        assert len(client.search(VECTOR)) == 1


def test_urgent_calls_pass_a_full_window(fake):
    limits = {"limits": {"window_requests": 1, "window_bytes": 1 << 20, "line_bytes": 4096}}
    with fake({"on": "engine.hello", "hello": limits}, {"on": "search", "hold": 2, "always": True}) as client:
        client.submit_search(VECTOR)
        assert client.health() == {}
        assert client.stats() == {}


def test_timeouts(fake):
    steps = {"on": "search", "hold": 3, "always": True}, {"on": "items.count", "hold": 9}
    with fake(*steps) as client:
        with pytest.raises(kagami.CallTimeout):
            client.search(VECTOR, timeout=0.05)
        with pytest.raises(TimeoutError):
            client.call("items.count", timeout=0.0)
        # The late answers belong to nobody, and the stream goes on.
        assert len(client.search(VECTOR, timeout=PATIENCE)) == 1


def test_timeout_of_the_client(fake):
    with fake({"on": "search", "hold": 2, "always": True}, timeout=0.05) as client:
        with pytest.raises(kagami.CallTimeout):
            client.search(VECTOR)
        assert len(client.search(VECTOR, timeout=float("inf"))) == 1


def test_an_engine_that_stops_reading_is_left_in_time(fake):
    with fake(close_timeout=0.2) as client:
        os.kill(client.pid, signal.SIGSTOP)
        rows = np.ones((1000, 1024), np.float32)  # 5 MB: more than the pipe holds
        with pytest.raises(kagami.CallTimeout):
            client.search(rows, timeout=0.2)
        pid = client.pid
        with pytest.raises(kagami.EngineDied):
            client.close()
    assert not exists(pid)


def test_reads_are_sent_again_to_a_new_engine(fake, tmp_path):
    step = {"on": "search", "once": str(tmp_path / "died"), "exit": 70}
    with fake(step, retries=1) as client:
        before = client.pid
        assert len(client.search(VECTOR)) == 1
        assert client.pid != before
        assert not exists(before)


def test_a_stream_goes_on_after_a_death(fake, tmp_path):
    step = {"on": "search", "once": str(tmp_path / "died"), "kill": 9}
    with fake(step, retries=2) as client:
        assert len(client.search_all(np.ones((300, 4)), batch=1, k=2)) == 300


def test_a_stream_survives_kills_at_any_moment(binary, catalogue, queries):
    with kagami.Client(catalogue, binary=binary) as quiet:
        expected = quiet.search_all(queries, batch=1, k=3)
    with kagami.Client(catalogue, binary=binary, retries=50) as client:
        stop, killed, answers = threading.Event(), set(), 0

        def killer():
            seen = 0
            while not stop.wait(0.03):
                if answers > seen:  # an engine that is killed before it can answer anything shows nothing
                    seen = answers
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(client.pid, signal.SIGKILL)
                        killed.add(client.pid)

        thread = threading.Thread(target=killer)
        thread.start()
        try:
            while len(killed) < 3:
                results = []
                for result in client.search_iter(np.concatenate([queries] * 5), batch=1, k=3):
                    results.append(result)
                    answers += 1
                found = kagami.SearchResult.joined(results, 3)
                assert np.array_equal(found.keys, np.concatenate([expected.keys] * 5))
                assert np.array_equal(found.scores, np.concatenate([expected.scores] * 5))
        finally:
            stop.set()
            thread.join()
        assert client.sync() == expected.seq


def test_an_engine_that_starts_slower_than_calls_wait_is_there_for_later_ones(fake, tmp_path):
    with fake(*slow_to_return(tmp_path, 0.6), retries=9) as client:
        late = 0
        for _ in range(1000):
            try:
                client.search(VECTOR, timeout=0.15)
                break
            except kagami.CallTimeout:
                late += 1
        assert 1 <= late < 1000
        assert client.pid in children()


def test_closing_during_a_restart_leaves_no_process(fake, tmp_path):
    before = children()
    client = fake(*slow_to_return(tmp_path, 30), retries=2)
    outcomes = []

    def ask():
        try:
            outcomes.append(client.search(VECTOR))
        except kagami.KagamiError as error:
            outcomes.append(type(error))

    thread = threading.Thread(target=ask)
    thread.start()
    assert settles((tmp_path / "asked").exists)
    begun = time.monotonic()
    client.close()
    assert children() == before
    thread.join()
    assert outcomes == [kagami.ClientClosed]
    assert time.monotonic() - begun < 25, "the engine would have slept for 30 seconds"


def test_retries_run_out(fake):
    with fake({"on": "search", "always": True, "exit": 70}, retries=2) as client, pytest.raises(kagami.EngineDied):
        client.search(VECTOR)


def test_edits_are_not_sent_again_unless_they_may_be(fake, tmp_path):
    step = {"on": "items.remove", "once": str(tmp_path / "died"), "exit": 70}
    with fake(step, retries=3) as client:
        with pytest.raises(kagami.EngineDied):
            client.remove(["a"])
        # The next call finds a new engine.
        assert client.call("items.count") == {}
    step = {"on": "items.remove", "once": str(tmp_path / "died again"), "exit": 70}
    receipt = {"removed": 1, "missing": 0, "keys": ["a"], "time": "2026-01-01T00:00:00Z", "seq": 3, "repeated": True}
    with fake(step, {"on": "items.remove", "reply": receipt}, retries=3) as client:
        assert client.remove(["a"], op_id="takedown 1").repeated


def test_cancellation(fake):
    methods = {"methods": ["engine.hello", "search", "engine.cancel"]}
    with fake({"on": "engine.hello", "hello": methods}, {"on": "search", "hold": 99, "always": True}) as client:
        first, second = client.submit_search(VECTOR), client.submit_search(VECTOR)
        assert not first.done
        assert client.cancel(first, second.id) == 2
        for call in (first, second):
            with pytest.raises(kagami.Cancelled):
                call.result(timeout=PATIENCE)
        third = client.submit_search(VECTOR)
        assert client.cancel(all=True) == 1
        with pytest.raises(kagami.Cancelled):
            third.result(timeout=PATIENCE)


def test_a_call_given_up_is_cancelled_where_the_engine_can(fake):
    methods = {"methods": ["engine.hello", "search", "engine.cancel"], "limits": {"window_requests": 1}}
    with fake({"on": "engine.hello", "hello": methods}, {"on": "search", "hold": 9}) as client:
        with pytest.raises(kagami.CallTimeout):
            client.search(VECTOR, timeout=0.1)
        # The window of one is free again only because the first call was cancelled.
        assert len(client.search(VECTOR, timeout=PATIENCE)) == 1


def test_leaving_a_stream_early_leaves_nothing_behind(fake):
    with fake() as client:
        stream = client.search_iter(np.ones((1000, 4)), batch=1, k=2)
        next(stream)
        stream.close()
        assert client.call("engine.sync", timeout=PATIENCE) == {}
        assert not client._session.link.ledger.pending


def test_an_error_in_a_stream_comes_at_its_place(fake):
    refusal = {"kind": "invalid_params", "code": -32602, "pointer": "/params/vectors/0"}
    with fake({"on": "search", "default": 0}, {"on": "search", "refuse": refusal}) as client:
        stream = client.search_iter(np.ones((9, 4)), batch=1, k=2)
        assert len(next(stream)) == 1
        with pytest.raises(kagami.InvalidParams) as caught:
            next(stream)
        assert caught.value.pointer == "/params/vectors/0"
        assert caught.value.code == -32602
        assert len(client.search(VECTOR)) == 1


def test_notifications_reach_their_handler(fake):
    heard = []
    with fake(
        {"on": "search", "notify": "engine.progress", "default": 0}, on_notification=lambda *n: heard.append(n)
    ) as client:
        client.search(VECTOR)
    assert heard == [("engine.progress", {"done": 0.5})]


def test_a_handler_that_fails_or_calls_harms_nobody(fake, caplog):
    def handler(method, params):
        client.count()

    client = fake({"on": "search", "notify": "n", "default": 0}, on_notification=handler)
    with client:
        assert len(client.search(VECTOR)) == 1
    assert "cannot make calls" in caplog.text


def test_progress_reaches_the_call_that_asked(fake):
    others, heard = [], []
    step = {"on": "index.build", "notify": "progress", "progress": 3, "reply": {"rows": 9}}
    with fake(step, on_notification=lambda *n: others.append(n)) as client:
        assert client.build(progress=heard.append) == {"rows": 9}
        assert client.compact() == {}
    assert heard == [kagami.Progress("graph", 3, 9)]
    assert others == [("progress", {"done": 0.5})]


def test_notifications_without_a_handler_are_let_be(fake):
    with fake({"on": "search", "notify": "n", "default": 0}) as client:
        assert len(client.search(VECTOR)) == 1


def test_many_threads(client, queries):
    expected = client.search_all(queries, k=3)
    failures = []

    def ask(start):
        for row in range(start, len(queries), 8):
            found = client.search(queries[row], k=3)
            if list(found.keys[0]) != list(expected.keys[row]):
                failures.append(row)

    def stream():
        if not np.array_equal(client.search_all(queries, k=3, batch=7).keys, expected.keys):
            failures.append("stream")

    threads = [threading.Thread(target=ask, args=[start]) for start in range(8)]
    threads += [threading.Thread(target=stream) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_closing_answers_what_is_under_way(client, queries):
    calls = [client.submit_search(query) for query in queries[:60]]
    client.close()
    assert all(len(call.result()) == 1 for call in calls)
    assert not exists(client.pid)
    client.close()
    with pytest.raises(kagami.ClientClosed):
        client.count()


def test_closing_with_calls_that_are_never_answered(fake):
    client = fake({"on": "search", "hold": 99, "always": True})
    calls = [client.submit_search(VECTOR) for _ in range(3)]
    client.close()
    for call in calls:
        with pytest.raises(kagami.ClientClosed):
            call.result(timeout=PATIENCE)


def test_an_exception_ends_the_engine_at_once(fake):
    start = time.monotonic()
    with pytest.raises(ZeroDivisionError), fake({"on": "search", "sleep": 60}) as client:
        call = client.submit_search(VECTOR)
        raise ZeroDivisionError
    assert time.monotonic() - start < 50, "the engine would have slept for 60 seconds"
    assert not exists(client.pid)
    with pytest.raises(kagami.EngineDied):
        call.result(timeout=PATIENCE)


def test_an_engine_that_ignores_signals_is_killed(fake):
    ready = threading.Event()
    step = {"on": "search", "ignore_term": 1, "notify": "ready", "sleep": 200}
    client = fake(step, close_timeout=0.1, on_notification=lambda *_: ready.set())
    client.submit_search(VECTOR)
    assert ready.wait(PATIENCE)
    with pytest.raises(kagami.EngineDied) as caught:
        client.close()
    assert caught.value.signal == signal.SIGKILL
    assert not exists(client.pid)


def test_an_engine_that_closes_its_output_is_ended(fake):
    with fake({"on": "search", "close_stdout": 1, "sleep": 60}, close_timeout=0.1) as client:
        with pytest.raises(kagami.EngineDied):
            client.search(VECTOR)
        assert not exists(client.pid)


def test_a_bad_exit_that_nobody_knows_of_is_raised_at_the_end(fake):
    client = fake({"on": "search", "default": 0, "exit": 74})
    client.search(VECTOR)
    time.sleep(0.2)
    with pytest.raises(kagami.EngineDied) as caught:
        client.close()
    assert caught.value.exit_code == 74
    client.close()


def test_a_client_that_is_forgotten_ends_its_engine(fake):
    client = fake()
    pid = client.pid
    del client
    gc.collect()
    assert not exists(pid)


def test_the_interpreters_exit_ends_the_engine(fake_binary, tmp_path):
    program = f"import kagami; c = kagami.Client('x', binary={fake_binary!r}); print(c.pid)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stderr == ""
    assert not exists(int(done.stdout))


def test_an_uncaught_exception_ends_the_engine(fake_binary):
    program = (
        f"import kagami; c = kagami.Client('x', binary={fake_binary!r}); print(c.pid, flush=True); raise SystemExit(3)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 3
    assert not exists(int(done.stdout))


def test_a_child_after_a_fork_cannot_use_the_client(fake_binary):
    program = f"""
import os, kagami
client = kagami.Client("x", binary={fake_binary!r})
child = os.fork()
if child == 0:
    try:
        client.count()
    except kagami.KagamiError as error:
        raise SystemExit(0 if "fork" in str(error) else 1)
    raise SystemExit(2)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert client.call("engine.sync", timeout=60) == {{}}
other = os.fork()
if other == 0:
    import time
    time.sleep(30)  # it holds no end of the engine's pipes, so closing does not wait for it
    os._exit(0)
client.close()
os.kill(other, 9)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_no_descriptors_are_left_behind(fake):
    def count():
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    with fake():
        pass
    before = count()
    for _ in range(5):
        with fake() as client:
            client.search(VECTOR)
        del client
    assert count() == before


def test_where_the_program_is_looked_for(monkeypatch, fake_binary):
    monkeypatch.delenv("KAGAMI_BIN", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(kagami.EngineNotFound, match="KAGAMI_BIN"):
        kagami.Client("x")
    monkeypatch.setenv("KAGAMI_BIN", "/nowhere/kagami")
    with pytest.raises(kagami.EngineNotFound, match="KAGAMI_BIN is '/nowhere/kagami'"):
        kagami.Client("x")
    with pytest.raises(kagami.EngineNotFound, match="binary is"):
        kagami.Client("x", binary="/nowhere/kagami")
    monkeypatch.setenv("KAGAMI_BIN", fake_binary)
    monkeypatch.setenv("PATH", os.path.dirname(sys.executable) + ":/usr/bin:/bin")
    with kagami.Client("x") as client:
        assert client.info["name"] == "kagami"


def test_an_engine_that_does_not_start_says_why(binary, tmp_path):
    with pytest.raises(kagami.EngineDied) as caught:
        kagami.Client(tmp_path / "missing.kagami", binary=binary)
    assert caught.value.exit_code == 66
    assert "missing.kagami" in caught.value.stderr_tail
    with pytest.raises(kagami.EngineDied) as caught:
        kagami.Client(tmp_path / "x", binary=binary, arguments=["--no-such-option"])
    assert caught.value.exit_code == 64


def test_an_engine_that_does_not_say_hello(fake):
    with pytest.raises(kagami.CallTimeout):
        fake({"on": "engine.hello", "sleep": 30}, start_timeout=0.1)


def test_exceptions_can_be_pickled():
    errors = [
        kagami.EngineDied(70, None, "tail"),
        kagami.ProtocolViolation("why", b"line"),
        kagami.InvalidParams(-32602, "no", {"kind": "invalid_params", "pointer": "/params"}),
        kagami.CallTimeout("late"),
    ]
    for error in errors:
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
        assert vars(copy) == vars(error)
        assert str(copy) == str(error)
