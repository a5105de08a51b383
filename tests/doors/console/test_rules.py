"""What an address means, and how figures and gaps of time read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import translation

from tests.insight.metrics.events import utc
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.console import figures, leafing, words
from zhanggui.doors.console.figures import Tone
from zhanggui.doors.console.scope import Scope, scope_of
from zhanggui.insight.metrics.rules import Comparison, Cut, Figure, Filters, Period, Preset

OWN = Shop(code="acme", name="Acme", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN)
FOREIGN = Shop(code="uci", name="UCI", zone="Europe/London", currency="GBP", kind=ShopKind.IMPORTED)
NOW = utc("2026-11-22T16:30")  # already the 23rd in Shanghai


def scope(query: str = "", shop: Shop = OWN, days=(date(2025, 1, 1), date(2026, 11, 20))) -> Scope:
    return scope_of(QueryDict(query), shop=shop, days=days, at=NOW)


@pytest.mark.parametrize(
    ("query", "preset", "period"),
    [
        ("", Preset.DAYS_30, Period(date(2026, 10, 25), date(2026, 11, 24))),
        ("period=today", Preset.TODAY, Period(date(2026, 11, 23), date(2026, 11, 24))),
        ("period=nonsense", Preset.DAYS_30, Period(date(2026, 10, 25), date(2026, 11, 24))),
        ("period=all", Preset.ALL, Period(date(2025, 1, 1), date(2026, 11, 24))),
        ("period=custom&from=2026-05-01&to=2026-05-07", None, Period(date(2026, 5, 1), date(2026, 5, 8))),
        ("period=custom&from=2026-05-07&to=2026-05-01", None, Period(date(2026, 5, 1), date(2026, 5, 8))),
        ("period=custom&from=2026-05-01", Preset.DAYS_30, Period(date(2026, 10, 25), date(2026, 11, 24))),
        ("period=custom&from=0001-01-01&to=9999-12-31", None, Period(date(2024, 1, 1), date(2027, 11, 25))),
    ],
)
def test_an_address_names_a_period_or_means_the_usual_one(query, preset, period):
    found = scope(query)

    assert (found.preset, found.period) == (preset, period)


def test_an_imported_shop_is_counted_back_from_its_last_day():
    found = scope(shop=FOREIGN, days=(date(2009, 12, 1), date(2011, 12, 9)))

    assert found.period == Period(date(2010, 12, 10), date(2011, 12, 10))
    assert not found.is_live
    assert scope().is_live
    assert not scope("period=yesterday").is_live


@pytest.mark.parametrize(
    "query",
    [
        "shop=acme&period=7d&compare=year",
        "shop=acme&period=custom&from=2026-05-01&to=2026-05-07&compare=none",
        "shop=acme&period=30d&compare=previous&region=%E5%B9%BF%E4%B8%9C&region=&sku=a%26b",
    ],
)
def test_a_scope_and_its_address_say_the_same(query):
    assert scope(query).query() == query
    assert scope(scope(query).query()) == scope(query)


def test_filters_are_taken_on_and_dropped_one_by_one():
    both = scope("region=north&sku=tea&sku=tea").only(Cut.DEVICE, "phone")

    assert both.where == Filters(region=("north",), device=("phone",), sku=("tea",))
    assert both.without(Cut.REGION).where == Filters(device=("phone",), sku=("tea",))
    assert both.compare == both.period.previous()
    assert scope("compare=none").compare is None
    assert scope("compare=year").comparison is Comparison.YEAR


def figure(metric: str, numerator: int, denominator: int | None = None) -> Figure:
    return Figure(metric=metric, currency="CNY", numerator=numerator, denominator=denominator)


@pytest.mark.parametrize(
    ("one", "full", "short", "chinese"),
    [
        (figure("uv", 4650), "4,650", "4,650", "4,650"),
        (figure("uv", 1234567), "1,234,567", "1.2M", "123万"),
        (figure("gmv_paid", 37612), "CN¥376.12", "CN¥376.12", "¥376.12"),
        (figure("gmv_paid", 174896780), "CN¥1,748,967.80", "CN¥1.7M", "¥175万"),
        (figure("refund_rate", 1, 8), "12.5%", "12.5%", "12.5%"),
        (figure("refund_rate", 1, 750), "0.13%", "0.13%", "0.13%"),
        (figure("refund_rate", 1, 0), "—", "—", "—"),
    ],
)
def test_figures_read_full_and_short_in_both_languages(one, full, short, chinese):
    with translation.override("en"):
        assert (figures.full(one), figures.short(one)) == (full, short)
    with translation.override("zh-hans"):
        assert figures.short(one) == chinese


@pytest.mark.parametrize(
    ("now", "then", "text", "tone", "words"),
    [
        (figure("gmv_paid", 120), figure("gmv_paid", 100), "+20.0%", Tone.GOOD, "20.0% more than last week"),
        (figure("refund_amount", 120), figure("refund_amount", 100), "+20.0%", Tone.BAD, "20.0% more than last week"),
        (figure("gmv_paid", 50), figure("gmv_paid", 100), "−50.0%", Tone.BAD, "50.0% less than last week"),
        (figure("gmv_paid", 100), figure("gmv_paid", 100), "±0", Tone.SAME, "the same as last week"),
        (figure("gmv_paid", 2000), figure("gmv_paid", 100), "+1,900%", Tone.GOOD, "1,900% more than last week"),
        (
            figure("refund_rate", 4, 100),
            figure("refund_rate", 5, 100),
            "−1.0 points",
            Tone.GOOD,
            "1.0 points lower than last week",
        ),
    ],
)
def test_a_change_says_how_much_and_whether_it_is_good_news(now, then, text, tone, words):
    with translation.override("en"):
        found = figures.change(now, then)
        assert (found.text, found.tone, found.against("last week")) == (text, tone, words)


def test_without_something_to_hold_against_there_is_no_change():
    assert figures.change(figure("gmv_paid", 5), figure("gmv_paid", 0)) is None
    assert figures.change(figure("gmv_paid", 5), None) is None


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(milliseconds=1), "1 millisecond later"),
        (timedelta(milliseconds=340), "340 milliseconds later"),
        (timedelta(seconds=20), "20 seconds later"),
        (timedelta(minutes=5, seconds=3), "5 minutes later"),
        (timedelta(hours=3), "3 hours later"),
        (timedelta(days=2, hours=23), "2 days later"),
        (timedelta(seconds=-1), "earlier by another clock"),
    ],
)
def test_a_gap_of_time_reads_in_the_unit_that_fits(passed, said):
    with translation.override("en"):
        assert words.gap(passed) == said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("customer:01a200e6-4ea9-7c9a-9d03-f007c7f4dcdc", "Shopper …f4dcdc"),
        ("operator:1", "Operator 1"),
        ("job:shop.expire_order", "Job shop.expire_order"),
        ("partner:sandbox", "Partner sandbox"),
        ("", "Not known"),
    ],
)
def test_who_did_something_is_told_apart_and_not_named(said, shown):
    with translation.override("en"):
        assert words.actor(said) == shown


@pytest.mark.parametrize(
    ("said", "page"),
    [("", 1), ("7", 7), ("0", 1), ("-3", 1), ("x", 1), ("²", 1), ("٣", 1), ("20000", 10_000), ("9" * 5000, 1)],
)
def test_a_page_that_is_no_number_is_the_first_one(said: str, page: int) -> None:
    assert leafing.page_asked({"page": said}) == page
