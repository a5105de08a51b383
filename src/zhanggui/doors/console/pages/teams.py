"""Buying together from behind the counter: what is on, how its teams do, putting up an offer, stopping one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import team_forms as forms
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.growth.teams import actions, queries
from zhanggui.growth.teams.errors import NoSuchOffer
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import masked_name
from zhanggui.spine.log.rules import Trail


@require_safe
@page(Right.RUN_SHOP)
def offers(request: ConsoleRequest) -> HttpResponse:
    """All offers with how their teams do, newest first, and the form of another. At most five statements."""
    found = queries.numbers(request.scope.shop.code)
    cards = catalogue.products([one.offer.sku for one in found]) if found else {}
    now = clock.now()
    return show(
        request,
        "console/teams/offers.html",
        rows=[(one, cards.get(one.offer.sku), one.offer.is_on(now)) for one in found],
        may_set=request.operator.may(Right.SET_TERMS),
        form=request.GET,
    )


@require_safe
@page(Right.RUN_SHOP)
def offer(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One offer with its newest teams and who sits in them. At most eight statements."""
    shop = request.scope.shop.code
    try:
        found = queries.offer(shop, id)
    except NoSuchOffer as missing:
        raise Http404(str(id)) from missing
    teams = queries.teams_of(id)
    names = customers.contacts([seat.customer_id for team in teams for seat in team.seats]) if teams else {}
    return show(
        request,
        "console/teams/offer.html",
        offer=found,
        card=catalogue.products([found.sku]).get(found.sku),
        numbers=queries.offer_numbers(shop, id),
        teams=[
            (team, [(seat, masked_name(names[seat.customer_id].name) or "·") for seat in team.seats]) for team in teams
        ],
        is_on=found.is_on(clock.now()),
        may_set=request.operator.may(Right.SET_TERMS),
    )


@require_POST
@page(Right.SET_TERMS)
def put(request: ConsoleRequest) -> HttpResponse:
    """Put up an offer."""
    shop = request.scope.shop
    try:
        made = forms.offer_of(request.POST.dict(), shop=shop)
        actions.put_offer(offer=made, trail=Trail(shop=shop.code), by=by(request))
    except (Unfit, Refused) as refused:
        messages.warning(request, forms.refusal(refused))
        return _to(request, "teams")
    messages.success(request, _("The offer is on. It stands on the product's page now."))
    return _to(request, "team_offer", made.id)


@require_POST
@page(Right.SET_TERMS)
def stop(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Stop an offer: its teams have their time, or are called off at once with all their money."""
    is_calling_off = request.POST.get("teams") == "call_off"
    if is_calling_off and request.POST.get("sure") != "1":
        messages.warning(request, _("Tick the box first: a team that was called off cannot go on."))
        return _to(request, "team_offer", id)
    try:
        actions.stop_offer(
            id=id, is_calling_off=is_calling_off, trail=Trail(shop=request.scope.shop.code), by=by(request)
        )
    except NoSuchOffer as missing:
        raise Http404(str(id)) from missing
    said = (
        _("Stopped. Its open teams are being called off, and all that was paid goes back.")
        if is_calling_off
        else _("Stopped. No team is opened any more; those that are open have their time.")
    )
    messages.success(request, said)
    return _to(request, "team_offer", id)


def _to(request: ConsoleRequest, route: str, *args: object) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(f'console:{route}', args=args)}?{request.scope.query()}")
