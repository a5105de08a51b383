"""Moments as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base import clock
from zhanggui.doors.imports.rules.moments import Dates, moment_sql, order_of

YMD, DMY, MDY = Dates.YMD, Dates.DMY, Dates.MDY
LONDON, SHANGHAI, SAO_PAULO = "Europe/London", "Asia/Shanghai", "America/Sao_Paulo"


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def read(duck: duckdb.DuckDBPyConnection, text: str, dates: Dates, zone: str) -> datetime | None:
    sql = f"select {moment_sql('said', dates, zone=zone)} from (select ?::varchar as said)"
    row = duck.execute(sql, [text]).fetchone()
    assert row is not None
    return None if row[0] is None else clock.from_micros(row[0])


@pytest.mark.parametrize(
    ("text", "dates", "zone", "at"),
    [
        ("2010-12-01 08:26:00", YMD, LONDON, "2010-12-01T08:26:00Z"),
        ("2010-07-01 08:26:00", YMD, LONDON, "2010-07-01T07:26:00Z"),
        ("2026-01-02", YMD, SHANGHAI, "2026-01-01T16:00:00Z"),
        ("2026/1/2 8:05", YMD, SHANGHAI, "2026-01-02T00:05:00Z"),
        ("2026年1月2日 8:05", YMD, SHANGHAI, "2026-01-02T00:05:00Z"),
        ("20260102", YMD, SHANGHAI, "2026-01-01T16:00:00Z"),
        ("2026-01-02T03:04:05Z", YMD, SHANGHAI, "2026-01-02T03:04:05Z"),
        ("2026-01-02 10:11:12 +0800", YMD, LONDON, "2026-01-02T02:11:12Z"),
        ("2026-01-02 10:11:12-03:30", YMD, LONDON, "2026-01-02T13:41:12Z"),
        ("2026-01-02 10:11:12.123456789", YMD, LONDON, "2026-01-02T10:11:12.123456Z"),
        ("31.12.2025", DMY, LONDON, "2025-12-31T00:00:00Z"),
        ("12/1/2010 8:26", MDY, LONDON, "2010-12-01T08:26:00Z"),
        ("12/1/10 8:26 PM", MDY, LONDON, "2010-12-01T20:26:00Z"),
        ("12/31/2010 12:05 AM", MDY, LONDON, "2010-12-31T00:05:00Z"),
        ("2017-10-15 00:30:00", YMD, SAO_PAULO, "2017-10-15T03:30:00Z"),
        ("31/12/2010", MDY, LONDON, None),
        ("2026-02-30", YMD, LONDON, None),
        ("2026-01-02 25:00:00", YMD, LONDON, None),
        ("yesterday", YMD, LONDON, None),
        ("", YMD, LONDON, None),
    ],
)
def test_a_written_moment_is_read_or_not_at_all(
    duck: duckdb.DuckDBPyConnection, text: str, dates: Dates, zone: str, at: str | None
) -> None:
    assert read(duck, text, dates, zone) == (None if at is None else datetime.fromisoformat(at))


FORMS = [
    (YMD, "%Y-%m-%d %H:%M:%S"),
    (YMD, "%Y/%m/%d %H:%M:%S"),
    (YMD, "%Y-%m-%dT%H:%M:%S"),
    (DMY, "%d/%m/%Y %H:%M:%S"),
    (DMY, "%d.%m.%Y %H:%M:%S"),
    (MDY, "%m/%d/%Y %I:%M:%S %p"),
]


@given(
    at=st.integers(978_307_200, 2_114_380_800).map(lambda second: datetime.fromtimestamp(second, UTC)),
    form=st.sampled_from(FORMS),
    zone=st.sampled_from([LONDON, SHANGHAI, SAO_PAULO]),
)
def test_what_a_program_writes_is_read_back_in_every_zone(
    duck: duckdb.DuckDBPyConnection, at: datetime, form: tuple[Dates, str], zone: str
) -> None:
    dates, written = form
    local = at.astimezone(ZoneInfo(zone))
    back = read(duck, local.strftime(written), dates, zone)
    assert back is not None
    # An hour that the clocks pass twice is written alike both times.
    assert back == at or (local.fold != back.astimezone(ZoneInfo(zone)).fold and abs(back - at) == timedelta(hours=1))
    assert clock.day_of(back, zone) == local.date()


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["2010-12-31"], YMD),
        (["31/12/2010", "01/02/2010"], DMY),
        (["12/31/2010", "01/02/2010"], MDY),
        (["01/02/2010", "03/04/2010"], None),
        (["31/12/2010", "12/31/2010"], None),
        (["13/13/2010", "01/02/2010"], None),
        ([*(f"{day}/01/2026" for day in range(13, 32)), *(f"{day}/02/2026" for day in range(1, 12))], DMY),
        ([], YMD),
    ],
)
def test_the_order_of_dates_is_found_or_asked_for(texts: list[str], order: Dates | None) -> None:
    assert order_of(texts) == order


@given(days=st.lists(st.dates(date(2000, 1, 1), date(2030, 1, 1)), min_size=1, max_size=40))
def test_the_order_of_dates_is_never_found_wrong(days: list[date]) -> None:
    assert order_of([f"{day:%d/%m/%Y}" for day in days]) in (DMY, None)
    assert order_of([f"{day:%m/%d/%Y}" for day in days]) in (MDY, None)
