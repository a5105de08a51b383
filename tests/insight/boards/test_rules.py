"""When a board is mailed, what a tile may ask, and how filters lie on top of each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base import clock
from zhanggui.insight.boards import rules
from zhanggui.insight.boards.errors import NameUnfit, ScheduleUnfit, TileUnfit
from zhanggui.insight.boards.rules import Kind, Rhythm, Schedule
from zhanggui.insight.metrics.rules import Filters, Period

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=UTC)


def schedules() -> st.SearchStrategy[Schedule]:
    days = {Rhythm.DAILY: st.just(0), Rhythm.WEEKLY: st.integers(1, 7), Rhythm.MONTHLY: st.integers(1, 28)}
    return st.sampled_from(Rhythm).flatmap(
        lambda rhythm: st.builds(Schedule, rhythm=st.just(rhythm), hour=st.integers(0, 23), day=days[rhythm])
    )


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("schedule", "zone", "moment", "on"),
    [
        (Schedule(rhythm=Rhythm.DAILY, hour=7), "Asia/Shanghai", "2026-11-22T22:59", "2026-11-22"),
        (Schedule(rhythm=Rhythm.DAILY, hour=7), "Asia/Shanghai", "2026-11-22T23:00", "2026-11-23"),
        (Schedule(rhythm=Rhythm.WEEKLY, hour=7, day=1), "Asia/Shanghai", "2026-11-22T22:59", "2026-11-16"),
        (Schedule(rhythm=Rhythm.WEEKLY, hour=7, day=1), "Asia/Shanghai", "2026-11-22T23:00", "2026-11-23"),
        (Schedule(rhythm=Rhythm.MONTHLY, hour=7, day=1), "Asia/Shanghai", "2026-11-22T23:00", "2026-11-01"),
        (Schedule(rhythm=Rhythm.MONTHLY, hour=0, day=28), "Asia/Shanghai", "2026-03-27T15:59", "2026-02-28"),
        # The night on which the clocks skip from 2 to 3 in Berlin, and the one on which 2 comes twice.
        (Schedule(rhythm=Rhythm.DAILY, hour=2), "Europe/Berlin", "2026-03-29T00:59", "2026-03-28"),
        (Schedule(rhythm=Rhythm.DAILY, hour=2), "Europe/Berlin", "2026-03-29T01:00", "2026-03-29"),
        (Schedule(rhythm=Rhythm.DAILY, hour=2), "Europe/Berlin", "2026-10-24T23:59", "2026-10-24"),
        (Schedule(rhythm=Rhythm.DAILY, hour=2), "Europe/Berlin", "2026-10-25T00:00", "2026-10-25"),
        (Schedule(rhythm=Rhythm.DAILY, hour=2), "Europe/Berlin", "2026-10-25T01:00", "2026-10-25"),
    ],
)
def test_the_last_day_that_was_due_counts(schedule: Schedule, zone: str, moment: str, on: str) -> None:
    assert rules.due(schedule, since=LONG_AGO, at=at(moment), zone=zone) == date.fromisoformat(on)


def test_what_was_due_before_it_was_ordered_is_not_sent() -> None:
    seven = Schedule(rhythm=Rhythm.DAILY, hour=7)
    ordered = at("2026-11-22T23:30")
    assert rules.due(seven, since=ordered, at=at("2026-11-23T01:00"), zone="Asia/Shanghai") is None
    assert rules.due(seven, since=ordered, at=at("2026-11-23T23:00"), zone="Asia/Shanghai") == date(2026, 11, 24)


@given(schedule=schedules(), zone=st.sampled_from(ZONES), moment=MOMENTS)
def test_looking_every_five_minutes_finds_each_due_day_once_and_in_order(
    schedule: Schedule, zone: str, moment: datetime
) -> None:
    looks = [moment + n * timedelta(minutes=5) for n in range(12 * 26)]
    found = [rules.due(schedule, since=LONG_AGO, at=look, zone=zone) for look in looks]
    days = [day for day in dict.fromkeys(found) if day]
    first, last = (clock.day_of(look, zone) for look in (looks[0], looks[-1]))
    wanted = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    new = [
        day for day in wanted if schedule.is_on(day) and looks[0] < rules.moment_of(schedule, day, zone) <= looks[-1]
    ]
    assert days[1:] == new
    assert all(day is not None and schedule.is_on(day) for day in found)
    assert found == sorted(found)  # type: ignore[type-var]


@given(schedule=schedules(), zone=st.sampled_from(ZONES), moment=MOMENTS)
def test_the_moment_of_a_day_lies_on_that_day(schedule: Schedule, zone: str, moment: datetime) -> None:
    on = clock.day_of(moment, zone)
    assert clock.day_of(rules.moment_of(schedule, on, zone), zone) == on


@pytest.mark.parametrize(
    ("rhythm", "on", "period"),
    [
        (Rhythm.DAILY, "2026-03-01", ("2026-02-28", "2026-03-01")),
        (Rhythm.WEEKLY, "2026-11-23", ("2026-11-16", "2026-11-23")),
        (Rhythm.MONTHLY, "2026-01-05", ("2025-12-01", "2026-01-01")),
    ],
)
def test_a_mail_is_about_days_that_are_over(rhythm: Rhythm, on: str, period: tuple[str, str]) -> None:
    start, end = (date.fromisoformat(day) for day in period)
    assert rules.covered(rhythm, date.fromisoformat(on)) == Period(start, end)


@pytest.mark.parametrize(
    ("rhythm", "hour", "day"),
    [
        (Rhythm.DAILY, 24, 0),
        (Rhythm.DAILY, -1, 0),
        (Rhythm.DAILY, 7, 1),
        (Rhythm.WEEKLY, 7, 0),
        (Rhythm.WEEKLY, 7, 8),
        (Rhythm.MONTHLY, 7, 0),
        (Rhythm.MONTHLY, 7, 29),
    ],
)
def test_an_hour_or_a_day_that_not_every_month_has_is_refused(rhythm: Rhythm, hour: int, day: int) -> None:
    with pytest.raises(ScheduleUnfit):
        Schedule(rhythm=rhythm, hour=hour, day=day)


@pytest.mark.parametrize(
    ("kind", "pairs", "reason"),
    [
        ("poster", (), "kind"),
        (Kind.NUMBER, (), "metric"),
        (Kind.NUMBER, (("m", "no_such"),), "metric"),
        (Kind.NUMBER, (("m", "gmv_paid,uv"),), "cut"),
        (Kind.LINE, (("m", "gmv_paid"), ("by", "region")), "cut"),
        (Kind.BARS, (("m", "gmv_paid"),), "cut"),
        (Kind.BARS, (("m", "gmv_paid"), ("by", "day")), "cut"),
        (Kind.BARS, (("m", "gmv_paid"), ("by", "sku")), "answer"),
        (Kind.QUESTION, (("m", ",".join(["gmv_paid"] * 9)),), "metric"),
        (Kind.FUNNEL, (("event.1", "x" * 2_001),), "length"),
    ],
)
def test_a_tile_that_could_show_nothing_is_refused(kind: str, pairs: tuple[tuple[str, str], ...], reason: str) -> None:
    with pytest.raises(TileUnfit) as refused:
        rules.asked(kind, pairs)
    assert refused.value.reason == reason


def test_of_an_address_only_the_question_is_kept() -> None:
    pairs = [("shop", "acme"), ("period", "7d"), ("m", "gmv_paid"), ("by", "day"), ("csrf", "x"), ("then", "")]
    found = rules.asked(Kind.LINE, pairs, title="  Money   a day ")
    assert found.pairs == (("m", "gmv_paid"), ("by", "day"))
    assert (found.title, found.keys, found.by) == ("Money a day", ("gmv_paid",), "day")
    assert rules.asked_of(rules.terms_of(found)) == found


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (("north", "south"), ("south", "east"), ("south",)),
        (("north",), (), ("north",)),
        ((), ("south",), ("south",)),
        (("north",), ("south",), None),
        ((), (), ()),
    ],
)
def test_filters_on_top_of_each_other_leave_what_both_let_through(
    one: tuple[str, ...], other: tuple[str, ...], both: tuple[str, ...] | None
) -> None:
    found = rules.narrowed(Filters(region=one, device=("phone",)), Filters(region=other))
    assert found == (None if both is None else Filters(region=both, device=("phone",)))


def test_names_are_folded_and_a_free_one_is_found() -> None:
    assert rules.name_of("  Tea   and \n cups ") == "Tea and cups"
    assert rules.free_name("Tea", ["tea", "TEA 2"]) == "Tea 3"
    assert rules.free_name("Tea", []) == "Tea"
    assert len(rules.free_name("x" * 80, ["x" * 80])) == 80
    for unfit in ("", " \n", "x" * 81):
        with pytest.raises(NameUnfit):
            rules.name_of(unfit)
