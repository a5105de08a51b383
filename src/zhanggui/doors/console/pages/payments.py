"""Money: every payment with what was said about it, what does not fit, what goes back, and the bills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor, operator
from zhanggui.doors.console import leafing
from zhanggui.doors.console import payment_words as words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.shop.payments import actions, queries, rules
from zhanggui.shop.payments.errors import NoSuchPayment, NoSuchProvider
from zhanggui.shop.payments.rules import NOT_OURS, Held, Payment, RefundState, State

_PER_PAGE: Final = 50
_STANDS: Final = (State.STARTED, State.SETTLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """An attempt with all that pays its order.

    total  of the provider's part and of what wallet and cards pay
    parts  what each of them pays; none if the provider pays all
    """

    payment: Payment
    provider: str
    state: Promise
    total: Money
    parts: tuple[tuple[str, Money], ...]


@require_safe
@page(Right.RUN_SHOP)
def payments(request: ConsoleRequest) -> HttpResponse:
    """All attempts to pay, newest first; found by an order's number or a provider's id."""
    said, find = request.GET.get("state", ""), request.GET.get("find", "").strip()[:120]
    state = State(said) if said in tuple(State) else None
    place = leafing.page_asked(request.GET)
    shop = request.scope.shop.code
    found = queries.payments(shop, state=state, find=find, limit=_PER_PAGE + 1, offset=(place - 1) * _PER_PAGE)
    return show(
        request,
        "console/payments/payments.html",
        rows=_rows(found[:_PER_PAGE]),
        states=list(words.STATES.items()),
        state=state,
        find=find,
        place=place,
        has_more=len(found) > _PER_PAGE,
        **counts(shop),
    )


@require_safe
@page(Right.RUN_SHOP)
def payment(request: ConsoleRequest, id: str) -> HttpResponse:
    """One attempt: what it was for, what was said about it, what went back, how it stands in the books."""
    found = _payment(request, id)
    tenders = queries.tenders_of(found.order_number)
    row = _row(found, tenders)
    return show(
        request,
        "console/payments/payment.html",
        found=found,
        total=row.total,
        parts=row.parts,
        provider=row.provider,
        state=words.STATES[found.state],
        others=[one for one in queries.payments_of(found.order_number) if one.id != found.id],
        heard=[(one, words.SOURCES[one.source], words.OUTCOMES[one.outcome]) for one in queries.heard_of(found.id)],
        odd=_odd(queries.quarantined(found.shop, payment_id=found.id)),
        tenders=[(one, words.TENDERS[one.tender.kind], words.TENDER_STATES[one.state]) for one in tenders],
        refunds=[(one, words.REFUNDS[one.state]) for one in queries.refunds_of(found.order_number)],
        postings=[(one, words.ACCOUNTS[one.account]) for one in queries.postings_of(found)],
        may_decide=request.operator.may(Right.GIVE_FREELY),
    )


@require_safe
@page(Right.RUN_SHOP)
def refunds(request: ConsoleRequest) -> HttpResponse:
    """What goes back: refused first, for a person to decide; then what is on its way, with its clock."""
    shop = request.scope.shop.code
    is_over = request.GET.get("view", "") == "over"
    refused = () if is_over else queries.refunds(shop, states=(RefundState.REFUSED,))
    states = (RefundState.DONE,) if is_over else rules.OPEN
    now = clock.now()
    rows = [
        (one, words.provider(one.provider), words.REFUNDS[one.state], (now - one.started_at).days >= _LATE_DAYS)
        for one in (*refused, *queries.refunds(shop, states=states, limit=100))
    ]
    return show(
        request,
        "console/payments/refunds.html",
        rows=rows,
        is_over=is_over,
        may_decide=request.operator.may(Right.GIVE_FREELY),
        **counts(shop),
    )


@require_safe
@page(Right.RUN_SHOP)
def odd_money(request: ConsoleRequest) -> HttpResponse:
    """What does not fit: money to be decided about, where bills differ, messages that were not believed."""
    shop = request.scope.shop.code
    return show(
        request,
        "console/payments/odd.html",
        odd=_odd(queries.quarantined(shop, is_open=True)),
        decided=_odd([one for one in queries.quarantined(shop, limit=30) if one.decision]),
        differences=[(one, words.provider(one.provider), words.GAPS[one.gap]) for one in queries.differences(shop)],
        incidents=[(one, words.INCIDENTS.get(one.fault, "")) for one in queries.incidents(shop, limit=20)],
        may_decide=request.operator.may(Right.GIVE_FREELY),
        **counts(shop),
    )


@require_safe
@page(Right.RUN_SHOP)
def bills(request: ConsoleRequest) -> HttpResponse:
    """The providers' daily bills that were held against the books, and what became of each difference."""
    shop = request.scope.shop.code
    found = queries.differences(shop, is_open=False, limit=50)
    return show(
        request,
        "console/payments/bills.html",
        bills=[(one, words.provider(one.provider)) for one in queries.bills()],
        differences=[
            (one, words.provider(one.provider), words.GAPS[one.gap], words.GAP_STATES[one.state]) for one in found
        ],
        **counts(shop),
    )


@require_POST
@page(Right.RUN_SHOP)
def ask(request: ConsoleRequest, id: str) -> HttpResponse:
    """Ask the provider now how an attempt stands."""
    found = _payment(request, id)
    try:
        settled = actions.ask(payment_id=found.id)
    except NoSuchProvider:
        messages.warning(request, _("This provider is not plugged in any more: it cannot be asked."))
    except Unreachable:
        messages.warning(request, _("The provider cannot be reached just now. Nothing was changed."))
    else:
        said = words.OUTCOMES[settled.outcome] if settled else _("nothing was paid yet")
        messages.success(request, _("The provider answered: %(said)s.") % {"said": said})
    return HttpResponseRedirect(f"{reverse('console:payment', args=[id])}?shop={request.scope.shop.code}")


@require_POST
@page(Right.GIVE_FREELY)
def decide(request: ConsoleRequest, what: str, id: str, verb: str) -> HttpResponse:
    """Decide about a message that does not fit, a refund that was refused, or a difference of a bill."""
    act = _DECISIONS.get((what, verb))
    if act is None:
        raise Http404(verb)
    try:
        messages.success(request, act(request, id))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    route = "refunds" if what == "refund" else "odd_money"
    return HttpResponseRedirect(f"{reverse(f'console:{route}')}?shop={request.scope.shop.code}")


def by(request: ConsoleRequest) -> Actor:
    """Who sits at the console."""
    return operator(str(request.operator.pk))


def counts(shop: str) -> dict[str, int]:
    """What waits for a person, for the tabs of these pages."""
    return {
        "odd_count": len(queries.quarantined(shop, is_open=True)) + len(queries.differences(shop)),
        "refused_count": len(queries.refunds(shop, states=(RefundState.REFUSED,))),
    }


_LATE_DAYS: Final = 3


def _odd(found: tuple[rules.Quarantined, ...] | list[rules.Quarantined]) -> list[tuple[object, ...]]:
    return [(one, words.provider(one.provider), words.FAULTS[one.reason], one.reason not in NOT_OURS) for one in found]


def _rows(found: Sequence[Payment]) -> list[PaymentRow]:
    tenders = queries.tenders_of_orders([one.order_number for one in found])
    return [_row(one, tenders.get(one.order_number, ())) for one in found]


def _row(payment: Payment, tenders: Sequence[Held]) -> PaymentRow:
    """What wallet and cards pay counts for the attempt that pays or may pay, not for those that came to nothing."""
    held = tenders if payment.state in _STANDS else ()
    provider = words.provider(payment.provider)
    parts = [(str(words.TENDERS[one.tender.kind]), one.tender.amount) for one in held]
    if payment.amount and parts:
        parts.insert(0, (provider, payment.amount))
    return PaymentRow(
        payment=payment,
        provider=provider,
        state=words.STATES[payment.state],
        total=payment.amount + Money.total((one.tender.amount for one in held), payment.amount.currency),
        parts=tuple(parts),
    )


def _payment(request: ConsoleRequest, id: str) -> rules.Payment:
    try:
        found = queries.payment(id)
    except NoSuchPayment as missing:
        raise Http404(id) from missing
    if found.shop != request.scope.shop.code:
        raise Http404(id)
    return found


def _note(request: ConsoleRequest) -> str:
    return request.POST.get("note", "").strip()[:300]


def _number(id: str) -> int:
    if not (id.isascii() and id.isdigit() and len(id) < 19):
        raise Http404(id)
    return int(id)


def _give_back(request: ConsoleRequest, id: str) -> str:
    shop = request.scope.shop.code
    actions.give_back_quarantined(shop=shop, message_id=_number(id), note=_note(request), by=by(request))
    return _("The money is on its way back.")


def _dismiss(request: ConsoleRequest, id: str) -> str:
    shop = request.scope.shop.code
    actions.dismiss_quarantined(shop=shop, message_id=_number(id), note=_note(request), by=by(request))
    return _("Dismissed, with your reason.")


def _close_difference(request: ConsoleRequest, id: str) -> str:
    actions.close_difference(difference_id=_number(id), note=_note(request), by=by(request))
    return _("Explained. It does not stand in the queue any more.")


def _try_again(request: ConsoleRequest, id: str) -> str:
    _own_refund(request, id)
    actions.try_again(refund_id=id)
    return _("The provider is told once more.")


def _to_wallet(request: ConsoleRequest, id: str) -> str:
    _own_refund(request, id)
    actions.give_to_wallet(refund_id=id, note=_note(request), by=by(request))
    return _("The money is in the shopper's wallet.")


def _by_hand(request: ConsoleRequest, id: str) -> str:
    _own_refund(request, id)
    actions.paid_by_hand(refund_id=id, note=_note(request) or _("paid by hand"), by=by(request))
    return _("Noted as paid out.")


def _own_refund(request: ConsoleRequest, id: str) -> None:
    """A refund of the shop that the page is about.

    refuses  NoSuchRefund
    """
    if queries.refund(id).shop != request.scope.shop.code:
        raise Http404(id)


_DECISIONS: Final[dict[tuple[str, str], Callable[[ConsoleRequest, str], str]]] = {
    ("message", "give-back"): _give_back,
    ("message", "dismiss"): _dismiss,
    ("difference", "close"): _close_difference,
    ("refund", "again"): _try_again,
    ("refund", "wallet"): _to_wallet,
    ("refund", "by-hand"): _by_hand,
}
