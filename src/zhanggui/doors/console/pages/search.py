"""One search for everything, as a page and, while somebody types, as a part of any page."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import finding, ordering
from zhanggui.doors.console.gate import ConsoleRequest, page, show

_PART: Final = "X-Part"


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.SEE_NUMBERS, Right.RUN_SHOP)
def search(request: ConsoleRequest) -> HttpResponse:
    """What has the words in its name or number.

    The form is posted, so that no phone number or mail address ends up in an address; everything else is sent on to
    an address that can be kept. With X-Part only the finds are sent, for the list below the field.
    """
    is_posted = request.method == "POST"
    said = request.POST if is_posted else request.GET
    wanted = " ".join(said.get("q", "").split())[: finding.LONGEST]
    wanted = wanted if wanted.isprintable() else ""
    is_part = bool(request.headers.get(_PART))
    if is_posted and not is_part and not ordering.is_reachable(wanted):
        return HttpResponseRedirect(f"{reverse('console:search')}?{request.scope.query(q=wanted)}")
    groups = finding.found(request.operator, request.scope, wanted, is_private=is_posted) if wanted else []
    if is_part:
        return render(request, "console/parts/finds.html", {"groups": groups, "wanted": wanted})
    return show(request, "console/search.html", wanted=wanted, everywhere=wanted, groups=groups)
