"""Whatever happens has words in the timeline."""

from __future__ import annotations

from dataclasses import fields

from zhanggui.doors.console import fact_words, member_words
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


def test_every_move_of_points_has_words_for_both_sides() -> None:
    assert set(Move) == member_words.MOVES.keys() == shop_words.MOVES.keys()
