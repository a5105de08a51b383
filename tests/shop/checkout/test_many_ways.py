"""Orders to several places, past the cart, in another currency, in bundles, and for what is never shipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.shop.made import (
    ADDRESS,
    CONTACT,
    SHOP,
    a_cart,
    a_product,
    a_shop,
    a_walk,
    an_order,
    at_once,
    by,
    cny,
    facts_of,
    names,
    only,
)
from tests.worlds import made_once
from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.base.rates import actions as exchange
from zhanggui.base.rates.rules import Rate
from zhanggui.guard.tax import actions as taxes
from zhanggui.guard.tax.rules import Rate as TaxRate
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Sale
from zhanggui.shop.checkout import actions, queries
from zhanggui.shop.checkout.errors import NoSuchOption, QuoteChanged, SplitNotAllowed, TenderNotAllowed
from zhanggui.shop.checkout.queries import Place
from zhanggui.shop.checkout.rules import Drop, Option, Placed
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.models import Order as OrderRow
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments.rules import Tender, TenderKind
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.errors import OutOfStock

OFFICE = replace(ADDRESS, recipient="陈", city="宁波市", district="海曙区", street="药行街 2 号")
BERLIN = replace(ADDRESS, country="DE", region="", district="", city="Berlin", postcode="10115", phone="+49 30 1234567")


@pytest.fixture
@made_once
def shop(db: None) -> None:
    a_shop()
    a_product("CUP", price=5990, units=10)
    a_product("POT", price=16800, units=10)


def place_at(walk: Trail, *drops: Drop, total: Money | None = None, tenders: tuple[Tender, ...] = ()) -> Placed:
    """Order the cart to these places, at the sum the page would show for them."""
    places = [Place(country=d.address.country, region=d.address.region, option=d.option) for d in drops]
    given = [dict(drop.units or {}) for drop in drops[1:]]
    currency = total.currency if total else "CNY"
    seen = queries.counter_at(SHOP, walk.person, at=clock.now(), places=places, given=given, currency=currency)
    assert seen.quote is not None
    return actions.place_order(
        cart_version=seen.cart.version,
        total_seen=total or seen.quote.total,
        contact=CONTACT,
        drops=drops,
        provider="sandbox",
        tenders=tenders,
        idempotency_key=str(ids.uuid7()),
        trail=walk,
        by=by(walk),
    )


def the_order(placed: Placed) -> Order:
    return orders.order_by_number(placed.order_number)


@pytest.mark.usefixtures("shop")
def test_one_order_goes_to_two_places_and_every_share_is_right_to_the_fen() -> None:
    walk = a_cart({"CUP": 3, "POT": 1})

    order = the_order(
        place_at(walk, Drop(address=ADDRESS, units={"CUP": 2}), Drop(address=OFFICE, units={"CUP": 1, "POT": 1}))
    )

    assert [(line.position, line.destination, line.sku, line.quantity) for line in order.lines] == [
        (1, 1, "CUP", 2),
        (2, 2, "CUP", 1),
        (3, 2, "POT", 1),
    ]
    assert (order.goods, order.shipping, order.total) == (cny(34770), cny(2400), cny(37170))
    assert [line.shipping.minor for line in order.lines] == [1200, 315, 885]
    assert [place.shipping for place in order.destinations] == [cny(1200), cny(1200)]
    assert [customers.address(place.address_id).city for place in order.destinations] == ["杭州市", "宁波市"]
    held = {(one.line, one.sku): one.units for one in stock.reservations(order.number)}
    assert held == {(1, "CUP"): 2, (2, "CUP"): 1, (3, "POT"): 1}
    assert orders.audit() == stock.audit() == ()


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "units",
    [({"CUP": 2}, {"CUP": 2}), ({"CUP": 1}, {"CUP": 1}), ({"CUP": 3}, {}), ({"CUP": 3}, {"POT": 1})],
)
def test_pieces_that_are_not_in_the_cart_go_nowhere(units: tuple[dict[str, int], dict[str, int]]) -> None:
    walk = a_cart({"CUP": 3})
    with pytest.raises(SplitNotAllowed):
        place_at(walk, Drop(address=ADDRESS, units=units[0]), Drop(address=OFFICE, units=units[1]))
    assert carts.pieces(SHOP, walk.person) == 3
    assert not OrderRow.objects.exists()


@pytest.mark.usefixtures("shop")
def test_one_click_orders_past_the_cart_which_stays() -> None:
    walk = a_cart({"POT": 1})

    def click(key: str, total: Money) -> Placed:
        return actions.order_now(
            sku="CUP",
            quantity=1,
            total_seen=total,
            contact=CONTACT,
            drop=Drop(address=ADDRESS),
            provider="sandbox",
            idempotency_key=key,
            trail=walk,
            by=by(walk),
        )

    placed = click("once", cny(7190))
    assert click("once", cny(7190)) == placed
    with pytest.raises(QuoteChanged):
        click("twice", cny(7189))
    assert [(line.sku, line.quantity) for line in the_order(placed).lines] == [("CUP", 1)]
    assert [line.sku for line in carts.cart(SHOP, walk.person).lines] == ["POT"]
    assert OrderRow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_click_pressed_many_times_at_once_is_one_order() -> None:
    a_shop()
    a_product("CUP", units=10)
    walk = a_walk()

    def click(_: int) -> Placed:
        return actions.order_now(
            sku="CUP",
            quantity=1,
            total_seen=cny(7190),
            contact=CONTACT,
            drop=Drop(address=ADDRESS),
            provider="sandbox",
            idempotency_key="once",
            trail=walk,
            by=by(walk),
        )

    assert len(set(at_once(click, 8))) == 1
    assert OrderRow.objects.count() == 1
    assert stock.level("CUP").held_units == 1


@pytest.mark.usefixtures("shop")
def test_the_way_that_was_chosen_is_paid_and_promised() -> None:
    zero = cny(0)
    ways = [
        Option(key="slow", countries=("CN",), rate=cny(600), per_kg=zero, days=(4, 7)),
        Option(key="fast", countries=("CN",), rate=cny(2200), per_kg=zero, days=(1, 1), position=2),
    ]
    actions.put_up_options(shop=SHOP, options=ways)

    order = the_order(place_at(a_cart({"CUP": 1}), Drop(address=ADDRESS, option="fast")))

    (place,) = order.destinations
    assert (place.option, order.shipping) == ("fast", cny(2200))
    assert place.promised_on is not None
    assert (place.promised_on - clock.day_of(order.placed_at, "Asia/Shanghai")).days == 1
    walk = a_cart({"CUP": 1})
    for option, address in (("never", ADDRESS), ("fast", BERLIN), ("", BERLIN)):
        with pytest.raises(NoSuchOption):
            place_at(walk, Drop(address=address, option=option), total=cny(1))


@pytest.mark.usefixtures("shop")
def test_what_prices_contain_and_what_comes_on_top_is_kept_with_the_lines() -> None:
    since = date(2007, 1, 1)
    taxes.set_rates(
        shop=SHOP,
        rates=[
            TaxRate(country="CN", rate=Decimal("0.13"), from_on=since),
            TaxRate(country="DE", rate=Decimal("0.19"), is_included=False, from_on=since),
        ],
    )
    home = the_order(place_at(a_cart({"CUP": 1}), Drop(address=ADDRESS)))
    assert (home.total, home.tax, home.tax_included) == (cny(7190), cny(0), cny(827))
    abroad = the_order(place_at(a_cart({"CUP": 1}), Drop(address=BERLIN)))
    assert (abroad.total, abroad.tax, abroad.tax_included) == (cny(7190 + 1366), cny(1366), cny(0))
    assert [line.tax_rate for line in (*home.lines, *abroad.lines)] == [Decimal("0.13"), Decimal("0.19")]


@pytest.mark.usefixtures("shop")
def test_an_order_paid_in_another_currency_keeps_the_rate_and_its_day() -> None:
    monday = date(2026, 11, 2)
    exchange.set_rates(rates=[Rate(base="EUR", quote="CNY", rate=Decimal("8"), on=monday)])
    walk = a_cart({"CUP": 1})

    order = the_order(place_at(walk, Drop(address=ADDRESS), total=Money(899, "EUR")))

    assert (order.goods, order.shipping, order.total) == (Money(749, "EUR"), Money(150, "EUR"), Money(899, "EUR"))
    assert (order.booked.currency, order.booked.rate, order.booked.rate_on) == ("CNY", Decimal(8), monday)
    assert order.lines[0].cost == cny(2995)
    told = only(facts_of(order.number), "shop.order_placed")
    assert (told.amount_minor, told.currency, [line.amount_minor for line in told.lines]) == (7192, "CNY", [5992])
    later = Rate(base="EUR", quote="CNY", rate=Decimal("9"), on=clock.day_of(clock.now(), "Asia/Shanghai"))
    exchange.set_rates(rates=[later])
    assert orders.order_by_number(order.number).booked.rate == Decimal(8)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("minor", [0, -1, 7191])
def test_no_more_is_paid_from_a_wallet_than_the_order_costs(minor: int) -> None:
    walk = a_cart({"CUP": 1})
    with pytest.raises(TenderNotAllowed):
        place_at(
            walk,
            Drop(address=ADDRESS),
            tenders=(Tender(kind=TenderKind.WALLET, holder="somebody", amount=cny(minor)),),
        )
    assert not OrderRow.objects.exists()


@pytest.mark.usefixtures("shop")
def test_the_facts_of_an_order_to_two_places_are_told_once() -> None:
    walk = a_cart({"CUP": 2})
    placed = place_at(walk, Drop(address=ADDRESS, units={"CUP": 1}), Drop(address=OFFICE, units={"CUP": 1}))
    assert names(facts_of(placed.order_number)) == ["shop.order_placed", "shop.payment_started", "supply.stock_held"]


@pytest.mark.usefixtures("shop")
def test_two_lines_of_one_sku_are_summed_before_the_stock_is_asked() -> None:
    an_order({"CUP": 7})
    walk = a_cart({"CUP": 4})
    with pytest.raises(OutOfStock) as short:
        place_at(walk, Drop(address=ADDRESS, units={"CUP": 2}), Drop(address=OFFICE, units={"CUP": 2}))
    assert [(s.sku, s.asked_units, s.free_units) for s in short.value.shortages] == [("CUP", 4, 3)]


@pytest.mark.usefixtures("shop")
def test_what_was_on_sale_is_paid_at_its_sale_price_and_says_so() -> None:
    now = clock.now()
    sale = Sale(price=cny(4990), starts_at=now, ends_at=now + timedelta(hours=1))
    catalogue.put_sales(sales={"CUP": sale}, trail=Trail(shop=SHOP))
    order = the_order(place_at(a_cart({"CUP": 2}), Drop(address=ADDRESS)))
    (line,) = order.lines
    assert (line.listed, line.discount, line.amount) == (cny(11980), cny(-2000), cny(9980))
    assert [(share.step, share.reason, share.amount.minor) for share in line.shares][1] == ("sale_price", "sale", -2000)
