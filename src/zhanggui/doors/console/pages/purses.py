"""Gift cards and wallets: who holds what, cards issued, wallets filled with a reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock, ids
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.doors.console import payment_words as words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.payments import by, counts
from zhanggui.shop.payments import actions, queries
from zhanggui.shop.payments.actions import Issued
from zhanggui.shop.payments.rules import payment_id_of
from zhanggui.spine.log.rules import Trail

_LASTS_DAYS: Final = {"365": 365, "730": 730, "1095": 1095}


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.RUN_SHOP)
def cards(request: ConsoleRequest) -> HttpResponse:
    """The gift cards; issuing some shows their codes once."""
    if request.method == "POST":
        return _issue(request)
    return _cards(request, issued=())


@require_POST
@page(Right.GIVE_FREELY)
def block(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Stop a card from being spent, or let it be spent again."""
    shop = request.scope.shop.code
    is_blocked = request.POST.get("is_blocked") == "1"
    try:
        actions.block_card(card_id=str(id), is_blocked=is_blocked, trail=Trail(shop=shop), by=by(request))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("The card is blocked.") if is_blocked else _("The card can be spent again."))
    return HttpResponseRedirect(f"{reverse('console:gift_cards')}?shop={shop}")


@require_safe
@page(Right.RUN_SHOP)
def wallet(request: ConsoleRequest, id: str) -> HttpResponse:
    """A customer's wallet: what it holds, what happened to it, and how to put something in."""
    customer_id, shop = _customer(id), request.scope.shop.code
    moves = queries.wallet_statement(shop, customer_id, limit=100)
    return show(
        request,
        "console/payments/wallet.html",
        customer_id=customer_id,
        balance=queries.wallet(shop, customer_id),
        moves=[(move, words.MOVES.get(move.kind, move.kind)) for move in moves],
        may_give=request.operator.may(Right.GIVE_FREELY),
        key=ids.uuid7(),
    )


@require_POST
@page(Right.GIVE_FREELY)
def credit(request: ConsoleRequest, id: str) -> HttpResponse:
    """Put money into a customer's wallet, or take some out again."""
    customer_id, shop = _customer(id), request.scope.shop
    amount, reason = _amount(request.POST.get("amount", ""), shop.currency), request.POST.get("reason", "").strip()
    back = HttpResponseRedirect(f"{reverse('console:wallet', args=[id])}?shop={shop.code}")
    if amount is None or not reason:
        messages.warning(request, _("An amount and a reason are needed. Nothing was changed."))
        return back
    try:
        actions.credit_wallet(
            customer_id=customer_id,
            amount=amount,
            reason=reason,
            idempotency_key=f"{customer_id}/{request.POST.get('key', '')}"[:255],
            trail=Trail(shop=shop.code),
            by=by(request),
        )
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("Booked. The shopper sees it in the wallet now."))
    return back


def _issue(request: ConsoleRequest) -> HttpResponse:
    shop = request.scope.shop
    value, count = _amount(request.POST.get("value", ""), shop.currency), request.POST.get("count", "")
    lasts = _LASTS_DAYS.get(request.POST.get("lasts", ""))
    if not request.operator.may(Right.GIVE_FREELY):
        return show(request, "console/not_allowed.html", status=403)
    if value is None or lasts is None or not (count.isascii() and count.isdigit() and len(count) < 5):
        messages.warning(request, _("A value, a number of cards and a time are needed. Nothing was issued."))
        return _cards(request, issued=(), status=422)
    try:
        issued = actions.issue_cards(
            count=int(count),
            value=value,
            expires_at=clock.now() + timedelta(days=lasts),
            is_sold=request.POST.get("is_sold") == "1",
            note=request.POST.get("note", "").strip(),
            key=request.POST.get("key", "")[:80],
            trail=Trail(shop=shop.code),
            by=by(request),
        )
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
        return _cards(request, issued=(), status=422)
    return _cards(request, issued=issued)


def _cards(request: ConsoleRequest, *, issued: tuple[Issued, ...], status: int = 200) -> HttpResponse:
    now, ending = clock.now(), request.GET.get("ending", "").strip().upper()[-4:]
    found = queries.all_cards(request.scope.shop.code, ending=ending)
    return show(
        request,
        "console/payments/cards.html",
        status=status,
        issued=issued,
        rows=[(card, card.is_good(at=now)) for card in found],
        ending=ending,
        key=ids.uuid7(),
        may_give=request.operator.may(Right.GIVE_FREELY),
        currency=request.scope.shop.currency,
        **counts(request.scope.shop.code),
    )


def _amount(said: str, currency: str) -> Money | None:
    """An amount as somebody typed it; None if it is none."""
    try:
        typed = Decimal(said.strip().replace(",", ""))
    except InvalidOperation:
        return None
    if not typed.is_finite() or abs(typed) > actions.MOST_VALUE_MAJOR:
        return None
    amount = Money.of(typed, currency)
    return amount if amount.major == typed else None


def _customer(id: str) -> str:
    known = payment_id_of(id)
    if known is None:
        raise Http404(id)
    return str(known)
