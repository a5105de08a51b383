"""Whatever happens has words in the timeline."""

from __future__ import annotations

from dataclasses import fields

import msgspec
import pytest
from django.utils import translation

from tests.insight.lake.making import an_event
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.console import chains, fact_words, member_words
from zhanggui.doors.storefront import member_words as shop_words
from zhanggui.growth.membership.rules.points import Move
from zhanggui.spine.facts import registry, vocabulary


def test_every_fact_has_words() -> None:
    known = {entry.name for entry in registry.entries() if not entry.name.startswith("test.")}
    assert {"growth.balance_paid", "growth.group_formed", "shop.order_placed"} <= known
    assert len(vocabulary.ROOMS) > 10
    assert known - fact_words.EVENTS.keys() == set()


def test_every_field_of_a_fact_has_words() -> None:
    shapes = [entry.shape for entry in registry.entries() if not entry.name.startswith("test.")]
    named = {field.name for shape in shapes for field in fields(shape)}
    assert len(shapes) > 100
    # An order's lines are told elsewhere on the page.
    assert named - fact_words.FIELDS.keys() == {"lines"}


@pytest.mark.parametrize(("language", "is_so", "is_not"), [("en", "yes", "no"), ("zh-hans", "是", "否")])
def test_what_is_so_or_not_is_said_in_words(language: str, is_so: str, is_not: str) -> None:
    shop = Shop(code="tea", name="茶铺", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.OWN)
    body = {"is_sellable": False, "is_kept": True, "properties": {"logged_in": True}, "note": "", "units": 0}
    event = an_event(name="My.Own", body=msgspec.json.encode(body))
    with translation.override(language):
        (step,) = chains.steps([event], shop)
        told = {field.name: field.said for field in step.fields}
        sellable, kept = str(fact_words.FIELDS["is_sellable"]), str(fact_words.FIELDS["is_kept"])
    assert (told[sellable], told[kept], told["logged in"]) == (is_not, is_so, is_so)
    assert not {"True", "False", "true", "0"} & set(told.values())


def test_every_move_of_points_has_words_for_both_sides() -> None:
    assert set(Move) == member_words.MOVES.keys() == shop_words.MOVES.keys()
