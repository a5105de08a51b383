"""Tiers, points, paid memberships and what is taken back: one page, for who may decide it; and points by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.operation.errors import KeyReused
from zhanggui.doors.console import member_forms as forms
from zhanggui.doors.console import member_words as words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.doors.console.terms import Unfit
from zhanggui.growth.membership import actions, queries
from zhanggui.growth.membership.rules.points import Scheme
from zhanggui.growth.membership.rules.recycling import Grade
from zhanggui.growth.membership.rules.tiers import MOST_TIERS
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.errors import NoSuchCustomer
from zhanggui.spine.log.rules import Trail

# So many empty rows stand below those that are filled.
_EMPTY_ROWS: Final = 2


@require_safe
@page(Right.SET_TERMS)
def membership(request: ConsoleRequest) -> HttpResponse:
    """How membership works in a shop, and how many members stand where. At most five statements."""
    shop = request.scope.shop.code
    counts, offered = queries.numbers_by_tier(shop), queries.tiers(shop)
    lowest = offered[0].key
    gone = {key: n for key, n in counts.items() if key not in {tier.key for tier in offered}}
    numbers = {tier.key: counts.get(tier.key, 0) for tier in offered}
    numbers[lowest] += sum(gone.values())
    kinds = [kind for kind in queries.recyclables(shop) if kind.is_taken]
    scheme = queries.scheme(shop)
    said = scheme or Scheme()
    return show(
        request,
        "console/membership/scheme.html",
        scheme=scheme,
        earn_rate=_plain(said.earn_rate),
        cap_percent=_plain(said.cap_rate * 100),
        tiers=[(tier, numbers[tier.key]) for tier in offered],
        tier_rows=[
            *((n, tier, _plain(tier.benefits.multiplier)) for n, tier in enumerate(offered)),
            *((n, None, "1") for n in _further(len(offered), MOST_TIERS)),
        ],
        plans=queries.plans(shop),
        kind_rows=[
            *((n, kind, [(grade.lower(), kind.points[grade]) for grade in Grade]) for n, kind in enumerate(kinds)),
            *((n, None, [(g.lower(), "") for g in Grade]) for n in _further(len(kinds), forms.MOST_KINDS)),
        ],
    )


@require_POST
@page(Right.SET_TERMS)
def change(request: ConsoleRequest, what: str) -> HttpResponse:
    """Change a part of it; points and tiers that members have stay as they are."""
    does = _CHANGES.get(what)
    if does is None:
        raise Http404(what)
    try:
        messages.success(request, does(request))
    except Unfit as unfit:
        messages.warning(request, words.field(unfit.field))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    return HttpResponseRedirect(f"{reverse('console:membership')}?{request.scope.query()}")


@require_POST
@page(Right.GIVE_FREELY)
def give(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Give a customer points by hand, or take some; who did it and why is kept for good."""
    shop = request.scope.shop.code
    try:
        person = customers.customer(shop, id).person
    except NoSuchCustomer as missing:
        raise Http404("no such customer") from missing
    try:
        actions.give_by_hand(
            person=person,
            points=forms.signed_whole(request.POST.get("points", "")),
            reason=request.POST.get("reason", ""),
            idempotency_key=f"{id}/{request.POST.get('key', '')}"[:200],
            trail=Trail(shop=shop, person=person),
            by=by(request),
        )
    except KeyReused:
        messages.warning(request, _("That was done already."))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("Done. The customer sees it with the points."))
    return HttpResponseRedirect(f"{reverse('console:customer', args=[id])}?{request.scope.query()}")


def _plain(figure: Decimal) -> str:
    """A figure without zeros at its end and without an exponent: 1.5, 50."""
    return format(figure.normalize(), "f")


def _further(standing: int, most: int) -> range:
    return range(standing, min(most, standing + _EMPTY_ROWS))


def _scheme(request: ConsoleRequest) -> str:
    actions.set_scheme(shop=request.scope.shop.code, scheme=forms.scheme_of(request.POST.dict()))
    return _("Kept. Orders paid from now on earn like this.")


def _ready(request: ConsoleRequest) -> str:
    actions.open_membership(shop=request.scope.shop.code)
    return _("Membership is open, with points and three tiers. Change what does not fit.")


def _tiers(request: ConsoleRequest) -> str:
    actions.set_tiers(shop=request.scope.shop.code, tiers=forms.tiers_of(request.POST.dict()))
    return _("The tiers are kept. Members rise when they next buy.")


def _plan(request: ConsoleRequest) -> str:
    actions.set_plan(shop=request.scope.shop.code, plan=forms.plan_of(request.POST.dict()))
    return _("Kept. Whoever bought before keeps what was bought.")


def _kinds(request: ConsoleRequest) -> str:
    actions.set_recyclables(shop=request.scope.shop.code, kinds=forms.kinds_of(request.POST.dict()))
    return _("Kept. What is graded from now on brings these points.")


_CHANGES: Final[dict[str, Callable[[ConsoleRequest], str]]] = {
    "ready": _ready,
    "scheme": _scheme,
    "tiers": _tiers,
    "plan": _plan,
    "kinds": _kinds,
}
