"""What passed through offers, against a slow count; what they added, where the truth is known."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.insight.campaigns import reference
from tests.insight.campaigns.offering import (
    a_world,
    an_offer,
    at,
    balance,
    deposit,
    gave_back,
    redeemed,
    taken,
    undone,
)
from tests.insight.metrics.events import a_shop, an_event, bought, line, paid, placed, remember
from tests.strength import examples
from zhanggui.base.money import Money
from zhanggui.insight.alerts import actions as alerts
from zhanggui.insight.campaigns import ports, queries
from zhanggui.insight.campaigns.errors import NoSuchOffer
from zhanggui.insight.campaigns.queries import counting
from zhanggui.insight.campaigns.rules import Conversion, Kind, Lack, Standing, Touched, after, judged, uplift
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("lake_folder"),
    pytest.mark.tables("offers", "orders", "sku_days", "stock_days", "tellings", "visits"),
]

MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
JUNE = date(2026, 6, 1)


@pytest.fixture
def known(monkeypatch):
    """What the port knows of offers: a list to be filled."""
    offers = []
    monkeypatch.setattr(ports, "known", [lambda shop, first, until: offers])
    return offers


def yuan(minor):
    return Money(minor, "CNY")


def is_in_may(moment):
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).date() in MAY


def a_small_world(rng):
    """Orders that use promotions and a flash sale; some are not paid, some paid too late, some undone."""
    told = []
    for n in range(rng.randint(0, 60)):
        number, day = f"T{n}", rng.choice((date(2026, 4, 30), date(2026, 5, 1)))
        goods = [line(sku, rng.randint(1, 3), rng.randint(0, 999), "leaf") for sku in rng.sample(("tea", "cup"), 2)]
        told.append(placed(number, at(day), *goods))
        if rng.random() < 0.8:
            told.append(paid(number, at(day, rng.choice((5, 17))), *goods))
        for promotion, funded_by in (("p1", "shop"), ("p2", "platform")):
            if rng.random() < 0.6:
                minor = rng.randint(1, 300)
                told.append(redeemed(number, at(day), promotion, minor, funded_by=funded_by))
                if rng.random() < 0.3:
                    told.append(undone(number, at(day, 9), promotion, minor))
        if rng.random() < 0.6:
            units = rng.randint(1, 5)
            told.append(taken(number, at(day), "f1", "tea", units, rng.randint(1, 500)))
            if rng.random() < 0.5:
                told.append(gave_back(number, at(day, 9), "f1", "tea", rng.randint(1, units)))
    return told


@settings(max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_what_passed_through_is_what_a_count_event_by_event_finds(seed):
    told = a_small_world(random.Random(seed))
    code = f"s{seed}"
    if metrics.days(code):
        return
    remember(a_shop(code), [replace(one, shop=code) for one in told])

    found = counting.touched(code, MAY, "CNY")

    assert {
        key: (one.orders, one.units, one.money.minor, one.given.minor, one.given_by_others.minor)
        for key, one in found.items()
    } == reference.touched(told, is_in_may)


def test_what_nobody_plugged_in_stands_with_the_days_and_goods_of_its_orders(known):
    remember(
        a_shop(),
        bought("T1", "2026-05-03T04:00", line("tea", 2, 6000), line("cup", 1, 1000)),
        redeemed("T1", "2026-05-03T04:00", "p", 700),
        bought("T2", "2026-05-05T04:00", line("tea", 1, 3000)),
        redeemed("T2", "2026-05-05T04:00", "p", 300, funded_by="platform"),
    )

    (found,) = queries.standings("acme", MAY, today=JUNE)

    assert found.offer.name("en") == "p"
    assert (found.days.start, found.days.end) == (date(2026, 5, 3), date(2026, 5, 6))
    assert found.touched == Touched(orders=2, units=4, money=yuan(10000), given=yuan(700), given_by_others=yuan(300))
    assert (found.uplift, found.lack) == (None, Lack.YOUNG)
    assert found.offer.goods.skus == {"tea", "cup"}


def test_where_nothing_was_planted_nothing_is_found_and_nothing_is_learnt_from_days_that_differ(known):
    offer = a_world(used=("tea", "cup"))
    known += [offer, an_offer("cups", start=offer.start, end=offer.end, skus=("cup",))]

    found = queries.standings("acme", MAY, today=JUNE)
    alerts.know(shop="acme", name="holiday", first=date(2026, 4, 1), last=date(2026, 4, 7))
    without = queries.standings("acme", MAY, today=JUNE)

    for one in (*found, *without):
        assert one.uplift.low_rate < 0 < one.uplift.high_rate
        assert not any(part.is_beyond_chance for part in (one.uplift, one.beside, one.after))
        assert one.uplift.high_rate - one.uplift.low_rate < Decimal("0.3")
    assert (found[1].uplift.learnt_days, without[1].uplift.learnt_days) == (56, 49)
    assert found[1].roi is None
    assert found[1].money_per_given == Decimal(found[1].uplift.more.minor) / 100_000


def test_what_was_planted_is_found_with_its_size_inside_the_interval(known):
    offer = a_world(lift=0.5, stolen=0.4, hastened=0.4, orders=200, is_costed=True)
    known.append(offer)

    (found,) = queries.standings("acme", MAY, today=JUNE)

    for one, truth in ((found.uplift, "0.5"), (found.beside, "-0.4"), (found.after, "-0.4")):
        assert one.low_rate < Decimal(truth) < one.high_rate
        assert one.is_beyond_chance
    assert found.net == found.uplift.more + found.beside.more + found.after.more
    assert (found.uplift.days, found.touched.given) == (10, yuan(100_000))
    # 30.00 is paid for a piece that cost 20.00.
    assert abs(found.margin.more.minor * 3 - found.uplift.more.minor) < 3 * 3000
    assert found.roi == Decimal(found.margin.more.minor) / 100_000

    told = queries.detail("acme", Kind.PROMOTION, "sale", MAY, today=JUNE, limit=3)

    assert told.standing == found
    on = [one for one in told.days if one.is_on]
    assert len(on) == 10
    assert sum(one.actual.minor for one in on) == found.uplift.actual.minor
    assert abs(sum(one.expected for one in on) - found.uplift.expected.minor) <= 1
    assert all(one.low <= one.expected <= one.high for one in on)
    assert [(one.sku, one.orders, one.money, one.uplift) for one in told.goods] == [
        ("tea", 10, found.touched.money, found.uplift)
    ]
    assert [one.number for one in told.orders] == ["tea/2026-05-10", "tea/2026-05-09", "tea/2026-05-08"]
    assert told.orders[0].given == yuan(10_000)

    both = Period(date(2026, 4, 24), date(2026, 5, 11))
    warm_up, burst = queries.stages("acme", both, burst=offer.start, today=JUNE)

    assert (warm_up.days.days, burst.days.days) == (7, 10)
    assert not warm_up.uplift.is_beyond_chance
    # Tea is three quarters of the money, cups are the rest: half as much more and two fifths less are 27.5 % of all.
    assert burst.uplift.low_rate < Decimal("0.275") < burst.uplift.high_rate
    assert (warm_up.given, burst.given) == (yuan(0), yuan(100_000))
    asked = metrics.query("acme", ["goods_paid", "orders_paid"], burst.days, by=Cut.DAY)
    assert (burst.money, burst.orders) == (asked.whole.of("goods_paid").value, 20)


@pytest.mark.parametrize("lift", [0.0, 0.3])
def test_the_interval_holds_the_truth_in_nine_worlds_of_ten_at_least(lift):
    inside = 0
    for seed in range(200):
        course, offer = a_course(lift=lift, seed=seed)
        found = judged_uplift(course, offer)
        inside += found.low_rate <= Decimal(str(lift)) <= found.high_rate
    assert 180 <= inside <= 199


def a_course(*, lift, seed):
    """Days of a shop with weekdays, a trend and chance, and an offer on ten of them; no lake is needed."""
    rng, start = random.Random(seed), date(2026, 5, 1)
    sold = {}
    for n in range(-70, 10):
        day = date.fromordinal(start.toordinal() + n)
        mean = 60 * (1.5 if day.weekday() > 4 else 1.0) * (1 + 0.002 * n) * (1 + lift * (n >= 0))
        sold[day] = max(round(rng.gauss(mean, mean**0.5)), 0) * 3000
    return sold, an_offer(start=start, end=date(2026, 5, 11))


def judged_uplift(sold, offer):
    return uplift(
        sold, since=offer.start, days=Period(offer.start, offer.end), known=(min(sold), max(sold)), currency="CNY"
    )[0]


@pytest.mark.parametrize(
    ("today", "days"),
    [(date(2026, 5, 1), 0), (date(2026, 5, 2), 1), (JUNE, 10)],
)
def test_days_that_are_not_over_are_not_judged(today, days):
    _, offer = a_course(lift=0.0, seed=1)

    found = judged(offer, MAY, today=today)

    assert (found.days if found else 0) == days
    assert (after(offer, today=today) is None) == (today < JUNE)


def test_what_no_order_used_brought_nothing(known):
    known.append(an_offer(start=date(2026, 5, 1), end=date(2026, 5, 11)))
    remember(a_shop(), bought("T1", "2026-05-01T04:00", line("tea", 1, 3000)))

    (found,) = queries.standings("acme", MAY, today=JUNE)

    assert (found.lack, found.uplift, found.roi) == (Lack.UNUSED, None, None)


@pytest.mark.parametrize(("passed", "is_its_own"), [(3000, True), (2999, False)])
def test_more_than_passed_through_an_offer_is_not_its_doing_alone(passed, is_its_own):
    sold, offer = a_course(lift=0.0, seed=1)
    more = replace(judged_uplift(sold, offer), actual=yuan(9000), expected=yuan(6000))
    touched = Touched(orders=1, units=1, money=yuan(passed), given=yuan(1500), given_by_others=yuan(0))

    found = Standing(offer=offer, days=MAY, judged=MAY, touched=touched, uplift=more)

    assert found.is_its_own is is_its_own
    assert found.money_per_given == (2 if is_its_own else None)


def test_an_offer_of_which_no_day_is_over_says_so(known):
    known.append(an_offer(start=date(2026, 5, 1), end=date(2026, 5, 11)))
    remember(a_shop(), bought("T1", "2026-05-01T04:00", line("tea", 1, 3000)))

    (found,) = queries.standings("acme", MAY, today=date(2026, 5, 1))

    assert (found.lack, found.uplift, found.touched.orders) == (Lack.TO_COME, None, 0)


def test_an_offer_holds_from_when_it_was_let_go_live_until_it_was_stopped(known):
    known.append(an_offer(start=date(2026, 5, 1), end=date(2026, 5, 20)))
    shop = a_shop()
    remember(
        shop,
        bought("T1", "2026-05-04T04:00", line("tea", 1, 3000)),
        an_event("growth.promotion_started", "2026-05-03T04:00", body={"promotion_id": "sale", "kind": "x"}),
        an_event("growth.promotion_stopped", "2026-05-06T04:00", body={"promotion_id": "sale", "reason": "budget"}),
    )

    (found,) = queries.standings("acme", MAY, today=JUNE)

    assert (found.offer.start, found.offer.end) == (date(2026, 5, 3), date(2026, 5, 7))

    remember(shop, redeemed("T1", "2026-05-02T04:00", "sale", 100))
    (used,) = queries.standings("acme", MAY, today=JUNE)

    assert used.offer.start == date(2026, 5, 2)


def test_an_offer_that_nobody_knows_is_refused(known):
    remember(a_shop(), bought("T1", "2026-05-02T04:00", line("tea", 1, 100)))

    with pytest.raises(NoSuchOffer):
        queries.detail("acme", Kind.FLASH, "none", MAY, today=JUNE)


def test_deposits_are_held_against_the_balances_paid_until_now(known):
    told = [
        an_event(
            "growth.presale_started",
            "2026-05-01T04:00",
            sku="pot",
            quantity=9,
            currency="CNY",
            body={"presale_id": "pre", "price_minor": 50000, "first_minor": 5000, "credit_minor": 10000},
        ),
        *(deposit(f"2026-05-0{1 + n % 2}T04:00", n) for n in range(5)),
        *(balance("2026-05-11T04:00", n) for n in range(3)),
        *(paid(f"B/{n}", "2026-05-11T04:00", line("pot", 1, 40000)) for n in range(3)),
        balance("2026-05-20T04:00", 3, name="growth.deposit_forfeited"),
    ]
    remember(a_shop(), told, bought("T1", "2026-05-02T04:00", line("tea", 1, 100)))

    found = queries.conversions("acme", MAY)

    assert found.whole == Conversion(deposits=5, kept=3, forfeited=1, returned=0)
    assert (found.whole.rate, found.whole.open, found.whole.is_beaten) == (Decimal("0.6"), 1, False)
    assert found.by_presale == {"pre": found.whole}
    assert found.by_day == {
        date(2026, 5, 1): Conversion(deposits=3, kept=2, forfeited=0, returned=0),
        date(2026, 5, 2): Conversion(deposits=2, kept=1, forfeited=1, returned=0),
    }
    asked = metrics.query("acme", ["balance_paid_rate"], MAY, at=datetime(2026, 6, 9, tzinfo=UTC))
    assert asked.whole.of("balance_paid_rate").value == found.whole.rate
    (presale,) = queries.standings("acme", MAY, today=JUNE)
    # Each of three pieces cost 50.00 more in credit than was paid, and came to 450.00.
    assert presale.touched == Touched(
        orders=3, units=3, money=yuan(135_000), given=yuan(15_000), given_by_others=yuan(0)
    )


@pytest.mark.parametrize("burst", [date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)])
def test_a_burst_that_does_not_part_the_period_is_none(known, burst):
    remember(a_shop(), bought("T1", "2026-05-02T04:00", line("tea", 1, 100)))

    assert queries.stages("acme", MAY, burst=burst, today=JUNE) is None


def test_a_shop_without_anything_has_no_offers(known):
    a_shop()

    assert queries.standings("acme", MAY, today=JUNE) == ()
