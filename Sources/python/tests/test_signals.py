"""Signals that go to the caller, and callers that are killed: the engine outlives the one and not the other."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from conftest import is_running, settles


def soon():
    """Seconds in which an engine ends after its parent: two, and more on a machine that is busy."""
    return 2 + 10 * max(0.0, os.getloadavg()[0] / (os.cpu_count() or 1) - 0.5)


class Caller:
    """A program of its own session that makes a client, says the engine's number, and does as it is told."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.engine = int(self.line())

    def line(self):
        return self.process.stdout.readline()

    def tell(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def end(self):
        if is_running(self.engine):
            os.kill(self.engine, signal.SIGKILL)
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def caller():
    callers = []

    def start(program, *arguments):
        callers.append(Caller(program, *arguments))
        return callers[-1]

    yield start
    for each in callers:
        each.end()


SYNC = """
    import sys, kagami
    client = kagami.Client(sys.argv[2], binary=sys.argv[1])
    print(client.pid, flush=True)
    for _ in range(3):
        try:
            print("ready", flush=True)
            sys.stdin.readline()
            print("not interrupted", flush=True)
        except KeyboardInterrupt:
            print(client.pid, client.count(), flush=True)
    client.close()
    print("closed", flush=True)
"""

ASYNC = """
    import asyncio, signal, sys
    from kagami.aio import AsyncClient
    async def main():
        pressed = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, pressed.set)
        async with AsyncClient(sys.argv[2], binary=sys.argv[1]) as client:
            print(client.pid, flush=True)
            for _ in range(3):
                print("ready", flush=True)
                await pressed.wait()
                pressed.clear()
                print(client.pid, await client.count(), flush=True)
        print("closed", flush=True)
    asyncio.run(main())
"""


@pytest.mark.parametrize("program", [SYNC, ASYNC], ids=["sync", "asyncio"])
def test_ctrl_c_does_not_end_the_engine(caller, binary, catalogue, program):
    asking = caller(program, binary, catalogue)
    for _ in range(3):
        assert asking.line() == "ready\n"
        # As a terminal does: to every process of the group.
        os.killpg(asking.process.pid, signal.SIGINT)
        assert asking.line() == f"{asking.engine} 1785\n"
    assert asking.line() == "closed\n"
    assert asking.process.wait(30) == 0
    assert not is_running(asking.engine)


HELD = """
    import os, subprocess, sys, threading, kagami
    made = []
    def make():
        made.append(kagami.Client(sys.argv[2], binary=sys.argv[1]))
    if sys.argv[3] == "thread":  # which is gone by the time of the first call
        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
    else:
        make()
    client = made[0]
    if sys.argv[3] == "held":  # a child holds the pipe, so that the engine's input does not end
        pipe = client._session.link.engine.stdin
        child = subprocess.Popen(["sleep", "60"], pass_fds=[pipe])
        print(client.pid, flush=True)
        print(child.pid, flush=True)
    else:
        print(client.pid, flush=True)
        print(0, flush=True)
    print(client.count(), flush=True)
    sys.stdin.readline()
    sys.stdin.readline()
"""


@pytest.mark.parametrize("how", ["plainly", "thread", "held"])
def test_the_engine_ends_with_a_parent_that_is_killed(caller, binary, catalogue, how):
    asking = caller(HELD, binary, catalogue, how)
    child = int(asking.line())
    try:
        assert asking.line() == "1785\n"
        time.sleep(0.3)  # it is there to stay
        assert is_running(asking.engine)
        asking.process.kill()
        killed = time.monotonic()
        assert settles(lambda: not is_running(asking.engine))
        assert time.monotonic() - killed < soon()
        assert child == 0 or is_running(child)
    finally:
        if child:
            os.kill(child, signal.SIGKILL)


def test_the_engine_has_a_session_of_its_own(client):
    assert os.getsid(client.pid) == client.pid != os.getsid(0)


INTERRUPTED = """
    import os, random, signal, sys, threading, time
    import numpy as np
    import kagami

    queries = np.load(sys.argv[3]).astype(np.float32)
    client = kagami.Client(sys.argv[2], binary=sys.argv[1])
    print(client.pid, flush=True)
    expected = client.search_all(queries, k=2).keys
    over, failures, armed, caught = threading.Event(), [], False, 0

    def interrupt(*_):
        if armed:
            raise KeyboardInterrupt

    def press():
        chance = random.Random(7)
        while not over.is_set():
            time.sleep(chance.random() * 0.004)
            os.kill(os.getpid(), signal.SIGINT)

    def ask():
        while not over.is_set():
            try:
                client.search(queries[0], k=1, timeout=30)
            except BaseException as error:
                failures.append(repr(error))
                return

    signal.signal(signal.SIGINT, interrupt)
    threads = [threading.Thread(target=press), threading.Thread(target=ask)]
    for thread in threads:
        thread.start()
    while caught < 400 and not failures:
        try:
            armed = True
            while not failures:
                client.search_all(queries, k=2, batch=16)
                for query in queries[:20]:
                    client.search(query, k=1)
        except KeyboardInterrupt:
            armed = False
            caught += 1
    over.set()
    for thread in threads:
        thread.join()
    print(failures, flush=True)
    print(np.array_equal(client.search_all(queries, k=2, timeout=30).keys, expected), flush=True)
    print(len(client._session.link.ledger.pending), flush=True)
"""


def test_ctrl_c_at_any_moment_spoils_nothing(caller, binary, catalogue):
    """What is cut short in the middle of a line would be another's line: four hundred times, beside another thread."""
    from conftest import DATA

    asking = caller(INTERRUPTED, binary, catalogue, str(DATA / "queries.npy"))
    assert asking.line() == "[]\n"
    assert asking.line() == "True\n"
    assert asking.line() == "0\n"
