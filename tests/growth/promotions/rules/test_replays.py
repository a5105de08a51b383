"""A promotion tried on orders of the past: what it takes off besides, and what comes of many."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth.promotions.rules.notation import rule
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import Line, Reason, Rule, Target
from zhanggui.growth.promotions.rules.replays import Again, margin_of, replayed
from zhanggui.growth.promotions.rules.trials import Ground, Run, foreseen
from zhanggui.shop.orders.rules.past import PastLine, PastOrder, PastShare

NOON = datetime(2026, 11, 1, 4, tzinfo=UTC)


def a_share(
    minor: int, *, reason: str = "threshold", source: str = "promotion:old", step: str = "promotion"
) -> PastShare:
    return PastShare(step=step, reason=reason, part="goods", minor=minor, source=source)


def a_line(
    price: int, quantity: int = 1, *shares: PastShare, sku: str = "A", cost: int = 0, postage: int = 0
) -> PastLine:
    listed = price * quantity
    return PastLine(
        sku=sku,
        category="cups",
        quantity=quantity,
        list_minor=price,
        amount_minor=listed + sum(share.minor for share in shares),
        shipping_minor=postage,
        cost_minor=cost,
        shares=(PastShare(step="list_price", reason="list_price", part="goods", minor=listed), *shares),
    )


def an_order(*lines: PastLine, number: str = "1", person: str = "p", at: datetime = NOON, **said: Any) -> PastOrder:
    return PastOrder(number=number, person=person, placed_at=at, lines=lines, **said)


def again(order: PastOrder, draft: Rule, *, known: dict[str, Rule] | None = None, floor: int = 0) -> Again:
    lowest = {"A": Money(floor, "CNY")} if floor else {}
    fit = range(len(order.lines))
    return replayed(order, draft, list(fit), known=known or {}, brought={"c1": "old"}, lowest=lowest, currency="CNY")


@pytest.mark.parametrize(
    ("lines", "draft", "off"),
    [
        ([a_line(35000)], "d: 300-40", 4000),
        ([a_line(30000, 1, a_share(-100, reason="sale", source="", step="sale_price"))], "d: 300-40", 0),
        # A coupon comes after the threshold: it does not take the order below it.
        ([a_line(30000, 1, a_share(-1000, reason="coupon_amount", source="coupon:c1"))], "d: 300-40", 4000),
        # Points come last of all.
        ([a_line(30000, 1, a_share(-2000, reason="points", source="", step="points"))], "d: 300-40", 4000),
        ([a_line(10000, 2)], "d: nth 2-50%", 5000),
        ([a_line(10000, 2)], "d: price 80", 4000),
        ([a_line(10000, 3)], "d: price 80 | order 2", 4000),
        # It stood at 75.00 already.
        ([a_line(10000, 2, a_share(-5000, reason="price"))], "d: price 80", 0),
        ([a_line(10000, 2, a_share(-3000, reason="price"))], "d: price 80", 1000),
        ([a_line(10000, 1, postage=1200)], "d: ship 99", 1200),
        ([a_line(9000, 1, postage=1200)], "d: ship 99", 0),
        ([a_line(20000), a_line(20000, sku="B")], "d: every 300-50", 5000),
        ([a_line(100, 1, a_share(-90))], "d: coupon 0-5", 9),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_it_takes_off_besides(lines: list[PastLine], draft: str, off: int) -> None:
    assert again(an_order(*lines), rule(draft)).off_minor == off


def test_it_never_goes_below_a_floor() -> None:
    assert again(an_order(a_line(35000)), rule("d: 300-40"), floor=33000).off_minor == 2000


def test_whoever_is_excluded_stands_back_and_says_so() -> None:
    draft = replace(rule("d: 300-40"), excludes=frozenset({"old"}))
    order = an_order(a_line(35000, 1, a_share(-1000)))
    assert again(order, draft, known={"old": rule("old: 300-10")}) == Again(others=1, reason=Reason.EXCLUDED)
    same_group = replace(rule("old: 300-10"), group="summer")
    assert again(order, replace(draft, excludes=frozenset(), group="summer"), known={"old": same_group}).off_minor == 0
    assert again(order, rule("d: 300-40"), known={"old": rule("old: 300-10")}) == Again(off_minor=4000, others=1)


def test_a_coupon_finds_nothing_where_the_price_takes_none() -> None:
    flash = a_line(35000, 1, a_share(-5000, reason="flash", source="flash:1"))
    assert again(an_order(flash), rule("d: coupon 100-10")).reason is Reason.PRICE_TAKES_NONE


@given(
    price=st.integers(1, 50_000),
    quantity=st.integers(1, 4),
    taken=st.integers(0, 100),
    draft=st.sampled_from(["300-40", "every 100-30", "300-10%", "nth 2-100%", "price 1", "coupon 0-500", "2pcs-50%"]),
)
def test_nobody_is_paid_for_buying(price: int, quantity: int, taken: int, draft: str) -> None:
    line = a_line(price, quantity, a_share(-(price * quantity * taken // 101)))
    off = again(an_order(line), rule(f"d: {draft}")).off_minor
    assert 0 <= off <= line.amount_minor


def a_ground(*skus: str) -> Ground:
    one = Money(1, "CNY")
    goods = {(sku, "cups"): Line(id=0, sku=sku, quantity=1, list_price=one, categories=("cups",)) for sku in skus}
    return Ground(zone="Asia/Shanghai", currency="CNY", goods=goods, known={}, lowest={})


def run(draft: Rule, *orders: PastOrder, tier: str = "", is_signed_in: bool = True) -> Run:
    made = Run(draft, a_ground("A", "B"), orders=len(orders), touching=len(orders))
    for order in orders:
        made.add(order, tier=tier, is_signed_in=is_signed_in, brought={})
    return made


def test_days_margins_and_stacks_are_added_up() -> None:
    late = NOON.replace(hour=17)  # the next day in Shanghai
    said = run(
        rule("d: 300-40"),
        an_order(a_line(35000, cost=20000), number="1"),
        an_order(a_line(35000, 1, a_share(-1000), cost=33000), number="2", at=late),
        an_order(a_line(10000), number="3"),
    ).outcome()
    assert (said.orders, said.tried, said.touched, said.off_minor) == (3, 3, 2, 8000)
    assert (said.paid_minor, said.margined, said.below_cost) == (69000, 2, 1)
    assert (said.margin_before_minor, said.margin_after_minor) == (16000, 8000)
    assert said.stacks == {0: 1, 1: 1}
    assert said.reasons == {Reason.BELOW_THRESHOLD: 1}
    assert [(day.isoformat(), orders, off) for day, orders, off in said.days] == [
        ("2026-11-01", 1, 4000),
        ("2026-11-02", 1, 4000),
    ]
    assert [one.number for one in said.top] == ["2", "1"]
    assert said.deepest == pytest.approx(5000 / 35000)


def test_a_budget_stops_it_exactly_and_says_on_which_day() -> None:
    draft = replace(rule("d: 300-40"), budget_left=Money(6000, "CNY"))
    said = run(draft, *(an_order(a_line(35000), number=str(n)) for n in range(4))).outcome()
    assert (said.off_minor, said.touched, said.reasons) == (6000, 2, {Reason.BUDGET_SPENT: 2})
    assert said.spent_on is not None
    assert said.spent_on.isoformat() == "2026-11-01"


def test_a_person_uses_it_as_often_as_they_may() -> None:
    draft = replace(rule("d: 300-40"), per_person=1)
    said = run(draft, *(an_order(a_line(35000), number=str(n), person="p") for n in range(3))).outcome()
    assert (said.touched, said.reasons) == (1, {Reason.USED_UP: 2})


def test_it_is_for_whom_it_is_for() -> None:
    order = an_order(a_line(35000))
    gold = rule("d: 300-40 | tier gold")
    assert run(gold, order, tier="silver").outcome().reasons == {Reason.NOT_FOR_YOU: 1}
    assert run(gold, order, tier="gold").outcome().touched == 1
    new = rule("d: 300-40 | seg new")
    assert run(new, order).outcome().touched == 1
    assert run(new, replace(order, last_paid_at=NOON - timedelta(days=1))).outcome().touched == 0
    assert run(rule("d: coupon 0-10"), order, is_signed_in=False).outcome().touched == 0


def test_only_goods_of_the_target_count() -> None:
    draft = replace(rule("d: 300-40"), target=Target(skus=frozenset({"B"})))
    assert run(draft, an_order(a_line(35000))).outcome().reasons == {Reason.NOTHING_FITS: 1}


def test_a_margin_needs_every_cost() -> None:
    assert margin_of(an_order(a_line(10000, 2, cost=4000)), off_minor=1000) == 11000
    assert margin_of(an_order(a_line(10000, 2, cost=4000), a_line(100, sku="B"))) is None


@pytest.mark.parametrize(
    ("period", "expected"), [(timedelta(days=10), 10000), (timedelta(days=90), 90000), (None, 365000)]
)
def test_the_cost_of_a_period_is_foreseen(period: timedelta | None, expected: int) -> None:
    ends_at = NOON + period if period else None
    assert foreseen(Money(90000, "CNY"), days=90, starts_at=NOON, ends_at=ends_at) == Money(expected, "CNY")
