"""Inviting friends: a member's own page with link, card and what came of it; and where a friend arrives."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from zhanggui.doors.storefront import team_words, teaming
from zhanggui.doors.storefront.addresses import absolute
from zhanggui.doors.storefront.frame import frame, reading_of
from zhanggui.doors.storefront.pages.account import signed_in
from zhanggui.doors.storefront.pages.teams import picture
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.referrals import actions, queries
from zhanggui.growth.referrals.errors import NoScheme, NoSuchLink
from zhanggui.growth.referrals.rules import REMEMBERED, Referral, Scheme, State, Why
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Shopper, masked_name


@require_safe
@signed_in
def invite(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """A member's link and card, what it has earned, and why something was not rewarded. At most six statements."""
    visit = request.visit
    shop, scheme = visit.shop.code, queries.scheme(visit.shop.code)
    try:
        code = actions.invite(customer_id=shopper.customer_id, trail=visit.trail(), by=visit.by)
    except NoScheme:
        code = ""
    actions.note_device(shop=shop, person=shopper.person, browser=visit.browser)
    found = queries.brought(shop, shopper.person)
    names = customers.contacts([one.customer_id for one in found]) if found else {}
    context = {
        "code": code,
        "scheme": scheme,
        "reward": _reward(scheme) if scheme else "",
        "link": absolute(f"/i/{code}/") if code else "",
        "qr": teaming.qr(absolute(f"/i/{code}/")) if code else "",
        "days": REMEMBERED.days,
        "rows": [_row(one, names[one.customer_id].name if one.customer_id in names else "") for one in found],
        "rewarded": sum(one.state is State.REWARDED for one in found),
        "waiting": sum(one.state is State.WAITING for one in found),
        "points": sum(one.points for one in found),
    }
    return render(request, "storefront/teams/invite.html", context)


@require_safe
def invited(request: ShopRequest, code: str) -> HttpResponse:
    """Where a friend arrives: the link is remembered for this browser, the first one wins."""
    visit = request.visit
    try:
        person = queries.inviter(visit.shop.code, code)
        actions.come(code=code.upper(), browser=visit.browser, trail=visit.trail())
    except NoSuchLink as missing:
        raise Http404(code) from missing
    path = f"/i/{code.upper()}/"
    context = frame(reading_of(request), path=path, is_indexed=False) | {
        "is_own": person == visit.visitor,
        "has_welcome": _has_welcome(queries.scheme(visit.shop.code)),
        "share_picture": absolute(f"{path}card.svg"),
    }
    return render(request, "storefront/teams/invited.html", context)


@require_safe
def card(request: ShopRequest, code: str) -> HttpResponse:
    """The picture by which a member invites."""
    visit = request.visit
    try:
        queries.inviter(visit.shop.code, code)
    except NoSuchLink as missing:
        raise Http404(code) from missing
    promise = (
        _("A coupon after your first order")
        if _has_welcome(queries.scheme(visit.shop.code))
        else _("Good things, chosen with care")
    )
    return picture(teaming.invitation(code.upper(), shop=visit.shop.name, promise=promise))


def _has_welcome(scheme: Scheme | None) -> bool:
    return bool(scheme and scheme.is_on and scheme.welcome_batch)


def _reward(scheme: Scheme) -> str:
    """What a friend who keeps the first order brings."""
    if scheme.coupon_batch:
        return _("a coupon")
    return ngettext("%(n)d point", "%(n)d points", scheme.points) % {"n": scheme.points}


def _row(one: Referral, name: str) -> dict[str, object]:
    brought = _("coupon") if one.coupon_batch else ""
    if one.points:
        brought = ngettext("%(n)d point", "%(n)d points", one.points) % {"n": one.points}
    return {
        "one": one,
        "name": masked_name(name) or _("A shopper"),
        "state": team_words.STANDINGS[one.state],
        "why": team_words.WHYS[Why(one.why)] if one.why else "",
        "brought": brought,
        "is_good": one.state is State.REWARDED,
        "is_bad": one.state is State.REFUSED,
    }
