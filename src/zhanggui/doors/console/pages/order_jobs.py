"""One order of the shop: what it is, what is known, what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from zhanggui.base import clock, ids
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.money import Money
from zhanggui.doors.console import amounts, ordering, parcel_words, parcelling, payment_words
from zhanggui.doors.console import order_words as words
from zhanggui.doors.console import words as console_words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.order_desk import address, by
from zhanggui.doors.console.returning import rows_of
from zhanggui.shop.checkout import queries as ways
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers import rules as people
from zhanggui.shop.fulfilment import queries as fulfilment
from zhanggui.shop.fulfilment.rules import WAITING, Parcel
from zhanggui.shop.orders import actions, queries
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import FOLLOWS, Order, State
from zhanggui.shop.payments import actions as payment_actions
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import actions as return_actions
from zhanggui.shop.returns import queries as returns
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.rules import Trail


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a dangerous job would change.

    changes    one sentence for each thing that changes
    kept       what was typed and goes along
    """

    verb: str
    title: str
    button: str
    changes: list[str]
    kept: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fact of the order in one line."""

    fact: Envelope
    name: str
    actor: str
    amount: Money | None


def order(request: ConsoleRequest, found: Order) -> HttpResponse:
    """The page of an order. Every part costs at most three statements, however much of it there is."""
    number, now = found.number, clock.now()
    parcels = fulfilment.parcels(number)
    names = {option.key: option.name(console_words.language()) for option in ways.options(found.shop)}
    places = customers.addresses([place.address_id for place in found.destinations])
    masked = {place.address_id: people.masked_address(places[place.address_id]) for place in found.destinations}
    return show(
        request,
        "console/orders/one.html",
        order=found,
        state=words.STATES[found.state],
        tone=words.TONES.get(found.state, ""),
        standing=words.STANDING[found.state],
        ways=[(words.STATES[to], words.why_not(found.state, to=to)) for to in State if to is not found.state],
        lines=ordering.lines_of(found),
        places=[
            (place, names.get(place.option, place.option), masked[place.address_id], _at(place.position, parcels))
            for place in found.destinations
        ],
        contact=people.masked_contact(customers.contact(found.customer_id)),
        **_money(number),
        returns=rows_of(returns.returns_of_order(number), at=now, law=request.scope.shop.law),
        left=found.total - found.refunded,
        notes=[(one, console_words.actor(one.by)) for one in queries.notes(found.shop, number)],
        invoice=queries.invoice(found.shop, number),
        timeline=[_told(fact, found) for fact in reversed(tuple(log.of_order(shop=found.shop, order_number=number)))],
        waiting=[one for one in parcels if one.state in WAITING],
        why_not_cancelled=_why_not_cancelled(found),
        may_call_off=found.state is State.PAID,
        key=str(ids.uuid7()),
        now=now,
    )


def _money(number: str) -> dict[str, Any]:
    """What was paid, by which way, and what went back. Three statements."""
    return {
        "payments": [
            (one, payment_words.provider(one.provider), payment_words.STATES[one.state])
            for one in payments.payments_of(number)
        ],
        "tenders": [
            (one, payment_words.TENDERS[one.tender.kind], payment_words.TENDER_STATES[one.state])
            for one in payments.tenders_of(number)
        ],
        "refunds": [(one, payment_words.REFUNDS[one.state]) for one in payments.refunds_of(number)],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.RUN_SHOP)
def do(request: ConsoleRequest, number: str, verb: str) -> HttpResponse:
    """Do one thing with an order; what is dangerous says first what it changes, and waits for a yes."""
    found = _order(request, number)
    if verb not in _VERBS:
        raise Http404(verb)
    back = address(request, "order", number)
    describes = _CHANGES.get(verb)
    is_sure = request.method == "POST" and (describes is None or request.POST.get("confirmed") == "1")
    try:
        if describes and not is_sure:
            return show(request, "console/orders/sure.html", order=found, change=describes(request, found))
        if is_sure:
            messages.success(request, _VERBS[verb](request, found))
    except (Refused, Unreachable) as fault:
        messages.warning(request, words.refusal(fault))
    return HttpResponseRedirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.RUN_SHOP)
def invoice(request: ConsoleRequest, number: str) -> HttpResponse:
    """The invoice of an order, to be printed; the form that makes it out while there is none."""
    found = _order(request, number)
    refused, said = "", {name: request.POST.get(name, "").strip() for name in ("made_out_to", "tax_id")}
    if request.method == "POST":
        try:
            actions.issue_invoice(order_number=number, **said, trail=Trail(shop=found.shop), by=by(request))
        except Refused as fault:
            refused = words.refusal(fault)
        else:
            return HttpResponseRedirect(request.get_full_path())
    return show(
        request,
        "console/orders/invoice.html",
        status=409 if refused else 200,
        order=found,
        invoice=queries.invoice(found.shop, number),
        lines=ordering.lines_of(found),
        refused=refused,
        said=said,
    )


def _order(request: ConsoleRequest, number: str) -> Order:
    try:
        return queries.order_for_staff(request.scope.shop.code, number)
    except NoSuchOrder as missing:
        raise Http404(number) from missing


def _at(position: int, parcels: Sequence[Parcel]) -> list[tuple[Parcel, str, str]]:
    """The parcels that go to a place, with how they stand and the warehouse that they leave from."""
    houses = parcelling.houses(parcels[0].shop) if parcels else {}
    return [
        (one, str(parcel_words.STATES[one.state]), houses.get(one.warehouse, one.warehouse))
        for one in parcels
        if one.destination == position
    ]


def _told(fact: Envelope, order: Order) -> Told:
    amount = None if fact.amount_minor is None else Money(fact.amount_minor, fact.currency or order.total.currency)
    return Told(fact=fact, name=console_words.event(fact.name), actor=console_words.actor(fact.actor), amount=amount)


def _why_not_cancelled(order: Order) -> str:
    """Why an order can be called off neither way any more; empty if it can."""
    return "" if State.CANCELLED in FOLLOWS[order.state] else words.why_not(order.state, to=State.CANCELLED)


def _walked(request: ConsoleRequest, order: Order) -> dict[str, Any]:
    return {"order_number": order.number, "trail": Trail(shop=order.shop), "by": by(request)}


def _cancel(request: ConsoleRequest, order: Order) -> str:
    payment_actions.give_up(reason="cancelled_by_shop", **_walked(request, order))
    return _("Cancelled. Its pieces are back on sale, and nothing was charged.")


def _call_off(request: ConsoleRequest, order: Order) -> str:
    return_actions.call_off_paid(reason="called_off_by_shop", **_walked(request, order))
    return _("Called off. Its pieces are back on sale, and all of the money goes back.")


def _goodwill(request: ConsoleRequest, order: Order) -> str:
    return_actions.give_goodwill(
        amount=amounts.typed(request.POST.get("amount", ""), order.total.currency),
        words=request.POST.get("words", ""),
        is_unlimited=request.operator.may(Right.GIVE_FREELY),
        idempotency_key=request.POST.get("key", "")[:80],
        **_walked(request, order),
    )
    return _("The money is on its way back.")


def _note(request: ConsoleRequest, order: Order) -> str:
    actions.add_note(words=request.POST.get("words", "").replace("\r\n", "\n"), **_walked(request, order))
    return _("The note is kept.")


def _of_cancel(request: ConsoleRequest, order: Order) -> Change:
    changes = [
        _("Its charge is closed at the payment provider first. If it turns out to be paid, it stays."),
        _back_on_sale(order),
        _("What the wallet or a gift card holds for it goes back to them."),
        _("The shopper sees it as cancelled. This cannot be undone."),
    ]
    return Change(verb="cancel", title=_("Cancel this order?"), button=_("Cancel the order"), changes=changes, kept={})


def _of_call_off(request: ConsoleRequest, order: Order) -> Change:
    parcels = [one for one in fulfilment.parcels(order.number) if one.state in WAITING]
    changes = [
        _parcels_off(parcels),
        _back_on_sale(order),
        _("%(left)s goes back the way it came.") % {"left": words.money(order.total - order.refunded)},
        _("The shopper sees it as cancelled. This cannot be undone."),
    ]
    return Change(
        verb="call-off",
        title=_("Call this paid order off?"),
        button=_("Call it off and refund all"),
        changes=changes,
        kept={},
    )


def _of_goodwill(request: ConsoleRequest, order: Order) -> Change:
    kept = {name: request.POST.get(name, "") for name in ("amount", "words", "key")}
    amount, left = amounts.typed(kept["amount"], order.total.currency), order.total - order.refunded
    changes = [
        _("%(amount)s goes back the way it came; no goods come back for it.") % {"amount": words.money(amount)},
        _("Of what was paid, %(left)s is left afterwards.") % {"left": words.money(left - amount)},
        _("The reason is kept for colleagues: %(words)s") % {"words": kept["words"] or "–"},
        _("This cannot be undone."),
    ]
    return Change(
        verb="goodwill", title=_("Give this money back?"), button=_("Give it back"), changes=changes, kept=kept
    )


def _back_on_sale(order: Order) -> str:
    n = sum(units for line in order.lines for units in line.demand.values())
    return ngettext("%(n)s piece goes back on sale.", "%(n)s pieces go back on sale.", n) % {"n": n}


def _parcels_off(parcels: list[Parcel]) -> str:
    n = len(parcels)
    return ngettext("%(n)s parcel is called off.", "%(n)s parcels are called off.", n) % {"n": n}


_VERBS: Final[dict[str, Callable[[ConsoleRequest, Order], str]]] = {
    "cancel": _cancel,
    "call-off": _call_off,
    "goodwill": _goodwill,
    "note": _note,
}
_CHANGES: Final[dict[str, Callable[[ConsoleRequest, Order], Change]]] = {
    "cancel": _of_cancel,
    "call-off": _of_call_off,
    "goodwill": _of_goodwill,
}
