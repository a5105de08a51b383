"""An account that is closed: who it was is gone, orders keep their amounts, and what is under way says no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.shop import made
from tests.shop.conftest import wait
from tests.shop.customers.test_accounts import come
from tests.shop.returns import arrived
from zhanggui.base import ids
from zhanggui.base.accounts import actions as accounts
from zhanggui.base.accounts.models import Account
from zhanggui.base.accounts.rules import Handle, Way
from zhanggui.base.errors import Refused
from zhanggui.insight.identity import handlers as identity
from zhanggui.insight.identity.models import Link
from zhanggui.shop.customers import actions, queries
from zhanggui.shop.customers.errors import AccountNeeded, NoSuchCustomer
from zhanggui.shop.customers.models import Address, Consent, Customer, Kept
from zhanggui.shop.customers.rules import Purpose
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.returns import actions as returns
from zhanggui.shop.returns import queries as back
from zhanggui.shop.wishes import actions as wishes
from zhanggui.shop.wishes.models import Wish
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

__all__ = ["wait"]
HERE = Trail(shop=made.SHOP)


@pytest.fixture
def shelves(db: None) -> None:
    made.a_shop()
    made.a_product("CUP", price=5990)


def an_account() -> UUID:
    """Somebody who ordered as a guest, has signed in since, agreed to advertising and wished for something."""
    welcomed = come(accounts.open_for(handle=Handle(way=Way.PHONE, value="+8613800138000")))
    actions.consent(
        customer_id=welcomed.customer_id,
        purpose=Purpose.MARKETING_EMAIL,
        is_given=True,
        language="zh",
        how="account",
        trail=HERE,
        by=made.CLERK,
    )
    wishes.add(sku="CUP", trail=Trail(shop=made.SHOP, person=welcomed.person))
    return welcomed.customer_id


def close(customer_id: UUID) -> None:
    actions.close_account(customer_id=customer_id, trail=HERE, by=made.CLERK)


def places(customer_id: UUID) -> list[str]:
    rows = Address.objects.filter(customer__in=queries.ids(customer_id))
    return list(rows.order_by("id").values_list("street", flat=True))


@pytest.mark.django_db
def test_who_closed_is_nobody_any_more_and_the_order_keeps_its_amounts(
    shelves: None, wait: Callable[[timedelta], datetime]
) -> None:
    order = arrived.an_arrived_order({"CUP": 2})
    customer_id = an_account()
    old = queries.persons(customer_id)[0]

    close(customer_id)

    row = Customer.objects.get(pk=customer_id)
    assert (row.name, row.phone, row.email, row.account_id) == ("", "", "", None)
    assert row.visitor_id != old and old in row.earlier
    assert not Account.objects.exists() and not Kept.objects.exists() and not Wish.objects.exists()
    assert Consent.objects.order_by("-id").values_list("purpose", "is_given", "how")[0] == (
        "marketing_email", False, "closing",
    )  # fmt: skip
    fact = Entry.objects.get(name="shop.account_closed")
    assert (fact.person, fact.body) == (old, {"customer_id": str(customer_id)})
    assert orders.order_by_number(order.number).total == order.total
    assert places(customer_id) == [made.ADDRESS.street]
    assert queries.reachable(made.SHOP, [old, row.visitor_id], Purpose.MARKETING_EMAIL) == {}

    actions.mask_old()
    assert places(customer_id) == [made.ADDRESS.street]
    wait(timedelta(days=3 * 365 + 1))
    actions.mask_old()
    assert places(customer_id) == [""]
    with pytest.raises(NoSuchCustomer):
        close(customer_id)


@pytest.mark.django_db
def test_where_nothing_was_sent_is_masked_at_once(shelves: None) -> None:
    customer_id = an_account()
    actions.keep_address(customer_id=customer_id, address=made.ADDRESS, label="", is_default=True)
    close(customer_id)
    assert places(customer_id) == [""]


@pytest.mark.django_db
def test_what_is_under_way_says_no_and_nothing_is_changed(shelves: None) -> None:
    order = arrived.a_paid_order()
    customer_id = an_account()

    for reason, over in (("open_orders", _arrives), ("open_returns", _withdraws)):
        if reason == "open_returns":
            arrived.ask(orders.order_by_number(order.number))
        with pytest.raises(AccountNeeded) as refused:
            close(customer_id)
        assert refused.value.data["reasons"] == (reason,)
        assert Customer.objects.get(pk=customer_id).phone and Account.objects.exists() and Wish.objects.exists()
        over(order.number)

    payments.credit_wallet(
        customer_id=str(customer_id),
        amount=made.cny(100),
        reason="sorry",
        idempotency_key=str(ids.uuid7()),
        trail=HERE,
        by=made.CLERK,
    )
    with pytest.raises(AccountNeeded) as refused:
        close(customer_id)
    assert refused.value.data["reasons"] == ("money_in_wallet",)
    assert not Entry.objects.filter(name="shop.account_closed").exists()


@pytest.mark.django_db
def test_no_visitor_leads_to_whoever_closed(shelves: None) -> None:
    customer_id = an_account()
    person = queries.persons(customer_id)[0]
    _follow("shop.customer_signed_in")
    assert Link.objects.filter(person=person, parted_at=None).count() == 1
    close(customer_id)
    for _ in range(2):
        _follow("shop.account_closed")
    assert Link.objects.filter(person=person, parted_at=None).count() == 0
    assert Entry.objects.filter(name="insight.identity_parted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_closed_at_once_by_many_and_ordered_from_meanwhile_it_is_closed_once() -> None:
    made.a_shop()
    made.a_product("CUP", price=5990)
    customer_id = an_account()
    person = queries.persons(customer_id)[0]
    walk = made.a_cart({"CUP": 1}, walk=made.a_walk(person))
    total = made.cny(7190)

    def press(number: int) -> None:
        """Close the account, or send the same checkout page once more."""
        if number % 2:
            close(customer_id)
        else:
            made.place(walk, key="k", version=1, total=total)

    came = made.at_once(press, 6)

    assert (
        Entry.objects.filter(name="shop.account_closed").count() + sum(isinstance(one, AccountNeeded) for one in came)
        >= 1
    )
    closed = Entry.objects.filter(name="shop.account_closed").exists()
    row = Customer.objects.get(pk=customer_id)
    assert (row.closed_at is not None, row.phone == "") == (closed, closed)
    assert not [one for one in came if isinstance(one, Refused) and not isinstance(one, AccountNeeded | NoSuchCustomer)]


def _arrives(number: str) -> None:
    arrived.sent(orders.order_by_number(number))
    for parcel in parcels.parcels(number):
        fulfilment.deliver(parcel_id=parcel.id, by=made.CLERK)


def _withdraws(number: str) -> None:
    (found,) = back.returns_of_order(number)
    returns.withdraw(return_number=found.number, trail=HERE, by=made.CLERK)


def _follow(name: str) -> None:
    rows = Entry.objects.filter(name=name).values_list("id_of_fact", flat=True)
    identity.follow(log.by_ids(list(rows)))
