"""The points shop from behind the counter: what is to be sent, and what is on offer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import ids
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import leafing
from zhanggui.doors.console import member_forms as forms
from zhanggui.doors.console import member_words as words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.doors.console.terms import Unfit
from zhanggui.growth.membership import actions, queries
from zhanggui.growth.membership.errors import NoSuchRedemption
from zhanggui.growth.membership.rules.rewards import Kind, Redemption, State
from zhanggui.shop.customers import queries as customers
from zhanggui.spine.log.rules import Trail

_PER_PAGE: Final = 50


@require_safe
@page(Right.RUN_SHOP)
def rewards(request: ConsoleRequest) -> HttpResponse:
    """What was redeemed and waits, longest ago first, and all rewards. At most five statements."""
    shop, is_open = request.scope.shop.code, request.GET.get("view") != "done"
    place = leafing.page_asked(request.GET)
    found, count = queries.redemptions_in(shop, is_open=is_open, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    places = customers.addresses([one.address_id for one in found if one.address_id])
    return show(
        request,
        "console/membership/rewards.html",
        rows=[
            {
                "one": one,
                "kind": words.KINDS[one.kind],
                "state": words.STATES[one.state],
                "to": places.get(one.address_id) if one.address_id else None,
                **_can(one),
            }
            for one in found
        ],
        is_open=is_open,
        place=place,
        pages=max(1, -(-count // _PER_PAGE)),
        count=count,
        rewards=[(one, words.KINDS[one.kind]) for one in queries.rewards(shop, is_offered=None)],
        kinds=list(words.KINDS.items()),
        fresh=ids.uuid7(),
        may_set=request.operator.may(Right.SET_TERMS),
    )


@require_POST
@page(Right.SET_TERMS)
def put(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Put up a reward, or change one."""
    shop = request.scope.shop
    try:
        reward = forms.reward_of(request.POST.dict(), id=id, zone=shop.zone)
        actions.put_reward(shop=shop.code, reward=reward)
    except Unfit as unfit:
        messages.warning(request, words.field(unfit.field))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("The reward is kept. The points shop shows it from now on."))
    return _back(request)


@require_POST
@page(Right.RUN_SHOP)
def do(request: ConsoleRequest, number: str, verb: str) -> HttpResponse:
    """Send, close or call off a redemption."""
    does = _VERBS.get(verb)
    if does is None:
        raise Http404(verb)
    try:
        messages.success(request, does(request, {"number": number, **_walked(request)}))
    except NoSuchRedemption as missing:
        raise Http404(number) from missing
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    return _back(request)


def _can(one: Redemption) -> dict[str, bool]:
    is_waiting = one.state is State.REDEEMED
    return {
        "can_send": is_waiting and one.kind.is_sent,
        "can_close": one.state is State.SENT or (is_waiting and one.kind in (Kind.CLASS, Kind.EVENT)),
        "can_cancel": is_waiting,
    }


def _walked(request: ConsoleRequest) -> dict[str, Any]:
    return {"trail": Trail(shop=request.scope.shop.code), "by": by(request)}


def _back(request: ConsoleRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:rewards')}?{request.scope.query()}")


def _send(request: ConsoleRequest, what: dict[str, Any]) -> str:
    actions.send_reward(carrier=request.POST.get("carrier", ""), tracking=request.POST.get("tracking", ""), **what)
    return _("It is on its way; the member sees the number.")


def _close(request: ConsoleRequest, what: dict[str, Any]) -> str:
    actions.close_reward(**what)
    return _("Closed.")


def _cancel(request: ConsoleRequest, what: dict[str, Any]) -> str:
    actions.cancel_reward(**what)
    return _("Called off. Points and goods went back.")


_VERBS: Final[dict[str, Callable[[ConsoleRequest, dict[str, Any]], str]]] = {
    "send": _send,
    "close": _close,
    "cancel": _cancel,
}
