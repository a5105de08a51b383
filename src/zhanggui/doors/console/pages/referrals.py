"""Referrals from behind the counter: the rules, the ledger of rewards, and what looks like a loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import leafing
from zhanggui.doors.console import team_forms as forms
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.referrals import actions, queries
from zhanggui.growth.referrals.errors import NoSuchReferral
from zhanggui.growth.referrals.queries import Top
from zhanggui.growth.referrals.rules import REMEMBERED, SUSPICIOUS, Referral, Scheme, State, Why
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Contact, masked_name
from zhanggui.spine.log.rules import Trail

_PER_PAGE: Final = 50
_SUSPICIOUS: Final = "suspicious"


@require_safe
@page(Right.RUN_SHOP)
def referrals(request: ConsoleRequest) -> HttpResponse:
    """Rules, sums and the ledger, or a part of it, newest first. At most ten statements and two for each referrer."""
    shop, view = request.scope.shop.code, request.GET.get("view", "")
    state = State(view) if view in set(State) else None
    place = leafing.page_asked(request.GET)
    found, count = queries.ledger(
        shop, state=state, is_suspicious=view == _SUSPICIOUS, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE
    )
    top = queries.top(shop)
    accounts = {who: membership.account_of(shop, who) for who in {*(one.referrer for one in found), *_who(top)}}
    known = customers.contacts([*(one.customer_id for one in found), *(id for id in accounts.values() if id)])
    scheme = queries.scheme(shop)
    return show(
        request,
        "console/teams/referrals.html",
        scheme=scheme or Scheme(is_on=False),
        is_set=scheme is not None,
        has_points=membership.scheme(shop) is not None,
        sums=queries.sums(shop),
        rows=[_row(one, accounts[one.referrer], known) for one in found],
        top=[(one, accounts[one.referrer], _name(known, accounts[one.referrer])) for one in top],
        views=[("", _("All")), *((each.value, forms.STATES[each]) for each in State), (_SUSPICIOUS, _("Suspicious"))],
        view=view,
        place=place,
        pages=max(1, -(-count // _PER_PAGE)),
        days=REMEMBERED.days,
        may_set=request.operator.may(Right.SET_TERMS),
        may_decide=request.operator.may(Right.GIVE_FREELY),
    )


@require_POST
@page(Right.SET_TERMS)
def put(request: ConsoleRequest) -> HttpResponse:
    """Reward referrals by these rules from now on."""
    try:
        scheme = forms.scheme_of(request.POST.dict())
        actions.set_scheme(scheme=scheme, trail=Trail(shop=request.scope.shop.code), by=by(request))
    except (Unfit, Refused) as refused:
        messages.warning(request, forms.refusal(refused))
    else:
        messages.success(request, _("The rules are kept."))
    return _back(request)


@require_POST
@page(Right.GIVE_FREELY)
def decide(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """A person's second look: refuse what waits, or let count what seemed a loop."""
    does = {"refuse": actions.refuse, "allow": actions.allow}.get(verb)
    if does is None:
        raise Http404(verb)
    try:
        is_done = does(referral_id=id, trail=Trail(shop=request.scope.shop.code), by=by(request))
    except NoSuchReferral as missing:
        raise Http404(str(id)) from missing
    if not is_done:
        messages.warning(request, _("It had been decided meanwhile. Look at it again."))
    elif verb == "allow":
        messages.success(request, _("It counts now: the reward comes when the goods are kept."))
    else:
        messages.success(request, _("Refused. The member sees that somebody looked at it."))
    return _back(request)


def _row(one: Referral, account: UUID | None, known: Mapping[UUID, Contact]) -> dict[str, object]:
    why = Why(one.why) if one.why else None
    return {
        "one": one,
        "referrer": _name(known, account),
        "referrer_id": account,
        "referred": _name(known, one.customer_id),
        "state": forms.STATES[one.state],
        "why": forms.WHYS[why] if why else "",
        "can_refuse": one.state is State.WAITING,
        "can_allow": why in SUSPICIOUS - {Why.SELF},
    }


def _name(known: Mapping[UUID, Contact], id: UUID | None) -> str:
    """Enough of a name to tell people apart; who may see more looks at the customer."""
    return (masked_name(known[id].name) if id and id in known else "") or _("no name")


def _who(top: Sequence[Top]) -> list[str]:
    return [one.referrer for one in top]


def _back(request: ConsoleRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:referrals')}?{request.scope.query()}")
