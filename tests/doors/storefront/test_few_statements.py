"""How often the walks that must be quick ask the database."""

from __future__ import annotations

import pytest

from tests.doors.storefront.test_account import sign_in
from tests.doors.storefront.walker import ADDRESS, Walker
from tests.shop import made
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers import queries as customer_queries
from zhanggui.shop.customers.models import Customer
from zhanggui.shop.orders import queries as orders

pytestmark = pytest.mark.django_db

MOST_OF_A_PURCHASE, MOST_OF_PLACING = 21, 12


@pytest.mark.parametrize("address", ["/p/CUP/", "/c/cups/", "/"])
def test_a_kept_page_asks_once_for_a_member_with_a_cart(walker: Walker, address: str) -> None:
    sign_in(walker)
    walker.lays_aside("CUP")
    walker.opens(address)

    with made.statements() as sent:
        page = walker.opens(address)

    assert page.status == 200
    assert len(sent) == 1, "\n".join(sent)
    assert 'aria-label="Cart, 1 piece"' in page.html


def test_what_a_member_laid_aside_is_counted_with_the_page(walker: Walker) -> None:
    sign_in(walker)
    for pieces in (1, 2):
        walker.lays_aside("CUP")
        assert f'<span class="badge">{pieces}</span>' in walker.opens("/p/CUP/").html


@pytest.mark.parametrize("is_member", [False, True])
def test_a_whole_purchase_takes_at_most_30_statements(walker: Walker, is_member: bool) -> None:
    if is_member:
        sign_in(walker)
    walker.orders("CUP")
    cups, pots = walker.opens("/p/CUP/"), walker.opens("/p/BOWL/")

    with made.statements() as sent:
        walker.sends(cups, "/cart/add/", follow=False, quantity="1")
        walker.sends(pots, "/cart/add/", follow=False, quantity="1")
        form = walker.opens("/checkout/")
        with made.statements() as placing:
            placed = walker.sends(form, "/checkout/", follow=False, **ADDRESS)
    assert placed.status == 302, placed.text
    number = walker.opens("/orders/").html.partition('href="/orders/')[2].partition("/")[0]
    with made.statements() as looking:
        walker.opens(f"/orders/{number}/")

    assert len(placing) <= MOST_OF_PLACING, "\n".join(placing)
    assert len(sent) + len(looking) <= MOST_OF_A_PURCHASE, "\n".join([*sent, *looking])


def test_a_member_who_chooses_a_kept_address_makes_no_statement_more(walker: Walker) -> None:
    sign_in(walker)
    customers.keep_address(customer_id=Customer.objects.get().id, address=made.ADDRESS)
    walker.lays_aside("CUP")
    with made.statements() as looking:
        form = walker.opens("/checkout/")
    (kept,) = customer_queries.address_book(Customer.objects.get().id)

    with made.statements() as placing:
        placed = walker.sends(form, "/checkout/", follow=False, known=str(kept.id))

    assert placed.status == 302, placed.text
    (order,) = orders.orders_of(made.SHOP, Customer.objects.get().visitor_id)
    assert customer_queries.address(order.address_id) == made.ADDRESS
    with made.statements() as reading:
        walker.opens(f"/orders/{order.number}/")
    assert (len(looking), len(reading)) == (2, 2), "\n".join([*looking, *reading])
    assert len(placing) <= MOST_OF_PLACING, "\n".join(placing)
