"""The pages of the sandbox: plain, made by the server, in the shopper's language, marked as a trial."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhanggui.base import clock
from zhanggui.base.look import formats
from zhanggui.doors.sandbox import actions, alipay, plain, stripe
from zhanggui.doors.sandbox import texts as texting
from zhanggui.doors.sandbox.errors import AlreadyDecided, NoSuchCharge, TimeIsOver
from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.rules import Charge, Choice, Method, State
from zhanggui.doors.sandbox.store import books, saying_of

_NAMES = {
    Method.PLAIN: _("Trial payment"),
    Method.STRIPE: "Stripe",
    Method.ALIPAY: _("Alipay"),
    Method.WECHAT: _("WeChat Pay"),
}
_TRIES = {
    Choice.PAY_AND_LEAVE: _("Pay and close the window"),
    Choice.PAY_TWICE: _("Pay twice"),
    Choice.PAY_LESS: _("Pay less than was asked for"),
    Choice.OTHER_CURRENCY: _("Pay in another currency"),
    Choice.TELL_LATE: _("Pay, and tell the shop ten minutes later"),
    Choice.TELL_AGAIN: _("Pay, and tell the shop twice"),
    Choice.TELL_OUT_OF_ORDER: _("Pay, and tell the shop in the wrong order"),
    Choice.TELL_NEVER: _("Pay, and never tell the shop"),
    Choice.TELL_FORGED: _("Pay, and sign the message with a false key"),
}
_NUMBERS = {
    "0001": _("no such number"),
    "0002": _("the number is barred"),
    "0003": _("refused for being too soon, taken when tried again"),
    "0004": _("taken, but the answer hangs"),
    "0005": _("taken, and never arrives"),
    "0006": _("arrives five minutes later"),
    "0007": _("the shop is told twice"),
    "0008": _("fails, then arrives; the shop is told the other way round"),
    "0009": _("arrives, and the shop has to ask"),
    "0010": _("somebody forges the news that it failed"),
}
_STAYS = frozenset((Choice.PAY_AND_LEAVE, Choice.TELL_NEVER))


def health(request: HttpRequest) -> HttpResponse:
    """Whether the sandbox answers, and its books with it."""
    with books() as db:
        db.execute("select 1 from charge limit 1")
    return HttpResponse("sandbox", content_type="text/plain")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be paid, or do what was chosen and send the shopper back."""
    try:
        charge = actions.find(token)
    except NoSuchCharge:
        return render(request, "sandbox/refused.html", status=404)
    with translation.override(charge.terms.language or translation.get_language() or "en"):
        return _decide(request, charge) if request.method == "POST" else _page(request, charge)


@never_cache
@require_safe
def texts(request: HttpRequest, key: str) -> HttpResponse:
    """The text messages that were "sent", newest first, for whoever has the address: codes stand in them."""
    if not hmac.compare_digest(key.encode(), keys().texts.encode()):
        return render(request, "sandbox/refused.html", status=404)
    return render(request, "sandbox/texts.html", {"texts": texting.texts(), "tries": _NUMBERS})


def _decide(request: HttpRequest, charge: Charge) -> HttpResponse:
    asked = request.POST.get("choice", "")
    if asked == "walk_away":
        return _leave(request, charge)
    if asked not in set(Choice):
        return _page(request, charge, status=400)
    choice = Choice(asked)
    try:
        decided = actions.decide(token=charge.token, choice=choice)
    except (AlreadyDecided, TimeIsOver):
        return _page(request, actions.find(charge.token), status=409)
    if choice in _STAYS:
        return redirect(request.get_full_path())
    return _leave(request, decided)


def _leave(request: HttpRequest, charge: Charge) -> HttpResponse:
    address = _way_back(request, charge)
    return HttpResponseRedirect(address) if address else redirect(request.get_full_path())


def _page(request: HttpRequest, charge: Charge, *, status: int = 200) -> HttpResponse:
    language = translation.get_language() or "en"
    context = {
        "charge": charge,
        "name": _NAMES[charge.method],
        "is_wechat": charge.method is Method.WECHAT,
        "amount": formats.money(charge.terms.amount, language=language),
        "is_open": charge.can_be_paid,
        "is_paid": charge.state is State.PAID,
        "is_declined": charge.state is State.DECLINED,
        "is_over": clock.now() >= charge.terms.expires_at or charge.state is State.CLOSED,
        "tries": [(choice.value, words) for choice, words in _TRIES.items() if _makes_sense(choice, charge.method)],
        "way_back": _way_back(request, charge),
    }
    return render(request, "sandbox/pay.html", context, status=status)


def _makes_sense(choice: Choice, method: Method) -> bool:
    """Alipay writes no currency, and WeChat Pay tells nothing but what was paid."""
    if method is Method.ALIPAY:
        return choice is not Choice.OTHER_CURRENCY
    return method is not Method.WECHAT or choice is not Choice.TELL_OUT_OF_ORDER


def _way_back(request: HttpRequest, charge: Charge) -> str:
    """The shop's address for a shopper who returns; empty for one who scanned a code with the phone."""
    if charge.method is Method.WECHAT:
        asked = request.GET.get("redirect_url", "")
        return asked if urlsplit(asked).scheme in {"http", "https"} else ""
    if charge.method is Method.ALIPAY:
        return alipay.way_back(charge)
    if charge.method is Method.STRIPE:
        return stripe.way_back(charge)
    return _plain_way_back(charge)


def _plain_way_back(charge: Charge) -> str:
    """With the newest that was said about the charge, signed now."""
    with books() as db:
        row = db.execute(
            "select * from saying where token = ? order by said_at desc, id desc limit 1", [charge.token]
        ).fetchone()
    if row is None:
        return charge.terms.return_to
    said = plain.wire(charge, saying_of(row), at=clock.now())
    return f"{charge.terms.return_to}?{plain.signed(said, key=keys().plain)}"
