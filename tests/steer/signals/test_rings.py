"""Orders that look made up: what is a heap from one corner or of few hands, and what is usual."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from zhanggui.steer.signals.rules import rings
from zhanggui.steer.signals.rules.rings import Bought, Usual

CORNERS = {("north", "phone"): 500, ("south", "phone"): 300, ("south", "desktop"): 200}
USUAL = Usual(skus={"tea": 280, "cup": 28}, corners=CORNERS, again=(20, 1_000), days=28)


def bought(sku: str, n: int, *, people: int | None = None, corner: Any = None, seed: int = 1) -> list[Bought]:
    rng = np.random.default_rng(seed)
    places = list(CORNERS)
    return [
        Bought(
            sku=sku,
            person=1 + (k % people if people else k),
            corner=corner or places[int(rng.choice(3, p=[0.5, 0.3, 0.2]))],
            minor=1_000,
        )
        for k in range(n)
    ]


def test_a_heap_of_orders_from_one_corner_or_few_hands_is_a_ring():
    one_corner = rings.rings(bought("cup", 30, corner=("south", "desktop")) + bought("tea", 12), USUAL)
    few_hands = rings.rings(bought("cup", 30, people=4), USUAL)

    for (found,) in (one_corner, few_hands):
        assert (found.sku, found.orders, found.usual) == ("cup", 30, 1.0)
        assert found.low_minor <= 29_000 <= found.high_minor
    assert (one_corner[0].corner, one_corner[0].inside) == (("south", "desktop"), 30)
    assert few_hands[0].people == 4


def test_a_sale_that_everybody_likes_is_no_ring():
    assert rings.rings(bought("cup", 60), USUAL) == ()
    assert rings.rings(bought("tea", 12, corner=("south", "desktop")), USUAL) == ()  # no more than on other days
    assert rings.rings(bought("cup", 30, corner=("south", "desktop")), replace(USUAL, days=13)) == ()


def test_what_is_usual_of_a_ring_s_sku_goes_with_what_is_bought_of_all_others():
    usual = replace(USUAL, skus={"tea": 2_800, "cup": 2_800})

    (saturday,) = rings.rings(bought("cup", 400, people=4) + bought("tea", 150), usual)
    (ordinary,) = rings.rings(bought("cup", 400, people=4) + bought("tea", 100), usual)

    assert (round(saturday.usual), round(ordinary.usual)) == (150, 100)
    assert saturday.low_minor <= 250_000 <= saturday.high_minor < ordinary.low_minor


def test_what_is_sold_out_does_not_make_a_day_look_worse_than_it_is():
    """Fifty pots a day are sold out; the others sell as ever, and so does what a ring buys too."""
    usual = replace(USUAL, skus={"tea": 2_800, "cup": 2_800, "pot": 1_400, "lid": 5})

    (found,) = rings.rings(bought("cup", 400, people=4) + bought("tea", 100), usual)

    # 100 of the 100 teas and 5 / 28 lids that are due are 0.998 of a day; with the pots it would look like 0.666 of one
    assert found.usual == pytest.approx(100 * 100 / (100 + 5 / 28))
    assert found.expected_minor == pytest.approx(300_000, abs=500)


def test_what_is_sold_seldom_is_missing_by_chance():
    usual = replace(USUAL, skus={"tea": 2_800, "cup": 2_800, **{f"rare-{n}": 56 for n in range(25)}})

    (found,) = rings.rings(bought("cup", 400, people=4) + bought("tea", 100) + bought("rare-0", 2), usual)

    assert round(found.usual) == 68  # 102 orders of others where 100 + 25 * 2 are due
