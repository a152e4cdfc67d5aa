"""Arguments of the clients themselves that are not what they should be, and uses that were not meant."""

import asyncio
import copy
import gc
import pickle
import threading

import numpy as np
import pytest

import kagami
from conftest import PATIENCE, children, make_fake
from kagami.aio import AsyncClient

VECTOR = np.ones(4, np.float32)

#: Arguments that no client takes, and where they are at fault.
REFUSED = [
    ({"timeout": float("nan")}, "/timeout"),
    ({"timeout": "5"}, "/timeout"),
    ({"timeout": True}, "/timeout"),
    ({"start_timeout": float("nan")}, "/start_timeout"),
    ({"start_timeout": "5"}, "/start_timeout"),
    ({"close_timeout": float("nan")}, "/close_timeout"),
    ({"close_timeout": "5"}, "/close_timeout"),
    ({"close_timeout": None}, "/close_timeout"),
    ({"retries": -1}, "/retries"),
    ({"retries": "2"}, "/retries"),
    ({"retries": 1.5}, "/retries"),
    ({"retries": None}, "/retries"),
    ({"retries": True}, "/retries"),
    ({"on_notification": "x"}, "/on_notification"),
    ({"arguments": "--read-only"}, "/arguments"),
    ({"arguments": ["--threads", 2]}, "/arguments/1"),
    ({"arguments": ["a\0b"]}, "/arguments/0"),
]


@pytest.mark.parametrize("kind", [kagami.Client, AsyncClient])
@pytest.mark.parametrize("options, place", REFUSED, ids=repr)
def test_arguments_that_are_none(fake_binary, kind, options, place):
    before = children()
    with pytest.raises(kagami.InvalidValue) as caught:
        make_fake(kind, fake_binary, **options)
    assert caught.value.pointer == place
    assert children() == before


@pytest.mark.parametrize("variables", [{"A": 1}, {1: "A"}, {"A": "\0"}, {"A=B": "1"}, {"": "1"}])
def test_variables_that_are_none(fake_binary, variables):
    with pytest.raises(kagami.InvalidValue) as caught:
        kagami.Client("x", binary=fake_binary, environment=variables)
    assert caught.value.pointer == "/environment"


@pytest.mark.parametrize("wait", [float("nan"), "3", None, True])
def test_waits_that_are_none(tmp_path, wait):
    with pytest.raises(kagami.InvalidValue, match="wait is a number of seconds"):
        kagami.Client.connect(tmp_path / "nobody", wait=wait)


@pytest.mark.parametrize("name", ["timeout", "start_timeout", "close_timeout"])
@pytest.mark.parametrize("value", [float("inf"), 1e300, 10**400, 1e10, np.float32(200), np.int64(200)])
def test_lengths_of_time_that_are_as_good_as_forever(fake, name, value):
    with fake(**{name: value}) as client:
        assert len(client.search(VECTOR)) == 1
        assert len(client.search(VECTOR, timeout=value)) == 1
        assert client.submit("items.count").result(value) == {}
    client.close()


def test_lengths_of_time_that_are_none(fake):
    with fake({"on": "x", "hold": 9, "always": True}) as client:
        for value in (float("nan"), "5", True, b"1"):
            with pytest.raises(kagami.InvalidValue, match="timeout is a number of seconds"):
                client.search(VECTOR, timeout=value)
            with pytest.raises(kagami.InvalidValue):
                list(client.search_iter([VECTOR], k=1, timeout=value))
        for value in (-1, 0, -np.inf):
            with pytest.raises(kagami.CallTimeout):
                client.call("x", timeout=value)
        for width in (0, -3, 1.5, "a", True):
            with pytest.raises(kagami.InvalidValue, match="in_flight is a whole number from 1"):
                client.search_all([VECTOR], k=1, in_flight=width)
        with pytest.raises(kagami.InvalidValue, match="progress is called"):
            client.build(progress="x")
        assert len(client.search(VECTOR, timeout=PATIENCE)) == 1


def test_a_catalogue_that_is_named_like_an_option(binary):
    with pytest.raises(kagami.EngineDied) as caught:
        kagami.Client("--help", binary=binary)
    assert caught.value.exit_code == 66


def test_flags_that_are_neither_true_nor_false(binary, own_catalogue, items, keys):
    """A text such as "no" is not to be taken for true."""
    with kagami.Client(own_catalogue, binary=binary) as client:
        for call in (
            lambda: client.upsert(["x"], items[:1], atomic="no"),
            lambda: client.upsert(["x"], items[:1], strict="no"),
            lambda: client.remove(filter={}, confirm="no"),
            lambda: client.remove_member(client.get(keys[:1]).items[0].member, cascade="no"),
            lambda: client.search(items[0], exact="no"),
        ):
            with pytest.raises(kagami.InvalidParams, match="true or false"):
                call()
        assert client.count() == len(keys)


def test_clients_are_not_copied(fake, fake_binary):
    with fake() as client:
        for make in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="belongs to the process that made it"):
                make(client)
            with pytest.raises(TypeError, match="belongs to the process that made it"):
                make(AsyncClient("x", binary=fake_binary))
        assert len(client.search(VECTOR)) == 1


def test_cancelling_what_is_none(fake):
    methods = {"methods": ["engine.hello", "search", "engine.cancel"]}
    with fake({"on": "engine.hello", "hello": methods}) as client:
        assert client.cancel() == 0
        for junk in (2**70, float("nan"), {1}, object()):
            with pytest.raises(kagami.InvalidValue):
                client.cancel(junk)


def test_a_thread_with_the_number_of_an_earlier_one_may_call(fake):
    """Systems give the numbers of threads anew, and that of a client's own thread after its end, too."""
    client = fake()
    client.close()
    outcomes = []

    def ask():
        with pytest.raises(kagami.KagamiError) as caught:
            client.search(VECTOR)
        outcomes.append(type(caught.value))

    for _ in range(20):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert set(outcomes) == {kagami.ClientClosed}


def test_a_twin_that_was_not_started_says_so(fake_binary):
    async def main():
        client = make_fake(AsyncClient, fake_binary)
        for call in (client.count, client.sync, lambda: client.search_all([VECTOR], k=1)):
            with pytest.raises(kagami.ClientClosed, match="has not been started"):
                await call()
        for name in ("pid", "info", "dimension"):
            with pytest.raises(kagami.ClientClosed, match="has not been started"):
                getattr(client, name)
        await client.close()
        before = children()
        await client.start()
        await client.start()
        assert len(children() - before) == 1, "the second start finds the engine there"
        assert client.dimension == 4
        await client.close()
        assert children() == before

    asyncio.run(main())
    gc.collect()


def test_a_twin_in_another_loop_says_so(fake_binary):
    async def main():
        async with make_fake(AsyncClient, fake_binary) as client:

            def ask():
                with pytest.raises(kagami.KagamiError, match="belongs to the event loop"):
                    asyncio.run(client.call("items.count"))

            await asyncio.to_thread(ask)
            assert await client.call("items.count") == {}
            assert not client._session.link.ledger.pending

    asyncio.run(main())
