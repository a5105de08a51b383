"""The page of kinds says of each what it can do; each of these examples does it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.growth.promotions.rules import test_postage as postage
from tests.growth.promotions.rules.notation import MEMBER, result, rule
from zhanggui.doors.console import promotion_words as words
from zhanggui.growth.promotions import queries
from zhanggui.growth.promotions.rules import KINDS

# What a kind's example says, and the promotions it speaks of: each with a basket and what that comes to.
EXAMPLES: Mapping[str, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    "threshold": (
        "40 off from 300 on, in steps, or again for every 300",
        (
            ("A@300", "p: 300-40,500-80", "260 | p -40"),
            ("A@500", "p: 300-40,500-80", "420 | p -80"),
            ("A@600", "p: every 300-40", "520 | p -80 x2"),
        ),
    ),
    "threshold_rate": (
        "a tenth off from 300 on, a fifth from 600",
        (("A@300", "p: 300-10%,600-20%", "270 | p -30"), ("A@600", "p: 300-10%,600-20%", "480 | p -120")),
    ),
    "cross_threshold": (
        "50 off for every 300, the goods of all sellers together",
        (("A@200 ~x ; B@100 ~y", "p: cross every 300-50", "166.67 83.33 | p -50"),),
    ),
    "pieces": (
        "2 pieces a tenth off, 3 pieces a fifth; or the second one at half price",
        (
            ("2 A@100", "p: 2pcs-10%,3pcs-20%", "180 | p -20"),
            ("3 A@100", "p: 2pcs-10%,3pcs-20%", "240 | p -60"),
            ("2 A@100", "p: nth 2-50%", "150 | p -50"),
        ),
    ),
    "buy_get": (
        "buy 2 get 1; or a bag with everything above 300",
        (
            ("3 A@100", "p: buy 2 get 1", "200 | p -100"),
            ("A@300 ; BAG@30", "p: spend 300 gift 1 BAG", "300 0 | p -30"),
        ),
    ),
    "bundle": (
        "any 3 for 99; or a pot with two cups for 199",
        (
            ("3 A@50", "p: any 3 for 99", "99 | p -51"),
            ("POT@120 ; 2 CUP@60", "p: POT+2*CUP for 199", "99.5 99.5 | p -41"),
        ),
    ),
    "price": (
        "99 each until Sunday; or a fifth off the list price",
        (("2 A@120", "p: price 99 | ends 1", "198 | p -42 x2"), ("A@100", "p: price 20%", "80 | p -20")),
    ),
    "member_price": (
        "90 each for gold members",
        (("A@100", "p: member 90 | tier gold", "90 | p -10"),),
    ),
    "free_shipping": ("no postage from 99 on", ()),
    "coupon_amount": (
        "10 off from 100 on, for who holds the coupon",
        (("A@100", "p: coupon 100-10", "90 | p -10"),),
    ),
    "coupon_rate": (
        "a tenth off, at most 50, for who holds the coupon",
        (("A@100", "p: coupon 0-10% | cap 50", "90 | p -10"), ("A@800", "p: coupon 0-10% | cap 50", "750 | p -50")),
    ),
}
QUOTED = [(kind, *one) for kind, (_words, ones) in EXAMPLES.items() for one in ones]


def test_every_kind_has_a_name_and_an_example() -> None:
    assert KINDS.keys() == queries.KIND_NAMES.keys() == words.KIND_EXAMPLES.keys()
    assert {kind: str(said) for kind, said in words.KIND_EXAMPLES.items()} == {
        kind: said for kind, (said, _ones) in EXAMPLES.items()
    }


@pytest.mark.parametrize(("kind", "goods", "promotion", "comes_to"), QUOTED)
def test_the_example_of_a_kind_comes_to_what_it_says(kind: str, goods: str, promotion: str, comes_to: str) -> None:
    assert rule(promotion).kind == kind
    assert result(goods, promotion, shopper=MEMBER) == comes_to


@pytest.mark.parametrize(("goods", "comes_to"), [("A@99", "0 | p -12"), ("A@98", "12 | p below_threshold 1")])
def test_no_postage_from_99_on(goods: str, comes_to: str) -> None:
    assert rule("p: ship 99").kind == "free_shipping"
    found = postage.posted(goods, "12", "p: ship 99")
    assert postage.said(found, found.postage) == comes_to
