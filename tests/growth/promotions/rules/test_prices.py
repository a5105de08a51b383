"""Layer 1: every piece stands at exactly one price, and the others say why they do not."""

from __future__ import annotations

import pytest

from tests.growth.promotions.rules.notation import GUEST, MEMBER, result

TABLE = [
    ("nothing holds", "2 A@100", (), "200"),
    ("a flash price", "A@100 flash=80", (), "80 | flash:A -20"),
    ("a flash price for all pieces", "3 A@100 flash=80", (), "240 | flash:A -60 x3"),
    ("a price for one piece, the other at list", "2 A@100 flash=80x1", (), "180 | flash:A -20"),
    ("the cheapest wins", "A@100 flash=80 member=90", (), "80 | flash:A -20 | member:A better_one flash:A"),
    (
        "the rest stand at the next best",
        "3 A@100 flash=80x1 member=90",
        (),
        "260 | flash:A -20 | member:A -20 x2",
    ),
    (
        "three prices in one line",
        "3 A@100 flash=70x1 group=80x1",
        (),
        "250 | flash:A -30 | group:A -20",
    ),
    (
        "all losers say who won",
        "A@100 group=70 presale=75 live=72",
        (),
        "70 | group:A -30 | live:A better_one group:A | presale:A better_one group:A",
    ),
    ("a limited-time price", "A@100", "l: price 80", "80 | l -20"),
    ("a limited-time rate, half up", "A@99.99", "l: price 15%", "84.99 | l -15"),
    ("half a unit is rounded up", "A@0.50", "l: price 1%", "0.49 | l -0.01"),
    ("a rate is rounded for each piece", "3 A@0.50", "l: price 1%", "1.47 | l -0.03 x3"),
    ("a promotion below an offer", "A@100 flash=85", "l: price 80", "80 | l -20 | flash:A better_one l"),
    ("an offer below a promotion", "A@100 flash=75", "l: price 80", "75 | flash:A -25 | l better_one flash:A"),
    ("the cheaper of two promotions", "A@100", ("l: price 80", "k: price 70"), "70 | k -30 | l better_one k"),
    ("of equal ones the lower id", "A@100", ("l: price 80", "k: price 80"), "80 | k -20 | l better_one k"),
    (
        "of equal ones the higher priority",
        "A@100",
        ("l: price 80 | prio 1", "k: price 80"),
        "80 | l -20 | k better_one l",
    ),
    (
        "of equal ones the earlier expiry",
        "A@100",
        ("l: price 80 | ends 2", "k: price 80 | ends 3"),
        "80 | l -20 | k better_one l",
    ),
    (
        "priority makes no price cheaper",
        "A@100",
        ("l: price 80 | prio 9", "k: price 70"),
        "70 | k -30 | l better_one k",
    ),
    (
        "of equal ones that which takes coupons",
        "A@100 flash=80 member=80",
        (),
        "80 | member:A -20 | flash:A better_one member:A",
    ),
    (
        "a flash price that takes coupons stands like any other",
        "A@100 flash=80! member=80",
        (),
        "80 | flash:A -20 | member:A better_one flash:A",
    ),
    ("a price above the list price", "A@100", "l: price 120", "100 | l better_one list_price"),
    ("a price like the list price", "A@100", "l: price 100", "100 | l better_one list_price"),
    ("an offer above the list price", "A@100 member=120", (), "100 | member:A better_one list_price"),
    ("a price below the floor is the floor", "A@100 >=90", "l: price 80", "90 | l -10"),
    ("an offer below the floor is the floor", "2 A@100 >=90 flash=80", (), "180 | flash:A -20 x2"),
    ("a floor at the list price", "A@100 >=100", "l: price 80", "100 | l at_the_floor"),
    ("a floor above the list price raises nothing", "A@100 >=120", "l: price 80", "100 | l at_the_floor"),
    ("so many pieces of an order", "3 A@100", "l: price 80 | order 2", "260 | l -40 x2"),
    ("the limit counts over all lines", "2 A@100 ; 2 B@100", "l: price 80 | order 3", "160 180 | l -60 x3"),
    ("the limit goes where it saves most", "A@10 ; B@100", "l: price 20% | order 1", "10 80 | l -20"),
    ("only what it is for", "A@100 ; B@100", "l: price 80 | on A", "80 100 | l -20"),
    ("each line its own best price", "A@100 ; B@100 flash=70", "l: price 80", "80 70 | flash:B -30 | l -20"),
    ("a price within its cap", "3 A@100", "l: price 80 | cap 50", "250 | l -50 x3"),
    ("a price within its budget", "A@100 ; B@100", "l: price 80 | budget 25", "87.5 87.5 | l -25 x2"),
    ("a price whose budget is spent", "A@100", "l: price 80 | budget 0", "100 | l budget_spent"),
    (
        "one price of a group for the whole basket",
        "A@100 ; B@100",
        ("l: price 90 | on A | group g", "k: price 80 | on B | group g"),
        "100 80 | k -20 | l better_one k",
    ),
    (
        "prices that exclude each other, the larger saving stands",
        "A@100 ; B@100",
        ("l: price 90 | on A", "k: price 80 | on B | not l"),
        "100 80 | k -20 | l excluded k",
    ),
    (
        "prices that exclude each other, the higher priority stands",
        "A@100 ; B@100",
        ("l: price 90 | on A | prio 1", "k: price 80 | on B | not l"),
        "90 100 | l -10 | k excluded l",
    ),
    (
        "who wins nothing excludes nobody",
        "A@100 flash=70 ; B@100",
        ("k: price 80 | on A | not l", "l: price 90 | on B"),
        "70 90 | flash:A -30 | l -10 | k better_one flash:A",
    ),
    (
        "a flash price excluded by name",
        "A@300 flash=280",
        "t: 200-40 | not flash:A",
        "280 | flash:A -20 | t excluded flash:A",
    ),
]


@pytest.mark.parametrize(("goods", "promotions", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_price_layer(goods: str, promotions: str | tuple[str, ...], expected: str) -> None:
    assert result(goods, promotions) == expected


@pytest.mark.parametrize(
    ("shopper", "promotion", "expected"),
    [
        (MEMBER, "m: member 90 | tier gold", "90 | m -10"),
        (GUEST, "m: member 90 | tier gold", "100 | m sign_in"),
        (MEMBER, "m: member 90 | tier silver", "100 | m not_for_you"),
        (MEMBER, "m: member 5% | tier gold silver", "95 | m -5"),
    ],
)
def test_a_member_price_is_for_its_tiers(shopper: object, promotion: str, expected: str) -> None:
    assert result("A@100", promotion, shopper=shopper) == expected  # type: ignore[arg-type]
