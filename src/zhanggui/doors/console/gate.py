"""Who may see a page, and what the page is about: asked in one place, before anything else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from zhanggui.base import clock
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Right
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import scope as scopes
from zhanggui.doors.console import shelf_words
from zhanggui.doors.console.shell import shell_of
from zhanggui.insight.metrics import queries as metrics

P = ParamSpec("P")


class ConsoleRequest(HttpRequest):
    """A request at the console, for the type checker: who asks, about which shops, and about what."""

    operator: Operator
    shops: tuple[Shop, ...]
    scope: scopes.Scope


Page = Callable[Concatenate[ConsoleRequest, P], HttpResponseBase]


def page(*rights: Right, needs_shop: bool = True) -> Callable[[Page[P]], Page[P]]:
    """Let only operators in who have one of the rights (any operator if none is named), and say what is asked about.

    needs_shop  without any shop the page cannot be shown; a page that says how to get one is shown instead
    """

    def around(make: Page[P]) -> Page[P]:
        @functools.wraps(make)
        def guarded(request: ConsoleRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            operator = request.user
            if not isinstance(operator, Operator) or not operator.is_active:
                return redirect_to_login(request.get_full_path())
            request.operator = operator
            _replace_nul(request)
            request.shops = shops.shops()
            if rights and not any(operator.may(right) for right in rights):
                return _private(show(request, "console/not_allowed.html", status=403))
            shop = scopes.chosen_shop(request.GET, request.shops)
            if shop is None and request.GET.get("shop"):
                raise Http404("no such shop")
            if shop is None:
                return _private(show(request, "console/no_shop.html") if needs_shop else make(request, *args, **kwargs))
            timezone.activate(shop.zone)
            request.scope = scopes.scope_of(request.GET, shop=shop, days=metrics.days(shop.code), at=clock.now())
            with shelf_words.of(shop.code):
                return _private(make(request, *args, **kwargs))

        return cast("Page[P]", guarded)

    return around


def show(request: ConsoleRequest, template: str, *, status: int = 200, **said: object) -> HttpResponse:
    """A page within the shell."""
    scope: scopes.Scope | None = getattr(request, "scope", None)
    route = request.resolver_match.url_name if request.resolver_match else ""
    shell = shell_of(request.operator, route=route or "", scope=scope)
    return render(request, template, {"shell": shell, "scope": scope, **said}, status=status)


def _replace_nul(request: ConsoleRequest) -> None:
    """Put a sign that everybody sees in place of NUL, which no text of the database can hold; browsers do so too."""
    request.GET = _without_nul(request.GET)
    if request.method == "POST":
        request.POST = _without_nul(request.POST)


def _without_nul(said: QueryDict) -> QueryDict:
    if not any("\0" in value for _name, values in said.lists() for value in values):
        return said
    plain = QueryDict(mutable=True)
    for name, values in said.lists():
        plain.setlist(name, [value.replace("\0", "\N{REPLACEMENT CHARACTER}") for value in values])
    return plain


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Numbers of a business are nobody's to keep on the way."""
    patch_cache_control(response, private=True, no_store=True)
    return response
