"""Which segments are merged, which day a moment belongs to, and that the declarations hold together."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base import clock
from zhanggui.insight.lake import actions
from zhanggui.insight.lake.rules import (
    MERGE_COUNT,
    MOST_MERGED_ROWS,
    ROLLUPS,
    Rollup,
    fingerprint,
    month_after,
    rollup_named,
    to_merge,
)

ZONES = ["Asia/Shanghai", "Europe/London", "America/Sao_Paulo", "America/St_Johns", "Australia/Lord_Howe", "UTC"]


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        ([], ()),
        ([10] * 7, ()),
        ([10] * 8, tuple(range(8))),
        ([5_000_000, *[10] * 8], tuple(range(1, 9))),
        ([1_000_000, *[10_000] * 8], tuple(range(1, 9))),
        ([50_000, *[10_000] * 8], (*range(1, 9), 0)),
        ([MOST_MERGED_ROWS] * 20, ()),
    ],
)
def test_small_segments_are_merged_when_there_are_enough(rows: list[int], merged: tuple[int, ...]) -> None:
    assert to_merge(rows) == merged


@given(st.lists(st.integers(1, 3_000_000), max_size=60))
def test_what_is_merged_is_enough_and_never_grows_too_large(rows: list[int]) -> None:
    merged = to_merge(rows)
    assert len(set(merged)) == len(merged)
    assert not merged or len(merged) >= MERGE_COUNT
    assert sum(rows[index] for index in merged) <= MOST_MERGED_ROWS


def test_a_row_is_written_again_only_about_as_often_as_the_day_doubles() -> None:
    live: list[int] = []
    rewritten = 0
    for _ in range(5_000):
        live.append(100)
        while merged := to_merge(live):
            total = sum(live[index] for index in merged)
            rewritten += total
            live = [rows for index, rows in enumerate(live) if index not in merged] + [total]
    assert sum(live) == 500_000
    assert len(live) < 2 * MERGE_COUNT
    assert rewritten / 500_000 < 10


@given(
    st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2037, 12, 31)), max_size=20),
    st.sampled_from(ZONES),
)
def test_the_day_of_many_moments_is_the_day_of_each(moments: list[datetime], zone: str) -> None:
    ts_us = [clock.micros(at.replace(tzinfo=UTC)) for at in moments]
    days = actions.days_of(np.array(ts_us, dtype=np.int64), zone=zone).to_pylist()
    assert days == [clock.day_of(clock.from_micros(us), zone) for us in ts_us]


@pytest.mark.parametrize(
    ("zone", "changes_at"),
    [
        ("Europe/London", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 10, 25, 1, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2017, 10, 15, 3, tzinfo=UTC)),  # midnight does not exist there
        ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),  # the hour before midnight comes twice
        ("America/St_Johns", datetime(2010, 11, 7, 2, 31, tzinfo=UTC)),  # back across midnight, one minute after it
    ],
)
def test_every_minute_around_a_change_of_the_clocks_lies_on_its_day(zone: str, changes_at: datetime) -> None:
    moments = [changes_at + timedelta(minutes=minute) for minute in range(-26 * 60, 26 * 60)]
    days = actions.days_of(np.array([clock.micros(at) for at in moments], dtype=np.int64), zone=zone).to_pylist()
    assert days == [clock.day_of(at, zone) for at in moments]


@pytest.mark.parametrize("rollup", ROLLUPS, ids=lambda rollup: rollup.name)
def test_every_daily_table_keeps_days_apart_and_is_found_by_name(rollup: Rollup) -> None:
    assert rollup_named(rollup.name) is rollup
    assert rollup.columns[0] == ("day", "date")


def test_another_version_of_a_daily_table_is_another_declaration() -> None:
    assert fingerprint(ROLLUPS[:4]) == "orders:4 sku_days:3 visits:3 listings:1"


@pytest.mark.parametrize(
    ("month", "following"),
    [(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1)), (date(2026, 12, 1), date(2027, 1, 1))],
)
def test_a_month_is_followed_by_the_next(month: date, following: date) -> None:
    assert month_after(month) == following
