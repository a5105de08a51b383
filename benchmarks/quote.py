"""The quote of promotions: a basket of 20 lines against 20 up to 20,000 live rules, and more and more that touch it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from statistics import median

from benchmarks.number import Number
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import (
    KINDS,
    Basket,
    Index,
    Line,
    PriceOffer,
    PriceSource,
    Quoted,
    Rule,
    Shopper,
    Target,
    quote,
)

AT = datetime(2026, 11, 11, 12, tzinfo=UTC)
SHOPPER = Shopper(person="p", is_signed_in=True, tier="gold")
LINES, TOUCHING, RUNS = 20, 20, 300
LIVE = (20, 200, 2_000, 20_000)
GROWING = (10, 20, 40, 80, 160)
# (kind, terms, whether a coupon brings it), one after the other, as a shop in full campaign has them.
_MIX = (
    ("threshold", {"currency": "CNY", "steps": [{"from": 30000, "off": 4000}, {"from": 60000, "off": 9000}]}, False),
    ("pieces", {"steps": [{"units": 2, "off": "0.1"}, {"units": 3, "off": "0.2"}]}, False),
    ("price", {"off": "0.15"}, False),
    ("coupon_amount", {"currency": "CNY", "steps": [{"from": 20000, "off": 2000}]}, True),
    ("cross_threshold", {"currency": "CNY", "steps": [{"from": 30000, "off": 5000}], "is_every": True}, False),
    ("buy_get", {"buy_units": 2, "get_units": 1}, False),
    ("coupon_rate", {"currency": "CNY", "steps": [{"from": 0, "off": "0.05"}]}, True),
    ("threshold_rate", {"currency": "CNY", "steps": [{"from": 50000, "off": "0.1"}]}, False),
    ("bundle", {"currency": "CNY", "price": 29900, "units": 3}, False),
    ("member_price", {"off": "0.05"}, False),
)


def measure() -> list[Number]:
    """Walking the targets of the rules that touch the basket, line by line, is the bound: it decides nothing."""
    basket = a_basket()
    numbers: list[Number] = []
    for live in LIVE:
        rules = a_shop(live, touching=TOUCHING)
        began = time.perf_counter()
        index = Index.of(rules)
        built = time.perf_counter() - began
        numbers += _against_bound(f"{live:,} live rules, {TOUCHING} touch the basket", index, basket)
    numbers.append(Number(name=f"building the index of {LIVE[-1]:,} rules", value=built * 1000, unit="ms"))
    for touching in GROWING:
        index = Index.of(a_shop(2_000, touching=touching))
        numbers += _against_bound(f"2,000 live rules, {touching} touch the basket", index, basket)[1:]
    return numbers


def a_basket() -> Basket:
    """Twenty lines of one to three pieces, two of them with a flash price."""
    rng = Random(1)
    lines = [
        Line(
            id=n,
            sku=f"S{n}",
            quantity=rng.randint(1, 3),
            list_price=Money(rng.randint(1_000, 30_000), "CNY"),
            product=f"P{n}",
            categories=("all", f"C{n % 4}"),
            tags=frozenset({f"T{n % 3}"}),
        )
        for n in range(LINES)
    ]
    for n in (3, 7):
        price = lines[n].list_price.times(1) - Money(500, "CNY")
        offer = PriceOffer(id="flash:1", source=PriceSource.FLASH, price=price, units=1)
        lines[n] = replace(lines[n], prices=(offer,))
    return Basket(shop="bench", currency="CNY", lines=tuple(lines))


def a_shop(live: int, *, touching: int) -> list[Rule]:
    """So many live rules; those that do not touch the basket look at other SKUs and categories."""
    ours = [
        Target(),
        Target(categories=frozenset({"C1"})),
        Target(skus=frozenset({"S0", "S5", "S9"})),
        Target(tags=frozenset({"T2"})),
        Target(products=frozenset({"P4", "P8"}), but_skus=frozenset({"S8"})),
    ]
    rules = []
    for n in range(live):
        kind, terms, is_coupon = _MIX[n % len(_MIX)]
        target = ours[n % 5] if n < touching else _elsewhere(n)
        made = KINDS[kind]
        coupon = f"k{n}" if is_coupon else ""
        group = f"g{n % 3}" if n % 4 == 0 else ""
        rules.append(
            Rule(
                id=f"r{n:05}",
                kind=kind,
                terms=made.read(terms),
                layer=made.layer,
                target=target,
                group=group,
                coupon=coupon,
                per_person=3,
            )
        )
    return rules


def _elsewhere(n: int) -> Target:
    if n % 3:
        return Target(skus=frozenset(f"X{n}-{each}" for each in range(10)))
    return Target(categories=frozenset({f"Y{n}"}))


def _against_bound(name: str, index: Index, basket: Basket) -> list[Number]:
    bound = _median_ms(lambda: _walk(index.touching(basket), basket))
    took = _median_ms(lambda: _quote(index, basket))
    against = f"walking the targets, {name}"
    return [
        Number(name=against, value=bound, unit="ms"),
        Number(name=f"quote, {name}", value=took, unit="ms", ratio=took / bound, against=against),
    ]


def _quote(index: Index, basket: Basket) -> Quoted:
    return quote(basket, index.touching(basket), SHOPPER, at=AT)


def _walk(rules: tuple[Rule, ...], basket: Basket) -> int:
    return sum(rule.target.fits(line) for rule in rules for line in basket.lines)


def _median_ms(work: Callable[[], object]) -> float:
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return median(took) * 1000
