"""What may stand struck through while promotions and flash sales come and go: the table is the law (rules § 7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.growth.flash.made import a_pick, a_plan, set_up
from tests.growth.promotions.made import DESK, STAFF, TEN_OFF, live
from tests.shop.conftest import wait
from tests.shop.made import CLERK, SHOP, a_product, a_shop, cny
from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.growth.flash import actions as flash
from zhanggui.growth.promotions import actions as promotions
from zhanggui.growth.promotions import queries as live_now
from zhanggui.growth.promotions.rules import Audience, Target
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue import queries
from zhanggui.shop.catalogue.rules import Jurisdiction, PriceKind, Sale
from zhanggui.spine.log.rules import Trail

__all__ = ["wait"]
pytestmark = pytest.mark.django_db
Clock = Callable[[timedelta], datetime]
Deed = Callable[[Callable[[float], datetime]], Any]
TRAIL: Final = Trail(shop=SHOP)
LISTED: Final = -60


def promo(start: float, end: float | None, price: int | str, **said: Any) -> tuple[float, Deed]:
    """A limited-time price for all that fits; a rate off the list price if it is a word."""
    terms = {"off": price} if isinstance(price, str) else {"currency": "CNY", "price": price}

    def begin(day: Callable[[float], datetime]) -> str:
        return live("price", terms, starts_at=day(start), ends_at=None if end is None else day(end), **said)

    return LISTED, begin


def flash_sale(start: float, price: int) -> tuple[float, Deed]:
    """A flash sale of two hours."""
    return LISTED, lambda day: set_up(a_plan(a_pick(price=price), starts_at=day(start)))


def own_sale(start: float, end: float, price: int) -> tuple[float, Deed]:
    """The catalogue's own sale."""
    return LISTED, lambda day: catalogue.put_sales(
        sales={"CUP": Sale(price=cny(price), starts_at=day(start), ends_at=day(end))}, trail=TRAIL
    )


def list_price(at: float, price: int) -> tuple[float, Deed]:
    return at, lambda _day: catalogue.change_price(sku="CUP", price=cny(price), trail=TRAIL, by=CLERK)


def floor(at: float, price: int) -> tuple[float, Deed]:
    return at, lambda _day: promotions.set_floor(sku="CUP", price=cny(price), trail=DESK, by=STAFF)


def paused(start: float, pause: float, price: int) -> list[tuple[float, Deed]]:
    """A promotion that was paused after a while and never went on."""
    begun: list[str] = []
    _, begin = promo(start, None, price)
    return [
        (LISTED, lambda day: begun.append(begin(day))),
        (pause, lambda _day: promotions.stop(id=begun.pop(), for_good=False, trail=DESK, by=STAFF)),
    ]


MEMBERS: Final = Audience(tiers=frozenset({"gold"}))
SIGNED_IN: Final = Audience(is_signed_in_only=True)
NOW: Final = promo(0, 3, 8000)

# What happened, in days before and after the reduction to 80.00 began on day 0; looked at on day 1, list price 100.00.
# Then what China and the EU let stand struck through; 0: nothing.
CASES: Final[dict[str, tuple[list[tuple[float, Deed]], int, int]]] = {
    "nothing before": ([NOW], 10000, 10000),
    "a promotion inside both windows": ([promo(-5, -3, 9000), NOW], 9000, 9000),
    "one that ended 8 days before": ([promo(-10, -8, 9000), NOW], 10000, 9000),
    "one that ended 31 days before": ([promo(-35, -31, 9000), NOW], 10000, 10000),
    "one that ended at the window's first moment": ([promo(-10, -7, 9000), NOW], 10000, 9000),
    "one that ended a second after it": ([promo(-10, -7 + 1 / 86400, 9000), NOW], 9000, 9000),
    "a lower one inside": ([promo(-5, -3, 7000), NOW], 0, 0),
    "the same price a week before": ([promo(-5, -3, 8000), NOW], 0, 0),
    "a lower one that only the EU remembers": ([promo(-20, -15, 7000), NOW], 10000, 0),
    "two overlapping, the new one lower": ([promo(-5, 2, 9000), NOW], 9000, 9000),
    "two overlapping inside, the lower counts": ([promo(-6, -2, 9500), promo(-5, -3, 9000), NOW], 9000, 9000),
    "a dearer one beside it since yesterday": ([promo(0.5, 3, 9000), NOW], 10000, 10000),
    "for members": ([promo(-5, -3, 7000, audience=MEMBERS), NOW], 10000, 10000),
    "for who is signed in": ([promo(-5, -3, 7000, audience=SIGNED_IN), NOW], 10000, 10000),
    "for other goods": ([promo(-5, -3, 7000, target=Target(categories=frozenset({"tea"}))), NOW], 10000, 10000),
    "for its category": ([promo(-5, -3, 9000, target=Target(categories=frozenset({"cups"}))), NOW], 9000, 9000),
    "all but it": ([promo(-5, -3, 7000, target=Target(but_skus=frozenset({"CUP"}))), NOW], 10000, 10000),
    "a coupon": (
        [(LISTED, lambda day: live("coupon_amount", TEN_OFF, is_coupon=True, starts_at=day(-5))), NOW],
        10000, 10000,
    ),
    "a price that a coupon brings": ([promo(-5, -3, 7000, is_coupon=True), NOW], 10000, 10000),
    "money off from 300 on": ([(LISTED, lambda day: live(starts_at=day(-5))), NOW], 10000, 10000),
    "a flash sale": ([flash_sale(-5, 9000), NOW], 9000, 9000),
    "a flash sale that was cheaper": ([flash_sale(-5, 3990), NOW], 0, 0),
    "a flash sale 8 days before": ([flash_sale(-8, 3990), NOW], 10000, 0),
    "a flash sale beside it": ([flash_sale(0.99, 3990), NOW], 10000, 10000),
    "the catalogue's own sale": ([own_sale(-5, -3, 9000), NOW], 9000, 9000),
    "a rate, by the list price of its time": ([promo(-10, -8, "0.1"), list_price(-9, 9500), NOW], 9500, 8550),
    "a list price that was raised just before": ([list_price(-20, 8500), list_price(-1, 10000), NOW], 8500, 8500),
    "a list price that moved beside it": ([NOW, list_price(0.5, 9900)], 10000, 10000),
    "a floor that held": ([floor(LISTED, 8500), promo(-5, -3, 7000), promo(0, 3, 8400)], 0, 0),
    "a floor that came later": ([promo(-5, -3, 7000), floor(-1, 7500), NOW], 0, 0),
    "paused before the window": ([*paused(-20, -9, 7000), NOW], 10000, 0),
    "paused inside it": ([*paused(-20, -2, 7000), NOW], 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_was_price_is_the_lowest_that_everybody_was_asked(case: str, wait: Clock) -> None:
    happened, china, europe = CASES[case]
    at = told(happened, wait)
    card = queries.products(["CUP"])["CUP"]
    live_now.forget()
    shown = live_now.shown(SHOP, [card], at=at)["CUP"].price
    said = [
        queries.lawful_was_price(card, price=shown, at=at, jurisdiction=where)
        for where in (Jurisdiction.CN, Jurisdiction.EU)
    ]
    assert [was.minor if was else 0 for was in said] == [china, europe]


def test_a_price_that_stood_for_a_year_has_nothing_beside_it(wait: Clock) -> None:
    at = told([(-400, promo(-363, None, 8000)[1])], wait, listed=-400)
    card = queries.products(["CUP"])["CUP"]
    for later, was in ((timedelta(0), cny(10000)), (timedelta(days=1), None)):
        found = queries.lawful_was_price(card, price=cny(8000), at=at + later, jurisdiction=Jurisdiction.CN)
        assert found == was


def test_every_offer_stands_in_the_history_with_its_source(wait: Clock) -> None:
    at = told([promo(-5, -3, 9000), flash_sale(-9, 3990), NOW], wait)
    card = queries.products(["CUP"])["CUP"]
    offers = [
        p for p in queries.asked_prices([card], since=at - timedelta(days=30))["CUP"] if p.kind is PriceKind.OFFER
    ]
    assert [(p.price.minor, p.source.partition(":")[0]) for p in offers] == [
        (3990, "flash"), (9000, "promotion"), (8000, "promotion"),
    ]  # fmt: skip


def test_a_flash_sale_that_was_called_off_before_it_began_was_never_asked(wait: Clock) -> None:
    def called_off(day: Callable[[float], datetime]) -> None:
        id = set_up(a_plan(a_pick(price=3990), starts_at=day(-5)))
        flash.stop(id=id, trail=TRAIL, by=CLERK)

    at = told([(LISTED, called_off), NOW], wait)
    card = queries.products(["CUP"])["CUP"]
    assert queries.lawful_was_price(card, price=cny(8000), at=at, jurisdiction=Jurisdiction.EU) == Money(10000, "CNY")


def test_the_product_page_says_it_to_the_cent(wait: Clock, settings: Settings) -> None:
    settings.OWN_SHOP = SHOP
    told([promo(-5, -3, 9250), promo(0, 2, "0.2"), promo(2, 3, 9000)], wait)

    def page() -> str:
        live_now.forget()
        return Client(headers={"accept-language": "en"}).get("/p/CUP/").content.decode()

    assert "<s>CN¥92.50</s>" in page()
    # The reduction to 90.00 begins on day 2: the 80.00 of the days before was lower.
    wait(timedelta(days=1))
    assert "CN¥90.00" in page()
    assert "<s>" not in page()
    wait(timedelta(days=1))
    assert "CN¥100.00" in page()
    assert "<s>" not in page()


def test_a_flash_sale_shows_the_lowest_price_of_the_week_before_it(wait: Clock, settings: Settings) -> None:
    settings.OWN_SHOP = SHOP
    told([promo(-5, -3, 9250), flash_sale(0.99, 3990)], wait)
    for address in ("/flash/", "/p/CUP/"):
        page = Client(headers={"accept-language": "en"}).get(address).content.decode()
        assert "<s>CN¥92.50</s>" in page, address
        assert "<s>CN¥100.00</s>" not in page, address


def told(happened: list[tuple[float, Deed]], wait: Clock, *, listed: float = LISTED) -> datetime:
    """List the cup for 100.00, let all of that happen in its order, and stand at day 1."""
    start = wait(timedelta())
    a_shop()
    a_product("CUP", price=10000, units=50)

    def day(number: float) -> datetime:
        return start + timedelta(days=number - listed)

    for when, deed in sorted(happened, key=lambda each: each[0]):
        wait(day(when) - clock.now())
        deed(day)
    return wait(day(1) - clock.now())
