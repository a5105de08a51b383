"""Orders after they are placed: how one stands, what has happened, paying once more, calling it off, its invoice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.doors.storefront import framed, savings, sights, words
from zhanggui.doors.storefront.pages.paying import to_provider
from zhanggui.doors.storefront.parcels import is_coming, tracked
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.presale.rules import DEPOSIT_LINE
from zhanggui.growth.teams.rules import SOURCE
from zhanggui.shop.cart import queries as cart
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Address
from zhanggui.shop.fulfilment.errors import AlreadyLeft
from zhanggui.shop.orders import actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import InvoiceNotAllowed, NoSuchOrder, TransitionRefused
from zhanggui.shop.orders.rules import Line, Order, State
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.errors import NoSuchProvider, NotPayable
from zhanggui.shop.returns import actions as returns
from zhanggui.shop.returns import queries as return_books
from zhanggui.shop.returns.errors import CannotCallOff

# How often the page looks again by itself whether the money has come: about a minute, then the shopper is asked to.
_LOOKS: Final = 20
_MAY_COME_BACK: Final = (State.SHIPPING, State.SHIPPED, State.DELIVERED, State.COMPLETED)


@require_safe
def order(request: ShopRequest, number: str) -> HttpResponse:
    """How an order stands. While its money is on the way (`back`) the page looks again by itself, for a while."""
    visit = request.visit
    shown = _order(request, number)
    looks = _looks(request)
    is_awaited = shown.is_open and 0 < looks <= _LOOKS
    # What it shows of the goods is asked together with all that does not need them.
    cards, (happened, addresses, due, returning, pieces) = catalogue.products_beside(
        [line.sku for line in shown.lines],
        orders.timeline_asked(visit.shop.code, number),
        customers.addresses_asked([place.address_id for place in shown.destinations]),
        payments.due_asked(number),
        payments.returning_asked(visit.shop.code, number),
        cart.pieces_asked(visit.shop.code, visit.asked.person(otherwise=visit.browser)),
    )
    context = {
        "order": shown,
        "number": number,
        "state": words.state(shown.state),
        "steps": [(said, step.at) for step in happened if (said := words.step(step.name))],
        "places": _places(shown, addresses, cards),
        "saved": savings.of(visit.shop.code, shown),
        "parcels": tracked(shown) if shown.paid_at else (),
        "providers": payments.provider_names(shown.total.currency),
        # What is left for a provider: the total without what a wallet or a gift card has paid already.
        "due": due or shown.total,
        "returning": [words.returning(part) for part in returning],
        "is_given_back": bool(returning) and all(part.arrived_at for part in returning),
        "can_be_returned": _can_be_returned(shown),
        "is_of_team": _is_of_team(shown),
        "exchange": return_books.exchanges([shown]).get(number, ""),
        "is_coming": is_coming(shown),
        "is_awaited": is_awaited,
        "next_look": looks + 1 if is_awaited else 0,
        "sight": sights.completed(shown) if shown.is_paid and looks else "",
        "pieces": pieces,
    }
    return framed.page(
        request,
        "storefront/order.html",
        context,
        looks_at=("is_awaited", "next_look"),
        tells=("number", "sight"),
    )


@require_safe
def all_orders(request: ShopRequest) -> HttpResponse:
    """What this visitor has ordered."""
    visit = request.visit
    found = _theirs(request, orders.orders_of(visit.shop.code, *_persons(request)))
    differences = return_books.exchanges(found)
    context = {
        "orders": [(one, words.state(one.state), one.number in differences) for one in found],
        "pieces": cart.pieces(visit.shop.code, visit.visitor),
    }
    return render(request, "storefront/orders.html", context)


@require_POST
def pay(request: ShopRequest, number: str) -> HttpResponse:
    """Try once more to pay."""
    _order(request, number)
    provider = request.POST.get("provider", "")[:40]
    try:
        payment_id = paying.pay_again(
            order_number=number, provider=provider, trail=request.visit.trail(), by=request.visit.by
        )
    except (NotPayable, NoSuchProvider) as refused:
        messages.warning(request, words.refusal(refused))
        return redirect("storefront:order", number=number)
    return to_provider(request, payment_id=payment_id, order_number=number, provider=provider)


@require_POST
def cancel(request: ShopRequest, number: str) -> HttpResponse:
    """Call off an order: one that was not paid, or a paid one that has not left, whose money goes back."""
    shown = _order(request, number)
    give_up = paying.give_up if shown.is_open else returns.call_off_paid
    try:
        give_up(order_number=number, reason="changed_mind", trail=request.visit.trail(), by=request.visit.by)
    except (AlreadyLeft, CannotCallOff, TransitionRefused) as refused:
        messages.warning(request, words.refusal(refused))
    else:
        _say_how_it_ended(request, _order(request, number))
    return redirect("storefront:order", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
def invoice(request: ShopRequest, number: str) -> HttpResponse:
    """The invoice of a paid order; the form for whom it is made out to, while there is none."""
    visit = request.visit
    shown = _order(request, number)
    if shown.paid_at is None:
        raise Http404(number)
    said = {part: request.POST.get(part, "")[:300] for part in ("made_out_to", "tax_id")}
    refused = ""
    if request.method == "POST":
        try:
            actions.issue_invoice(order_number=number, trail=visit.trail(), by=visit.by, **said)
        except InvoiceNotAllowed as wrong:
            refused = words.refusal(wrong)
        else:
            return redirect("storefront:invoice", number=number)
    context = {
        "order": shown,
        "saved": savings.of(visit.shop.code, shown),
        "invoice": orders.invoice(visit.shop.code, number),
        "refused": refused,
        **(said if request.method == "POST" else {"made_out_to": customers.address(shown.address_id).recipient}),
        "pieces": cart.pieces(visit.shop.code, visit.visitor),
    }
    return render(request, "storefront/invoice.html", context, status=422 if refused else 200)


def _places(
    shown: Order, addresses: Mapping[UUID, Address], cards: Mapping[str, Card]
) -> list[tuple[dict[str, object], list[tuple[Line, Card | None]]]]:
    """Where the order goes, with what goes there and the cards of what is still known."""
    return [
        (
            {"address": addresses.get(place.address_id), "promised_on": place.promised_on},
            [(line, cards.get(line.sku)) for line in shown.lines if line.destination == place.position],
        )
        for place in shown.destinations
    ]


def _say_how_it_ended(request: ShopRequest, ended: Order) -> None:
    if ended.is_paid:
        messages.warning(request, _("The payment had come in just before; the order is paid."))
    elif ended.paid_at:
        messages.success(request, _("The order was cancelled. What you paid goes back the way it came."))
    else:
        messages.success(request, _("The order was cancelled. Nothing was charged."))


def _is_of_team(order: Order) -> bool:
    """Whether it was bought together with others, and leaves with their orders."""
    return any(share.source.startswith(SOURCE) for line in order.lines for share in line.shares)


def _can_be_returned(order: Order) -> bool:
    """Whether something of it may come back; a deposit comes back with what it was paid for."""
    return order.state in _MAY_COME_BACK and order.lines[0].sku != DEPOSIT_LINE


def _order(request: ShopRequest, number: str) -> Order:
    """The order of that number, if it is the shopper's. One statement, which finds out who is signed in as well."""
    visit = request.visit
    signed_in = visit.asked.question()
    try:
        if signed_in is None:
            found = orders.order(visit.shop.code, number, person=_persons(request))
        else:
            found, shopper = orders.order_beside(visit.shop.code, number, signed_in)
            visit.asked.tell(shopper)
    except NoSuchOrder as missing:
        raise Http404(number) from missing
    if found.person not in _persons(request) or not _theirs(request, [found]):
        raise Http404(number)
    return found


def _persons(request: ShopRequest) -> tuple[str, ...]:
    """Every id that the shopper ordered under: an account's guests of before belong to it."""
    return request.visit.persons


def _theirs(request: ShopRequest, found: Sequence[Order]) -> tuple[Order, ...]:
    """Those of these orders that the shopper placed: in a browser that many use, a later guest is somebody else."""
    customer_id = request.visit.customer_id
    if not customer_id or all(order.customer_id == customer_id for order in found):
        return tuple(found)
    own = customers.ids(customer_id)
    return tuple(order for order in found if order.customer_id in own)


def _looks(request: ShopRequest) -> int:
    """How often the page has looked since the shopper came back from paying; 0 if they come from elsewhere."""
    said = request.GET.get("back", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
