"""Placing an order: one cart is one order, at the price that was seen, of goods that are there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.shop.made import (
    ADDRESS,
    CLERK,
    CONTACT,
    FREE_FROM,
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
    place,
    statements,
    told_about,
)
from tests.worlds import made_once
from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.base.jobs.queries import counts
from zhanggui.base.money import Money
from zhanggui.base.operation.errors import KeyReused
from zhanggui.base.rates.errors import NoRate
from zhanggui.base.shops.actions import open_shop
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.cart.errors import CartMoved
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.checkout import actions, queries
from zhanggui.shop.checkout.errors import CartEmpty, NotDeliverable, OptionNotAllowed, QuoteChanged
from zhanggui.shop.checkout.rules import Drop, Option, Placed
from zhanggui.shop.customers.errors import AddressIncomplete, ContactIncomplete
from zhanggui.shop.customers.models import Customer
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.models import Order
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.errors import NoSuchProvider
from zhanggui.shop.payments.models import Payment
from zhanggui.spine.envelope import Line
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.errors import OutOfStock


@pytest.fixture
@made_once
def shop(db: None) -> None:
    a_shop()
    a_product("CUP", price=5990, units=10)
    a_product("POT", price=16800, units=10)


def nothing_happened(walk: Trail, units: dict[str, int]) -> None:
    """The cart is as it was, nothing is held, owed or told."""
    assert {line.sku: line.quantity for line in carts.cart(SHOP, walk.person).lines} == units
    assert not Order.objects.exists()
    assert not Payment.objects.exists()
    assert not Customer.objects.exists()
    assert all(stock.level(sku).held_units == 0 for sku in units)
    assert set(names(told_about(walk.person))) <= {"shop.cart_changed"}


@pytest.mark.usefixtures("shop")
def test_an_order_stands_with_its_frozen_shares_and_waits_for_its_money() -> None:
    walk = a_cart({"POT": 2, "CUP": 1})
    placed = place(walk)
    order = orders.order(SHOP, placed.order_number, person=walk.person)
    assert (order.state, order.goods, order.shipping, order.total) == (
        State.AWAITING_PAYMENT,
        cny(39590),
        cny(1200),
        cny(40790),
    )
    assert [(line.sku, line.quantity, line.amount, line.shipping) for line in order.lines] == [
        ("POT", 2, cny(33600), cny(1018)),
        ("CUP", 1, cny(5990), cny(182)),
    ]
    assert order.lines[1].title("en") == "White cup"
    assert (stock.level("POT").held_units, stock.level("CUP").held_units) == (2, 1)
    assert carts.cart(SHOP, walk.person).lines == ()
    (payment,) = payments.payments_of(placed.order_number)
    assert (payment.id, payment.amount, payment.state) == (placed.payment_id, cny(40790), "started")
    assert orders.audit() == payments.audit() == stock.audit() == ()


@pytest.mark.usefixtures("shop")
def test_the_facts_of_an_order_form_a_chain_back_to_the_page() -> None:
    walk = a_cart({"POT": 2, "CUP": 1})
    placed = place(walk)
    told = facts_of(placed.order_number)
    assert names(told) == ["shop.order_placed", "shop.payment_started", "supply.stock_held"]
    order, payment, held = (only(told, name) for name in names(told))
    assert (order.cause, payment.cause, held.cause) == (walk.cause, order.id, order.id)
    assert order.lines == (
        Line(sku="POT", category="cups", quantity=2, amount_minor=33600),
        Line(sku="CUP", category="cups", quantity=1, amount_minor=5990),
    )
    assert (order.amount_minor, order.currency, order.channel, order.region) == (40790, "CNY", "search", "浙江")
    assert {fact.person for fact in told} == {walk.person}
    assert (held.lines[0].sku, held.quantity) == ("CUP", 3)
    assert names(told_about(walk.person)).count("shop.customer_registered") == 1


@pytest.mark.usefixtures("shop")
def test_a_tampered_total_is_refused_with_the_true_one() -> None:
    walk = a_cart({"CUP": 1})
    for total in (cny(1), cny(0), cny(-7190), cny(7189)):
        with pytest.raises(QuoteChanged) as refused:
            place(walk, total=total)
        assert refused.value.total == cny(7190)
    with pytest.raises(NoRate):
        place(walk, total=Money(7190, "USD"))
    nothing_happened(walk, {"CUP": 1})


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("price", [6990, 4990])
def test_a_price_that_changed_since_the_page_was_shown_is_never_charged_silently(price: int) -> None:
    walk = a_cart({"CUP": 1})
    seen = queries.counter(SHOP, walk.person, at=clock.now())
    assert seen.quote is not None
    catalogue.change_price(sku="CUP", price=cny(price), trail=Trail(shop=SHOP), by=CLERK)
    with pytest.raises(QuoteChanged) as refused:
        place(walk, total=seen.quote.total)
    assert refused.value.total == cny(price + 1200)
    nothing_happened(walk, {"CUP": 1})
    assert place(walk, total=refused.value.total).order_number


@pytest.mark.usefixtures("shop")
def test_goods_that_were_delisted_or_sold_meanwhile_are_refused_and_the_cart_is_kept() -> None:
    walk = a_cart({"CUP": 1, "POT": 3})
    an_order({"POT": 8})
    with pytest.raises(OutOfStock) as short:
        place(walk)
    assert [(s.sku, s.asked_units, s.free_units) for s in short.value.shortages] == [("POT", 3, 2)]
    catalogue.delist(sku="CUP", trail=Trail(shop=SHOP), by=CLERK)
    with pytest.raises(NotDeliverable) as gone:
        place(walk, total=cny(50400))
    assert gone.value.skus == ("CUP",)
    counter = queries.counter(SHOP, walk.person, at=clock.now())
    assert (counter.gone, [s.sku for s in counter.shortages], counter.can_be_ordered) == (("CUP",), ["POT"], False)
    assert counter.cart.pieces == 4


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"contact": replace(CONTACT, name="")}, ContactIncomplete),
        ({"address": replace(ADDRESS, street="")}, AddressIncomplete),
        ({"provider": "piggy_bank"}, NoSuchProvider),
        ({"version": 0}, CartMoved),
        ({"version": 99}, CartMoved),
    ],
)
def test_an_order_that_cannot_be_fulfilled_is_refused_whole(
    changes: dict[str, object], refusal: type[Exception]
) -> None:
    walk = a_cart({"CUP": 2})
    with pytest.raises(refusal):
        place(walk, **changes)  # type: ignore[arg-type]
    nothing_happened(walk, {"CUP": 2})
    assert counts().waiting == 0


@pytest.mark.usefixtures("shop")
def test_an_empty_cart_is_not_an_order() -> None:
    walk = a_cart({"CUP": 2})
    cart.remove(sku="CUP", trail=walk, by=by(walk))
    with pytest.raises(CartEmpty):
        place(walk)
    with pytest.raises(CartMoved):
        place(a_walk())
    assert not Order.objects.exists()


@pytest.mark.usefixtures("shop")
def test_another_shoppers_cart_cannot_be_ordered() -> None:
    victim, thief = a_cart({"CUP": 2}), a_walk()
    with pytest.raises(CartMoved):
        place(thief, version=carts.cart(SHOP, victim.person).version, total=cny(13180))
    nothing_happened(victim, {"CUP": 2})


@pytest.mark.usefixtures("shop")
def test_the_same_key_gives_the_same_order_and_another_request_with_it_is_refused() -> None:
    walk = a_cart({"CUP": 1})
    placed = place(walk, key="once", version=1, total=cny(7190))
    assert place(walk, key="once", version=1, total=cny(7190)) == placed
    with pytest.raises(KeyReused):
        place(walk, key="once", version=1, total=cny(7190), address=replace(ADDRESS, street="别处 9 号"))
    assert Order.objects.count() == 1


@pytest.mark.usefixtures("shop")
def test_order_numbers_are_not_guessed_from_each_other() -> None:
    first, second = an_order({"CUP": 1}).order_number, an_order({"CUP": 1}).order_number
    assert len(first) == len(second) == 18
    assert first[:7] == second[:7]
    assert sum(a != b for a, b in zip(first[7:], second[7:], strict=True)) >= 5


@pytest.mark.usefixtures("shop")
def test_delivery_is_free_from_the_threshold_on() -> None:
    order = an_order({"POT": 3})
    assert (facts := facts_of(order.order_number))
    assert only(facts, "shop.order_placed").amount_minor == 50400 >= FREE_FROM.minor


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    "option",
    [
        Option(rate=cny(-1), per_kg=cny(0)),
        Option(rate=cny(0), per_kg=cny(-1)),
        Option(rate=cny(0), per_kg=cny(0), free_from=cny(-1)),
        Option(rate=Money(1, "USD"), per_kg=Money(1, "USD")),
        Option(rate=cny(0), per_kg=cny(0), days=(3, 2)),
    ],
)
def test_a_way_to_deliver_that_makes_no_sense_is_refused(option: Option) -> None:
    with pytest.raises(OptionNotAllowed):
        actions.put_up_options(shop=SHOP, options=[option])
    assert queries.options(SHOP) == (Option(rate=cny(1200), per_kg=cny(0), free_from=FREE_FROM),)


@pytest.mark.usefixtures("shop")
def test_a_shop_that_named_no_way_delivers_for_nothing_and_one_left_out_is_no_longer_offered() -> None:
    open_shop(shop=Shop(code="bare", name="", zone="Europe/London", currency="GBP", kind=ShopKind.OWN))
    zero, fee = Money(0, "GBP"), Money(500, "GBP")
    assert [option.rate for option in queries.options("bare")] == [zero]
    post = Option(key="post", rate=fee, per_kg=zero)
    actions.put_up_options(shop="bare", options=[post, Option(key="courier", rate=fee, per_kg=zero, position=2)])
    actions.put_up_options(shop="bare", options=[post])
    assert queries.options("bare") == (post,)


@pytest.mark.usefixtures("shop")
def test_an_order_takes_at_most_15_statements_and_a_whole_purchase_30() -> None:
    an_order({"CUP": 1})
    walk = a_walk()
    with statements() as laying:
        cart.add(sku="CUP", quantity=1, trail=walk, by=by(walk))
        cart.add(sku="POT", quantity=1, trail=walk, by=by(walk))
    with statements() as looking:
        seen = queries.counter(SHOP, walk.person, at=clock.now())
    assert seen.quote is not None
    with statements() as placing:
        placed = actions.place_order(
            cart_version=seen.cart.version,
            total_seen=seen.quote.total,
            contact=CONTACT,
            drops=(Drop(address=ADDRESS),),
            provider="sandbox",
            idempotency_key=str(ids.uuid7()),
            trail=walk,
            by=by(walk),
        )
    with statements() as leaving:
        way = {"return_to": "http://shop/back", "notify_to": "http://shop/notify", "language": "en"}
        paying.enter(payment_id=placed.payment_id, person=walk.person, **way)
        orders.order(SHOP, placed.order_number, person=walk.person)
    counted = [len(part) for part in (laying, looking, placing, leaving)]
    assert counted == [4, 2, 9, 2]
    assert sum(counted) <= 30


@pytest.mark.django_db(transaction=True)
def test_four_clicks_with_one_key_are_one_order_and_all_four_get_it() -> None:
    a_shop()
    a_product("CUP", units=10)
    for turn in range(5):
        walk = a_cart({"CUP": 1})
        answers = at_once(lambda _: place(walk, key=f"key-{turn}", version=1, total=cny(7190)), 4)  # noqa: B023
        assert len(set(answers)) == 1
        assert isinstance(answers[0], Placed)
    assert Order.objects.count() == Payment.objects.count() == 5
    assert stock.level("CUP").held_units == 5


@pytest.mark.django_db(transaction=True)
def test_four_clicks_with_four_keys_are_one_order_and_three_clear_refusals() -> None:
    a_shop()
    a_product("CUP", units=10)
    for turn in range(5):
        walk = a_cart({"CUP": 1})
        answers = at_once(lambda n: place(walk, key=f"key-{turn}-{n}", version=1, total=cny(7190)), 4)  # noqa: B023
        assert sum(isinstance(answer, Placed) for answer in answers) == 1
        assert sum(isinstance(answer, CartMoved) for answer in answers) == 3
    assert Order.objects.count() == Payment.objects.count() == 5
    assert stock.level("CUP").held_units == 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("buyers", "units"), [(50, 1), (100, 10)])
def test_many_buyers_of_few_pieces_never_buy_more_than_there_are(buyers: int, units: int) -> None:
    a_shop()
    a_product("CUP", units=units)
    a_product("POT", units=1000)
    walks = [a_cart({"POT": 1, "CUP": 1} if n % 2 else {"CUP": 1, "POT": 1}) for n in range(buyers)]
    answers = at_once(lambda n: place(walks[n]), buyers)
    placed = [answer for answer in answers if isinstance(answer, Placed)]
    assert len(placed) == units
    assert sum(isinstance(answer, OutOfStock) for answer in answers) == buyers - units
    assert Order.objects.count() == Payment.objects.count() == units
    assert (stock.level("CUP").held_units, stock.level("POT").held_units) == (units, units)
    losers = [walk for walk, answer in zip(walks, answers, strict=True) if isinstance(answer, Refused)]
    assert all(carts.pieces(SHOP, walk.person) == 2 for walk in losers)
    assert orders.audit() == payments.audit() == stock.audit() == ()


@pytest.mark.django_db(transaction=True)
def test_changing_the_cart_while_ordering_never_orders_what_was_not_seen() -> None:
    a_shop()
    a_product("CUP", units=100)
    for _ in range(6):
        walk = a_cart({"CUP": 1})
        seen = queries.counter(SHOP, walk.person, at=clock.now())
        assert seen.quote is not None
        total = seen.quote.total

        def act(turn: int, walk: Trail = walk, total: Money = total) -> object:
            if turn:
                return cart.change(sku="CUP", quantity=5, trail=walk, by=by(walk))
            return place(walk, version=1, total=total)

        placed, _ = at_once(act, 2)
        pieces = carts.pieces(SHOP, walk.person)
        assert pieces == 5
        if isinstance(placed, Placed):
            order = orders.order(SHOP, placed.order_number, person=walk.person)
            assert [line.quantity for line in order.lines] == [1]
        else:
            assert isinstance(placed, CartMoved)
