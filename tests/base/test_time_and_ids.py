"""Days, moments and ids that sort by time."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        ("2026-11-21T16:30:00+00:00", "Asia/Shanghai", date(2026, 11, 22)),
        ("2026-11-21T16:30:00+00:00", "Europe/London", date(2026, 11, 21)),
        ("2026-03-29T00:30:00+00:00", "Europe/London", date(2026, 3, 29)),
        ("2026-06-30T23:30:00+00:00", "Europe/London", date(2026, 7, 1)),
    ],
)
def test_a_moment_belongs_to_the_calendar_day_of_the_shops_zone(at: str, zone: str, day: date) -> None:
    assert clock.day_of(datetime.fromisoformat(at), zone) == day


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 21), 24)]
)
def test_a_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    start, end = clock.span_of(day, "Europe/London")
    assert end - start == timedelta(hours=hours)


@given(MOMENTS)
def test_microseconds_are_exact_there_and_back(at: datetime) -> None:
    assert clock.from_micros(clock.micros(at)) == at


@given(MOMENTS, st.text(max_size=40))
def test_the_same_thing_told_twice_has_the_same_id(at: datetime, key: str) -> None:
    id = ids.uuid7_of(at, key)
    assert id == ids.uuid7_of(at, key)
    assert (id.version, id.variant) == (7, "specified in RFC 4122")
    assert abs(ids.at_of(id) - at) < timedelta(milliseconds=1)


def test_other_keys_and_other_moments_have_other_ids() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    made = {ids.uuid7_of(at, "a"), ids.uuid7_of(at, "b"), ids.uuid7_of(at + timedelta(seconds=1), "a"), ids.uuid7()}
    assert len(made) == 4


def test_new_ids_sort_by_the_moment_they_were_made() -> None:
    early, late = ids.uuid7_of(clock.now(), "x"), ids.uuid7_of(clock.now() + timedelta(seconds=1), "x")
    assert early < ids.uuid7() < late or early.int >> 80 == ids.uuid7().int >> 80


class OutOfTea(Refused):
    """There is no tea left."""

    leaf: str
    asked_g: int


def test_a_refusal_carries_its_data_and_says_what_it_means() -> None:
    refused = OutOfTea(leaf="longjing", asked_g=50)
    assert (refused.leaf, refused.asked_g) == ("longjing", 50)
    assert str(refused) == "There is no tea left. (leaf=longjing, asked_g=50)"
    assert pickle.loads(pickle.dumps(refused)).data == refused.data  # noqa: S301


def test_a_refusal_without_its_data_is_a_bug() -> None:
    with pytest.raises(TypeError, match="asked_g"):
        OutOfTea(leaf="longjing")  # type: ignore[call-arg]


def test_ids_made_within_a_millisecond_sort_by_the_microsecond(monkeypatch: pytest.MonkeyPatch) -> None:
    start = datetime(2026, 11, 21, 12, 0, 0, 5_000, tzinfo=UTC)
    moments = iter([start + timedelta(microseconds=n) for n in range(1_000)])
    monkeypatch.setattr(clock, "now", lambda: next(moments))
    made = [ids.uuid7() for _ in range(1_000)]
    assert made == sorted(made)
    assert {ids.at_of(one) for one in made} == {start}
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


def test_ids_made_within_a_microsecond_sort_by_the_order_they_were_made_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 21, 12, 0, 0, 5_007, tzinfo=UTC))
    made = [ids.uuid7() for _ in range(1_000)]
    assert made == sorted(set(made))
