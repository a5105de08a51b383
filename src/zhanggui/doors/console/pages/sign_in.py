"""Coming in and going out."""

from __future__ import annotations

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhanggui.base import clock
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import brake
from zhanggui.doors.console.shell import shell_of
from zhanggui.insight.boards import queries as boards


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for mail address and password; a wrong one says the same whichever of the two was wrong."""
    if request.method != "POST":
        return _form(request)
    email, address, now = request.POST.get("email", "").strip(), brake.address_of(request), clock.now()
    if brake.is_braked(email=email, address=address, at=now):
        said = _("Too many wrong passwords. Wait a quarter of an hour; the right one is not asked for before.")
        return _form(request, error=said, status=429)
    operator = authenticate(request, username=email, password=request.POST.get("password", ""))
    if not isinstance(operator, Operator):
        brake.note_failure(email=email, address=address, at=now)
        return _form(request, error=_("This address and password do not belong together."), status=401)
    brake.forgive(email=email, address=address)
    login(request, operator)
    return HttpResponseRedirect(_next(request) or _first_page(operator))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("console:sign_in"))


def _form(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    said = {"error": error, "email": request.POST.get("email", ""), "next": _next(request)}
    response = render(request, "console/sign_in.html", said, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(int(brake.WINDOW.total_seconds()))
    return response


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=False)
    return wanted if wanted and is_ours else ""


def _first_page(operator: Operator) -> str:
    """The board that the operator begins with, else the first page that is open to them."""
    start = boards.start(operator.pk) if operator.may(Right.SEE_NUMBERS) else None
    if start is not None:
        return f"{reverse('console:board', args=[start.id])}?{urlencode({'shop': start.shop})}"
    return shell_of(operator, route="", scope=None).corners[0].links[0].address
