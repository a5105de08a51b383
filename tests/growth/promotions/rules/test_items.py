"""Layer 2: pieces, buy and get, gifts, bundles."""

from __future__ import annotations

import pytest

from tests.growth.promotions.rules.notation import AT, GUEST, basket, result, rules
from zhanggui.growth.promotions.rules import GiftDue, quote

PIECES = [
    ("three pieces, 20 % off", "3 A@100", "p: 3pcs-20%", "240 | p -60"),
    ("a piece is missing", "2 A@100", "p: 3pcs-20%", "200 | p too_few_pieces 1"),
    ("first step", "2 A@100", "p: 2pcs-10%,3pcs-20%", "180 | p -20"),
    ("second step", "3 A@100", "p: 2pcs-10%,3pcs-20%", "240 | p -60"),
    ("above the last step", "5 A@100", "p: 2pcs-10%,3pcs-20%", "400 | p -100"),
    ("pieces of several lines count together", "A@100 ; 2 B@50", "p: 3pcs-20%", "80 80 | p -40"),
    ("rounded once for all", "3 A@9.99", "p: 3pcs-20%", "23.98 | p -5.99"),
    ("shared to the fen, ties by line", "A@0.33 ; B@0.33 ; C@0.33", "p: 3pcs-50%", "0.16 0.16 0.17 | p -0.5"),
    ("only pieces that fit", "2 A@100 ; B@100", "p: 2pcs-10% | on A", "180 100 | p -20"),
    ("of a category", "A@100 /w ; B@60 /w ; C@40 /m", "p: 2pcs-10% | on /w", "90 54 40 | p -16"),
    ("of what the price layer left", "2 A@100 member=80", "p: 2pcs-10%", "144 | member:A -40 x2 | p -16"),
    ("of the list price", "2 A@100 member=80", "p: 2pcs-10% | list", "140 | member:A -40 x2 | p -20"),
    ("second one half price", "2 A@100", "n: nth 2-50%", "150 | n -50"),
    ("the cheaper of two is the second", "A@60 ; B@100", "n: nth 2-50%", "30 100 | n -30"),
    ("pairs from the dearest on", "A@100 ; B@80 ; C@60 ; D@40", "n: nth 2-50%", "100 40 60 20 | n -60 x2"),
    ("who has no pair pays in full", "A@100 ; B@80 ; C@60", "n: nth 2-50%", "100 40 60 | n -40"),
    ("the third is free", "3 A@30", "n: nth 3-100%", "60 | n -30"),
    ("one pair of an order", "4 A@100", "n: nth 2-50% | order 1", "350 | n -50"),
    ("alone there is no second", "A@100", "n: nth 2-50%", "100 | n too_few_pieces 1"),
    ("half a fen of a piece", "2 A@0.05", "n: nth 2-50%", "0.07 | n -0.03"),
    ("a pair of two prices of one line", "2 A@100 flash=80x1", "n: nth 2-50%", "140 | flash:A -20 | n -40"),
]

GETS = [
    ("buy 2 get 1", "3 A@100", "b: buy 2 get 1", "200 | b -100"),
    ("the free one is not there yet", "2 A@100", "b: buy 2 get 1", "200 | b too_few_pieces 1"),
    ("twice", "6 A@100", "b: buy 2 get 1", "400 | b -200 x2"),
    ("five are once", "5 A@100", "b: buy 2 get 1", "400 | b -100"),
    ("once for all", "6 A@100", "b: buy 2 get 1 once", "500 | b -100"),
    ("so often in an order", "9 A@10", "b: buy 2 get 1 | order 2", "70 | b -20 x2"),
    ("the cheapest of three is free", "A@60 ; B@80 ; C@100", "b: buy 2 get 1", "0 80 100 | b -60"),
    ("buy 1 get 1", "2 A@100", "b: buy 1 get 1", "100 | b -100"),
    ("buy 3 get 2", "5 A@20", "b: buy 3 get 2", "60 | b -40"),
    ("a free piece stops at its floor", "A@100 ; B@80 ; C@60 >=20", "b: buy 2 get 1", "100 80 20 | b -40"),
    ("a gift that lies in the basket", "2 A@100 ; T@30", "g: buy 2 gift 1 T", "200 0 | g -30"),
    ("a gift that does not", "2 A@100", "g: buy 2 gift 1 T", "200 | g gift_not_taken 1"),
    ("only the given piece is free", "2 A@100 ; 2 T@30", "g: buy 2 gift 1 T", "200 30 | g -30"),
    ("two due, one there", "4 A@100 ; T@30", "g: buy 2 gift 1 T", "400 0 | g -30 x2"),
    ("a gift once", "4 A@100 ; 2 T@30", "g: buy 2 gift 1 T once", "400 30 | g -30"),
    ("a gift buys no gift", "A@100 ; T@30", "g: buy 2 gift 1 T", "100 30 | g too_few_pieces 1"),
    ("a gift for so much", "A@300 ; T@30", "g: spend 300 gift 1 T", "300 0 | g -30"),
    ("a gift for so much, some is missing", "A@290 ; T@30", "g: spend 300 gift 1 T", "290 30 | g below_threshold 10"),
    ("a gift for each so much", "A@650 ; 3 T@30", "g: spend 300 gift 1 T", "650 30 | g -60 x2"),
    ("a gift of other goods", "A@300 /w ; T@30", "g: spend 300 gift 1 T | on /w", "300 0 | g -30"),
    (
        "a gift counts to no threshold",
        "A@300 ; T@30",
        ("g: spend 300 gift 1 T", "t: 320-40"),
        "300 0 | g -30 | t below_threshold 20",
    ),
    (
        "a gift counts to no threshold at list price",
        "A@300 ; T@30",
        ("g: spend 300 gift 1 T", "t: 320-40 | list"),
        "300 0 | g -30 | t below_threshold 20",
    ),
    (
        "a piece is given away once",
        "2 A@100",
        ("b: buy 1 get 1", "c: buy 1 get 1"),
        "100 | b -100 | c too_few_pieces 1",
    ),
    (
        "a piece that is given away is no second piece",
        "2 A@100",
        ("b: buy 1 get 1", "n: nth 2-50%"),
        "100 | b -100 | n too_few_pieces 1",
    ),
]

BUNDLES = [
    ("two together", "A@100 ; B@80", "u: A+B for 150", "83.33 66.67 | u -30"),
    ("a part is missing", "A@100", "u: A+B for 150", "100 | u too_few_pieces 1"),
    ("twice together", "2 A@100 ; 2 B@80", "u: A+B for 150", "166.67 133.33 | u -60 x2"),
    ("what is over pays in full", "2 A@100 ; B@80", "u: A+B for 150", "183.33 66.67 | u -30"),
    ("several of a part", "A@100 ; 3 B@80", "u: A+2*B for 200", "76.92 203.08 | u -60"),
    ("dearer than its parts", "A@70 ; B@70", "u: A+B for 150", "70 70 | u better_one list_price"),
    ("any three", "3 A@50", "u: any 3 for 99", "99 | u -51"),
    ("any three, one is missing", "2 A@50", "u: any 3 for 99", "100 | u too_few_pieces 1"),
    ("any three, the dearest first", "A@50 ; 2 B@40 ; C@30", "u: any 3 for 99", "38.08 60.92 30 | u -31"),
    ("any three once", "6 A@50", "u: any 3 for 99 | order 1", "249 | u -51"),
    ("only bundles that are worth it", "3 A@50 ; 3 B@20", "u: any 3 for 99", "99 60 | u -51"),
    ("any two of a tag", "A@50 #tea ; B@50 #tea ; C@50", "u: any 2 for 80 | on #tea", "40 40 50 | u -20"),
    ("a part at its floor, the other bears it", "A@100 >=95 ; B@80", "u: A+B for 150", "95 55 | u -30"),
]

TOGETHER = [
    (
        "what is given away counts for no other offer of the layer",
        "3 A@100",
        ("b: buy 2 get 1", "p: 2pcs-10%"),
        "180 | b -100 | p -20",
    ),
    (
        "offers of a layer do not see each other",
        "2 A@100",
        ("p: 2pcs-10%", "q: 2pcs-20%"),
        "140 | q -40 | p -20",
    ),
    (
        "of a group only the better one",
        "2 A@100",
        ("p: 2pcs-10% | group g", "q: 2pcs-20% | group g"),
        "160 | q -40 | p better_one q",
    ),
    (
        "a gift nobody took gives way",
        "2 A@100",
        ("g: buy 2 gift 1 T | group i", "p: 2pcs-10% | group i"),
        "180 | p -20 | g better_one p",
    ),
    (
        "a gift that was taken wins if it saves more",
        "2 A@100 ; T@30",
        ("g: buy 2 gift 1 T | group i", "p: 2pcs-10% | on A | group i"),
        "200 0 | g -30 | p better_one g",
    ),
]

ALL = PIECES + GETS + BUNDLES + TOGETHER


@pytest.mark.parametrize(("goods", "promotions", "expected"), [row[1:] for row in ALL], ids=[row[0] for row in ALL])
def test_the_item_layer(goods: str, promotions: str | tuple[str, ...], expected: str) -> None:
    assert result(goods, promotions) == expected


@pytest.mark.parametrize(
    ("goods", "promotions", "due"),
    [
        ("2 A@100", "g: buy 2 gift 1 T", [("g", 1)]),
        ("4 A@100 ; T@30", "g: buy 2 gift 1 T", [("g", 1)]),
        ("2 A@100 ; T@30", "g: buy 2 gift 1 T", []),
        ("A@100", "g: buy 2 gift 1 T", []),
        ("A@900", "g: spend 300 gift 2 T", [("g", 6)]),
        ("2 A@100", ("g: buy 2 gift 1 T | group i", "p: 2pcs-10% | group i"), []),
        ("2 A@100 flash=90", ("g: buy 2 gift 1 T | not flash:A",), []),
    ],
)
def test_a_gift_that_is_due_and_not_there_is_named(
    goods: str, promotions: str | tuple[str, ...], due: list[tuple[str, int]]
) -> None:
    quoted = quote(basket(goods), rules(promotions), GUEST, at=AT)
    assert quoted.gifts == tuple(GiftDue(rule=rule, sku="T", units=units) for rule, units in due)
