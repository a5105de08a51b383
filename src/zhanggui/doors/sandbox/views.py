"""The gateway's own pages: plain, made by the server, in the language the shop asked for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhanggui.base import clock
from zhanggui.base.look import formats
from zhanggui.doors.sandbox import actions
from zhanggui.doors.sandbox.errors import AlreadyDecided, ChargeDiffers, NoSuchCharge, TimeIsOver
from zhanggui.doors.sandbox.rules import Charge, Choice, State
from zhanggui.shop.payments.errors import Forged, Unreadable


@never_cache
@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Somebody comes from a shop with a signed wish to pay."""
    try:
        charge = actions.open_charge(request=request.META.get("QUERY_STRING", "").encode())
    except (Forged, Unreadable, ChargeDiffers):
        return render(request, "sandbox/refused.html", status=400)
    return redirect("sandbox:pay", token=charge.token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be paid, or do what was chosen and send the shopper back."""
    try:
        charge = actions.find(token)
    except NoSuchCharge:
        return render(request, "sandbox/refused.html", status=404)
    with translation.override(charge.terms.language):
        return _decide(request, charge) if request.method == "POST" else _page(request, charge)


def _decide(request: HttpRequest, charge: Charge) -> HttpResponse:
    asked = request.POST.get("choice", "")
    if asked not in set(Choice):
        return _page(request, charge, status=400)
    choice = Choice(asked)
    try:
        decided = actions.decide(token=charge.token, choice=choice)
    except (AlreadyDecided, TimeIsOver):
        return _page(request, actions.find(charge.token), status=409)
    if choice is Choice.PAY_AND_LEAVE:
        return redirect("sandbox:pay", token=charge.token)
    return HttpResponseRedirect(actions.way_back(decided))


def _page(request: HttpRequest, charge: Charge, *, status: int = 200) -> HttpResponse:
    context = {
        "charge": charge,
        "language": charge.terms.language,
        "amount": formats.money(charge.terms.amount, language=charge.terms.language),
        "is_open": charge.state is State.OPEN,
        "is_paid": charge.state is State.PAID,
        "is_late": clock.now() >= charge.terms.expires_at,
        "way_back": actions.way_back(charge),
    }
    return render(request, "sandbox/pay.html", context, status=status)
