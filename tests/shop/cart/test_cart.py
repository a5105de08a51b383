"""The cart: 1 to 99 pieces of what the shop sells, and a version that grows with every change."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.shop.made import (
    CLERK,
    SHOP,
    a_cart,
    a_new_product,
    a_product,
    a_shop,
    a_walk,
    at_once,
    by,
    statements,
    told_about,
)
from tests.worlds import made_once
from zhanggui.base.errors import Refused
from zhanggui.shop.cart import actions, queries
from zhanggui.shop.cart.errors import CartFull, CartMoved, NotForSale, QuantityNotAllowed
from zhanggui.shop.cart.rules import Line
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.spine.log.rules import Trail


@pytest.fixture
@made_once
def shop(db: None) -> None:
    a_shop()
    a_product("CUP", price=5990)
    a_product("POT", price=16800)


@pytest.mark.usefixtures("shop")
def test_what_is_laid_aside_adds_up_and_is_told() -> None:
    walk = a_walk()
    assert actions.add(sku="CUP", quantity=2, trail=walk, by=by(walk)) == 2
    assert actions.add(sku="CUP", quantity=3, trail=walk, by=by(walk)) == 5
    actions.change(sku="CUP", quantity=4, trail=walk, by=by(walk))
    actions.add(sku="POT", quantity=1, trail=walk, by=by(walk))
    cart = queries.cart(SHOP, walk.person)
    assert cart.lines == (Line(sku="CUP", quantity=4), Line(sku="POT", quantity=1))
    assert (cart.version, cart.pieces, queries.pieces(SHOP, walk.person)) == (4, 5, 5)
    told = told_about(walk.person)
    assert [(f.name, f.sku, f.quantity, f.amount_minor) for f in told] == [
        ("shop.cart_changed", "CUP", 2, 11980),
        ("shop.cart_changed", "CUP", 5, 29950),
        ("shop.cart_changed", "CUP", 4, 23960),
        ("shop.cart_changed", "POT", 1, 16800),
    ]
    assert {(f.cause, f.subject, f.category, f.currency, f.channel) for f in told} == {
        (walk.cause, f"cart:{cart.id}", "cups", "CNY", "search")
    }


@pytest.mark.usefixtures("shop")
def test_what_is_taken_out_is_gone_and_told_once() -> None:
    walk = a_cart({"CUP": 2, "POT": 1})
    for _ in range(2):
        actions.remove(sku="CUP", trail=walk, by=by(walk))
    cart = queries.cart(SHOP, walk.person)
    assert (cart.lines, cart.version) == ((Line(sku="POT", quantity=1),), 3)
    last = told_about(walk.person)[-1]
    assert (len(told_about(walk.person)), last.sku, last.quantity, last.amount_minor) == (3, "CUP", 0, 0)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("quantity", [0, -1, 100, 10**9])
def test_a_quantity_out_of_bounds_is_refused_and_changes_nothing(quantity: int) -> None:
    walk = a_cart({"CUP": 2})
    before = queries.cart(SHOP, walk.person)
    for verb in (actions.add, actions.change):
        with pytest.raises(QuantityNotAllowed):
            verb(sku="CUP", quantity=quantity, trail=walk, by=by(walk))
    assert queries.cart(SHOP, walk.person) == before
    assert len(told_about(walk.person)) == 1


@pytest.mark.usefixtures("shop")
def test_no_more_than_99_pieces_come_together() -> None:
    walk = a_cart({"CUP": 98})
    with pytest.raises(QuantityNotAllowed):
        actions.add(sku="CUP", quantity=2, trail=walk, by=by(walk))
    assert actions.add(sku="CUP", quantity=1, trail=walk, by=by(walk)) == 99


@pytest.mark.usefixtures("shop")
def test_only_what_the_shop_sells_goes_into_a_cart() -> None:
    catalogue.delist(sku="POT", trail=Trail(shop=SHOP), by=CLERK)
    walk, elsewhere = a_walk(), a_walk(shop="other")
    for trail, sku in ((walk, "POT"), (walk, "NOTHING"), (elsewhere, "CUP")):
        with pytest.raises(NotForSale):
            actions.add(sku=sku, quantity=1, trail=trail, by=by(trail))
    assert queries.cart(SHOP, walk.person).version == 0


@pytest.mark.usefixtures("shop")
def test_a_cart_has_room_for_100_different_things() -> None:
    skus = [f"CUP-{n:03}" for n in range(101)]
    catalogue.list_products(products=[a_new_product(sku) for sku in skus], trail=Trail(shop=SHOP), by=CLERK)
    walk = a_cart(dict.fromkeys(skus[:100], 1))
    with pytest.raises(CartFull):
        actions.add(sku=skus[100], quantity=1, trail=walk, by=by(walk))
    assert actions.add(sku=skus[0], quantity=1, trail=walk, by=by(walk)) == 2
    assert len(queries.cart(SHOP, walk.person).lines) == 100


@pytest.mark.usefixtures("shop")
def test_a_cart_is_taken_as_it_was_seen_or_not_at_all() -> None:
    walk = a_cart({"CUP": 2, "POT": 1})
    seen = queries.cart(SHOP, walk.person)
    actions.change(sku="CUP", quantity=3, trail=walk, by=by(walk))
    with pytest.raises(CartMoved) as refused:
        actions.take(cart_version=seen.version, trail=walk)
    assert refused.value.cart_version == seen.version + 1
    taken = actions.take(cart_version=seen.version + 1, trail=walk)
    assert taken == (Line(sku="CUP", quantity=3), Line(sku="POT", quantity=1))
    assert queries.cart(SHOP, walk.person).lines == ()
    with pytest.raises(CartMoved):
        actions.take(cart_version=seen.version + 1, trail=walk)


@pytest.mark.usefixtures("shop")
def test_carts_of_two_shoppers_do_not_touch() -> None:
    one, other = a_cart({"CUP": 1}), a_cart({"POT": 2})
    actions.take(cart_version=1, trail=one)
    assert queries.cart(SHOP, other.person).lines == (Line(sku="POT", quantity=2),)


@pytest.mark.usefixtures("shop")
def test_a_change_takes_two_statements() -> None:
    walk = a_cart({"CUP": 1})
    with statements() as sent:
        actions.add(sku="POT", quantity=1, trail=walk, by=by(walk))
    assert len(sent) == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_are_twenty_pieces() -> None:
    a_shop()
    a_product("CUP")
    walk = a_walk()
    outcomes = at_once(lambda _: actions.add(sku="CUP", quantity=1, trail=walk, by=by(walk)), 20)
    assert sorted(outcomes) == list(range(1, 21))  # type: ignore[type-var]
    assert queries.cart(SHOP, walk.person).version == 20


@pytest.mark.django_db(transaction=True)
def test_a_cart_that_many_take_at_once_goes_to_one() -> None:
    a_shop()
    a_product("CUP")
    walk = a_cart({"CUP": 1})
    outcomes = at_once(lambda _: actions.take(cart_version=1, trail=walk), 12)
    assert sum(not isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, CartMoved) for outcome in outcomes) == 11


@pytest.mark.usefixtures("shop")
def test_what_a_guest_laid_aside_is_added_to_the_accounts_cart() -> None:
    guest, member = a_cart({"CUP": 60, "POT": 1}), a_cart({"CUP": 50})
    before = queries.cart(SHOP, member.person).version

    actions.merge(shop=SHOP, from_person=guest.person, to_person=member.person)

    merged = queries.cart(SHOP, member.person)
    assert {line.sku: line.quantity for line in merged.lines} == {"CUP": 99, "POT": 1}
    assert merged.version > before
    assert queries.cart(SHOP, guest.person).lines == ()


@pytest.mark.usefixtures("shop")
def test_a_cart_moves_to_an_account_without_one_and_nothing_moves_from_nobody() -> None:
    guest = a_cart({"CUP": 2})
    actions.merge(shop=SHOP, from_person=guest.person, to_person="m-1")
    assert queries.pieces(SHOP, "m-1") == 2
    for stranger in ("nobody", "m-1"):
        actions.merge(shop=SHOP, from_person=stranger, to_person="m-1")
    assert queries.pieces(SHOP, "m-1") == 2


@pytest.mark.django_db(transaction=True)
def test_signing_in_on_many_devices_at_once_moves_each_cart_once() -> None:
    a_shop()
    a_product("CUP", units=10)
    guests = [a_cart({"CUP": 2}) for _ in range(4)]

    at_once(lambda n: actions.merge(shop=SHOP, from_person=guests[n % 4].person, to_person="m-1"), 12)

    assert queries.pieces(SHOP, "m-1") == 8
    assert all(queries.pieces(SHOP, guest.person) == 0 for guest in guests)


def test_when_a_cart_was_changed_is_indexed_by_ranges_so_that_a_change_writes_nothing_there(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select indexdef from pg_indexes where tablename = 'shop_cart_cart'")
        on_changed = [made for (made,) in cursor.fetchall() if "changed_at" in made]
    assert len(on_changed) == 1
    assert "USING brin (changed_at)" in on_changed[0]
