"""Letters about orders: which the shop sends, what they look like, what came of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from csp.constants import HEADER
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.outbox import queries as mailing
from zhanggui.base.outbox.rules import Channel
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.shop.letters import actions, queries
from zhanggui.shop.letters.queries import Counted
from zhanggui.shop.letters.rules import Kind, Reason, State

_SINCE: Final = timedelta(days=30)
# Styles stand in a letter, which no other page of ours allows.
_LETTER_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' %s; form-action 'none'; sandbox"
_KINDS: Final[dict[Kind, tuple[Promise, Promise]]] = {
    Kind.PAID: (lazy("Order is paid"), lazy("Goods with pictures and prices, the places, the promised day, the sum.")),
    Kind.EXPIRED: (lazy("Order was not paid in time"), lazy("With a link that fills the cart again.")),
    Kind.SHIPPED: (lazy("Parcel has left"), lazy("What lies in it, carrier, tracking number; one letter a parcel.")),
    Kind.DELIVERED: (lazy("Parcel has arrived"), lazy("Off by default: whoever signed for it knows.")),
    Kind.RETURN_ACCEPTED: (lazy("Return is accepted"), lazy("How the goods come back, and how much money does.")),
    Kind.EXCHANGE_DUE: (lazy("Exchange waits to be paid"), lazy("What it costs more, and until when it can be paid.")),
    Kind.EXCHANGE_LAPSED: (lazy("Exchange became a refund"), lazy("Nobody paid the difference in time.")),
    Kind.REFUNDED: (lazy("Money was paid back"), lazy("How much, by which way, when.")),
}
_REASONS: Final[dict[Reason, Promise]] = {
    Reason.SWITCHED_OFF: lazy("switched off"),
    Reason.TOO_LATE: lazy("could not be written within a day"),
    Reason.NO_ADDRESS: lazy("no address"),
    Reason.NO_TEMPLATE: lazy("only a phone number, and no approved words"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A kind of letter on the page.

    left_out  why some were not written, with how many
    """

    kind: Kind
    name: Promise
    words: Promise
    is_sent: bool
    written: int
    waiting: int
    left_out: tuple[tuple[Promise, int], ...]


@require_safe
@page(Right.SET_TERMS)
def letters(request: ConsoleRequest) -> HttpResponse:
    """Every kind of letter, whether it is sent, and what came of it in thirty days. Two statements."""
    shop = request.scope.shop.code
    counted, sent = queries.counted(shop, since=clock.now() - _SINCE), queries.kinds(shop)
    return show(
        request,
        "console/messages/orders.html",
        rows=[_row(kind, counted, is_sent=kind in sent) for kind in _KINDS],
        can_mail=mailing.can_send(Channel.EMAIL),
    )


@require_POST
@page(Right.SET_TERMS)
def choose(request: ConsoleRequest) -> HttpResponse:
    """Send these letters from now on; a name that is none is left aside."""
    known = {kind.value: kind for kind in Kind}
    actions.choose(
        shop=request.scope.shop.code, kinds=[known[said] for said in request.POST.getlist("kind") if said in known]
    )
    messages.success(request, _("Kept. It holds for what happens from now on."))
    return HttpResponseRedirect(f"{reverse('console:order_letters')}?{request.scope.query()}")


@require_safe
@page(Right.SET_TERMS)
def letter(request: ConsoleRequest, kind: str, language: str) -> HttpResponse:
    """The newest letter of a kind as it would be written now, its address masked; in Chinese or English."""
    if kind not in set(Kind) or language not in queries.LANGUAGES:
        raise Http404(kind)
    with translation.override(queries.LANGUAGES[language]):
        shown = queries.example(Kind(kind), shop=request.scope.shop.code)
        if shown is None:
            raise Http404(kind)
        return HttpResponse(queries.look_of(shown), headers={HEADER: _LETTER_POLICY % settings.PUBLIC_URL})


def _row(kind: Kind, counted: Iterable[Counted], *, is_sent: bool) -> _Row:
    mine = [one for one in counted if one.kind is kind]
    name, words = _KINDS[kind]
    return _Row(
        kind=kind,
        name=name,
        words=words,
        is_sent=is_sent,
        written=sum(one.letters for one in mine if one.state is State.WRITTEN),
        waiting=sum(one.letters for one in mine if one.state is State.WAITING),
        left_out=tuple((_REASONS[one.reason], one.letters) for one in mine if one.reason),
    )
