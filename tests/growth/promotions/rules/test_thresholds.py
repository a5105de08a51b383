"""Layers 3 and 5: so much off from so much on, of each seller and over all of them."""

from __future__ import annotations

import pytest

from tests.growth.promotions.rules.notation import result

TABLE = [
    ("reached to the fen", "A@300", "t: 300-40", "260 | t -40"),
    ("missed by a fen", "A@299.99", "t: 300-40", "299.99 | t below_threshold 0.01"),
    ("the first step", "A@499.99", "t: 300-40,500-80", "459.99 | t -40"),
    ("the second step", "A@500", "t: 300-40,500-80", "420 | t -80"),
    ("above the last step", "A@1000", "t: 300-40,500-80", "920 | t -80"),
    ("below the ladder the first step is named", "A@100", "t: 300-40,500-80", "100 | t below_threshold 200"),
    ("for every so much", "A@650", "t: every 300-40", "570 | t -80 x2"),
    ("for every so much, not once", "A@299", "t: every 300-40", "299 | t below_threshold 1"),
    ("for every so much, at most once", "A@650", "t: every 300-40 | order 1", "610 | t -40"),
    ("shared by what the lines cost", "A@200 ; B@100", "t: 300-40", "173.33 86.67 | t -40"),
    ("equal remainders go to the earlier line", "A@100 ; B@100 ; C@100", "t: 300-40", "86.66 86.67 86.67 | t -40"),
    ("pieces weigh as they cost", "2 A@100 ; B@100", "t: 300-40", "173.33 86.67 | t -40"),
    ("only what fits counts", "A@200 /w ; B@200", "t: 300-40 | on /w", "200 200 | t below_threshold 100"),
    ("only what fits bears it", "A@300 /w ; B@300", "t: 300-40 | on /w", "260 300 | t -40"),
    ("a category up the tree", "A@300 /w /dress", "t: 300-40 | on /w", "260 | t -40"),
    ("all but one SKU", "A@300 ; B@300", "t: 300-40 | on -B", "260 300 | t -40"),
    ("all but a category", "A@300 /w /outlet", "t: 300-40 | on /w !outlet", "300 | t nothing_fits"),
    ("any name is enough", "A@150 #new ; B@150 /w ; C@50", "t: 300-40 | on #new /w", "130 130 50 | t -40"),
    ("all SKUs of a product", "A@300 ; B@10", "t: 300-40 | on =a", "260 10 | t -40"),
    ("nothing fits", "A@300", "t: 300-40 | on Z", "300 | t nothing_fits"),
    ("a rate", "A@300", "r: 300-10%", "270 | r -30"),
    ("a rate missed", "A@299", "r: 300-10%", "299 | r below_threshold 1"),
    ("a ladder of rates, first step", "A@400", "r: 300-10%,500-20%", "360 | r -40"),
    ("a ladder of rates, second step", "A@500", "r: 300-10%,500-20%", "400 | r -100"),
    ("a rate is rounded half up", "A@333.35", "r: 300-10%", "300.01 | r -33.34"),
    ("a rate is rounded once for all lines", "A@100 ; B@100 ; C@100.01", "r: 300-10%", "90 90 90.01 | r -30"),
    ("a rate of a great deal", "9999 A@9999.99", "r: 300-10%", "89990910.01 | r -9998990"),
    ("a price below the threshold", "A@300 member=280", "t: 300-40", "280 | member:A -20 | t below_threshold 20"),
    ("the list price reaches it", "A@300 member=280", "t: 300-40 | list", "240 | member:A -20 | t -40"),
    ("a rate of the list price", "A@300 member=200", "r: 300-10% | list", "170 | member:A -100 | r -30"),
    ("pieces before thresholds", "3 A@100", ("p: 3pcs-20%", "t: 300-40"), "240 | p -60 | t below_threshold 60"),
    ("each seller on its own", "A@200 ~x ; B@200 ~y", "t: 300-40", "200 200 | t below_threshold 100"),
    ("both sellers reach it", "A@300 ~x ; B@300 ~y", "t: 300-40", "260 260 | t -80 x2"),
    ("one of two sellers reaches it", "A@300 ~x ; B@100 ~y", "t: 300-40", "260 100 | t -40"),
    ("each seller at its step", "A@300 ~x ; B@500 ~y", "t: 300-40,500-80", "260 420 | t -120 x2"),
    ("once over all sellers", "A@300 ~x ; B@300 ~y", "t: 300-40 | order 1", "260 300 | t -40"),
    (
        "once over all sellers, where it saves most",
        "A@100 ~x ; B@200 ~y",
        "t: 100-10,200-45 | order 1",
        "100 155 | t -45",
    ),
    ("the threshold of one seller", "A@300 ~x ; B@300 ~y", "t: 300-40 | on ~x", "260 300 | t -40"),
    ("a rate of each seller", "A@300 ~x ; B@200 ~y", "r: 300-10%", "270 200 | r -30"),
    ("all sellers together", "A@200 ~x ; B@200 ~y", "x: cross 300-40", "180 180 | x -40"),
    ("all sellers, every so much", "A@350 ~x ; B@300 ~y", "x: cross every 300-50", "296.15 253.85 | x -100 x2"),
    (
        "across sellers after the shop's own",
        "A@300 ~x",
        ("t: 300-40", "x: cross 300-50"),
        "260 | t -40 | x below_threshold 40",
    ),
    (
        "across sellers at list price",
        "A@300 ~x",
        ("t: 300-40", "x: cross 300-50 | list"),
        "210 | t -40 | x -50",
    ),
    ("two of one layer see the same", "A@500", ("t: 300-40", "r: 500-10%"), "410 | r -50 | t -40"),
]


@pytest.mark.parametrize(("goods", "promotions", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_thresholds(goods: str, promotions: str | tuple[str, ...], expected: str) -> None:
    assert result(goods, promotions) == expected
