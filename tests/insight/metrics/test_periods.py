"""Periods, and the ways to name them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.insight.metrics.errors import PeriodEmpty
from zhanggui.insight.metrics.rules import Comparison, Period, Preset, Step, cell_of, compared, preset, step_for

SUNDAY = date(2026, 11, 22)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
periods = st.builds(lambda start, n: Period(start, start + timedelta(days=n)), days, st.integers(1, 800))


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        (Preset.TODAY, date(2026, 11, 22), date(2026, 11, 23)),
        (Preset.YESTERDAY, date(2026, 11, 21), date(2026, 11, 22)),
        (Preset.DAYS_7, date(2026, 11, 16), date(2026, 11, 23)),
        (Preset.DAYS_30, date(2026, 10, 24), date(2026, 11, 23)),
        (Preset.DAYS_90, date(2026, 8, 25), date(2026, 11, 23)),
        (Preset.MONTHS_12, date(2025, 11, 23), date(2026, 11, 23)),
        (Preset.THIS_MONTH, date(2026, 11, 1), date(2026, 12, 1)),
        (Preset.LAST_MONTH, date(2026, 10, 1), date(2026, 11, 1)),
        (Preset.THIS_YEAR, date(2026, 1, 1), date(2027, 1, 1)),
        (Preset.ALL, date(2024, 2, 29), date(2026, 11, 23)),
    ],
)
def test_a_named_period_is_counted_back_from_today(name, start, end):
    assert preset(name, today=SUNDAY, first=date(2024, 2, 29)) == Period(start, end)


def test_all_time_of_a_shop_without_events_is_today():
    assert preset(Preset.ALL, today=SUNDAY) == Period(SUNDAY, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("period", "previous", "year"),
    [
        (
            Period(date(2026, 11, 16), date(2026, 11, 23)),
            Period(date(2026, 11, 9), date(2026, 11, 16)),
            Period(date(2025, 11, 16), date(2025, 11, 23)),
        ),
        (  # a whole month is held against the whole month before it
            Period(date(2026, 3, 1), date(2026, 4, 1)),
            Period(date(2026, 2, 1), date(2026, 3, 1)),
            Period(date(2025, 3, 1), date(2025, 4, 1)),
        ),
        (  # a leap day has no counterpart
            Period(date(2024, 2, 29), date(2024, 3, 2)),
            Period(date(2024, 2, 27), date(2024, 2, 29)),
            Period(date(2023, 2, 28), date(2023, 3, 2)),
        ),
    ],
)
def test_a_period_is_held_against_the_one_before_or_a_year_before(period, previous, year):
    assert compared(period, Comparison.PREVIOUS) == previous
    assert compared(period, Comparison.YEAR) == year
    assert compared(period, Comparison.NONE) is None


def test_a_period_without_a_day_is_refused():
    with pytest.raises(PeriodEmpty):
        Period(SUNDAY, SUNDAY)


@pytest.mark.parametrize(
    ("step", "cells"),
    [
        (Step.DAY, [date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1)]),
        (Step.WEEK, [date(2026, 11, 23), date(2026, 11, 30)]),
        (Step.MONTH, [date(2026, 11, 1), date(2026, 12, 1)]),
    ],
)
def test_weeks_start_on_monday_and_cells_may_reach_beyond_the_period(step, cells):
    assert list(Period(date(2026, 11, 29), date(2026, 12, 2)).cells(step)) == cells


@given(periods, st.sampled_from(Step))
def test_every_day_lies_in_exactly_one_cell(period, step):
    cells = period.cells(step)

    assert sorted({cell_of(period.start + timedelta(days=n), step) for n in range(period.days)}) == list(cells)


@given(periods)
def test_the_period_before_ends_where_the_period_begins(period):
    assert period.previous().end == period.start


@given(periods)
def test_a_chart_never_has_more_cells_than_can_be_told_apart(period):
    assert len(period.cells(step_for(period))) <= 92
