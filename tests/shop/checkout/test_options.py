"""Ways to deliver: changed by two at once, one of whom is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.shop.made import SHOP, a_shop, at_once, cny
from zhanggui.shop.checkout import actions, queries
from zhanggui.shop.checkout.errors import LastOption, OptionMoved, OptionNotAllowed


@pytest.mark.django_db(transaction=True)
def test_of_many_who_change_a_way_at_once_one_wins_and_the_others_are_told(db: None) -> None:
    a_shop()
    (standing,) = queries.offered(SHOP)
    outcomes = at_once(
        lambda n: actions.keep_option(shop=SHOP, option=replace(standing, rate=cny(n + 1)), seen=standing.edition), 8
    )
    (winner,) = [n for n, outcome in enumerate(outcomes) if outcome is None]
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [OptionMoved] * 7
    assert [one.rate for one in queries.offered(SHOP)] == [cny(winner + 1)]


@pytest.mark.django_db(transaction=True)
def test_two_who_drop_the_last_two_ways_at_once_leave_one(db: None) -> None:
    a_shop()
    (standing,) = queries.offered(SHOP)
    actions.keep_option(shop=SHOP, option=replace(standing, key="express", position=2), seen="")
    ways = queries.offered(SHOP)
    outcomes = at_once(lambda n: actions.drop_option(shop=SHOP, key=ways[n].key, seen=ways[n].edition), 2)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [LastOption]
    assert len(queries.offered(SHOP)) == 1


@pytest.mark.django_db
def test_a_way_that_cannot_be_is_refused_and_nothing_is_written() -> None:
    a_shop()
    (standing,) = queries.offered(SHOP)
    for wrong in (replace(standing, rate=cny(-1)), replace(standing, days=(3, 2))):
        with pytest.raises(OptionNotAllowed):
            actions.keep_option(shop=SHOP, option=wrong, seen=standing.edition)
    with pytest.raises(OptionMoved):
        actions.drop_option(shop=SHOP, key="nowhere", seen="")
    assert queries.offered(SHOP) == (standing,)
