"""Wish lists: each SKU once, with the price of that day; they come along when somebody signs in."""

from __future__ import annotations

import pytest

from tests.shop import made
from tests.shop.made import at_once
from tests.worlds import made_once
from zhanggui.base.money import Money
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.wishes import actions, models, queries, rules
from zhanggui.shop.wishes.errors import ListFull, NotForSale
from zhanggui.shop.wishes.rules import Wish
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
@made_once
def shelves(db: None) -> None:
    made.a_shop()
    made.a_product("CUP", price=5990)
    made.a_product("BOWL", price=7000)


def skus(walk: Trail) -> list[str]:
    return [wish.sku for wish in queries.wishes(made.SHOP, walk.person)]


def test_a_wish_stands_once_with_the_price_of_its_day() -> None:
    walk = made.a_walk()
    assert actions.add(sku="CUP", trail=walk)
    assert not actions.add(sku="CUP", trail=walk)
    assert actions.add(sku="BOWL", trail=walk)
    assert skus(walk) == ["BOWL", "CUP"]
    assert queries.wishes(made.SHOP, walk.person)[1].price == made.cny(5990)
    assert (queries.count(made.SHOP, walk.person), queries.is_wished(made.SHOP, walk.person, "CUP")) == (2, True)


def test_a_heart_is_pressed_on_and_off() -> None:
    walk = made.a_walk()
    assert [actions.toggle(sku="CUP", trail=walk) for _ in range(3)] == [True, False, True]
    assert actions.remove(sku="CUP", trail=walk)
    assert not actions.remove(sku="CUP", trail=walk)


def test_only_what_is_sold_here_is_wished_for_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = made.a_walk()
    catalogue.delist(sku="CUP", trail=Trail(shop=made.SHOP), by=made.CLERK)
    with pytest.raises(NotForSale):
        actions.add(sku="CUP", trail=walk)
    monkeypatch.setattr(actions, "MOST_WISHES", 0)
    with pytest.raises(ListFull):
        actions.add(sku="BOWL", trail=walk)
    assert skus(walk) == []


def test_what_a_guest_wished_for_comes_along_and_the_older_price_stays() -> None:
    guest, member = made.a_walk(), made.a_walk()
    actions.add(sku="CUP", trail=guest)
    catalogue.change_price(sku="CUP", price=made.cny(4990), trail=Trail(shop=made.SHOP), by=made.CLERK)
    actions.add(sku="CUP", trail=member)
    actions.add(sku="BOWL", trail=guest)
    actions.merge(shop=made.SHOP, from_person=guest.person, to_person=member.person)
    assert (sorted(skus(member)), skus(guest)) == (["BOWL", "CUP"], [])
    cup = next(wish for wish in queries.wishes(made.SHOP, member.person) if wish.sku == "CUP")
    assert cup.price == made.cny(5990)
    actions.merge(shop=made.SHOP, from_person=member.person, to_person=member.person)
    assert len(skus(member)) == 2


def test_it_is_cheaper_only_below_the_price_of_that_day() -> None:
    wish = Wish(sku="CUP", price=made.cny(5990), at=models.Wish(at=None).at)
    assert rules.cheaper_by(wish, now=made.cny(4990)) == made.cny(1000)
    assert rules.cheaper_by(wish, now=made.cny(5990)) is None
    assert rules.cheaper_by(wish, now=Money(1, "USD")) is None


@pytest.mark.django_db(transaction=True)
def test_the_same_wish_at_once_is_one() -> None:
    walk = made.a_walk()
    at_once(lambda _: actions.add(sku="CUP", trail=walk), 8)
    assert skus(walk) == ["CUP"]
