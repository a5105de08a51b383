"""A product in three sizes at three prices."""

from __future__ import annotations

from dataclasses import replace

from tests.shop import made
from tests.shop.made import cny
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import NewVariant, Words
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock


def in_sizes(sku: str = "CUP", *, price: int = 5990) -> None:
    """A product that can be had larger for 20.00 more and smaller for 10.00 less, twenty pieces of each of these."""
    others = {"LARGE": price + 2000, "TINY": price - 1000}
    cup = replace(
        made.a_new_product(sku, price=price),
        options=(Words(zh="大小", en="Size"),),
        values=(Words(zh="中", en="Medium"),),
        variants=tuple(
            NewVariant(sku=one, values=(Words(zh=one, en=one.title()),), price=cny(minor), cost=cny(1000), weight_g=200)
            for one, minor in others.items()
        ),
    )
    catalogue.list_product(product=cup, trail=Trail(shop=made.SHOP), by=made.CLERK)
    units = dict.fromkeys(others, 20)
    stock.receive(reference=f"sizes-{sku}", units=units, trail=Trail(shop=made.SHOP), by=made.CLERK)
