"""The shop's own orders at the console: the list, one order as a job, many at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from tests.shop.fulfilment.made import PAID_FACT
from tests.shop.made import CONTACT, SHOP, a_cart, a_message, a_product, a_shop, an_order, cny, place, statements
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Role
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import models as parcel_rows
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments import queries as payment_books
from zhanggui.supply.stock import queries as stock

pytestmark = pytest.mark.django_db

LIST = f"/console/orders/?shop={SHOP}"


@pytest.fixture
def clerk(signed_in: Callable[..., Client], lake_folder: object) -> Client:
    a_shop()
    a_product("CUP", units=100)
    a_product("POT", units=100, price=12000)
    return signed_in(Role.CLERK)


def a_paid_order(units: dict[str, int] | None = None) -> Placed:
    """An order that its shopper paid, its parcels planned."""
    placed = an_order(units)
    order = queries.order_by_number(placed.order_number)
    message = a_message(placed, amount=order.total.minor)
    payments.settle(shop=SHOP, provider="sandbox", message=message)
    return placed


def a_parcel_of(placed: Placed) -> str:
    fulfilment.plan(order_number=placed.order_number, cause=PAID_FACT)
    return parcels.parcels(placed.order_number)[0].id


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def page_of(number: str) -> str:
    return f"/console/orders/{number}/?shop={SHOP}"


def do(client: Client, number: str, verb: str, **said: str) -> str:
    answer = client.post(f"/console/orders/{number}/do/{verb}/?shop={SHOP}", said, follow=True)
    return unescape(answer.content.decode())


def state_of(number: str) -> State:
    return queries.order_by_number(number).state


def test_the_list_shows_each_order_with_its_masked_buyer(clerk: Client) -> None:
    placed = an_order({"CUP": 2})
    page = text(clerk, LIST)
    assert placed.order_number in page
    assert "Awaiting payment" in page
    assert "林**" in page
    assert "林小满" not in page
    assert "13800138000" not in page


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("state=awaiting_payment", True),
        ("state=paid", False),
        ("sku=CUP", True),
        ("sku=POT", False),
        ("country=CN", True),
        ("country=US", False),
        ("channel=search", True),
        ("channel=email", False),
        ("placed=today", True),
        ("placed=yesterday", False),
        ("refund=1", False),
        ("note=1", False),
        ("late=1", False),
        ("buyer=0192aaaa-bbbb-7ccc-8ddd-eeeeffff1234", False),
        ("state=drop;&placed=x&sort=y&page=z", True),
    ],
)
def test_filters_stand_in_the_address(clerk: Client, asked: str, is_found: bool) -> None:
    number = an_order().order_number
    assert (number in text(clerk, f"{LIST}&{asked}")) == is_found


def test_an_order_with_a_note_is_found_by_that(clerk: Client) -> None:
    number = an_order().order_number
    do(clerk, number, "note", words="Ring twice.")
    assert number in text(clerk, LIST + "&note=1")
    assert "Ring twice." in text(clerk, page_of(number))


def test_the_list_costs_the_same_with_one_order_and_with_twenty(clerk: Client) -> None:
    counts = []
    for more in (1, 19):
        for _ in range(more):
            an_order()
        clerk.get(LIST)
        with statements() as sent:
            clerk.get(LIST)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize("said", ["13800138000", "+86 138 0013 8000", "lin@example.com"])
def test_a_whole_number_or_address_finds_the_orders_and_never_stands_in_the_address(clerk: Client, said: str) -> None:
    number = an_order().order_number
    answer = clerk.post(f"/console/orders/-/find/?shop={SHOP}", {"find": said}, follow=True)
    assert number in answer.content.decode()
    assert all("%40" not in to and "@" not in to for to, _status in answer.redirect_chain)


def test_a_number_leads_to_its_order_and_its_beginning_to_a_list(clerk: Client) -> None:
    number = an_order().order_number
    find = f"/console/orders/-/find/?shop={SHOP}"
    assert clerk.post(find, {"find": number.lower()}).url == f"/console/orders/{number}/?shop={SHOP}"
    assert clerk.post(find, {"find": number[:6]}).url == f"/console/orders/?shop={SHOP}&q={number[:6]}"
    assert clerk.post(find, {"find": "CUP"}).url == f"/console/orders/?shop={SHOP}&sku=CUP"


def test_the_file_has_what_is_seen_and_masks_it(signed_in: Callable[..., Client], clerk: Client) -> None:
    mine, other = an_order({"CUP": 1}), an_order({"POT": 1})
    answer = signed_in(Role.MANAGER).get(f"/console/orders.csv?shop={SHOP}&sku=CUP")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Order", mine.order_number]
    assert rows[1][3:5] == ["林**", "138****8000"]
    assert other.order_number not in str(rows)
    assert clerk.get(f"/console/orders.csv?shop={SHOP}").status_code == 403


def test_no_cell_of_the_file_is_a_formula(signed_in: Callable[..., Client], clerk: Client) -> None:
    place(a_cart(), contact=replace(CONTACT, name="＝林小满", phone="+442079460958"))
    answer = signed_in(Role.MANAGER).get(f"/console/orders.csv?shop={SHOP}")
    _heads, row = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert row[3:5] == ["'＝***", "'+44****0958"]


def test_the_page_explains_the_price_piece_by_piece(clerk: Client) -> None:
    number = an_order({"CUP": 3}).order_number
    page = text(clerk, page_of(number))
    assert "List price" in page
    assert "3 × CN¥59.90" in page
    assert "Delivery fee" in page


def test_the_page_costs_the_same_however_much_there_is(clerk: Client) -> None:
    few, many = a_paid_order({"CUP": 1}), a_paid_order({"CUP": 2, "POT": 3})
    for words in ("one", "two", "three"):
        do(clerk, many.order_number, "note", words=words)
    counts = []
    for placed in (few, many):
        clerk.get(page_of(placed.order_number))
        with statements() as sent:
            clerk.get(page_of(placed.order_number))
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 24


def test_an_unpaid_order_is_cancelled_after_a_yes(clerk: Client) -> None:
    number = an_order().order_number
    sure = text(clerk, f"/console/orders/{number}/do/cancel/?shop={SHOP}")
    assert "1 piece goes back on sale." in sure
    assert state_of(number) is State.AWAITING_PAYMENT
    assert "Cancelled. Its pieces are back on sale" in do(clerk, number, "cancel", confirmed="1")
    assert state_of(number) is State.CANCELLED
    assert stock.free(["CUP"]) == {"CUP": 100}


def test_a_refused_cancel_says_why(clerk: Client) -> None:
    number = a_paid_order().order_number
    said = do(clerk, number, "cancel", confirmed="1")
    assert "Nothing was changed." in said
    assert state_of(number) is State.PAID


def test_a_paid_order_is_called_off_and_all_of_its_money_goes_back(clerk: Client) -> None:
    number = a_paid_order({"CUP": 2}).order_number
    assert "CN¥131.80 goes back the way it came." in do(clerk, number, "call-off")
    assert state_of(number) is State.PAID
    do(clerk, number, "call-off", confirmed="1")
    assert state_of(number) is State.CANCELLED
    assert [refund.amount for refund in payment_books.refunds_of(number)] == [cny(13180)]


def test_a_part_is_refunded_once_however_often_it_is_sent(clerk: Client) -> None:
    number = a_paid_order({"CUP": 2}).order_number
    asked = {"amount": "5.00", "words": "A scratch.", "key": "k-1"}
    assert "Of what was paid, CN¥126.80 is left afterwards." in do(clerk, number, "goodwill", **asked)
    assert payment_books.refunds_of(number) == ()
    for _ in range(2):
        do(clerk, number, "goodwill", confirmed="1", **asked)
    assert [refund.amount for refund in payment_books.refunds_of(number)] == [cny(500)]


@pytest.mark.parametrize("amount", ["", "x", "-1", "0", "1000", "0.001", "1e9999999"])
def test_a_strange_amount_is_refused_in_words(clerk: Client, amount: str) -> None:
    number = a_paid_order().order_number
    said = do(clerk, number, "goodwill", amount=amount, words="Sorry.", confirmed="1", key=f"k{amount}")
    assert "Nothing was changed." in said
    assert payment_books.refunds_of(number) == ()


def test_an_invoice_is_made_out_once_and_printed(clerk: Client) -> None:
    number = a_paid_order().order_number
    address = f"/console/orders/{number}/invoice/?shop={SHOP}"
    assert "Say whom" in unescape(clerk.post(address, {"made_out_to": "", "tax_id": ""}).content.decode())
    page = clerk.post(address, {"made_out_to": "雾坡茶业", "tax_id": "91330100MA2H"}, follow=True).content.decode()
    assert "雾坡茶业" in page
    assert queries.invoice(SHOP, number).number in page


def test_an_unpaid_order_has_no_invoice(clerk: Client) -> None:
    number = an_order().order_number
    answer = clerk.post(f"/console/orders/{number}/invoice/?shop={SHOP}", {"made_out_to": "Ann"})
    assert answer.status_code == 409
    assert queries.invoice(SHOP, number) is None


def test_many_unpaid_orders_are_cancelled_and_paid_ones_are_left_alone(clerk: Client) -> None:
    first, second, paid = an_order(), an_order(), a_paid_order()
    chosen = {"verb": "cancel", "order": [one.order_number for one in (first, second, paid)]}
    bulk = f"/console/orders/-/bulk/?shop={SHOP}"
    preview = unescape(clerk.post(bulk, chosen).content.decode())
    assert "2 orders will be cancelled" in preview
    assert "1 is left alone" in preview
    assert state_of(first.order_number) is State.AWAITING_PAYMENT
    done = unescape(clerk.post(bulk, {**chosen, "confirmed": "1"}).content.decode())
    assert "2 orders were cancelled" in done
    assert "This order is paid and has not left yet." in done or "Nothing was changed." in done
    assert [state_of(one.order_number) for one in (first, second, paid)] == [
        State.CANCELLED,
        State.CANCELLED,
        State.PAID,
    ]


def test_chosen_orders_go_to_the_queue_of_parcels_and_to_paper(clerk: Client) -> None:
    paid, unpaid = a_paid_order(), an_order()
    parcel = a_parcel_of(paid)
    chosen = {"order": [paid.order_number, unpaid.order_number]}
    bulk = f"/console/orders/-/bulk/?shop={SHOP}"
    ship = unescape(clerk.post(bulk, {"verb": "ship", **chosen}).content.decode())
    assert f'value="{parcel}"' in ship
    assert "This order is waiting for its payment." in ship
    assert (
        clerk.post(bulk, {"verb": "slips", **chosen}).url == f"/console/parcels/paper/slips/?shop={SHOP}&ids={parcel}"
    )
    assert clerk.post(bulk, {"verb": "list", "order": [unpaid.order_number]}).url == LIST


def test_late_orders_are_those_of_late_parcels(clerk: Client) -> None:
    late, soon = a_paid_order(), a_paid_order()
    for placed in (late, soon):
        a_parcel_of(placed)
    parcel_rows.Parcel.objects.filter(order_number=late.order_number).update(
        paid_at=clock.now() - timedelta(hours=50), ship_by=clock.now() - timedelta(hours=2)
    )
    page = text(clerk, LIST + "&late=1")
    assert late.order_number in page
    assert soon.order_number not in page


def test_another_shops_order_and_an_unknown_verb_are_not_found(clerk: Client) -> None:
    number = an_order().order_number
    a_shop("other")
    assert clerk.get(f"/console/orders/{number}/?shop=other").status_code == 404
    assert clerk.post(f"/console/orders/{number}/do/cancel/?shop=other", {"confirmed": "1"}).status_code == 404
    assert clerk.post(f"/console/orders/{number}/do/steal/?shop={SHOP}").status_code == 404


def test_who_only_reads_numbers_finds_the_orders_behind_them(signed_in: Callable[..., Client], clerk: Client) -> None:
    number = an_order().order_number
    analyst = signed_in(Role.ANALYST)
    assert "Orders behind" in text(analyst, LIST)
    assert "Orders behind" in text(clerk, LIST + "&number=gmv_paid")
    assert "All that happened to it" in text(analyst, page_of(number))
    assert analyst.post(f"/console/orders/{number}/do/cancel/?shop={SHOP}", {"confirmed": "1"}).status_code == 403
    assert state_of(number) is State.AWAITING_PAYMENT
