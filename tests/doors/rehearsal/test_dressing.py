"""What the demonstration goods wear: the same in every run, fit to be sold, and one of them in the round."""

from __future__ import annotations

from datetime import UTC, datetime

from zhanggui.doors.rehearsal import catalogue, dressing
from zhanggui.doors.rehearsal.actions import _product
from zhanggui.doors.rehearsal.drawing.turned import cup
from zhanggui.shop.catalogue.rules import Kind, fault_of
from zhanggui.shop.catalogue.rules.files import GLB, type_of

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_the_goods_wear_what_can_be_sold() -> None:
    goods = catalogue.goods()
    dressed = [dressing.dressed(item, _product(item, shop="demo"), at=NOW, model="m.glb") for item in goods]
    every = [*dressed, *dressing.extras("demo")]
    assert [fault_of(product) for product in every] == [""] * len(every)
    skus = [own.sku for product in every for own in product.skus]
    assert len(set(skus)) == len(skus) > 280
    assert {product.kind for product in every} == set(Kind)
    assert all(own.sale is None or own.sale.price < own.price for product in every for own in product.skus)
    assert 10 < sum(product.sale is not None for product in every) < 40
    assert sum(bool(product.evidence) for product in every) > 100
    assert [product.sku for product in every if product.media] == [dressing.IN_THE_ROUND]


def test_every_category_hangs_under_a_group() -> None:
    categories = dressing.categories("demo")
    assert {each.key for each in categories if each.parent} == set(catalogue.CATEGORY_KEYS)
    assert len([each for each in categories if not each.parent]) == 5


def test_the_cup_is_a_whole_model() -> None:
    assert type_of(cup(colour=(0.7, 0.6, 0.5))) == GLB
    assert len(cup(colour=(0.7, 0.6, 0.5))) < 60_000
