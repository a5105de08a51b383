"""What members handed in for points: received, graded, credited, or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import pictures
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import leafing
from zhanggui.doors.console import member_words as words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.growth.membership import actions, queries
from zhanggui.growth.membership.errors import NoSuchItem
from zhanggui.growth.membership.rules.recycling import OPEN, Grade, Item, Recyclable, Step
from zhanggui.spine.log.rules import Trail

_PER_PAGE: Final = 50


@require_safe
@page(Right.RUN_SHOP)
def recycling(request: ConsoleRequest) -> HttpResponse:
    """What was handed in, longest ago first; what is over, newest first. At most three statements."""
    shop, is_open = request.scope.shop.code, request.GET.get("view") != "done"
    place = leafing.page_asked(request.GET)
    found, count = queries.open_items(shop, is_open=is_open, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    kinds = {kind.key: kind for kind in queries.recyclables(shop)}
    return show(
        request,
        "console/membership/recycling.html",
        rows=[_row(item, kinds.get(item.kind)) for item in found],
        is_open=is_open,
        place=place,
        pages=max(1, -(-count // _PER_PAGE)),
        count=count,
    )


@require_safe
@page(Right.RUN_SHOP)
def picture(request: ConsoleRequest, number: str, digest: str) -> HttpResponseBase:
    """A picture of something handed in."""
    try:
        item = queries.item(request.scope.shop.code, number)
    except NoSuchItem as missing:
        raise Http404(number) from missing
    kept = next((one for one in item.pictures if one.digest == digest), None)
    if kept is None:
        raise Http404(digest)
    file = pictures.place(kept.digest, folder=queries.picture_folder())
    return FileResponse(file.open("rb"), content_type=kept.kind)


@require_POST
@page(Right.RUN_SHOP)
def do(request: ConsoleRequest, number: str, verb: str) -> HttpResponse:
    """Move something that was handed in a step on."""
    does = _VERBS.get(verb)
    if does is None:
        raise Http404(verb)
    what = {"number": number, "trail": Trail(shop=request.scope.shop.code), "by": by(request)}
    try:
        messages.success(request, does(request, what))
    except NoSuchItem as missing:
        raise Http404(number) from missing
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    return HttpResponseRedirect(f"{reverse('console:recycling')}?{request.scope.query()}")


def _row(item: Item, kind: Recyclable | None) -> dict[str, Any]:
    return {
        "item": item,
        "step": words.STEPS[item.step],
        "grades": [(grade, kind.points[grade]) for grade in Grade] if kind else [],
        "can_receive": item.step is Step.REQUESTED,
        "can_grade": item.step is Step.RECEIVED,
        "can_credit": item.step is Step.GRADED,
        "can_refuse": item.step in OPEN,
    }


def _receive(request: ConsoleRequest, what: dict[str, Any]) -> str:
    actions.receive_item(**what)
    return _("It has arrived; the member sees it.")


def _grade(request: ConsoleRequest, what: dict[str, Any]) -> str:
    said = request.POST.get("grade", "")
    if said not in tuple(Grade):
        raise Http404(said)
    actions.grade_item(grade=Grade(said), **what)
    return _("Graded. Credit the points if all is right.")


def _credit(request: ConsoleRequest, what: dict[str, Any]) -> str:
    actions.credit_item(**what)
    return _("The points are credited.")


def _refuse(request: ConsoleRequest, what: dict[str, Any]) -> str:
    actions.refuse_item(answer=request.POST.get("answer", ""), **what)
    return _("Refused. The member reads why.")


_VERBS: Final[dict[str, Callable[[ConsoleRequest, dict[str, Any]], str]]] = {
    "receive": _receive,
    "grade": _grade,
    "credit": _credit,
    "refuse": _refuse,
}
