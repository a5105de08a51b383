"""Presales from behind the counter: setting one up with its sums, who reserved, how it goes, calling it off."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock, ids
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.operation.errors import KeyReused
from zhanggui.doors.console import leafing
from zhanggui.doors.console import presale_forms as forms
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.doors.console.terms import Unfit
from zhanggui.growth.presale import actions, queries
from zhanggui.growth.presale.errors import NoSuchPresale, NoSuchReservation
from zhanggui.growth.presale.queries import Shown
from zhanggui.growth.presale.rules import (
    BASELINE,
    ENDINGS,
    KEEPS_DEPOSIT,
    Figures,
    Phase,
    State,
    Step,
    Terms,
    moments,
)
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import queries as customers
from zhanggui.spine.log.rules import Trail

_PER_PAGE: Final = 50


@require_safe
@page(Right.RUN_SHOP)
def presales(request: ConsoleRequest) -> HttpResponse:
    """All presales, latest first, with how they go. At most five statements."""
    now, place = clock.now(), leafing.page_asked(request.GET)
    found, count = queries.presales(request.scope.shop.code, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    numbers, cards = queries.figures(found), catalogue.products(sorted({one.terms.sku for one in found}))
    return show(
        request,
        "console/presale/list.html",
        rows=[
            {
                "one": one,
                "card": cards.get(one.terms.sku),
                "phase": _phase(one, at=now),
                "figures": numbers[one.id],
            }
            for one in found
        ],
        baseline=BASELINE,
        place=place,
        pages=max(1, -(-count // _PER_PAGE)),
        may_set=request.operator.may(Right.SET_TERMS),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.SET_TERMS)
def new(request: ConsoleRequest) -> HttpResponse:
    """The form of a new presale with the sums it comes to, and the button that puts it up."""
    form = request.POST.dict()
    if request.method != "POST" or form.get("act") == "look":
        return _form(request, form)
    try:
        id = actions.put_up(
            terms=forms.terms_of(form, shop=request.scope.shop),
            idempotency_key=form.get("key", "")[:80] or str(ids.uuid7()),
            trail=Trail(shop=request.scope.shop.code),
            by=by(request),
        )
    except KeyReused:
        messages.warning(request, _("This form was sent before. Look at the list."))
        return _form(request, form)
    except (Unfit, Refused) as refused:
        messages.warning(request, forms.refusal(refused))
        return _form(request, form)
    messages.success(request, _("The presale is up. It begins and ends by the clock."))
    return HttpResponseRedirect(_address(request, UUID(id)))


@require_POST
@page(Right.SET_TERMS)
def sums(request: ConsoleRequest) -> HttpResponse:
    """The sums of a form as it stands, for the script that shows them while somebody types."""
    return render(request, "console/presale/sums.html", {"sums": _sums(request, request.POST.dict())})


@require_safe
@page(Right.RUN_SHOP)
def presale(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """How one presale goes, and who reserved. At most eight statements."""
    found, now, place = _found(request, id), clock.now(), leafing.page_asked(request.GET)
    wanted = [state for state in State if state == request.GET.get("state")]
    people, count = queries.people(found.id, states=wanted, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    contacts = customers.contacts([one.customer_id for one in people])
    terms = found.terms
    figures = queries.figures([found])[found.id]
    planned = moments(terms.balance_from, terms.balance_until, zone=clock.zone(request.scope.shop.zone))
    return show(
        request,
        "console/presale/one.html",
        one=found,
        terms=terms,
        card=catalogue.products([terms.sku]).get(terms.sku),
        phase=_phase(found, at=now),
        figures=figures,
        baseline=BASELINE,
        planned=[(_STEPS[step], moment) for step, moment in planned.items()],
        people=[
            {
                "one": each,
                "state": forms.STATES[each.state],
                "name": contacts[each.customer_id].name if each.customer_id in contacts else "",
                "can_end": each.state in KEEPS_DEPOSIT and not each.balance_order,
            }
            for each in people
        ],
        states=list(forms.STATES.items()),
        wanted=wanted[0] if wanted else "",
        place=place,
        pages=max(1, -(-count // _PER_PAGE)),
        may_set=request.operator.may(Right.SET_TERMS),
        may_call_off=request.operator.may(Right.SET_TERMS) and _is_alive(found, figures, at=now),
    )


@require_POST
@page(Right.SET_TERMS)
def call_off(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Take a presale down: every deposit goes back, twice if the shop is to blame."""
    found, how = _found(request, id), _how(request)
    if request.POST.get("sure") != "1" or how is None:
        messages.warning(request, _("Tick the box first: a presale that was called off cannot go on."))
        return HttpResponseRedirect(_address(request, found.id))
    try:
        actions.call_off(id=str(found.id), how=how, trail=Trail(shop=found.shop), by=by(request))
    except Refused as refused:
        messages.warning(request, forms.refusal(refused))
    else:
        messages.success(request, _("Called off. The deposits go back within a few minutes; this page shows each."))
    return HttpResponseRedirect(_address(request, found.id))


@require_POST
@page(Right.SET_TERMS)
def end(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Give one person's deposit back, twice if the shop is to blame."""
    try:
        found = queries.one(request.scope.shop.code, id)
    except NoSuchReservation as missing:
        raise Http404(str(id)) from missing
    how = _how(request)
    if request.POST.get("sure") != "1" or how is None:
        messages.warning(request, _("Tick the box first: money that went back does not return."))
        return HttpResponseRedirect(_address(request, found.presale.id))
    try:
        actions.end(reservation_id=id, how=how, trail=Trail(shop=request.scope.shop.code), by=by(request))
    except Refused as refused:
        messages.warning(request, forms.refusal(refused))
    else:
        messages.success(request, _("The deposit goes back."))
    return HttpResponseRedirect(_address(request, found.presale.id))


def _form(request: ConsoleRequest, form: dict[str, str]) -> HttpResponse:
    return show(
        request,
        "console/presale/new.html",
        form=form,
        sums=_sums(request, form),
        key=form.get("key") or ids.uuid7(),
        fields=_WINDOWS,
    )


def _sums(request: ConsoleRequest, form: dict[str, str]) -> dict[str, Any] | None:
    """What the sums of a form come to; None while they cannot be right."""
    found = forms.sums_of(form, currency=request.scope.shop.currency)
    if found is None:
        return None
    price, first, credit = found
    epoch = datetime.fromtimestamp(0, clock.zone(request.scope.shop.zone))
    terms = Terms(
        sku="",
        price=price,
        first=first,
        credit=credit,
        quantity=1,
        per_person=1,
        deposit_from=epoch,
        deposit_until=epoch,
        balance_from=epoch,
        balance_until=epoch,
        ship_by=epoch.date(),
    )
    names = ("price", "first", "credit", "deposit", "prepayment", "balance", "inflation", "total", "guard")
    return {name: getattr(terms, name) for name in names}


def _is_alive(one: Shown, figures: Figures, *, at: datetime) -> bool:
    """Whether there is anything left to call off."""
    is_over = one.phase(at) is Phase.OVER and not figures.open and not figures.due
    return one.ended_as is None and not is_over


def _phase(one: Shown, *, at: datetime) -> str:
    return str(forms.STATES[one.ended_as]) if one.ended_as else str(forms.PHASES[one.phase(at)])


def _how(request: ConsoleRequest) -> State | None:
    return next((how for how in ENDINGS if how == request.POST.get("how")), None)


def _found(request: ConsoleRequest, id: UUID) -> Shown:
    try:
        return queries.presale(request.scope.shop.code, id)
    except NoSuchPresale as missing:
        raise Http404(str(id)) from missing


def _address(request: ConsoleRequest, id: UUID) -> str:
    return f"{reverse('console:presale', args=[id])}?{request.scope.query()}"


_WINDOWS: Final = (
    ("deposit_from", lazy("Deposits from")),
    ("deposit_until", lazy("Deposits until")),
    ("balance_from", lazy("Balances from")),
    ("balance_until", lazy("Balances until")),
)
_STEPS: Final = {
    Step.OPENED: lazy("Balance opens"),
    Step.SIX_HOURS_ON: lazy("Six hours on"),
    Step.A_DAY_LEFT: lazy("A day left"),
    Step.TWO_HOURS_LEFT: lazy("Two hours left"),
}
