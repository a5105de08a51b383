"""What money goes back: frozen shares, to the cent, in whatever parts and order goods come back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shop.returns.frozen import a_line, an_order_of, cny
from zhanggui.base.money import Money
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.returns import rules
from zhanggui.shop.returns.rules import Back, Slot, Worth


def slots(order: Order) -> list[Slot]:
    return [Slot(position=line.position, unit=unit) for line in order.lines for unit in range(line.quantity)]


def back(
    order: Order, *pieces: tuple[int, int], has_fault: bool = False, before: dict[Slot, Money] | None = None
) -> Back:
    wanted = [Slot(position=position, unit=unit) for position, unit in pieces]
    return rules.money_back(order, slots=wanted, has_fault=has_fault, before=before or {})


def test_each_piece_brings_its_own_frozen_share() -> None:
    order = an_order_of(a_line(quantity=3, amount=1000, tax=100))
    assert [back(order, (1, unit)).goods.minor for unit in range(3)] == [334, 333, 333]
    assert [back(order, (1, unit)).tax.minor for unit in range(3)] == [34, 33, 33]


@pytest.mark.parametrize(
    ("has_fault", "shipping", "kept"),
    [(False, 0, 600), (True, 600, 0)],
    ids=["without a reason", "with a fault"],
)
def test_the_way_out_of_a_part_goes_back_only_for_a_fault(has_fault: bool, shipping: int, kept: int) -> None:
    order = an_order_of(a_line(quantity=2, amount=2000, shipping=1200))
    found = back(order, (1, 0), has_fault=has_fault)
    assert (found.shipping.minor, found.kept_shipping.minor, found.total.minor) == (shipping, kept, 1000 + shipping)


def test_the_way_out_goes_back_once_everything_of_its_place_is_back() -> None:
    here, there = a_line(1, quantity=2, amount=2000, shipping=1200), a_line(2, shipping=900, destination=2)
    order = an_order_of(here, there)
    first = back(order, (1, 0))
    second = back(order, (1, 1), before={Slot(position=1, unit=0): first.shipping})
    assert (first.shipping.minor, second.shipping.minor, second.kept_shipping.minor) == (0, 1200, 0)
    assert back(order, (1, 0), (1, 1), (2, 0)).shipping.minor == 2100


def test_what_a_fault_brought_of_the_way_out_does_not_come_twice() -> None:
    order = an_order_of(a_line(quantity=3, amount=3000, shipping=1000))
    first = back(order, (1, 0), has_fault=True)
    rest = back(order, (1, 1), (1, 2), before={Slot(position=1, unit=0): first.shipping})
    assert (first.shipping.minor, rest.shipping.minor) == (334, 666)


def test_goodwill_that_was_given_before_is_not_given_again() -> None:
    order = an_order_of(a_line(amount=2000, shipping=500), refunded=800)
    found = back(order, (1, 0))
    assert (found.total.minor, found.given_before.minor) == (1700, 800)


def test_a_gift_comes_back_for_nothing() -> None:
    order = an_order_of(a_line(1, amount=0), a_line(2, amount=5000))
    assert back(order, (1, 0)).total.minor == 0


def test_a_fifth_of_an_order_may_be_given_without_asking() -> None:
    assert rules.goodwill_limit(an_order_of(a_line(amount=20000))).minor == 4000


def test_pieces_are_claimed_from_the_first_free_one_on() -> None:
    line = a_line(quantity=4, amount=400)
    claimed = {Slot(position=1, unit=0), Slot(position=1, unit=2), Slot(position=2, unit=1)}
    assert [slot.unit for slot in rules.free_slots(line, claimed=claimed, units=2)] == [1, 3]
    assert [slot.unit for slot in rules.free_slots(line, claimed=claimed, units=9)] == [1, 3]


@st.composite
def orders(draw: st.DrawFn) -> Order:
    amounts = st.integers(0, 100_000)
    lines = [
        a_line(
            position,
            quantity=draw(st.integers(1, 5)),
            amount=draw(amounts),
            shipping=draw(st.integers(0, 3000)),
            tax=draw(st.integers(0, 9000)),
            destination=draw(st.integers(1, 2)),
        )
        for position in range(1, draw(st.integers(1, 4)) + 1)
    ]
    return an_order_of(*lines)


@given(order=orders(), chance=st.randoms(use_true_random=False))
def test_returning_every_piece_in_any_parts_gives_back_exactly_what_was_paid(order: Order, chance: Random) -> None:
    left = slots(order)
    chance.shuffle(left)
    before: dict[Slot, Money] = {}
    while left:
        size = chance.randint(1, len(left))
        part, left = left[:size], left[size:]
        found = rules.money_back(order, slots=part, has_fault=chance.random() < 0.5, before=before)
        assert found.total == found.goods + found.tax + found.shipping - found.given_before
        assert Money.total((piece.total for piece in found.pieces), "CNY") == found.total
        order = replace(order, refunded=order.refunded + found.total)
        assert order.refunded <= order.total
        before |= {piece.slot: piece.shipping for piece in found.pieces}
    assert order.refunded == order.total


@given(order=orders(), goodwill=st.integers(0, 500_000), chance=st.randoms(use_true_random=False))
def test_never_more_goes_back_than_was_paid(order: Order, goodwill: int, chance: Random) -> None:
    order = replace(order, refunded=cny(min(goodwill, order.total.minor)))
    before: dict[Slot, Money] = {}
    for slot in chance.sample(slots(order), len(slots(order))):
        found = rules.money_back(order, slots=[slot], has_fault=True, before=before)
        assert found.total.minor >= 0
        order = replace(order, refunded=order.refunded + found.total)
        before |= {piece.slot: piece.shipping for piece in found.pieces}
    assert order.refunded == order.total


@given(order=orders())
def test_everything_back_without_a_reason_brings_the_way_out_too(order: Order) -> None:
    found = rules.money_back(order, slots=slots(order), has_fault=False, before={})
    assert (found.goods, found.shipping, found.tax) == (order.goods, order.shipping, order.tax)


@given(order=orders(), chance=st.randoms(use_true_random=False))
def test_pieces_exchanged_at_other_prices_bring_back_exactly_what_was_paid_in_all(order: Order, chance: Random) -> None:
    worth: dict[Slot, Worth] = {}
    paid_on_top = cny(0)
    for slot in chance.sample(slots(order), chance.randint(0, len(slots(order)))):
        share = rules.share_of(order.line(slot.position), unit=slot.unit)
        goods, tax = rules.worth_after(
            share.goods, share.tax, more=cny(chance.randint(-3000, 3000)), tax_rate=Decimal(0)
        )
        more = goods + tax - share.goods - share.tax
        on_top = cny(max(more.minor, 0))
        worth[slot] = Worth(goods=goods, tax=tax, on_top=on_top, paid_with="X" if on_top else "")
        paid_on_top += on_top
        order = replace(order, refunded=order.refunded + on_top - more)
    assert order.refunded <= order.total
    left, before, back_on_top = slots(order), dict[Slot, Money](), cny(0)
    while left:
        part, left = left[:2], left[2:]
        found = rules.money_back(order, slots=part, has_fault=chance.random() < 0.5, before=before, worth=worth)
        assert not found.given_before
        order = replace(order, refunded=order.refunded + found.own)
        back_on_top += found.on_top.get("X", cny(0))
        before |= {piece.slot: piece.shipping for piece in found.pieces}
    assert (order.refunded, back_on_top) == (order.total, paid_on_top)


@pytest.mark.parametrize(
    ("goods", "more", "rate", "after"),
    [
        (9000, 2000, "0", (11000, 0)),
        (9000, -2000, "0", (7000, 0)),
        (0, -2000, "0", (0, 0)),
        (9000, 2000, "0.1", (11000, 1100)),
    ],
)
def test_discounts_stay_with_an_exchanged_piece(goods: int, more: int, rate: str, after: tuple[int, int]) -> None:
    found = rules.worth_after(cny(goods), cny(0), more=cny(more), tax_rate=Decimal(rate))
    assert found == (cny(after[0]), cny(after[1]))
