"""Dates: what `isoformat()` writes is taken wherever the protocol has a time, and what is none is refused."""

import asyncio
import datetime

import numpy as np
import pytest

import kagami
from kagami._dates import dated, instant
from kagami.aio import AsyncClient

UTC = datetime.timezone.utc
TOKYO = datetime.timezone(datetime.timedelta(hours=9))
MOMENT = datetime.datetime(2025, 3, 1, 9, 30, 15, 250999)


class NaT(datetime.datetime):
    """As pandas has it: a datetime that is none."""

    def __new__(cls):
        return super().__new__(cls, 1, 1, 1)

    def __eq__(self, other):
        return False

    def __ne__(self, other):
        return True

    __hash__ = None

    def isoformat(self, *_):
        return "NaT"


TAKEN = [
    ("2025-03-01", "2025-03-01"),
    ("2025-03-01T00:00:00Z", "2025-03-01T00:00:00Z"),
    ("2025-03-01T12:30:00.250Z", "2025-03-01T12:30:00.250Z"),
    (datetime.date(2025, 3, 1), "2025-03-01"),
    (datetime.date(1, 1, 1), "0001-01-01"),
    (MOMENT, "2025-03-01T09:30:15.250Z"),
    (MOMENT.replace(microsecond=999), "2025-03-01T09:30:15Z"),
    (MOMENT.replace(tzinfo=UTC), "2025-03-01T09:30:15.250Z"),
    (MOMENT.replace(tzinfo=TOKYO), "2025-03-01T00:30:15.250Z"),
    (MOMENT.replace(tzinfo=datetime.timezone(-datetime.timedelta(hours=5))), "2025-03-01T14:30:15.250Z"),
    (datetime.datetime(1, 1, 1), "0001-01-01T00:00:00Z"),
    (datetime.datetime(9999, 12, 31, 23, 59, 59, 999999), "9999-12-31T23:59:59.999Z"),
    (np.datetime64("2025-03-01"), "2025-03-01"),
    (np.datetime64("2025-03"), "2025-03-01"),
    (np.datetime64("2025-03-01T09:30:15.250999999"), "2025-03-01T09:30:15.250Z"),
    ("2025-03-01 09:30:15", "2025-03-01T09:30:15Z"),
    ("2025-03-01T09", "2025-03-01T09:00:00Z"),
    ("2025-03-01T09:30+00:00", "2025-03-01T09:30:00Z"),
    ("2025-03-01T09:30:15.2Z", "2025-03-01T09:30:15.200Z"),
    ("2025-03-01T09:30:15.250999999+09:00", "2025-03-01T00:30:15.250Z"),
    ("2025-03-01T09:30:15-05:00", "2025-03-01T14:30:15Z"),
    ("2025-01-01T00:00:00+05:53:28", "2024-12-31T18:06:32Z"),
    ("2024-02-29", "2024-02-29"),
    (None, None),
]

#: What is no date, and words of what is said about it.
REFUSED = [
    ("", "does not begin with year, month and day"),
    ("yesterday", "does not begin with year, month and day"),
    ("01/03/2025", "does not begin"),
    ("20250301", "does not begin"),
    ("2025", "does not begin"),
    ("\uff12\uff10\uff12\uff15-03-01", "does not begin"),
    ("2025-13-01", "month must be in 1..12"),
    ("2025-02-29", "day"),
    ("2025-02-30T00:00:00Z", "day"),
    ("0000-01-01", "year"),
    ("2025-03-01T24:00:00Z", "hour must be in 0..23"),
    ("2025-03-01T09:60:00Z", "minute must be in 0..59"),
    ("2025-06-30T23:59:60Z", "second must be in 0..59"),
    ("2025-03-01T09:30:00+25:00", "distance from UTC"),
    ("2025-03-01T09:30:00 JST", "is no time such as"),
    ("2025-03-01T", "is no time such as"),
    ("2025-03-01\n", "is no time such as"),
    ("0001-01-01T00:00:00+09:00", "before the year 1"),
    (datetime.datetime(9999, 12, 31, 23, tzinfo=datetime.timezone(-datetime.timedelta(hours=5))), "after 9999"),
    (NaT(), "not a time"),
    (np.datetime64("NaT", "s"), "not a time"),
    (np.datetime64("12025-01-01"), "year"),
    (1740787200, "fromtimestamp"),
    (1740787200.5, "fromtimestamp"),
    (True, "expected a date, not a bool"),
    (datetime.time(9, 30), "expected a date, not a time"),
    (b"2025-03-01", "expected a date, not a bytes"),
    (["2025-03-01"], "expected a date, not a list"),
]


@pytest.mark.parametrize("value, text", TAKEN)
def test_dates_become_those_of_the_protocol(value, text):
    assert instant(value, "/params/at") == text


@pytest.mark.parametrize("timespec", ["auto", "hours", "minutes", "seconds", "milliseconds", "microseconds"])
@pytest.mark.parametrize(
    "zone", [None, UTC, TOKYO, datetime.timezone(-datetime.timedelta(hours=3, minutes=30, seconds=7))]
)
def test_what_isoformat_writes_is_the_moment_itself(timespec, zone):
    moment = MOMENT.replace(tzinfo=zone)
    for separator in ("T", " "):
        text = moment.isoformat(separator, timespec)
        at = datetime.datetime.fromisoformat(instant(text, "").removesuffix("Z"))
        expected = datetime.datetime.fromisoformat(text + (":00" if timespec == "hours" and zone is None else ""))
        if expected.tzinfo is not None:
            expected = expected.astimezone(UTC).replace(tzinfo=None)
        assert at == expected.replace(microsecond=expected.microsecond // 1000 * 1000)


@pytest.mark.parametrize("value, words", REFUSED, ids=repr)
def test_what_is_no_date_is_refused(value, words):
    with pytest.raises(kagami.InvalidValue) as caught:
        instant(value, "/params/use/at")
    assert words in str(caught.value)
    assert caught.value.pointer == "/params/use/at"


def test_dates_stand_where_the_protocol_has_them():
    given = {"valid_from": MOMENT, "title": MOMENT, "use": {"at": MOMENT, "use": MOMENT}, "first_published": "2019-05"}
    made = dated(given)
    text = "2025-03-01T09:30:15.250Z"
    assert made == {
        "valid_from": text,
        "title": MOMENT,
        "use": {"at": text, "use": MOMENT},
        "first_published": "2019-05",
    }
    assert given["valid_from"] is MOMENT
    other = {"a": 1}
    assert dated(other) is other


@pytest.mark.parametrize(
    "value, text",
    [
        ("2025-03-01", "2025-03-01"),
        ("2025-03-01 09:30+09:00", "2025-03-01 09:30+09:00"),
        ("2025-03-01T09+09:00", "2025-03-01T00:00:00Z"),
        ("2025-03-01T09:30:00,5", "2025-03-01T09:30:00.500Z"),
        (datetime.date(2025, 3, 1), "2025-03-01"),
        (MOMENT, "2025-03-01T09:30:15.250999"),
        (MOMENT.replace(tzinfo=TOKYO), "2025-03-01T09:30:15.250999+09:00"),
        (np.datetime64("2025-03"), "2025-03-01"),
        (None, None),
    ],
)
def test_dates_that_are_kept_stay_as_they_are_written(value, text):
    for name in ("joined_at", "first_published"):
        assert dated({name: value}) == {name: text}


def test_a_year_alone_is_when_something_was_published_and_not_when_somebody_joined():
    for text in ("2019", "2019-12"):
        assert dated({"first_published": text}) == {"first_published": text}
        with pytest.raises(kagami.InvalidValue, match="no date"):
            dated({"joined_at": text})
    for text in ("2019-13", "201", "2019-1", "20190"):
        with pytest.raises(kagami.InvalidValue, match="no date"):
            dated({"first_published": text})


def use(at):
    return {"licensee": "acme", "use": "training", "territory": "JP", "at": at}


def calls(value):
    """The calls that take dates, and where."""
    return [
        (lambda c: c.put_permission(member="m", licensee="l", uses=["display"], granted_at=value), "granted_at"),
        (
            lambda c: c.put_permission(member="m", licensee="l", granted_at="2025-01-01", valid_until=value),
            "valid_until",
        ),
        (lambda c: c.put_permission(member="m", licensee="l", granted_at="2025-01-01", valid_from=value), "valid_from"),
        (lambda c: c.revoke_permission("p", value), "revoked_at"),
        (lambda c: c.check_permission(use(value), key="k"), "use/at"),
        (lambda c: c.check_permission({**use("2025-01-01"), "as_known_at": value}, key="k"), "use/as_known_at"),
        (lambda c: c.search(key="k", use=use(value)), "use/at"),
        (lambda c: c.search(np.ones(256), use=use(value)), "use/at"),
        (lambda c: c.match(np.ones(256), score_threshold=0.5, use=use(value)), "use/at"),
        (lambda c: c.put_member("m", joined_at=value), "joined_at"),
        (lambda c: c.put_work("m", "w", first_published=value), "first_published"),
        (lambda c: c.call("permissions.revoke", id="p", revoked_at=value), "revoked_at"),
    ]


def test_every_call_refuses_what_is_no_date(client, keys):
    for call, place in calls("2025-02-30"):
        with pytest.raises(kagami.InvalidValue, match="no date") as caught:
            call(client)
        assert caught.value.pointer == f"/params/{place}"
    assert client.count() == len(keys)


def test_every_call_of_the_twin_refuses_what_is_no_date(binary, catalogue, keys):
    async def main():
        async with AsyncClient(catalogue, binary=binary) as client:
            for call, place in calls("2025-02-30"):
                with pytest.raises(kagami.InvalidValue, match="no date") as caught:
                    await call(client)
                assert caught.value.pointer == f"/params/{place}"
            assert await client.count() == len(keys)

    asyncio.run(main())


def test_dates_reach_the_engine(binary, own_catalogue, keys):
    with kagami.Client(own_catalogue, binary=binary) as client:
        member = client.get(keys[:1]).items[0].member
        granted = datetime.datetime(2024, 12, 20, 9, 30, tzinfo=TOKYO)
        client.put_permission(
            id="p",
            member=member,
            licensee="acme",
            uses=["training"],
            granted_at=granted.isoformat(),
            valid_from=datetime.date(2025, 1, 1),
            valid_until=datetime.datetime(2026, 1, 1),
        )
        (entry,) = client.permissions(member=member)
        assert entry["granted_at"] == "2024-12-20T00:30:00Z"
        assert (entry["valid_from"], entry["valid_until"]) == ("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
        for at, permitted in ((MOMENT, True), (datetime.datetime(2026, 1, 1, 8, 59, tzinfo=TOKYO), True)):
            assert client.check_permission(use(at), key=keys[0]).permitted is permitted
            assert client.search(np.ones(256), k=1, use=use(at.isoformat())).keys.shape == (1, 1)
        assert not client.check_permission(use(datetime.datetime(2026, 1, 1, tzinfo=UTC)), key=keys[0]).permitted
        client.revoke_permission("p", MOMENT)
        (entry,) = client.permissions(member=member)
        assert entry["revocations"][0]["revoked_at"] == "2025-03-01T09:30:15.250Z"
        client.put_member("new", joined_at=MOMENT.replace(tzinfo=TOKYO))
        assert {m["member"]: m["joined_at"] for m in client.members()}["new"] == "2025-03-01T09:30:15.250999+09:00"
        client.put_work("new", "w", first_published="2019")
        assert [work["first_published"] for work in client.works("new")] == ["2019"]
