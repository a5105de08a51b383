"""Files of what advertising cost: read, refused line by line, taken in once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import F

from tests.insight.metrics.events import a_shop, bought, line, page, remember, utc
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import operator
from zhanggui.base.rates import actions as rates
from zhanggui.base.rates.rules import Rate
from zhanggui.insight.attribution import actions, models, queries
from zhanggui.insight.attribution.errors import FileTooLong, FileUnreadable
from zhanggui.insight.attribution.rules import MOST_LINES, Place, Source, Wrong, read
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake.handlers import reader
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period, can_answer
from zhanggui.spine.log.models import Entry
from zhanggui.spine.relay.actions import drain

pytestmark = pytest.mark.tables("orders", "sessions", "tellings")

BY = operator("1")
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
HEAD = "day,channel,campaign,spend,currency\n"
GOOD = HEAD + "2026-05-01,paid_search,brand,100.50,CNY\n2026-05-02,paid_social,feed,20,CNY\n"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("2026-05-01,paid_search,brand,10", Wrong.FIELDS),
        ("2026-02-30,paid_search,brand,10,CNY", Wrong.DAY),
        ("soon,paid_search,brand,10,CNY", Wrong.DAY),
        ("2026-05-01,tv,brand,10,CNY", Wrong.CHANNEL),
        ("2026-05-01,paid_search," + "x" * 121 + ",10,CNY", Wrong.CAMPAIGN),
        ("2026-05-01,paid_search,brand,-1,CNY", Wrong.SPEND),
        ("2026-05-01,paid_search,brand,ten,CNY", Wrong.SPEND),
        ("2026-05-01,paid_search,brand,NaN,CNY", Wrong.SPEND),
        ("2026-05-01,paid_search,brand,1.005,CNY", Wrong.SPEND),
        ("2026-05-01,paid_search,brand,10,yuan", Wrong.CURRENCY),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_with_its_reason(line, wrong):
    found = read((GOOD + line + "\n").encode(), name="spend.csv", currency="CNY")

    assert [(one.line, one.wrong) for one in found.refused] == [(4, wrong)]
    assert len(found.spent) == 2
    assert found.lines == 3


@pytest.mark.parametrize(
    "text",
    [
        "日期\t渠道\t计划\t花费\n2026年5月1日\tpaid_search\tbrand\t¥1,000.50\n2026/5/1\tpaid_search\tbrand\t0.50\n",
        "Date;Channel;Campaign;Cost;Currency\n20260501;paid_search;brand;1001.00;\n\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_however_the_platform_writes_it(text, encoding):
    found = read(text.encode(encoding), name="spend.csv", currency="CNY")

    place = Place(day=date(2026, 5, 1), channel="paid_search", campaign="brand")
    assert found.spent == {(place, "CNY"): 100_100}
    assert found.refused == ()


@pytest.mark.parametrize(
    ("content", "missing"),
    [(b"day,campaign\n", "channel, spend"), (b"", "day, channel, spend"), (b"\xff\xfe\xfa", "")],
)
def test_what_is_no_file_of_spend_is_refused_as_a_whole(content, missing):
    with pytest.raises(FileUnreadable) as refused:
        read(content, name="spend.csv", currency="CNY")

    assert refused.value.missing == missing


def test_a_file_of_too_many_lines_is_refused():
    with pytest.raises(FileTooLong):
        read((HEAD + "\n" * (MOST_LINES + 1)).encode(), name="spend.csv", currency="CNY")


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing_and_a_newer_one_replaces(lake_folder):
    a_shop()

    first = actions.import_spend(shop="acme", name="may.csv", content=GOOD.encode(), by=BY)
    again = actions.import_spend(shop="acme", name="copy.csv", content=GOOD.encode(), by=BY)
    newer = HEAD + "2026-05-01,paid_search,brand,90,CNY\n"
    later = actions.import_spend(shop="acme", name="newer.csv", content=newer.encode(), by=BY)

    assert (first.changed, first.amount) == (2, Money(12050, "CNY"))
    assert (again.changed, again.amount) == (0, Money(0, "CNY"))
    assert (later.changed, later.amount) == (1, Money(-1050, "CNY"))
    assert queries.spend("acme", MAY) == {
        Source(channel="paid_search", campaign="brand"): Money(9000, "CNY"),
        Source(channel="paid_social", campaign="feed"): Money(2000, "CNY"),
    }
    assert queries.spend_days("acme") == (date(2026, 5, 1), date(2026, 5, 2))
    assert [one.name for one in queries.files("acme")] == ["newer.csv", "copy.csv"]
    told = Entry.objects.filter(name="insight.spend_recorded").order_by("seq")
    assert [(one.at, one.channel, one.campaign, one.body["amount_minor"]) for one in told] == [
        (utc("2026-04-30T16:00"), "paid_search", "brand", 10050),
        (utc("2026-05-01T16:00"), "paid_social", "feed", 2000),
        (utc("2026-04-30T16:00"), "paid_search", "brand", -1050),
    ]


@pytest.mark.django_db
def test_what_was_imported_before_facts_told_of_it_is_told_with_the_next_file(lake_folder):
    a_shop()
    place = {"shop": "acme", "day": date(2026, 5, 1), "channel": "display", "campaign": ""}
    models.Spend.objects.create(**place, amount_minor=700, said_minor=700, said_currency="CNY", file_id="old")

    actions.import_spend(shop="acme", name="may.csv", content=GOOD.encode(), by=BY)

    told = Entry.objects.filter(name="insight.spend_recorded")
    assert sum(one.body["amount_minor"] for one in told) == 700 + 12050
    assert not models.Spend.objects.exclude(told_minor=F("amount_minor")).exists()


@pytest.mark.django_db(transaction=True)
def test_the_metrics_and_attribution_agree_to_the_cent_on_what_advertising_cost(lake_folder):
    shop = a_shop()
    search, social = {"channel": "paid_search", "campaign": "brand"}, {"channel": "paid_social", "campaign": "feed"}
    remember(
        shop,
        page("2026-04-29T23:00", "ann", **social),
        bought("T1", "2026-04-29T23:10", line("tea", 1, 9999), person="ann", **social),
        page("2026-05-01T03:00", "ann", **search),
        bought("T2", "2026-05-01T03:10", line("tea", 1, 30000), person="ann", **search),
        page("2026-05-02T03:00", "bob", **social),
        bought("T3", "2026-05-02T03:10", line("tea", 1, 12345), person="bob", **social),
        bought("T4", "2026-05-02T04:00", line("tea", 1, 700), person="", channel="direct"),
    )
    actions.import_spend(shop="acme", name="may.csv", content=GOOD.encode(), by=BY)
    newer = HEAD + "2026-05-01,paid_search,brand,90.01,CNY\n2026-05-31,display,,7.07,CNY\n"
    actions.import_spend(shop="acme", name="newer.csv", content=newer.encode(), by=BY)
    drain(reader)
    lake.roll("acme")

    keys = ["spend", "marketing_rate", "cac", "ncac", "roas", "mer_revenue", "mer_spend"]
    answer = metrics.query("acme", keys, MAY, by=Cut.CHANNEL, at=utc("2026-06-10T00:00"))
    credited = queries.attribution("acme", MAY)

    assert credited.spend == Money(9001 + 2000 + 707, "CNY")
    assert (credited.orders, credited.new_orders, credited.money) == (3, 1, Money(43045, "CNY"))
    whole = {figure.metric: (figure.numerator, figure.denominator) for figure in answer.whole.figures}
    assert whole == {
        "spend": (credited.spend.minor, None),
        "marketing_rate": (credited.spend.minor, 43045),
        "cac": (credited.spend.minor, credited.orders),
        "ncac": (credited.spend.minor, credited.new_orders),
        "roas": (credited.money.minor, credited.spend.minor),
        "mer_revenue": (credited.money.minor, credited.spend.minor),
        "mer_spend": (credited.spend.minor, credited.money.minor),
    }
    by_channel = {row.key: row.of("spend").value for row in answer.rows if row.of("spend").numerator}
    assert by_channel == {one.source.channel: one.spend for one in credited.lines if one.spend}
    daily = metrics.query("acme", ["spend"], MAY, by=Cut.DAY, at=utc("2026-06-10T00:00"))
    assert [(row.key.day, row.of("spend").numerator) for row in daily.rows if row.of("spend").numerator] == [
        (1, 9001),
        (2, 2000),
        (31, 707),
    ]


@pytest.mark.parametrize("cut", [Cut.REGION, Cut.DEVICE, Cut.SKU, Cut.NEWNESS, Cut.HOUR])
def test_what_advertising_cost_is_split_by_nothing_that_no_file_says(cut):
    assert not can_answer("marketing_rate", by=cut)


@pytest.mark.django_db
def test_another_currency_is_taken_at_the_rate_of_its_day_or_refused(lake_folder):
    a_shop()
    rates.set_rates(rates=[Rate(base="EUR", quote="CNY", rate=Decimal("8.1"), on=date(2026, 5, 2))])
    content = HEAD + "2026-05-02,paid_search,brand,10.05,EUR\n2026-05-01,paid_search,brand,10,EUR\n"

    found = actions.import_spend(shop="acme", name="eur.csv", content=content.encode(), by=BY)

    assert queries.spend("acme", MAY) == {Source(channel="paid_search", campaign="brand"): Money(8141, "CNY")}
    assert [one.wrong for one in found.refused] == [Wrong.NO_RATE]
    row = models.Spend.objects.get()
    assert (row.said_minor, row.said_currency, row.file_id) == (1005, "EUR", found.id)
