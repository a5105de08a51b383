"""Figures on a terminal, and exactly for a script."""

from __future__ import annotations

import msgspec
import pytest
from click.testing import CliRunner, Result
from tests.insight.metrics.events import a_tea_week

from zhanggui.doors.commands.metric import command
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period

WEEK = ("--shop", "acme", "--from", "2026-05-01", "--to", "2026-05-07")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]


@pytest.fixture(autouse=True)
def acme(lake_folder: object) -> None:
    a_tea_week()


def asked(*words: str) -> Result:
    return CliRunner().invoke(command, list(words))


def _week() -> Period:
    days = metrics.days("acme")
    assert days
    return Period(days[0].replace(month=5, day=1), days[0].replace(month=5, day=8))


def test_the_whole_and_every_cell_are_printed_as_the_console_says_them() -> None:
    answer = metrics.query("acme", ["gmv_paid", "orders_paid"], _week(), by=Cut.DAY)
    lines = asked("gmv_paid", "orders_paid", *WEEK, "--by", "day").stdout.splitlines()
    assert lines[0].split() == ["day", "gmv_paid", "orders_paid"]
    assert len(lines) == 2 + 7
    for line, row in zip(lines[1:], (answer.whole, *answer.rows), strict=True):
        name, amount, count = line.split()
        assert name == (str(row.key) or "All")
        paid = row.of("gmv_paid").numerator
        assert amount == f"CN¥{paid // 100:,}.{paid % 100:02}"
        assert count == f"{row.of('orders_paid').numerator:,}"


def test_json_has_whole_minor_units_and_both_parts_of_a_rate() -> None:
    answer = metrics.query("acme", ["gmv_paid", "repurchase_rate"], _week())
    told = msgspec.json.decode(asked("gmv_paid", "repurchase_rate", *WEEK, "--json").stdout)
    rate = answer.whole.of("repurchase_rate")
    assert told["whole"] == {
        "gmv_paid": answer.whole.of("gmv_paid").numerator,
        "repurchase_rate": {"numerator": rate.numerator, "denominator": rate.denominator},
    }
    assert (told["first"], told["last"], told["currency"]) == ("2026-05-01", "2026-05-07", "CNY")


def test_only_what_is_asked_for_counts() -> None:
    regions = metrics.query("acme", ["orders_paid"], _week(), by=Cut.REGION).rows
    region = str(regions[0].key)
    line = asked("orders_paid", *WEEK, "--where", f"region={region}").stdout.splitlines()[1]
    assert line.strip() == f"{regions[0].of('orders_paid').numerator:,}"


def test_without_days_all_of_them_count() -> None:
    first, last = metrics.days("acme") or (None, None)
    told = msgspec.json.decode(asked("orders_paid", "--shop", "acme", "--json").stdout)
    assert (told["first"], told["last"]) == (str(first), str(last))


REFUSED = [
    (("orders_paid", "--shop", "nobody"), 1, "The shop nobody does not stand"),
    (("profit", *WEEK), 1, "There is no metric profit"),
    (("uv", *WEEK, "--by", "sku"), 1, "uv cannot be split or filtered by sku"),
    (("uv", "--shop", "acme", "--from", "2026-05-07", "--to", "2026-05-01"), 1, "The period ends before it begins"),
    (("uv", *WEEK, "--where", "colour=red"), 2, "region=…"),
    (("uv", *WEEK, "--where", "region"), 2, "region=…"),
]


@pytest.mark.parametrize(("words", "code", "said"), REFUSED, ids=[said for *_, said in REFUSED])
def test_what_cannot_be_told_is_said(words: tuple[str, ...], code: int, said: str) -> None:
    result = asked(*words)
    assert (result.exit_code, said in result.output) == (code, True), result.output


def test_a_metric_that_waits_for_its_facts_is_named() -> None:
    assert "nps" in asked("nps", "orders_paid", *WEEK).stderr
