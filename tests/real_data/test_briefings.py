"""docs/howto/briefings.md: the reviews are written again, and their figures counted anew from the raw files."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from tests.real_data.conftest import Taken
from tests.stand import SHARED_DATA
from zhanggui.doors.console.briefings import command
from zhanggui.doors.console.briefings.telling import told
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.briefings import queries
from zhanggui.steer.briefings.rules import Document, Kind

pytestmark = [pytest.mark.real_data, pytest.mark.django_db]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "briefings.md"
RETAIL = SHARED_DATA / "online_retail"
ACTS = SHARED_DATA / "taobao_user_behavior_sample" / "userbehavior_sample.parquet"
ASKED = {
    "The month before Christmas": ("online-retail", Kind.MONTH, Period(date(2011, 11, 1), date(2011, 12, 1))),
    "The year 2011": ("online-retail", Kind.YEAR, Period(date(2011, 1, 1), date(2012, 1, 1))),
    "Nine days of visitors": ("taobao", Kind.FUNNEL, None),
}
# Each invoice once, from the first file that has it; a line in pennies, half up; what was sold, and what came back.
LINES = f"""
with raw as (
    select Invoice as doc, Quantity as n, round(Price::decimal(18, 3), 3) as price, InvoiceDate::timestamp as moment,
        "Customer ID"::bigint as who
    from '{RETAIL / "online_retail_II_2009_2010.parquet"}'
    union all
    select InvoiceNo, Quantity, round(UnitPrice::decimal(18, 3), 3), InvoiceDate::timestamp, CustomerID::bigint
    from '{RETAIL / "online_retail_2010_2011.parquet"}' where InvoiceNo not in (
        select Invoice from '{RETAIL / "online_retail_II_2009_2010.parquet"}')
), line as (
    select *, (n * price * 100)::decimal(18, 1)::decimal(18, 0)::bigint as pennies,
        doc not like 'C%' and doc not like 'A%' and n > 0 and price > 0 as sold,
        doc like 'C%' and n < 0 and price >= 0 as back
    from raw
), first as (select who, min(moment) as moment from line where sold and who is not null group by who)
"""
# Money, orders, buyers and refunds of some days; of buyers not known their orders and money; new buyers and theirs.
SUMS = """
select sum(pennies) filter (sold), count(distinct doc) filter (sold), count(distinct who) filter (sold),
    -sum(pennies) filter (back), count(distinct doc) filter (sold and who is null),
    sum(pennies) filter (sold and who is null),
    (select count(*) from first where moment >= '{start}' and moment < '{end}')
from line where moment >= '{start}' and moment < '{end}'
"""


def asked(sql: str) -> list[tuple[int, ...]]:
    with duckdb.connect() as duck:
        duck.execute("set TimeZone = 'UTC'")
        return duck.execute(sql).fetchall()


def sums(start: str, end: str) -> tuple[int, ...]:
    (row,) = asked(LINES + SUMS.format(start=start, end=end))
    return tuple(int(one) for one in row)


@cache
def document(title: str) -> Document:
    shop, kind, period = ASKED[title]
    return queries.document(shop, kind, period)


def number(found: Document, key: str, name: str) -> tuple[int, int]:
    finding = found.finding(key)
    assert finding is not None
    one = finding.number(name)
    assert one is not None
    return one.numerator, one.denominator


def quoted() -> Iterator[tuple[str, list[str]]]:
    for section in re.split(r"^### ", PAGE.read_text(encoding="utf-8"), flags=re.M)[1:]:
        yield section.partition("\n")[0], re.findall(r"^> (.+)$", section, re.M)


@pytest.mark.parametrize(("title", "said"), list(quoted()), ids=lambda one: one if isinstance(one, str) else "")
def test_the_reviews_say_what_the_page_quotes(taken: Taken, title: str, said: list[str]) -> None:
    read = told(document(title))
    sentences = {one.text for chapter in read.chapters for one in chapter.sentences}
    sentences |= {one.text for one in read.proposals}
    assert [one for one in said if one not in sentences] == []


def test_november_is_what_the_files_say(taken: Taken) -> None:
    found = document("The month before Christmas")
    now, before = sums("2011-11-01", "2011-12-01"), sums("2011-10-01", "2011-11-01")

    assert number(found, "gmv_paid_before", "now") == (now[0], 1)
    assert number(found, "gmv_paid_before", "then") == (before[0], 1)
    assert number(found, "gmv_paid_year", "then") == (sums("2010-11-01", "2010-12-01")[0], 1)
    assert number(found, "orders_paid_before", "now") == (now[1], 1)
    assert number(found, "buyers_before", "now") == (now[2], 1)
    assert number(found, "refund_amount_rate_before", "now") == (now[3], now[0])
    assert number(found, "new_buyers_before", "now") == (now[6], 1)
    assert number(found, "buyers_unknown", "now") == (now[5], 1)
    ((day, pennies),) = asked(f"""{LINES} select moment::date::varchar, sum(pennies)::bigint from line
        where sold and moment >= '2011-11-01' and moment < '2011-12-01' group by 1 order by 2 desc limit 1""")
    assert (day, number(found, "best", "now")) == ("2011-11-14", (pennies, 1))


def test_the_change_of_november_is_taken_apart_by_logarithmic_means(taken: Taken) -> None:
    """Ang (2004), worked out here once more from the files' own counts."""
    found = document("The month before Christmas")
    now, before = sums("2011-11-01", "2011-12-01"), sums("2011-10-01", "2011-11-01")
    parts: dict[str, float] = {}
    for name, chains in (
        ("unseen", [(m[2], m[1] - m[4], m[0] - m[5]) for m in (now, before)]),
        ("nobody", [(m[4], m[5]) for m in (now, before)]),
    ):
        new, old = chains
        mean = (new[-1] - old[-1]) / math.log(new[-1] / old[-1])
        factors = ("buyers", "frequency", "order_value") if name == "unseen" else ("orders", "order_value")
        for n, factor in enumerate(factors):
            ratio = new[n] / old[n] if n == 0 else new[n] / new[n - 1] / (old[n] / old[n - 1])
            parts[f"factor_before_{name}_{factor}"] = mean * math.log(ratio)

    for key, part in parts.items():
        assert number(found, key, "moved")[0] == pytest.approx(abs(part), abs=1)
    assert round(sum(parts.values())) == now[0] - before[0] == number(found, "sum_before", "change")[0]


def test_2011_is_what_the_files_say(taken: Taken) -> None:
    found = document("The year 2011")
    now, year = sums("2011-01-01", "2011-12-10"), sums("2010-01-01", "2010-12-10")

    assert number(found, "gmv_paid_year", "now") == (now[0], 1)
    assert number(found, "gmv_paid_year", "then") == (year[0], 1)
    assert number(found, "aov_year", "now") == (now[0], now[1])
    assert number(found, "new_buyers_year", "now") == (now[6], 1)
    assert number(found, "refund_amount_rate_year", "then") == (year[3], year[0])
    assert number(found, "season", "now") == (sums("2011-09-01", "2011-12-01")[0], 1)
    borrowed = found.decision("goal_q4")
    assert borrowed is not None
    rest = borrowed.number("borrowed")
    assert rest is not None
    assert rest.numerator == sums("2010-12-10", "2011-01-01")[0]


def test_the_funnel_is_what_the_file_says(taken: Taken) -> None:
    found = document("Nine days of visitors")
    # From the first moment of 25 November in Shanghai to the last of 3 December, in seconds.
    # A visit is known by what was looked at or put into a cart; a favourite or a purchase alone is none.
    days = "behavior in ('pv', 'cart') and ts::bigint >= 1511539200 and ts::bigint < 1512316800"

    ((looked,),) = asked(f"select count(distinct user_id) from '{ACTS}' where behavior = 'pv' and {days}")
    hours = dict(
        asked(f"""select hour, sum(people)::int from (
            select (ts::bigint // 3600 + 8) % 24 as hour, (ts::bigint + 28800) // 86400 as day,
                count(distinct user_id) as people
            from '{ACTS}' where {days} group by all) group by hour""")
    )
    ((most,),) = asked(f"""select max(people) from (select count(distinct user_id) as people from '{ACTS}'
        where {days} group by (ts::bigint + 28800) // 86400)""")
    assert number(found, "way", "began") == (looked, 1)
    assert number(found, "hours", "most") == (max(hours.values()), 9) == (hours[21], 9)
    assert number(found, "hours", "least") == (min(hours.values()), 9) == (hours[4], 9)
    assert number(found, "best_day", "now") == (most, 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_command_writes_page_slides_and_workbook(taken: Taken, tmp_path: Path, language: str) -> None:
    words = ["month", "--shop", "online-retail", "--month", "2011-11", "--to", str(tmp_path), "--language", language]
    result = CliRunner().invoke(command.command, words)

    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"online-retail-month-2011-11-{language}.{form}" for form in ("html", "pptx", "xlsx")]
    page = (tmp_path / names[0]).read_text(encoding="utf-8")
    assert "£1,509,496.33" in page
    assert "£354,517.03" in page
