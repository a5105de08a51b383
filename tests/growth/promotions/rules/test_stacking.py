"""What stands together, what excludes what, and who goes first."""

from __future__ import annotations

import pytest

from tests.growth.promotions.rules.notation import result

TABLE = [
    (
        "of a group the larger saving, here the rate",
        "A@500",
        ("t: 300-40 | group g", "r: 300-10% | group g"),
        "450 | r -50 | t better_one r",
    ),
    (
        "of a group the larger saving, here the amount",
        "A@350",
        ("t: 300-40 | group g", "r: 300-10% | group g"),
        "310 | t -40 | r better_one t",
    ),
    (
        "of a group the larger saving whatever the priority",
        "A@500",
        ("t: 300-40 | group g | prio 9", "r: 300-10% | group g"),
        "450 | r -50 | t better_one r",
    ),
    (
        "who misses says what is missing, not who was better",
        "A@300",
        ("t: 300-40 | group g", "u: 500-100 | group g"),
        "260 | t -40 | u below_threshold 200",
    ),
    (
        "a group holds within a layer",
        "3 A@100",
        ("p: 3pcs-10% | group g", "t: 200-20 | group g"),
        "250 | p -30 | t -20",
    ),
    ("a group is excluded", "3 A@100", ("p: 3pcs-10% | group g", "t: 200-20 | not g"), "270 | p -30 | t excluded p"),
    ("an id is excluded", "3 A@100", ("p: 3pcs-10%", "t: 200-20 | not p"), "270 | p -30 | t excluded p"),
    ("exclusion is mutual", "3 A@100", ("p: 3pcs-10% | not t", "t: 200-20"), "270 | p -30 | t excluded p"),
    (
        "a layer is excluded",
        "3 A@100",
        ("p: 3pcs-10% | not layer:3", "t: 200-20", "x: cross 100-10"),
        "260 | p -30 | x -10 | t excluded p",
    ),
    (
        "whoever does not apply excludes nobody",
        "3 A@100",
        ("p: 5pcs-10% | not t", "t: 200-20"),
        "280 | t -20 | p too_few_pieces 2",
    ),
    (
        "of one layer the larger saving stands",
        "A@300",
        ("t: 200-20 | not layer:3", "u: 200-50"),
        "250 | u -50 | t excluded u",
    ),
    (
        "of one layer the higher priority stands",
        "A@300",
        ("t: 200-20 | not layer:3 | prio 1", "u: 200-50"),
        "280 | t -20 | u excluded t",
    ),
    (
        "if the best of a group is excluded the next steps in",
        "3 A@100",
        ("p: 3pcs-10%", "t: 200-50 | group g | not p", "u: 200-20 | group g"),
        "250 | p -30 | u -20 | t excluded p",
    ),
    (
        "an excluded one excludes nobody",
        "A@300",
        ("a: 100-30 | not b", "b: 100-20 | not c", "c: 100-10"),
        "260 | a -30 | c -10 | b excluded a",
    ),
    (
        "priority without exclusion changes no sum",
        "A@300",
        ("t: 300-40 | prio -5", "u: 300-10 | prio 9"),
        "250 | u -10 | t -40",
    ),
    ("a tie, higher threshold", "A@300", ("b: 300-40 | not a", "a: 200-40"), "260 | b -40 | a excluded b"),
    (
        "a tie, earlier expiry",
        "A@300",
        ("a: 300-40 | not b | ends 9", "b: 300-40 | ends 3"),
        "260 | b -40 | a excluded b",
    ),
    ("a tie, lower id", "A@300", ("b: 300-40 | not a", "a: 300-40"), "260 | a -40 | b excluded a"),
    (
        "an excluded coupon is not told to buy more",
        "A@300",
        ("t: 300-40 | not layer:4", "c: coupon 500-10"),
        "260 | t -40 | c excluded t",
    ),
    (
        "a coupon that excludes the price layer",
        "A@100 member=80",
        "c: coupon 0-10 | not layer:1",
        "80 | member:A -20 | c excluded member:A",
    ),
    (
        "a coupon of the platform that excludes that of the shop",
        "A@100",
        ("c: coupon 0-10", "f: coupon 0-50 | layer 6 | not layer:4"),
        "90 | c -10 | f excluded c",
    ),
    (
        "a coupon that excludes a group of coupons",
        "A@100",
        ("c: coupon 0-10 | group a", "f: coupon 0-50 | layer 6 | not a"),
        "90 | c -10 | f excluded c",
    ),
    (
        "all layers",
        "A@1000 ~x",
        ("t: 300-40", "c: coupon 0-10", "x: cross every 300-50", "f: coupon 0-10% | layer 6"),
        "720 | t -40 | c -10 | x -150 x3 | f -80",
    ),
    (
        "all layers with prices and pieces",
        "3 A@200 member=180",
        ("p: 3pcs-10%", "t: 300-40", "c: coupon 100-20", "x: cross every 200-30", "f: coupon 0-5% | layer 6"),
        "347.7 | member:A -60 x3 | p -54 | t -40 | c -20 | x -60 x2 | f -18.3",
    ),
    ("the same promotion found twice is one", "A@300", ("t: 300-40", "t: 300-40"), "260 | t -40"),
]


@pytest.mark.parametrize(("goods", "promotions", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_stands_together(goods: str, promotions: str | tuple[str, ...], expected: str) -> None:
    assert result(goods, promotions) == expected
