"""What an order's page says of money that goes back, and of the ways to pay that take its currency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.doors.storefront.test_orders import message
from tests.doors.storefront.walker import ADDRESS, Walker
from tests.shop import made
from zhanggui.base.money import Money
from zhanggui.base.rates import actions as exchange
from zhanggui.base.rates.rules import Rate
from zhanggui.shop.checkout import actions as checkout
from zhanggui.shop.checkout.rules import Option
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import ports
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.actions.paying_back import note
from zhanggui.shop.payments.errors import NoSuchProvider
from zhanggui.shop.payments.rules import Limits, RefundAnswer, RefundNotice, RefundState, Returning, Standing, returning
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
A_REFUND = Standing(
    amount_minor=1000,
    provider_minor=700,
    currency="CNY",
    provider="alipay",
    state=RefundState.ACCEPTED,
    is_by_wallet=False,
    started_at=AT,
    ended_at=None,
)
IN_THE_WALLET = Returning(amount=made.cny(300), provider="", state=RefundState.DONE, since=AT, arrived_at=AT)


def test_what_goes_back_by_two_ways_is_told_by_each() -> None:
    by_alipay = Returning(
        amount=made.cny(700), provider="alipay", state=RefundState.ACCEPTED, since=AT, arrived_at=None
    )
    assert returning(A_REFUND) == (by_alipay, IN_THE_WALLET)


def test_what_a_provider_would_not_give_back_is_told_as_the_wallets() -> None:
    later = AT + timedelta(days=1)
    refused = replace(A_REFUND, provider_minor=1000, is_by_wallet=True, state=RefundState.DONE, ended_at=later)
    assert returning(refused) == (replace(IN_THE_WALLET, amount=made.cny(1000), arrived_at=later),)


@pytest.fixture
def called_off(walker: Walker) -> str:
    """The number of an order that was paid and called off: its money goes back by the sandbox."""
    number = walker.orders()
    page = walker.opens(f"/orders/{number}/")
    walker.opens(message(number))
    walker.sends(page, f"/orders/{number}/cancel/")
    return number


@pytest.mark.parametrize(
    ("answer", "said", "is_over"),
    [
        (None, "Refund decided, Trial payment is told in a moment", False),
        (RefundAnswer.ACCEPTED, "Refund under way at Trial payment Depending on the bank", False),
        (RefundAnswer.DONE, "Given back by Trial payment", True),
        (RefundAnswer.REFUSED, "Trial payment could not give it back We see to it", False),
    ],
)
def test_a_refund_is_told_as_far_as_it_is(
    walker: Walker, called_off: str, answer: RefundAnswer | None, said: str, is_over: bool
) -> None:
    (refund,) = payments.refunds_of(called_off)
    if answer:
        note(refund_id=refund.id, answer=RefundNotice(state=answer), by=made.CLERK)

    page = walker.opens(f"/orders/{called_off}/")

    assert said in page.text
    assert page.text.count("CN¥71.90") == 2, "the total and what goes back"
    assert ("What you paid has been given back." in page.text) is is_over
    assert "Going back to you" not in page.text


def test_the_page_of_an_order_without_a_refund_says_nothing_of_one(walker: Walker) -> None:
    page = walker.opens(f"/orders/{walker.orders()}/")

    assert 'class="back"' not in page.html


@pytest.fixture
def only_yuan(monkeypatch: pytest.MonkeyPatch) -> str:
    """A second way to pay, which takes yuan only; an order can also be paid in euros."""
    limits = Limits(currencies=frozenset(("CNY",)))
    monkeypatch.setitem(ports.providers, "alipay", replace(ports.providers["sandbox"], limits=limits))  # type: ignore[type-var]
    exchange.set_rates(rates=[Rate(base="EUR", quote="CNY", rate=Decimal(8), on=date(2026, 1, 1))])
    return "alipay"


def test_a_way_to_pay_that_does_not_take_the_currency_cannot_be_chosen_and_says_why(
    walker: Walker, only_yuan: str
) -> None:
    walker.lays_aside("CUP")
    in_yuan = walker.opens("/checkout/")
    assert f'value="{only_yuan}"' in in_yuan.html
    assert "Takes CNY only" not in in_yuan.text

    walker.sends(walker.opens("/cart/"), "/currency/", currency="EUR")
    in_euros = walker.opens("/checkout/")

    assert f'value="{only_yuan}"' not in in_euros.html
    assert "Alipay Takes CNY only" in in_euros.text


def test_choosing_it_all_the_same_orders_nothing(walker: Walker, only_yuan: str) -> None:
    walker.lays_aside("CUP")
    walker.sends(walker.opens("/cart/"), "/currency/", currency="EUR")

    answer = walker.sends(walker.opens("/checkout/"), "/checkout/", **ADDRESS, provider=only_yuan)

    assert (answer.status, orders.orders_of(made.SHOP, walker.id)) == (409, ())
    assert "not offered here" in answer.text


def test_an_order_in_another_currency_is_only_paid_where_it_can_be(walker: Walker, only_yuan: str) -> None:
    walker.lays_aside("CUP")
    walker.sends(walker.opens("/cart/"), "/currency/", currency="EUR")
    walker.sends(walker.opens("/checkout/"), "/checkout/", follow=False, **ADDRESS)
    (order,) = orders.orders_of(made.SHOP, walker.id)
    assert order.total == Money(899, "EUR")

    assert f'value="{only_yuan}"' not in walker.opens(f"/orders/{order.number}/").html
    with pytest.raises(NoSuchProvider):
        paying.pay_again(
            order_number=order.number, provider=only_yuan, trail=Trail(shop=made.SHOP, person=walker.id), by=made.CLERK
        )


@pytest.mark.parametrize(("country", "chosen"), [("CN", "home"), ("GB", "abroad")])
def test_another_country_brings_the_ways_that_go_there(walker: Walker, country: str, chosen: str) -> None:
    ways = (("home", ("CN",), 0), ("abroad", ("GB",), 9900))
    checkout.put_up_options(
        shop=made.SHOP,
        options=[
            Option(key=key, countries=countries, rate=made.cny(rate), per_kg=made.cny(0), position=place)
            for place, (key, countries, rate) in enumerate(ways, start=1)
        ],
    )
    walker.lays_aside("CUP")
    form = walker.opens("/checkout/")

    page = walker.sends(form, "/checkout/", **{**ADDRESS, "act": "look", "country": country, "option": "home"})

    assert page.fields("/checkout/")["option"] == chosen
    assert page.text.count("Delivery fee CN¥99.00") == (country == "GB")


def test_a_country_that_nothing_goes_to_is_said_as_soon_as_it_is_chosen(walker: Walker) -> None:
    home = Option(key="home", countries=("CN",), rate=made.cny(0), per_kg=made.cny(0))
    checkout.put_up_options(shop=made.SHOP, options=[home])
    walker.lays_aside("CUP")

    page = walker.sends(walker.opens("/checkout/"), "/checkout/", **{**ADDRESS, "act": "look", "country": "GB"})

    assert "We do not deliver to that country yet" in page.text


def test_an_order_is_listed_as_paid_in_the_words_of_an_order(walker: Walker, another: Callable[..., Walker]) -> None:
    chinese = another(**{"Accept-Language": "zh-CN"})
    chinese.opens(message(chinese.orders()))

    page = chinese.opens("/orders/")

    assert "已支付" in page.text
    assert "支付金额" not in page.text
