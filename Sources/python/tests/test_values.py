"""What JSON has not: each value is refused alone, by both clients, with orjson and without, and the engine lives on."""

import asyncio
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import random
import threading
import types
import uuid

import numpy as np
import pytest

import kagami
from kagami import _json, _ledger, _requests
from kagami._values import plain
from kagami.aio import AsyncClient

VECTOR = np.ones(4, np.float32)


class Colour(enum.Enum):
    RED = 1


class Medium(str, enum.Enum):
    CEL = "cel"


class Size(enum.IntEnum):
    LARGE = 3


class Odd(str):
    """A text that is another one's equal, and not its key's."""

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other


@dataclasses.dataclass
class Record:
    year: int


class Tensor:
    """Like an array of another library."""

    def __array__(self, dtype=None, copy=None):
        return np.ones(2, np.float32)


class Table:
    """Yields the names of its columns, as those of pandas do."""

    columns = ("key", "member")

    def __iter__(self):
        return iter(self.columns)


def nested(levels, kind=dict):
    value = 0
    for _ in range(levels):
        value = {"a": value} if kind is dict else [value]
    return value


def endless():
    value = []
    value.append(value)
    return value


#: Name, value, where in it the fault is, and words of what is said.
REFUSED = [
    ("nan", float("nan"), "", "nan is no number of JSON"),
    ("infinity", float("inf"), "", "inf is no number"),
    ("minus infinity in a list", [1, {"a": float("-inf")}], "/1/a", "-inf is no number"),
    ("numpy's nan", np.float32("nan"), "", "nan is no number"),
    ("an array with nan", np.array([0.5, np.nan]), "/1", "nan is no number"),
    ("a long double beyond doubles", np.longdouble("1e400"), "", "no number"),
    ("2**63", 2**63, "", "beyond 64 bits"),
    ("2**70", [2**70], "/0", "beyond 64 bits"),
    ("-2**63-1", -(2**63) - 1, "", "beyond 64 bits"),
    ("5,000 digits", 10**5000, "", "beyond 64 bits"),
    ("numpy's uint64", np.uint64(2**64 - 1), "", "beyond 64 bits"),
    ("half of a pair", "a\ud800", "", "half of a surrogate pair"),
    ("half of a pair in a key", {"\udfff": 1}, "", "half of a surrogate pair"),
    ("a whole number as key", {1: "a"}, "", "keys are texts: give str(key)"),
    ("keys that collide", {1: "a", "1": "b"}, "", "keys are texts"),
    ("keys that collide as texts", {Odd("a"): 1, "a": 2}, "", "two keys are 'a'"),
    ("None as key", {None: 1}, "", "keys are texts"),
    ("a tuple as key", {"x": {(1, 2): 1}}, "/x", "keys are texts"),
    ("bytes as key", {b"a": 1}, "", "keys are texts"),
    ("bytes", b"abc", "", "decode()"),
    ("a bytearray", bytearray(b"abc"), "", "decode()"),
    ("numpy's bytes", np.bytes_(b"abc"), "", "no form in JSON"),
    ("a set", {"a"}, "", "give a list"),
    ("a frozenset", frozenset(), "", "give a list"),
    ("an enum", Colour.RED, "", "value.value"),
    ("a UUID", uuid.UUID(int=1), "", "str(value)"),
    ("a dataclass", Record(1999), "", "dataclasses.asdict"),
    ("a decimal", decimal.Decimal("1.5"), "", "float(value)"),
    ("a fraction", fractions.Fraction(1, 3), "", "float(value)"),
    ("a complex number", 1j, "", "two numbers"),
    ("numpy's complex", np.complex64(1j), "", "no form in JSON"),
    ("a time of day", datetime.time(1, 2), "", "isoformat"),
    ("a length of time", datetime.timedelta(1), "", "total_seconds"),
    ("numpy's length of time", np.timedelta64(1, "s"), "", "no form in JSON"),
    ("NaT", np.datetime64("NaT", "s"), "", "no time"),
    ("a masked array", np.ma.array([1, 2], mask=[0, 1]), "", "masked"),
    ("the masked constant", np.ma.masked, "", "masked"),
    ("records", np.zeros(2, [("a", "f4")]), "", "no form in JSON"),
    ("an array of objects", np.array([1, {2}], object), "/1", "give a list"),
    ("a tensor", Tensor(), "", "list of its values"),
    ("a function", len, "", "no form in JSON"),
    ("a generator", (i for i in ()), "", "no form in JSON"),
    ("a range", range(3), "", "no form in JSON"),
    ("a deque", collections.deque([1]), "", "no form in JSON"),
    ("a list in itself", endless(), "/0" * 27, "nested deeper than the 32 levels"),
    ("too deep objects", nested(40), "/a" * 27, "nested deeper than the 32 levels"),
    ("too deep lists", nested(40, list), "/0" * 27, "nested deeper than the 32 levels"),
    ("an array of too many dimensions", np.ones([1] * 32), "/0" * 27, "nested deeper"),
]

#: Values, and what they are as JSON.
TAKEN = [
    (None, None),
    (True, True),
    (np.bool_(False), False),
    (2**63 - 1, 2**63 - 1),
    (-(2**63), -(2**63)),
    (np.int8(-3), -3),
    (np.uint64(7), 7),
    (1.5, 1.5),
    (5e-324, 5e-324),
    (1.7976931348623157e308, 1.7976931348623157e308),
    (np.float16(0.5), 0.5),
    (np.float32(0.25), 0.25),
    (np.float64(0.1), 0.1),
    (np.longdouble(0.5), 0.5),
    ("鏡\u2028\u2029\x85\n", "鏡\u2028\u2029\x85\n"),
    ("\U0001f3ac", "\U0001f3ac"),
    (np.str_("a"), "a"),
    (Medium.CEL, "cel"),
    (Size.LARGE, 3),
    ((1, (2,)), [1, [2]]),
    (collections.namedtuple("P", "x y")(1, 2), [1, 2]),
    (np.array([[1, 2]]), [[1, 2]]),
    (np.array(5), 5),
    (np.array(["a", "b"]), ["a", "b"]),
    (collections.OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
    (types.MappingProxyType({"a": {}}), {"a": {}}),
    ({Medium.CEL: 1, np.str_("b"): 2}, {"cel": 1, "b": 2}),
    (datetime.date(2025, 3, 1), "2025-03-01"),
    (datetime.datetime(2025, 3, 1, 12, 30, 0, 250001), "2025-03-01T12:30:00.250001"),
    (datetime.datetime(2025, 3, 1, tzinfo=datetime.timezone.utc), "2025-03-01T00:00:00+00:00"),
    (np.datetime64("2025-03-01T12:30:00.123456789"), "2025-03-01T12:30:00.123456"),
    (np.datetime64("2025-03-01"), "2025-03-01"),
    (nested(27), nested(27)),
]


@pytest.fixture(params=["orjson", "json"])
def writer(request, monkeypatch):
    """Both ways of writing and reading JSON."""
    if request.param == "orjson":
        pytest.importorskip("orjson")
    dumps, loads = (
        getattr(_json, f"_{WRITERS[request.param]}_dumps"),
        getattr(_json, f"_{WRITERS[request.param]}_loads"),
    )
    for module in (_requests, _ledger):
        monkeypatch.setattr(module, "dumps", dumps)
    monkeypatch.setattr(_ledger, "loads", loads)
    monkeypatch.setattr("kagami._answers.loads", loads)
    return dumps


WRITERS = {"orjson": "orjson", "json": "standard"}


def item(value):
    return {"key": "q", "vector": np.ones(256, np.float32), "attributes": {"it": value}}


@pytest.mark.parametrize("value, made", TAKEN)
def test_what_is_taken_is_the_same_for_both_writers(value, made):
    assert plain(value, level=6) == made
    lines = {_json._standard_dumps(plain(value))}
    if _json.orjson is not None:
        lines.add(_json._orjson_dumps(plain(value)))
    # Floats may be written in two ways, and are the same.
    assert {repr(_json.loads(line)) for line in lines} == {repr(_json.loads(lines.pop()))}


@pytest.mark.parametrize("seed", range(40))
def test_values_in_values(seed):
    """Whatever is built of good values is taken and read back alike; one bad value in it is found and named."""
    chance = random.Random(seed)
    good = [(value, made) for value, made in TAKEN if not isinstance(made, dict)]
    bad = [row for row in REFUSED if "nested" not in row[3]]

    def build(levels):
        """A value, and what it becomes."""
        if levels == 0 or chance.random() < 0.3:
            return chance.choice(good)
        parts = [build(levels - 1) for _ in range(chance.randrange(4))]
        if chance.random() < 0.5:
            return [part for part, _ in parts], [made for _, made in parts]
        names = [f"{number}/~鏡" for number in range(len(parts))]
        return (
            {name: part for name, (part, _) in zip(names, parts, strict=True)},
            {name: made for name, (_, made) in zip(names, parts, strict=True)},
        )

    parts = [build(6) for _ in range(20)]
    made = plain([part for part, _ in parts])
    assert made == [each for _, each in parts]
    for write in (_json._standard_dumps, _json._orjson_dumps if _json.orjson else _json._standard_dumps):
        for read in (_json._standard_loads, _json.loads):
            assert read(write(made)) == made
    name, value, place, _ = chance.choice(bad)
    at = chance.randrange(20)
    values = [part for part, _ in parts]
    values[at] = {"a": (value,)}
    with pytest.raises(kagami.InvalidValue) as caught:
        plain(values)
    assert caught.value.pointer == f"/params/{at}/a/0{place}", name


@pytest.mark.parametrize("name, value, place, words", REFUSED, ids=[row[0] for row in REFUSED])
def test_what_json_has_not_is_refused(name, value, place, words):
    with pytest.raises(kagami.InvalidValue) as caught:
        plain({"it": value}, "/params/items/7/attributes", 5)
    assert caught.value.pointer == "/params/items/7/attributes/it" + place
    assert words in str(caught.value)
    assert len(str(caught.value)) < 400
    assert isinstance(caught.value, kagami.InvalidParams)
    assert isinstance(caught.value, ValueError)


def test_pointers_are_those_of_json():
    with pytest.raises(kagami.InvalidValue) as caught:
        plain({"a/b~c": {"鏡": {"\ud800": 1}}})
    assert caught.value.pointer == "/params/a~1b~0c/鏡"
    with pytest.raises(kagami.InvalidValue) as caught:
        plain({"items": [1, {"x": {2}}]})
    assert caught.value.pointer == "/params/items/1/x"


def bad_calls(value):
    """The calls in which a caller's own values travel."""
    filter = {"must": [{"key": "it", "match": {"value": value}}]}
    return [
        lambda client: client.upsert([item(0), item(value)]),
        lambda client: client.upsert(["a", item(value)], np.ones((2, 256))),
        lambda client: client.search(key="k", filter=filter),
        lambda client: client.search(np.ones(256), filter=filter),
        lambda client: client.match(np.ones(256), score_threshold=0.5, filter=filter),
        lambda client: client.count(filter),
        lambda client: client.remove(filter=filter),
        lambda client: client.put_work("m", "w", attributes={"it": value}),
        lambda client: client.put_member("m", name=[value]),
        lambda client: client.put_permission(id="x", uses=[value]),
        lambda client: client.check_permission({"licensee": [value]}),
        lambda client: client.call("items.count", filter=filter),
    ]


def test_each_is_refused_alone(client, keys, writer):
    """With the real engine: it is alive after each, and calls of another thread are undisturbed."""
    stop, failures, answers = threading.Event(), [], []

    def others():
        try:
            while not stop.is_set():
                answers.append(client.search(key=keys[0], k=1).keys[0, 0])
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=others)
    thread.start()
    try:
        pid = client.pid
        for _, value, _, _ in REFUSED:
            for call in bad_calls(value):
                with pytest.raises(kagami.InvalidValue):
                    call(client)
            assert client.count() == len(keys)
    finally:
        stop.set()
        thread.join()
    assert not failures
    assert len(set(answers)) == 1
    assert client.pid == pid


def test_each_is_refused_alone_by_the_twin(binary, catalogue, keys, writer):
    async def main():
        async with AsyncClient(catalogue, binary=binary) as client:
            failures, answers, stop = [], [], asyncio.Event()

            async def others():
                try:
                    while not stop.is_set():
                        answers.append((await client.search(key=keys[0], k=1)).keys[0, 0])
                except BaseException as error:
                    failures.append(error)

            task = asyncio.ensure_future(others())
            for _, value, _, _ in REFUSED:
                for call in bad_calls(value):
                    with pytest.raises(kagami.InvalidValue):
                        await call(client)
                assert await client.count() == len(keys)
            stop.set()
            await task
            assert not failures
            assert len(set(answers)) == 1

    asyncio.run(main())


def test_what_is_taken_comes_back(binary, own_catalogue, items, writer):
    with kagami.Client(own_catalogue, binary=binary) as client:
        given = [{"key": f"taken/{number}", "attributes": {"it": value}} for number, (value, _) in enumerate(TAKEN)]
        assert client.upsert(given, items[: len(given)]).upserted == len(given)
        back = client.get([item["key"] for item in given]).items
        assert [item.attributes for item in back] == [{"it": made} for _, made in TAKEN]
        assert client.count({"must": [{"key": "it", "match": {"value": Medium.CEL}}]}) == 1


def test_nothing_is_stored_when_a_later_item_is_refused(binary, own_catalogue, items, keys):
    with kagami.Client(own_catalogue, binary=binary) as client:
        given = [{"key": f"new/{i}", "attributes": {"n": i if i < 25 else {i}}} for i in range(30)]
        with pytest.raises(kagami.InvalidValue) as caught:
            client.upsert(given, items[:30], batch=10)
        assert caught.value.pointer == "/params/items/25/attributes/n"
        assert client.count() == len(keys)


#: Calls that would do something else than was meant, or nothing, and where they are at fault.
MISUSED = [
    (lambda client: client.upsert("abc"), "/params/items"),
    (lambda client: client.upsert(item(1)), "/params/items"),
    (lambda client: client.upsert([3]), "/params/items/0"),
    (lambda client: client.upsert(Table(), np.ones((2, 256))), "/params/items"),
    (lambda client: client.get(Table()), "/params/keys"),
    (lambda client: client.upsert(["a"], np.ones((1, 256)), batch=0), "/batch"),
    (lambda client: client.upsert(["a"], np.ones((1, 256)), batch=-5), "/batch"),
    (lambda client: client.upsert(["a"], np.ones((1, 256)), op_id=3), "/params/op_id"),
    (lambda client: client.upsert([{"key": "a", "vector": np.ones((2, 256))}]), "/params/items/0/vector"),
    (lambda client: client.get("abc"), "/params/keys"),
    (lambda client: client.get(["a", b"b"]), "/params/keys/1"),
    (lambda client: client.get(["a", 5]), "/params/keys/1"),
    (lambda client: client.remove(b"abc"), "/params/keys"),
    (lambda client: client.search(key=5), "/params/key"),
    (lambda client: client.search(key="a\ud800"), "/params/key"),
    (lambda client: client.search(np.ones(256), k=2.0), "/params/k"),
    (lambda client: client.search(np.ones(256), score_threshold=float("nan")), "/params/score_threshold"),
    (lambda client: client.search(np.ones(256), score_threshold=float("inf")), "/params/score_threshold"),
    (lambda client: client.search(np.ones(256), score_threshold="0.5"), "/params/score_threshold"),
    (lambda client: client.match(np.ones(256), score_threshold=float("-inf")), "/params/score_threshold"),
    (lambda client: client.match(np.ones(256), score_threshold=np.float32("nan")), "/params/score_threshold"),
    (lambda client: client.match(np.ones(256), score_threshold=None), "/params/score_threshold"),
    (lambda client: client.match(np.ones(256), score_threshold=True), "/params/score_threshold"),
    (lambda client: client.match(np.ones(256), score_threshold="0.5"), "/params/score_threshold"),
    (lambda client: client.search(np.ones(256), target_recall=float("nan")), "/params/target_recall"),
    (lambda client: client.search(np.ones(256), deadline_ms=float("inf")), "/params/deadline_ms"),
    (lambda client: client.call("search", vector=np.ones((2, 256))), "/params/vector"),
    (lambda client: client.call("\ud800"), "/method"),
    (lambda client: client.call("items.count", **{"\ud800": 1}), "/params"),
]


@pytest.mark.parametrize("number", range(len(MISUSED)))
def test_what_is_not_meant_is_not_done(client, keys, number, writer):
    call, place = MISUSED[number]
    with pytest.raises(kagami.InvalidValue) as caught:
        call(client)
    assert caught.value.pointer == place
    assert client.count() == len(keys)


ANSWER = b'{"jsonrpc":"2.0","id":2,"result":%s}'


@pytest.mark.parametrize(
    "text, value",
    [
        (b"18446744073709551616", 2**64),
        (b"1180591620717411303424", 2**70),
        (b"-9223372036854775809", -(2**63) - 1),
        (b"[1180591620717411303424,1]", [2**70, 1]),
        (b'"1180591620717411303424"', str(2**70)),
        (b'":1180591620717411303424"', f":{2**70}"),
        (b"1e-400", 0.0),
        (b"1234567890123456789012.5", 1.2345678901234568e21),
        (b'{"a":1,"a":2}', {"a": 2}),
        (b'"\\ud83c\\udfac"', "\U0001f3ac"),
        (b'"\\\\ud800"', "\\ud800"),
        ('"\u2028\u2029\x85"'.encode(), "\u2028\u2029\x85"),
    ],
)
def test_answers_are_read_alike(text, value, writer):
    answer = _ledger.loads(ANSWER % text)
    assert answer["result"] == value
    assert type(answer["result"]) is type(value)


UNREADABLE = [
    ("1e400", "the number 1e400 at /result/x/0"),
    ("-1e999", "the number -1e999"),
    ("1" * 5000, "5000 digits"),
    ("NaN", "NaN"),
    ("-Infinity", "-Infinity"),
    ('"\\ud800"', "half of a surrogate pair"),
    ('{"\\udc00":1}', "half of a surrogate pair"),
    ("[" * 55_000 + "]" * 55_000, "nested too deeply"),
    ("[" * 5000 + "1e400" + "]" * 5000, "nested too deeply"),
]


@pytest.mark.parametrize("value, words", UNREADABLE, ids=[f"{value:.9}" for value, _ in UNREADABLE])
@pytest.mark.parametrize("head", ['{"jsonrpc":"2.0","id":2,', '{"id":2,"jsonrpc":"2.0",'])
def test_an_answer_that_cannot_be_held_fails_one_call(fake, writer, value, words, head):
    """An engine of before may have stored such numbers; whoever asks for others is none the worse."""
    if "deeply" in words and not head.startswith('{"jsonrpc"'):
        pytest.skip("no engine nests so deeply and writes its id elsewhere")
    line = f'{head}"result":{{"x":[{value}]}}}}\n'
    with fake(
        {"on": "items.get", "hold": 99}, {"on": "items.count", "raw": line.replace('"id":2', '"id":3')}
    ) as client:
        waiting = client.submit_search(VECTOR)
        with pytest.raises(kagami.ProtocolViolation, match="holds what Python cannot") as caught:
            client.call("items.count")
        assert words in str(caught.value)
        assert "with_attributes=False" in str(caught.value)
        assert len(waiting.result(10)) == 1
        assert len(client.search(VECTOR)) == 1


@pytest.mark.parametrize("value, words", UNREADABLE[:2])
def test_an_answer_that_cannot_be_held_fails_one_call_of_the_twin(fake_binary, writer, value, words):
    from conftest import make_fake

    async def main():
        line = f'{{"jsonrpc":"2.0","id":2,"result":{{"x":[{value}]}}}}\n'
        async with make_fake(AsyncClient, fake_binary, {"on": "items.count", "raw": line}) as client:
            calls = [client.call("items.count"), client.search(VECTOR)]
            odd, found = await asyncio.gather(*calls, return_exceptions=True)
            assert isinstance(odd, kagami.ProtocolViolation)
            assert words in str(odd)
            assert len(found) == 1
            assert len(await client.search(VECTOR)) == 1

    asyncio.run(main())


def test_a_notification_that_cannot_be_held_is_let_be(fake, writer):
    heard = []
    line = '{"jsonrpc":"2.0","method":"n","params":{"a":1e400}}\n'
    steps = {"on": "search", "raw": line, "notify": "m", "default": 0}
    with fake(steps, on_notification=lambda *n: heard.append(n)) as client:
        assert len(client.search(VECTOR)) == 1
    assert heard == [("m", {"done": 0.5})]


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\r"])
def test_lines_end_with_newlines_only(fake, writer, character):
    text = character if character >= "\x80" else f"\\u{ord(character):04x}"
    line = f'{{"jsonrpc":"2.0","id":2,"result":{{"x":"a{text}b"}}}}\n'
    with fake({"on": "items.count", "raw": line}) as client:
        assert client.call("items.count") == {"x": f"a{character}b"}
        assert client.call("items.get", x=f"a{character}b") == {"x": f"a{character}b"}


def test_the_error_can_be_pickled():
    import pickle

    error = kagami.InvalidValue("no", "/params/x")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.pointer, copy.kind) == (str(error), "/params/x", "invalid_params")
