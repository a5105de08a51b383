"""What a basket costs: a pipeline whose shares sum to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.base.rates.rules import Rate
from zhanggui.shop.checkout.errors import SplitNotAllowed
from zhanggui.shop.checkout.rules import (
    Adjustment,
    Basket,
    Draft,
    Drop,
    Item,
    Option,
    Part,
    PriceStep,
    Quote,
    Stop,
    Wanted,
    delivery,
    in_currency,
    list_price,
    promised_on,
    quote,
    sale_price,
    spread,
    tax,
)
from zhanggui.shop.customers.rules import Address

AT = datetime(2026, 11, 11, tzinfo=UTC)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def a_basket(*items: tuple[int, int], flat: int = 1200, free_from: int | None = 50000) -> Basket:
    """A basket of items, each a list price in fen and pieces."""
    lines = tuple(Item(sku=f"S{n}", quantity=q, list_price=cny(p)) for n, (p, q) in enumerate(items))
    return a_basket_to(lines, an_option(flat=flat, free_from=free_from))


def an_option(*, flat: int = 1200, per_kg: int = 0, free_from: int | None = 50000) -> Option:
    return Option(rate=cny(flat), per_kg=cny(per_kg), free_from=None if free_from is None else cny(free_from))


def a_basket_to(items: Sequence[Item], *options: Option) -> Basket:
    """A basket that goes to as many places as there are ways."""
    stops = tuple(Stop(option=option) for option in options)
    return Basket(shop="tea", person="v", currency="CNY", items=tuple(items), stops=stops)


def an_item(price: int, quantity: int = 1, **more: Any) -> Item:
    return Item(sku=f"S{price}", quantity=quantity, list_price=cny(price), **more)


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


ALL = (list_price, sale_price, delivery, tax)


def test_what_is_on_sale_is_taken_off_as_a_line_of_its_own() -> None:
    basket = a_basket_to([an_item(16800, 2, sale_price=cny(14900)), an_item(5990)], an_option())
    quoted = quote(basket, ALL, at=AT)
    assert [(a.reason, a.amount.minor) for a in quoted.adjustments] == [
        ("list_price", 39590),
        ("sale", -3800),
        ("flat_rate", 1200),
    ]
    assert amounts(quoted) == [29800, 5990]


def test_a_dearer_price_is_no_sale() -> None:
    basket = a_basket_to([an_item(100, sale_price=cny(150))], an_option())
    assert quote(basket, ALL, at=AT).goods == cny(100)


@pytest.mark.parametrize(("grams", "postage"), [(0, 1200), (1000, 1200), (1001, 1500), (2100, 1800)])
def test_each_further_kilogram_begun_costs_more(grams: int, postage: int) -> None:
    basket = a_basket_to([an_item(100, weight_g=grams)], an_option(per_kg=300))
    assert quote(basket, ALL, at=AT).shipping == cny(postage)


def test_what_is_not_shipped_costs_no_postage_and_counts_for_no_threshold() -> None:
    download = an_item(60000, needs_shipping=False)
    assert quote(a_basket_to([download], an_option()), ALL, at=AT).shipping == cny(0)
    both = quote(a_basket_to([download, an_item(100)], an_option()), ALL, at=AT)
    assert [line.shipping.minor for line in both.lines] == [0, 1200]


def test_every_place_pays_its_own_way_and_only_what_goes_there_shares_it() -> None:
    items = [an_item(20000), an_item(30000, destination=2), an_item(30001, destination=2)]
    quoted = quote(a_basket_to(items, an_option(), an_option(flat=2200)), ALL, at=AT)
    assert [line.shipping.minor for line in quoted.lines] == [1200, 0, 0]
    assert (quoted.shipping_to(1), quoted.shipping_to(2)) == (cny(1200), cny(0))


def test_tax_on_top_is_reckoned_from_goods_and_postage() -> None:
    item = an_item(10000, tax_rate=Decimal("0.0725"), is_tax_included=False)
    quoted = quote(a_basket_to([item], an_option(flat=1000)), ALL, at=AT)
    assert (quoted.tax, quoted.tax_included, quoted.total) == (cny(798), cny(0), cny(11798))


def test_tax_that_prices_contain_changes_no_total_and_is_told() -> None:
    item = an_item(10100, tax_rate=Decimal("0.13"))
    quoted = quote(a_basket_to([item], an_option()), ALL, at=AT)
    assert (quoted.tax, quoted.tax_included, quoted.total) == (cny(0), cny(1300), cny(11300))


@given(
    prices=st.lists(st.tuples(st.integers(1, 10**6), st.integers(2, 20)), min_size=1, max_size=6),
    off_per_mille=st.integers(0, 1000),
    data=st.data(),
)
def test_sending_a_part_elsewhere_does_not_change_what_the_goods_cost(
    prices: list[tuple[int, int]], off_per_mille: int, data: st.DataObject
) -> None:
    off = -sum(p * q for p, q in prices) * off_per_mille // 1000
    steps = [list_price, taking_off(off), delivery, tax]
    whole = quote(a_basket(*prices), steps, at=AT)
    parts = []
    for n, (price, quantity) in enumerate(prices):
        there = data.draw(st.integers(1, quantity - 1))
        for pieces, destination in ((quantity - there, 1), (there, 2)):
            parts.append(Item(sku=f"S{n}", quantity=pieces, list_price=cny(price), destination=destination))
    shared = quote(a_basket_to(parts, an_option(), an_option()), steps, at=AT)
    assert (shared.listed, shared.discount, shared.goods) == (whole.listed, whole.discount, whole.goods)
    assert sum(line.shipping.minor for line in shared.lines) == shared.shipping.minor


HOME = Address(recipient="林", phone="1", country="CN", region="浙江", city="杭州", district="西湖", street="1")


def test_one_place_takes_all_and_several_what_they_are_given() -> None:
    assert spread({"CUP": 3, "TEA": 1}, [Drop(address=HOME)]) == (
        Wanted(sku="CUP", quantity=3),
        Wanted(sku="TEA", quantity=1),
    )
    drops = [Drop(address=HOME, units={"CUP": 2}), Drop(address=HOME, units={"CUP": 1, "TEA": 1})]
    assert spread({"CUP": 3, "TEA": 1}, drops) == (
        Wanted(sku="CUP", quantity=2, destination=1),
        Wanted(sku="CUP", quantity=1, destination=2),
        Wanted(sku="TEA", quantity=1, destination=2),
    )


@pytest.mark.parametrize(
    ("given_out", "wrong"),
    [
        ([{"CUP": 1}, {"CUP": 1}], ("CUP",)),
        ([{"CUP": 2}, {"CUP": 2}], ("CUP",)),
        ([{"CUP": 3}, {}], ()),
        ([{"CUP": 4}, {"CUP": -1}], ()),
        ([{"CUP": 3}, {"TEA": 1}], ("TEA",)),
    ],
)
def test_every_piece_goes_to_exactly_one_place(given_out: list[dict[str, int]], wrong: tuple[str, ...]) -> None:
    with pytest.raises(SplitNotAllowed) as refused:
        spread({"CUP": 3}, [Drop(address=HOME, units=units) for units in given_out])
    assert refused.value.skus == wrong


def test_a_way_is_priced_in_another_currency_at_the_rate_of_the_day() -> None:
    rate = Rate(base="CNY", quote="JPY", rate=Decimal("21"), on=date(2026, 11, 22))
    abroad = in_currency(an_option(per_kg=300), rate)
    assert (abroad.rate, abroad.per_kg, abroad.free_from) == (
        Money(252, "JPY"),
        Money(63, "JPY"),
        Money(10500, "JPY"),
    )


def test_the_latest_day_is_promised() -> None:
    assert promised_on(an_option(), placed_on=date(2026, 11, 22)) == date(2026, 11, 27)
