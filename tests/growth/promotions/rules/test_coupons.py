"""Layers 4 and 6: coupons of the shop and of the platform, the best one or what the shopper chose."""

from __future__ import annotations

import pytest

from tests.growth.promotions.rules.notation import result

TABLE = [
    ("reached", "A@100", "c: coupon 100-10", "90 | c -10"),
    ("missed by a fen", "A@99.99", "c: coupon 100-10", "99.99 | c below_threshold 0.01"),
    ("without a threshold", "A@100", "c: coupon 0-10", "90 | c -10"),
    ("worth more than the goods", "A@5", "c: coupon 0-10", "0.01 | c -4.99"),
    ("a rate", "A@100", "c: coupon 0-10%", "90 | c -10"),
    ("a rate with a cap", "A@1000", "c: coupon 0-10% | cap 50", "950 | c -50"),
    ("a rate of the list price", "A@100 member=80", "c: coupon 0-10% | list", "70 | member:A -20 | c -10"),
    ("the better of two", "A@100", ("c: coupon 0-10", "d: coupon 100-20"), "80 | d -20 | c better_one d"),
    ("better is what saves more here", "A@50", ("c: coupon 0-10", "d: coupon 0-30%"), "35 | d -15 | c better_one d"),
    (
        "one that misses stands in no way",
        "A@90",
        ("c: coupon 0-10", "d: coupon 100-20"),
        "80 | c -10 | d below_threshold 10",
    ),
    ("shop and platform", "A@200", ("c: coupon 0-10", "f: coupon 0-20 | layer 6"), "170 | c -10 | f -20"),
    (
        "the platform sees what the shop left",
        "A@200",
        ("c: coupon 0-10", "f: coupon 200-20 | layer 6"),
        "190 | c -10 | f below_threshold 10",
    ),
    (
        "two of one layer in two groups",
        "A@100",
        ("c: coupon 0-10 | group a", "d: coupon 0-20 | group b"),
        "70 | d -20 | c -10",
    ),
    (
        "two coupons of one promotion",
        "A@100",
        ("c: coupon 0-10 | coupon k1", "c: coupon 0-10 | coupon k2"),
        "90 | c -10 | c better_one c",
    ),
    ("a tie, higher threshold", "A@100", ("c: coupon 50-10", "d: coupon 100-10"), "90 | d -10 | c better_one d"),
    (
        "a tie, higher threshold before earlier expiry",
        "A@100",
        ("c: coupon 50-10 | ends 1", "d: coupon 100-10 | ends 2"),
        "90 | d -10 | c better_one d",
    ),
    (
        "a tie, earlier expiry",
        "A@100",
        ("c: coupon 0-10 | ends 5", "d: coupon 0-10 | ends 2"),
        "90 | d -10 | c better_one d",
    ),
    ("a tie, one never expires", "A@100", ("c: coupon 0-10", "d: coupon 0-10 | ends 2"), "90 | d -10 | c better_one d"),
    (
        "a tie, earlier expiry before earlier claim",
        "A@100",
        ("c: coupon 0-10 | ends 5 | claimed -9", "d: coupon 0-10 | ends 2 | claimed -1"),
        "90 | d -10 | c better_one d",
    ),
    (
        "a tie, earlier claim",
        "A@100",
        ("c: coupon 0-10 | claimed -1", "d: coupon 0-10 | claimed -2"),
        "90 | d -10 | c better_one d",
    ),
    ("a tie, lower id", "A@100", ("d: coupon 0-10", "c: coupon 0-10"), "90 | c -10 | d better_one c"),
    ("a flash price takes none", "A@100 flash=80", "c: coupon 0-10", "80 | flash:A -20 | c price_takes_none"),
    ("a live price takes none", "A@100 live=80", "c: coupon 0-10", "80 | live:A -20 | c price_takes_none"),
    (
        "nor any of the platform",
        "A@100 flash=80",
        "f: coupon 0-10 | layer 6",
        "80 | flash:A -20 | f price_takes_none",
    ),
    ("a flash price that says it does", "A@100 flash=80!", "c: coupon 0-10", "70 | flash:A -20 | c -10"),
    (
        "a flash price does not count to the threshold",
        "A@100 flash=80 ; B@50",
        "c: coupon 100-10",
        "80 50 | flash:A -20 | c below_threshold 50",
    ),
    (
        "a flash price bears no share",
        "A@100 flash=80 ; B@100",
        "c: coupon 100-10",
        "80 90 | flash:A -20 | c -10",
    ),
    (
        "a line of which a part is at a flash price",
        "2 A@100 flash=80x1",
        "c: coupon 100-10",
        "170 | flash:A -20 | c -10",
    ),
    (
        "a part at a flash price does not count",
        "2 A@100 flash=80x1",
        "c: coupon 101-10",
        "180 | flash:A -20 | c below_threshold 1",
    ),
    ("a member price takes them", "A@100 member=80", "c: coupon 0-10", "70 | member:A -20 | c -10"),
    ("thresholds look at flash prices", "A@400 flash=300", "t: 300-40", "260 | flash:A -100 | t -40"),
    ("for some goods", "A@100 ; B@100", "c: coupon 0-10 | on B", "100 90 | c -10"),
    ("for goods that are not there", "A@100", "c: coupon 0-10 | on Z", "100 | c nothing_fits"),
    (
        "a threshold of other goods first",
        "A@300",
        ("t: 300-40", "c: coupon 300-10"),
        "260 | t -40 | c below_threshold 40",
    ),
    (
        "a threshold that lets it count at list",
        "A@300",
        ("t: 300-40", "c: coupon 300-10 | list"),
        "250 | t -40 | c -10",
    ),
]


@pytest.mark.parametrize(("goods", "promotions", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_coupons(goods: str, promotions: str | tuple[str, ...], expected: str) -> None:
    assert result(goods, promotions) == expected


CHOSEN = [
    ("the chosen one, though another is better", "A@100", {"c"}, "90 | c -10 | d not_chosen"),
    ("the chosen one that is better", "A@100", {"d"}, "80 | d -20 | c not_chosen"),
    ("none is wanted", "A@100", set(), "100 | c not_chosen | d not_chosen"),
    ("the chosen one misses, no other steps in", "A@90", {"d"}, "90 | c not_chosen | d below_threshold 10"),
    ("both are chosen where one may be", "A@100", {"c", "d"}, "80 | d -20 | c better_one d"),
    ("one that nobody holds", "A@100", {"z"}, "100 | c not_chosen | d not_chosen"),
]


@pytest.mark.parametrize(("goods", "chosen", "expected"), [row[1:] for row in CHOSEN], ids=[row[0] for row in CHOSEN])
def test_what_the_shopper_chose(goods: str, chosen: set[str], expected: str) -> None:
    assert result(goods, ("c: coupon 0-10", "d: coupon 100-20"), chosen=frozenset(chosen)) == expected


def test_a_choice_of_coupons_leaves_other_promotions_alone() -> None:
    promotions = ("t: 300-40", "c: coupon 0-10", "f: coupon 0-5 | layer 6")
    assert result("A@300", promotions, chosen=frozenset({"f"})) == "255 | t -40 | f -5 | c not_chosen"
