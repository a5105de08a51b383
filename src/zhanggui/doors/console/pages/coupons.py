"""Coupons: what is given out and what comes of it, new batches, codes as a file, and what became of one coupon."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import coupon_forms as forms
from zhanggui.doors.console import coupon_words as words
from zhanggui.doors.console import leafing
from zhanggui.doors.console.exporting import streamed
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.doors.console.terms import Unfit
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.promotions import actions, queries
from zhanggui.growth.promotions.errors import NoSuchCoupon
from zhanggui.growth.promotions.queries import Traced
from zhanggui.growth.promotions.rules import Hold, Way, shown
from zhanggui.shop.customers import queries as customers
from zhanggui.spine.log.rules import Trail

_PER_PAGE: Final = 50


@require_safe
@page(Right.RUN_SHOP)
def coupons(request: ConsoleRequest) -> HttpResponse:
    """All batches, newest first, with what they gave. Four statements."""
    return _list(request, found=None, asked="")


@require_POST
@page(Right.RUN_SHOP)
def find(request: ConsoleRequest) -> HttpResponse:
    """What became of a code, or which coupons somebody has.

    It is posted: a phone number or a code does not belong in an address.
    """
    asked, shop = request.POST.get("find", "").strip()[:120], request.scope.shop.code
    by_code = queries.traced(shop, asked) if asked else None
    if by_code is not None:
        return _list(request, found=(by_code,), asked=asked)
    person = customers.reached(shop, [asked]).get(asked) if request.operator.may(Right.SEE_PEOPLE) else None
    return _list(request, found=queries.coupons_of(shop, person) if person else (), asked=asked)


@require_POST
@page(Right.SET_TERMS)
def offer(request: ConsoleRequest) -> HttpResponse:
    """Give out coupons of a promotion in one way."""
    shop, now = request.scope.shop, clock.now()
    tiers = [tier.key for tier in membership.tiers(shop.code)]
    try:
        offering = forms.offering_of(request.POST, zone=shop.zone, tiers=tiers, at=now)
        promotion = str(UUID(request.POST.get("promotion", "")))
        batch = actions.offer(promotion_id=promotion, offering=offering, **_walked(request))
    except (Unfit, ValueError) as unfit:
        messages.warning(request, words.field(unfit.field if isinstance(unfit, Unfit) else "promotion"))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("The coupons are there. They are given out as soon as their promotion is live."))
        return _to(request, batch)
    return HttpResponseRedirect(f"{reverse('console:coupons')}?{request.scope.query()}")


@require_safe
@page(Right.RUN_SHOP)
def batch(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One batch: how it does, and what can be done with it. Two statements."""
    one = _found(request, id)
    return show(
        request,
        "console/coupons/batch.html",
        one=one,
        name=_name(one),
        way=words.WAYS[one.way],
        state=words.STATES[one.promotion_state],
        segment=words.SEGMENTS.get(one.segment, ""),
        tiers=[name for key, name in _tiers(request) if key in one.tiers],
        has_codes=one.way is Way.CODE,
        may_target=one.way is Way.TARGETED and one.is_open and request.operator.may(Right.SET_TERMS),
        may_export=request.operator.may(Right.EXPORT),
        may_set=request.operator.may(Right.SET_TERMS),
        open_units=one.made_units - one.used_units - one.void_units,
        most=forms.MOST_NAMED,
    )


@require_POST
@page(Right.EXPORT)
def codes_csv(request: ConsoleRequest, id: UUID) -> HttpResponseBase:
    """All codes of a batch as a file. Whoever reads them may spend them, so it is told who took them."""
    one = _found(request, id)
    try:
        actions.export_codes(batch_id=str(id), **_walked(request))
    except NoSuchCoupon as missing:
        raise Http404(str(id)) from missing
    states: dict[Hold, str] = {hold: str(name) for hold, name in words.HOLDS.items()}
    rows = ((shown(code), states[state]) for code, state in queries.codes(_shop(request), id))
    return streamed([_("Code"), _("State")], rows, name=f"coupons-{one.id[-8:]}")


@require_POST
@page(Right.SET_TERMS)
def take_back(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Give out no more of a batch, and void what nobody has used."""
    _found(request, id)
    units = actions.take_back(batch_id=str(id), **_walked(request))
    said = ngettext("%(n)d unused coupon is void now.", "%(n)d unused coupons are void now.", units)
    messages.success(request, said % {"n": units})
    return _to(request, str(id))


@require_POST
@page(Right.SET_TERMS)
def target(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Give a batch to everybody it is meant for, or to the people of a pasted list."""
    _found(request, id)
    try:
        persons = None if request.POST.get("whom") == "group" else _persons(request)
        actions.target(batch_id=str(id), persons=persons, **_walked(request))
    except Unfit:
        said = _("Paste phone numbers or mail addresses of customers who have an account, %(n)d at most.")
        messages.warning(request, said % {"n": forms.MOST_NAMED})
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("They are being given out. Nobody gets a second one by asking twice."))
    return _to(request, str(id))


def _persons(request: ConsoleRequest) -> list[str]:
    typed = forms.named(request.POST.get("people", ""))
    found = customers.reached(_shop(request), typed)
    unknown = len(typed) - len(found)
    if not found:
        raise Unfit("people")
    if unknown:
        said = ngettext(
            "%(n)d entry names nobody with an account and was left out.",
            "%(n)d entries name nobody with an account and were left out.",
            unknown,
        )
        messages.warning(request, said % {"n": unknown})
    return list(found.values())


def _list(request: ConsoleRequest, *, found: tuple[Traced, ...] | None, asked: str) -> HttpResponse:
    shop, place = _shop(request), leafing.page_asked(request.GET)
    rows, count = queries.batches(shop, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    return show(
        request,
        "console/coupons/coupons.html",
        rows=[{"one": one, "name": _name(one), "way": words.WAYS[one.way]} for one in rows],
        count=count,
        place=place,
        pages=max(1, -(-count // _PER_PAGE)),
        promotions=[(one, _name(one), words.STATES[one.state]) for one in queries.choosable(shop)],
        ways=list(words.WAYS.items()),
        segments=list(words.SEGMENTS.items()),
        tiers=_tiers(request),
        found=None if found is None else [_traced(one) for one in found],
        asked=asked,
        may_set=request.operator.may(Right.SET_TERMS),
        may_see_people=request.operator.may(Right.SEE_PEOPLE),
        most_codes=forms.MOST_CODES,
    )


def _traced(one: Traced) -> dict[str, Any]:
    return {"one": one, "name": _name(one), "code": shown(one.code), "state": words.HOLDS[one.state]}


def _name(one: Any) -> str:
    return str(one.name_en if (get_language() or "").startswith("en") else one.name_zh)


def _tiers(request: ConsoleRequest) -> list[tuple[str, str]]:
    language = get_language() or "zh"
    return [(tier.key, tier.name.to(language)) for tier in membership.tiers(_shop(request))]


def _found(request: ConsoleRequest, id: UUID) -> queries.Batch:
    try:
        return queries.batch(_shop(request), id)
    except NoSuchCoupon as missing:
        raise Http404(str(id)) from missing


def _to(request: ConsoleRequest, id: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:coupon_batch', args=[id])}?{request.scope.query()}")


def _walked(request: ConsoleRequest) -> dict[str, Any]:
    return {"trail": Trail(shop=_shop(request)), "by": by(request)}


def _shop(request: ConsoleRequest) -> str:
    return request.scope.shop.code
