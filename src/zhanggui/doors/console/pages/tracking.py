"""Where events come from, which were not kept and why, and under which ids the same person walks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console import ports
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.tracking_words import HOWS, REASONS
from zhanggui.insight.identity import actions as identity
from zhanggui.insight.identity import queries as people
from zhanggui.insight.identity.errors import IdTaken, NobodysId, NoSuchLink, PairCircles, SameId
from zhanggui.spine.sightings.rules.reasons import Reason

_LONGEST_NAME: Final = 80
_LONGEST_ID: Final = 120
_REFUSALS: Final[dict[type[Refused], Promise]] = {
    SameId: lazy("Both are the same id already. Nothing was changed."),
    NobodysId: lazy("That is what clients send where nobody is known; it cannot be merged. Nothing was changed."),
    IdTaken: lazy("The first id belongs to another person. Part those two first. Nothing was changed."),
    PairCircles: lazy("It is known the other way round already. Nothing was changed."),
    NoSuchLink: lazy("Somebody parted these two before."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("key")
@page(Right.SEE_NUMBERS)
def tracking(request: ConsoleRequest) -> HttpResponse:
    """Senders, events that were not kept in the period, and pairs of ids: those of one id, or the newest.

    A form sent here lets a new sender in; its key stands on the answer and nowhere else.
    """
    shop, period = request.scope.shop.code, request.scope.period
    (door,) = ports.tracking
    key = ""
    may_open = request.operator.may(Right.SET_TERMS)
    if request.method == "POST":
        if not may_open:
            return show(request, "console/not_allowed.html", status=403)
        name = request.POST.get("name", "").strip()[:_LONGEST_NAME]
        key = door.open_sender(shop=shop, name=name or _("server"))
    asked = request.GET.get("id", "").strip()[:_LONGEST_ID]
    links = people.links_of(shop, asked) if asked else people.newest(shop)
    refused = door.refused(shop=shop, start=period.start, end=period.end)
    return show(
        request,
        "console/tracking.html",
        key=key,
        senders=door.senders(shop=shop),
        refused=[(one, REASONS[Reason(one.reason)]) for one in refused],
        refused_count=sum(one.count for one in refused),
        asked=asked,
        person=people.person_of(shop, asked) if asked else "",
        links=[(link, HOWS[link.how]) for link in links],
        host=request.build_absolute_uri("/").rstrip("/"),
        may_open=may_open,
        may_part=request.operator.may(Right.SEE_PEOPLE),
    )


@require_POST
@page(Right.SEE_NUMBERS)
def change(request: ConsoleRequest, what: str) -> HttpResponse:
    """Let somebody send no longer; merge two ids by hand, or part them."""
    right, does = _CHANGES.get(what, (None, None))
    if right is None or does is None:
        raise Http404(what)
    if not request.operator.may(right):
        return show(request, "console/not_allowed.html", status=403)
    try:
        messages.success(request, does(request))
    except Refused as refused:
        if type(refused) not in _REFUSALS:
            raise
        messages.warning(request, str(_REFUSALS[type(refused)]))
    return HttpResponseRedirect(f"{reverse('console:tracking')}?{request.scope.query()}")


def _close(request: ConsoleRequest) -> str:
    (door,) = ports.tracking
    known = {sender.id for sender in door.senders(shop=request.scope.shop.code)}
    chosen = _number(request, "sender")
    if chosen not in known:
        raise Http404("sender")
    door.close_sender(source_id=chosen)
    return _("Nothing more is taken under that key, within half a minute everywhere. What came is kept.")


def _merge(request: ConsoleRequest) -> str:
    alias, person = (request.POST.get(name, "").strip()[:_LONGEST_ID] for name in ("alias", "person"))
    identity.merge(shop=request.scope.shop.code, alias=alias, person=person, by=operator(str(request.operator.pk)))
    return _("They count as one person from now on, in the past too; the figures follow within seconds.")


def _part(request: ConsoleRequest) -> str:
    link_id = _number(request, "link")
    identity.part(shop=request.scope.shop.code, link_id=link_id, by=operator(str(request.operator.pk)))
    return _("Each counts for itself again, and clients cannot merge the two any more.")


def _number(request: ConsoleRequest, name: str) -> int:
    said = request.POST.get(name, "")
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise Http404(name)
    return int(said)


_CHANGES: Final[dict[str, tuple[Right, Callable[[ConsoleRequest], str]]]] = {
    "close": (Right.SET_TERMS, _close),
    "merge": (Right.SEE_PEOPLE, _merge),
    "part": (Right.SEE_PEOPLE, _part),
}
