"""How a paid order moves on, what of it goes back, and what is written about it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.shop.made import (
    ADDRESS,
    CLERK,
    SHOP,
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
from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.shop.orders import actions, queries
from zhanggui.shop.orders.errors import (
    InvoiceNotAllowed,
    MoreThanBought,
    MoreThanPaid,
    NoSuchOrder,
    NoteNotAllowed,
    TransitionRefused,
)
from zhanggui.shop.orders.models import Invoice, Note
from zhanggui.shop.orders.rules import Order, State
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as warehouse
from zhanggui.supply.stock import queries as stock

STAFF = Trail(shop=SHOP)


@pytest.fixture
def shop(db: None) -> None:
    a_shop()
    a_product("CUP", price=5990, units=100)
    a_product("POT", price=16800, units=100)


def a_paid_order(units: dict[str, int] | None = None) -> str:
    number = an_order(units).order_number
    assert actions.mark_paid(order_number=number)
    return number


def now(number: str) -> Order:
    return queries.order_by_number(number)


@pytest.mark.usefixtures("shop")
def test_an_order_is_paid_once_and_its_stock_is_kept_for_good() -> None:
    number = a_paid_order({"CUP": 2})
    assert not actions.mark_paid(order_number=number)
    order = now(number)
    assert (order.state, order.is_paid) == (State.PAID, True)
    assert order.paid_at is not None
    assert order.paid_at == order.ended_at
    assert stock.level("CUP").held_units == 2


@pytest.mark.usefixtures("shop")
def test_an_order_whose_forgotten_stock_was_sold_again_is_not_paid() -> None:
    number = an_order({"CUP": 2}).order_number
    warehouse.release(order_number=number, trail=STAFF, by=CLERK)
    assert not actions.mark_paid(order_number=number)
    assert now(number).state is State.EXPIRED
    assert now(number).paid_at is None
    assert only(facts_of(number), "shop.order_expired").amount_minor == now(number).total.minor


@pytest.mark.usefixtures("shop")
def test_parcels_carry_an_order_to_its_end() -> None:
    number = a_paid_order()
    actions.note_shipped(order_number=number, is_all=False)
    actions.note_shipped(order_number=number, is_all=False)
    assert now(number).state is State.SHIPPING
    actions.note_delivered(order_number=number, is_all=False)
    actions.note_shipped(order_number=number, is_all=True)
    assert now(number).state is State.SHIPPED
    actions.note_delivered(order_number=number, is_all=True)
    assert now(number).state is State.DELIVERED
    assert [actions.complete(order_number=number) for _ in range(2)] == [True, False]
    assert now(number).state is State.COMPLETED


@pytest.mark.usefixtures("shop")
def test_what_was_not_paid_is_not_shipped_and_what_left_is_not_called_off() -> None:
    waiting = an_order().order_number
    with pytest.raises(TransitionRefused):
        actions.note_shipped(order_number=waiting, is_all=True)
    with pytest.raises(TransitionRefused):
        actions.note_delivered(order_number=waiting, is_all=True)
    assert not actions.complete(order_number=waiting)
    assert now(waiting).state is State.AWAITING_PAYMENT

    left = a_paid_order()
    actions.note_shipped(order_number=left, is_all=False)
    with pytest.raises(TransitionRefused) as refused:
        actions.cancel_paid(order_number=left, reason="late", trail=STAFF, by=CLERK)
    assert refused.value.reason.startswith("A part of this order is on its way.")
    assert stock.level("CUP").held_units == 2


@pytest.mark.usefixtures("shop")
def test_a_paid_order_that_has_not_left_is_called_off_and_its_stock_goes_back() -> None:
    number = a_paid_order({"CUP": 3})
    actions.cancel_paid(order_number=number, reason="changed_mind", trail=STAFF, by=CLERK)
    order = now(number)
    assert (order.state, order.is_paid) == (State.CANCELLED, False)
    assert order.paid_at is not None
    assert stock.level("CUP").held_units == 0
    assert only(facts_of(number), "shop.order_cancelled").amount_minor == order.total.minor
    with pytest.raises(TransitionRefused):
        actions.cancel_paid(order_number=number, reason="again", trail=STAFF, by=CLERK)


@pytest.mark.usefixtures("shop")
def test_money_and_pieces_that_go_back_are_counted() -> None:
    number = a_paid_order({"CUP": 3, "POT": 1})
    actions.give_back(order_number=number, amount=cny(5990), units={1: 1})
    actions.give_back(order_number=number, amount=cny(100), units={})
    order = now(number)
    assert order.refunded == cny(6090)
    assert [line.returned_units for line in order.lines] == [1, 0]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("amount", "units", "refusal"),
    [
        (cny(19171), {}, MoreThanPaid),
        (cny(0), {}, MoreThanPaid),
        (cny(-1), {}, MoreThanPaid),
        (Money(1, "USD"), {}, MoreThanPaid),
        (cny(1), {1: 4}, MoreThanBought),
        (cny(1), {1: 0}, MoreThanBought),
        (cny(1), {2: 1}, MoreThanBought),
    ],
)
def test_never_more_goes_back_than_was_bought_and_paid(
    amount: Money, units: dict[int, int], refusal: type[Refused]
) -> None:
    number = a_paid_order({"CUP": 3})
    assert now(number).total == cny(19170)
    with pytest.raises(refusal):
        actions.give_back(order_number=number, amount=amount, units=units)
    assert (now(number).refunded, now(number).lines[0].returned_units) == (cny(0), 0)


@pytest.mark.usefixtures("shop")
def test_nothing_goes_back_of_what_was_never_paid() -> None:
    number = an_order().order_number
    with pytest.raises(MoreThanPaid) as refused:
        actions.give_back(order_number=number, amount=cny(1), units={})
    assert refused.value.left_minor == 0


@pytest.mark.django_db(transaction=True)
def test_many_refunds_at_once_never_give_back_more_than_was_paid() -> None:
    a_shop()
    a_product("CUP", price=5990, units=10)
    number = a_paid_order({"CUP": 4})
    total = now(number).total.minor

    outcomes = at_once(
        lambda _: actions.give_back(order_number=number, amount=cny(total // 3), units={1: 1}), 12, threads=12
    )

    assert sum(outcome is None for outcome in outcomes) == 3
    assert now(number).refunded.minor == total // 3 * 3
    assert now(number).lines[0].returned_units == 3


@pytest.mark.usefixtures("shop")
def test_colleagues_read_what_was_noted() -> None:
    number = an_order().order_number
    actions.add_note(order_number=number, words=" Ring twice. ", trail=STAFF, by=CLERK)
    (note,) = queries.notes(SHOP, number)
    assert (note.words, note.by) == ("Ring twice.", "operator:clerk")
    for words in ("", "  ", "x" * 2001, "a\0b"):
        with pytest.raises(NoteNotAllowed):
            actions.add_note(order_number=number, words=words, trail=STAFF, by=CLERK)
    with pytest.raises(NoSuchOrder):
        actions.add_note(order_number="nowhere", words="x", trail=STAFF, by=CLERK)
    assert Note.objects.count() == 1


@pytest.mark.usefixtures("shop")
def test_an_invoice_is_made_once_and_kept() -> None:
    number = a_paid_order()
    first = actions.issue_invoice(order_number=number, made_out_to=" 林小满 ", tax_id="", trail=STAFF, by=CLERK)
    again = actions.issue_invoice(order_number=number, made_out_to="Other", tax_id="", trail=STAFF, by=CLERK)
    year = clock.day_of(first.issued_at, "Asia/Shanghai").year
    assert (first.number, first.made_out_to) == (f"{year}-000001", "林小满")
    assert again == first == queries.invoice(SHOP, number)


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("made_out_to", "tax_id", "reason"),
    [("", "", "made_out_to"), ("x" * 201, "", "made_out_to"), ("Ltd", "12", "tax_id"), ("Ltd", "a b c d e", "tax_id")],
)
def test_an_invoice_is_made_out_to_somebody(made_out_to: str, tax_id: str, reason: str) -> None:
    number = a_paid_order()
    with pytest.raises(InvoiceNotAllowed) as refused:
        actions.issue_invoice(order_number=number, made_out_to=made_out_to, tax_id=tax_id, trail=STAFF, by=CLERK)
    assert refused.value.reason == reason
    assert queries.invoice(SHOP, number) is None


@pytest.mark.usefixtures("shop")
def test_there_is_no_invoice_for_what_is_not_paid_or_somebody_elses() -> None:
    waiting = an_order().order_number
    with pytest.raises(InvoiceNotAllowed):
        actions.issue_invoice(order_number=waiting, made_out_to="Lin", tax_id="", trail=STAFF, by=CLERK)
    number, stranger = a_paid_order(), a_walk()
    with pytest.raises(NoSuchOrder):
        actions.issue_invoice(order_number=number, made_out_to="Lin", tax_id="", trail=stranger, by=by(stranger))


@pytest.mark.django_db(transaction=True)
def test_invoices_asked_for_at_once_have_numbers_without_a_gap() -> None:
    a_shop()
    a_product("CUP", units=100)
    numbers = [a_paid_order() for _ in range(6)]

    at_once(
        lambda n: actions.issue_invoice(
            order_number=numbers[n % 6], made_out_to="Lin", tax_id="", trail=STAFF, by=CLERK
        ),
        24,
    )

    counts = sorted(int(invoice.number[-6:]) for invoice in Invoice.objects.all())
    assert counts == [1, 2, 3, 4, 5, 6]


@pytest.mark.usefixtures("shop")
def test_an_order_keeps_all_that_was_agreed() -> None:
    order = queries.order_by_number(an_order({"POT": 2}).order_number)
    (place,) = order.destinations
    assert (place.country, place.region, place.option, place.shipping) == ("CN", ADDRESS.region, "standard", cny(1200))
    assert place.promised_on == clock.day_of(order.placed_at, "Asia/Shanghai") + timedelta(days=5)
    (line,) = order.lines
    assert (line.position, line.destination, line.cost) == (1, 1, cny(8400))
    assert [(share.step, share.part, share.amount) for share in line.shares] == [
        ("list_price", "goods", cny(33600)),
        ("delivery", "shipping", cny(1200)),
    ]
    assert (order.booked.currency, order.booked.rate) == ("CNY", 1)
    assert names(facts_of(order.number)).count("shop.order_placed") == 1
