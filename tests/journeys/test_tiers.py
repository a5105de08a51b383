"""A member in the browser who rises to the next tier, and buys at its price."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.growth.membership.made import all_fits
from tests.growth.promotions.made import live
from tests.journeys.by_and_by import time_passes
from tests.journeys.shopper import PHONE, Screen, Shopper
from tests.journeys.signed_in import as_member
from tests.journeys.test_thin_walk import pay
from tests.shop import made
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.membership import handlers
from zhanggui.growth.promotions.rules import Audience, Target
from zhanggui.shop.orders import actions as moving
from zhanggui.shop.orders import queries as orders

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGNS = {"zh": "¥", "en": "CN¥"}
SILVER = {"zh": "银卡会员", "en": "Silver"}


def is_kept(number: str) -> None:
    """An order has arrived, and the time to return it is over."""
    moving.note_shipped(order_number=number, is_all=True)
    moving.note_delivered(order_number=number, is_all=True)
    moving.complete(order_number=number)


@pytest.mark.parametrize(
    "screen", [Screen(size=PHONE, language="zh"), Screen(size=PHONE, language="en", theme="dark")], ids=str
)
def test_a_member_who_keeps_enough_rises_a_tier_and_pays_its_price(
    shopper: Callable[[Screen], Shopper], screen: Screen
) -> None:
    membership.open_membership(shop=made.SHOP)
    made.a_product("TRAY", price=120000, category="tea")
    live(
        "member_price",
        {"off": "0.1"},
        name_zh="银卡会员价",
        name_en="Silver price",
        target=Target(skus=frozenset({"CUP"})),
        audience=Audience(tiers=frozenset({"silver", "gold"})),
    )
    someone, sign, silver = shopper(screen), SIGNS[screen.language], SILVER[screen.language]
    walk = as_member(someone, "member@example.com").walk
    someone.opens("/member/")
    assert silver not in someone.reads(".member-tier")
    assert f"{sign}1,000.00" in someone.reads(".member-card")
    someone.shows("tier-before")

    someone.opens("/p/CUP/")
    assert f"{sign}59.90" in someone.reads(".offer-price")
    assert f"{sign}53.91" in someone.reads(".deals")  # everybody sees what members pay
    someone.shows("tier-price-before")
    number = made.place(made.a_cart({"CUP": 1, "TRAY": 1}, walk=walk)).order_number
    pay(number)
    assert orders.order_for_staff(made.SHOP, number).total == made.cny(120000 + 5990)
    time_passes()
    someone.opens("/member/")
    assert silver not in someone.reads(".member-tier")
    is_kept(number)
    time_passes(handlers.grant_kept)

    someone.opens("/member/")
    assert someone.reads(".member-tier") == silver
    assert silver in someone.reads(".member-tiers .is-mine")
    someone.shows("tier-risen")
    someone.opens("/p/CUP/")
    someone.presses(".buy button[value=checkout]")
    someone.page.wait_for_url("**/checkout/")
    someone.shows("tier-checkout")
    assert f"-{sign}5.99" in someone.sums()
    someone.presses(".sum button.is-main")
    order = orders.order_for_staff(made.SHOP, someone.pays())
    assert (order.goods, order.total) == (made.cny(5391), made.cny(6591))
    assert [share.reason for line in order.lines for share in line.shares if share.amount.minor < 0] == ["member_price"]
    assert all_fits()
