"""Baskets and promotions that hypothesis draws: small amounts and few names, so that much of it meets."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.growth.promotions.rules.notation import cny, rule
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import Basket, Line, PriceOffer, PriceSource, Rule

SKUS = "ABCDEF"
RATES = st.sampled_from(["5%", "10%", "33%", "50%"])
AMOUNTS = st.sampled_from([50, 100, 150, 200, 300])
OFFS = st.sampled_from(["0.01", "5", "10", "33.33", "49.99"])


@st.composite
def baskets(draw: DrawFn) -> Basket:
    skus = draw(st.lists(st.sampled_from(SKUS), min_size=1, max_size=5, unique=True))
    return Basket(shop="tea", currency="CNY", lines=tuple(draw(lines(n, sku)) for n, sku in enumerate(skus, start=1)))


@st.composite
def lines(draw: DrawFn, id: int, sku: str) -> Line:
    price = draw(st.integers(1, 20_000) | st.sampled_from([1000, 5000, 10_000]))
    sources = draw(st.lists(st.sampled_from(list(PriceSource)), max_size=2, unique=True))
    return Line(
        id=id,
        sku=sku,
        quantity=draw(st.integers(1, 4)),
        list_price=Money(price, "CNY"),
        product=sku.lower(),
        categories=draw(st.sampled_from([(), ("w",), ("w", "dress"), ("m",)])),
        tags=draw(st.sampled_from([frozenset(), frozenset({"new"}), frozenset({"new", "tea"})])),
        seller=draw(st.sampled_from(["", "x", "y"])),
        floor=draw(st.none() | st.integers(1, price).map(lambda minor: Money(minor, "CNY"))),
        prices=tuple(
            _offer(sku, source, draw(st.integers(1, price)), draw(st.none() | st.just(1))) for source in sources
        ),
    )


def _offer(sku: str, source: PriceSource, minor: int, units: int | None) -> PriceOffer:
    return PriceOffer(id=f"{source}:{sku}", source=source, price=Money(minor, "CNY"), units=units)


# Each draws one kind; postage is no line of a basket and has tests of its own.
FORMS = (
    st.builds("{}-{}".format, AMOUNTS, OFFS),
    st.builds("{}-10,{}-45".format, st.sampled_from([50, 100]), st.sampled_from([150, 200])),
    st.builds("every {}-{}".format, AMOUNTS, OFFS),
    st.builds("{}-{}".format, AMOUNTS, RATES),
    st.builds("cross every {}-{}".format, AMOUNTS, OFFS),
    st.builds("coupon {}-{}".format, st.sampled_from([0, 50, 200]), OFFS),
    st.builds("coupon {}-{}".format, st.sampled_from([0, 50, 200]), RATES),
    st.builds("2pcs-10%,4pcs-{}".format, st.sampled_from(["20%", "50%"])),
    st.builds("nth {}-{}".format, st.integers(2, 3), RATES | st.just("100%")),
    st.builds("buy {} get {}".format, st.integers(1, 3), st.integers(1, 2)),
    st.builds("buy {} gift 1 {}".format, st.integers(1, 3), st.sampled_from("AB")),
    st.builds("spend {} gift 1 {}".format, AMOUNTS, st.sampled_from("AB")),
    st.builds("any {} for {}".format, st.integers(2, 3), AMOUNTS),
    st.builds("{}+2*{} for {}".format, st.just("A"), st.sampled_from("BC"), AMOUNTS),
    st.builds("price {}".format, RATES | AMOUNTS),
    st.builds("member {}".format, RATES),
)
TERMS = st.one_of(FORMS)
OPTIONS = st.sampled_from(
    [
        "",
        " | on A B",
        " | on /w",
        " | on #new -C",
        " | on ~x =c",
        " | on !dress",
        " | cap 20",
        " | budget 7.77",
        " | list",
        " | order 1",
        " | prio 3",
    ]
)
STACKING = st.sampled_from(
    ["", " | group g", " | group h", " | not r1", " | not g", " | not layer:4", " | not layer:2"]
)


@st.composite
def promotions(draw: DrawFn, *, most: int = 6) -> list[Rule]:
    texts = draw(st.lists(st.tuples(TERMS, OPTIONS, STACKING), max_size=most))
    return [rule(f"r{n}: {terms}{option}{stacking}") for n, (terms, option, stacking) in enumerate(texts)]


def with_a_piece_more(goods: Basket, sku: str, *, of: Line) -> Basket:
    """A basket with one piece more of a SKU, on its line or on a new one."""
    mine = [line for line in goods.lines if line.sku == sku]
    if mine:
        more = replace(mine[0], quantity=mine[0].quantity + 1)
        return replace(goods, lines=tuple(more if line is mine[0] else line for line in goods.lines))
    return replace(goods, lines=(*goods.lines, replace(of, sku=sku, quantity=1, id=len(goods.lines) + 1)))


def over_two_places(goods: Basket) -> Basket:
    """The same basket, every line of several pieces going to two places and therefore being two lines."""
    parts = [
        replace(line, quantity=quantity)
        for line in goods.lines
        for quantity in ((1, line.quantity - 1) if line.quantity > 1 else (1,))
    ]
    return replace(goods, lines=tuple(replace(part, id=n) for n, part in enumerate(parts, start=1)))


ZERO = cny(0)
