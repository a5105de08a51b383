"""What a basket costs: a pipeline whose shares sum to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.shop.checkout.rules import (
    Adjustment,
    Basket,
    Draft,
    Item,
    Part,
    PriceStep,
    Quote,
    Terms,
    delivery,
    list_price,
    quote,
)

AT = datetime(2026, 11, 11, tzinfo=UTC)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def a_basket(*items: tuple[int, int], flat: int = 1200, free_from: int | None = 50000) -> Basket:
    """A basket of items, each a list price in fen and pieces."""
    terms = Terms(flat_rate=cny(flat), free_from=None if free_from is None else cny(free_from))
    lines = tuple(Item(sku=f"S{n}", quantity=q, list_price=cny(p)) for n, (p, q) in enumerate(items))
    return Basket(shop="tea", person="v", currency="CNY", items=lines, terms=terms)


def taking_off(minor: int, *, part: Part = Part.GOODS) -> PriceStep:
    def step(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
        return [Adjustment(step="offer", reason="test", part=part, amount=cny(minor))]

    return step


def amounts(quoted: Quote) -> list[int]:
    return [line.amount.minor for line in quoted.lines]


def test_the_worked_example() -> None:
    quoted = quote(a_basket((16800, 2), (5990, 1)), [list_price, delivery], at=AT)
    assert (quoted.goods, quoted.shipping, quoted.total) == (cny(39590), cny(1200), cny(40790))
    assert [line.shipping for line in quoted.lines] == [cny(1018), cny(182)]
    assert amounts(quoted) == [33600, 5990]
    assert [(a.step, a.reason, a.amount) for a in quoted.adjustments] == [
        ("list_price", "list_price", cny(39590)),
        ("delivery", "flat_rate", cny(1200)),
    ]


@pytest.mark.parametrize(
    ("goods", "flat", "free_from", "postage", "reason"),
    [
        (9899, 1200, 9900, 1200, "flat_rate"),
        (9900, 1200, 9900, 0, "free_from"),
        (9900, 1200, None, 1200, "flat_rate"),
        (1, 0, None, 0, "flat_rate"),
        (1, 1200, 0, 0, "free_from"),
    ],
)
def test_delivery_is_a_flat_rate_until_it_is_free(
    goods: int, flat: int, free_from: int | None, postage: int, reason: str
) -> None:
    quoted = quote(a_basket((goods, 1), flat=flat, free_from=free_from), [list_price, delivery], at=AT)
    assert (quoted.shipping.minor, quoted.adjustments[-1].reason) == (postage, reason)


def test_a_step_sees_what_the_steps_before_have_made() -> None:
    steps = [list_price, taking_off(-100), delivery]
    assert quote(a_basket((10000, 1), free_from=10000), steps, at=AT).shipping == cny(1200)
    assert quote(a_basket((10100, 1), free_from=10000), steps, at=AT).shipping == cny(0)


def test_what_is_taken_off_is_shared_out_to_the_fen() -> None:
    quoted = quote(a_basket((100, 1), (100, 1), (100, 1)), [list_price, taking_off(-100)], at=AT)
    assert [line.discount.minor for line in quoted.lines] == [-34, -33, -33]
    assert (quoted.listed, quoted.discount, quoted.goods) == (cny(300), cny(-100), cny(200))


def test_tax_is_shared_like_the_goods_and_adds_to_the_total() -> None:
    quoted = quote(a_basket((300, 1), (100, 1)), [list_price, taking_off(40, part=Part.TAX)], at=AT)
    assert [line.tax.minor for line in quoted.lines] == [30, 10]
    assert (quoted.tax, quoted.total) == (cny(40), cny(440))


def test_postage_on_goods_that_cost_nothing_is_shared_by_pieces() -> None:
    quoted = quote(a_basket((100, 1), (100, 2)), [list_price, taking_off(-300), delivery], at=AT)
    assert [line.shipping.minor for line in quoted.lines] == [400, 800]


def test_no_step_takes_more_off_than_an_item_costs() -> None:
    with pytest.raises(ValueError, match="more off an item"):
        quote(a_basket((100, 1)), [list_price, taking_off(-101)], at=AT)


def test_shares_of_a_step_must_sum_to_its_amount() -> None:
    def wrong(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
        return [Adjustment(step="wrong", reason="", part=Part.GOODS, amount=cny(-3), shares=(cny(-1), cny(-1)))]

    with pytest.raises(ValueError, match="do not sum"):
        quote(a_basket((100, 1), (100, 1)), [list_price, wrong], at=AT)


@given(
    items=st.lists(st.tuples(st.integers(1, 10**7), st.integers(1, 99)), min_size=1, max_size=12),
    flat=st.integers(0, 10**5),
    free_from=st.none() | st.integers(0, 10**9),
    off_per_mille=st.integers(0, 1000),
    tax=st.integers(0, 10**6),
)
def test_the_parts_always_sum_to_the_whole(
    items: list[tuple[int, int]], flat: int, free_from: int | None, off_per_mille: int, tax: int
) -> None:
    off = -sum(p * q for p, q in items) * off_per_mille // 1000
    steps = [list_price, taking_off(off), delivery, taking_off(tax, part=Part.TAX)]
    quoted = quote(a_basket(*items, flat=flat, free_from=free_from), steps, at=AT)
    for part in ("listed", "discount", "shipping", "tax"):
        assert sum(getattr(line, part).minor for line in quoted.lines) == getattr(quoted, part).minor
    assert sum(amounts(quoted)) == quoted.goods.minor == quoted.listed.minor + quoted.discount.minor
    assert quoted.total == quoted.goods + quoted.shipping + quoted.tax
    assert min(amounts(quoted)) >= 0
    assert all(line.amount == line.listed + line.discount for line in quoted.lines)
