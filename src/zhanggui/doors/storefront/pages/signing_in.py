"""Coming in with a code, and going out."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhanggui.base.accounts.errors import NotReachable, TooManyCodes
from zhanggui.base.accounts.rules import CODE_FOR, Way, handle_of
from zhanggui.doors.storefront import codes
from zhanggui.doors.storefront.codes import Answer
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.customers.rules import masked_email, masked_phone

_MINUTE: Final = 60


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("sign_in", methods=("POST",))
def sign_in(request: ShopRequest) -> HttpResponse:
    """Ask for a phone number or mail address, and send a code there."""
    if request.visit.is_signed_in:
        return HttpResponseRedirect(_next(request))
    if request.method != "POST":
        return _form(request)
    handle = handle_of(request.POST.get("handle", ""))
    if handle is None or handle.way not in codes.ways():
        return _form(request, error=_unreadable(), status=422)
    if request.POST.get("agree") != "yes":
        return _form(request, error=_("Please read and agree to the terms and the privacy policy first."), status=422)
    try:
        codes.ask(request, handle, has_agreed=True, then=_next(request))
    except TooManyCodes as refused:
        return _form(request, error=too_many(refused), status=429, wait_seconds=refused.data["wait_seconds"])
    except NotReachable:
        return _form(request, error=_unreadable(), status=422)
    return redirect("storefront:code")


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("code", methods=("POST",))
def code(request: ShopRequest) -> HttpResponse:
    """Ask for the code that was sent."""
    waiting = codes.pending(request)
    if waiting is None:
        return _too_late(request)
    if request.method != "POST":
        return _code_form(request, waiting)
    match codes.check(request, request.POST.get("code", "")[:40]):
        case Answer.RIGHT:
            messages.success(request, _("You are signed in. Your cart and your orders came along."))
            return HttpResponseRedirect(waiting.next)
        case Answer.WRONG:
            return _code_form(request, waiting, error=_("That is not the code. Please look again."), status=422)
        case Answer.TAKEN:
            said = _("That number or address belongs to another account. Nothing was changed; sign in there to use it.")
            return _code_form(request, waiting, error=said, status=409)
    return _too_late(request)


@require_POST
def sign_out(request: ShopRequest) -> HttpResponse:
    """End this session, or all of the account's."""
    shopper = request.visit.shopper()
    if shopper and request.POST.get("where") == "everywhere":
        codes.end_everywhere(request, shopper)
    else:
        codes.leave(request)
    messages.success(request, _("You are signed out. Your cart and orders wait in your account."))
    return redirect("storefront:home")


def too_many(refused: TooManyCodes) -> str:
    """How long to wait for another code, in words."""
    seconds = refused.data["wait_seconds"]
    if seconds <= _MINUTE:
        return ngettext(
            "A code is on its way. Another one can be sent in %(n)s second.",
            "A code is on its way. Another one can be sent in %(n)s seconds.",
            seconds,
        ) % {"n": seconds}
    minutes = -(-seconds // _MINUTE)
    return ngettext(
        "So many codes were asked for that the next has to wait %(n)s minute.",
        "So many codes were asked for that the next has to wait %(n)s minutes.",
        minutes,
    ) % {"n": minutes}


def _unreadable() -> str:
    if Way.PHONE in codes.ways():
        return _("That is neither a phone number nor an email address. Numbers outside China begin with +.")
    return _("Please give an email address; codes by text message are not offered here yet.")


def _too_late(request: ShopRequest) -> HttpResponse:
    messages.warning(request, _("That code is no longer good. Please ask for a new one."))
    return redirect("storefront:sign_in")


def _form(request: ShopRequest, *, error: str = "", status: int = 200, wait_seconds: int = 0) -> HttpResponse:
    context = {
        "error": error,
        "handle": request.POST.get("handle", "")[:254],
        "has_agreed": request.POST.get("agree") == "yes",
        "next": _next(request),
        "has_phone": Way.PHONE in codes.ways(),
        "can_sign_in": bool(codes.ways()),
    }
    response = render(request, "storefront/sign_in.html", context, status=status)
    if wait_seconds:
        response.headers["Retry-After"] = str(wait_seconds)
    return response


def _code_form(request: ShopRequest, waiting: codes.Pending, *, error: str = "", status: int = 200) -> HttpResponse:
    value, is_phone = waiting.handle.value, waiting.handle.way is Way.PHONE
    context = {
        "error": error,
        "is_phone": is_phone,
        "where": masked_phone(value) if is_phone else masked_email(value),
        "handle": value,
        "next": waiting.next,
        "minutes": int(CODE_FOR.total_seconds()) // _MINUTE,
        "is_adding": request.visit.is_signed_in,
    }
    return render(request, "storefront/code.html", context, status=status)


def _next(request: ShopRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=False)
    return wanted if wanted and is_ours else reverse("storefront:account")
