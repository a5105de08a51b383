"""Segments: keeping people under a name, who is in them, freezing them, letting go of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import leafing, occasion_words, words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.doors.console.segment_words import says, size_words
from zhanggui.insight.metrics.rules import Preset
from zhanggui.insight.segments import actions, queries
from zhanggui.insight.segments.errors import NameTaken, NameUnfit, NoSuchSegment, TermsUnfit
from zhanggui.insight.segments.rules import LONGEST_NAME, Segment, Source, days_of
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.plays.errors import PlanUnfit
from zhanggui.steer.plays.rules import Occasion, source_of

PER_PAGE: Final = 50
_LONGEST_TERMS: Final = 6_000


@require_safe
@page(Right.SEE_NUMBERS)
def segments(request: ConsoleRequest) -> HttpResponse:
    """All segments of the shop: who is meant and how many they are now."""
    rows = [
        (one, says(_asked(one, request.scope.at)), size_words(_size(one, request.scope.at)))
        for one in queries.segments(request.scope.shop.code)
    ]
    return show(request, "console/segments/list.html", rows=rows, occasions=occasion_words.asked())


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.SEE_NUMBERS)
def new(request: ConsoleRequest) -> HttpResponse:
    """Who is meant and how many they are, and the form that keeps them; posted, they are kept."""
    form = request.POST if request.method == "POST" else request.GET
    source = _on_occasion(form) or _source(form.get("kind", ""), form.get("terms", ""))
    shop = request.scope.shop.code
    slides = _slides(request, source)
    if request.method == "POST":
        try:
            id = actions.save(
                shop=shop,
                name=form.get("name", ""),
                source=replace(source, slides=slides if form.get("way") == "sliding" else None),
                is_live=form.get("way") != "frozen",
                trail=Trail(shop=shop),
                by=by(request),
            )
        except TermsUnfit as unfit:
            raise Http404(str(unfit)) from unfit
        except Refused as refused:
            messages.warning(request, _refusal(refused))
        else:
            messages.success(request, _("Kept. It can be used wherever people are chosen."))
            return _to(request, id)
    try:
        people = queries.people_of(shop, source, at=request.scope.at)
    except TermsUnfit as unfit:
        raise Http404(str(unfit)) from unfit
    return show(
        request,
        "console/segments/new.html",
        says=says(source),
        people=len(people),
        kind=source.kind,
        terms=json.dumps(source.terms),
        has_days=days_of(source.terms) is not None,
        slides=words.PRESETS[slides] if slides else "",
        name=form.get("name", ""),
        longest=LONGEST_NAME,
    )


@require_safe
@page(Right.SEE_NUMBERS)
def segment(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One segment and its people, with the ends of their ids."""
    one = _found(request, str(id))
    people = _size(one, request.scope.at)
    place = leafing.page_asked(request.GET)
    offset = (place - 1) * PER_PAGE
    shown = queries.member_page(one.id, at=request.scope.at, limit=PER_PAGE, offset=offset) if people else ()
    return show(
        request,
        "console/segments/one.html",
        segment=one,
        says=says(_asked(one, request.scope.at)),
        size=size_words(people),
        people=[(offset + n, words.tail(person)) for n, person in enumerate(shown, start=1)],
        place=place,
        pages=max(1, -(-(people or 0) // PER_PAGE)),
        longest=LONGEST_NAME,
    )


@require_POST
@page(Right.SEE_NUMBERS)
def change(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Rename a segment, freeze it, or let go of it."""
    one = _found(request, str(id))
    try:
        match verb:
            case "rename":
                actions.rename(id=one.id, name=request.POST.get("name", ""))
                messages.success(request, _("Renamed."))
            case "freeze":
                actions.freeze(id=one.id, trail=Trail(shop=one.shop), by=by(request))
                messages.success(request, _("Frozen. From now on its people do not change."))
            case "forget" if request.POST.get("sure") == "1":
                actions.forget(id=one.id)
                messages.success(request, _("“%(name)s” is gone.") % {"name": one.name})
                return HttpResponseRedirect(f"{reverse('console:segments')}?{request.scope.query()}")
            case "forget":
                messages.warning(request, _("Tick the box first: a segment that was let go cannot be brought back."))
            case _:
                raise Http404(verb)
    except Refused as refused:
        messages.warning(request, _refusal(refused))
    return _to(request, one.id)


def _on_occasion(form: QueryDict) -> Source | None:
    """The occasion that the list's form asks for, by its number; None if it is another question."""
    kind, said = form.get("kind", ""), form.get("n", "0")
    if "terms" in form or kind not in tuple(Occasion):
        return None
    try:
        return source_of(Occasion(kind), int(said) if said.isdecimal() and len(said) < 6 else -1)
    except PlanUnfit as unfit:
        raise Http404("no such occasion") from unfit


def _source(kind: str, terms: str) -> Source:
    """What an address or a form asks for; the analysis itself looks whether it can be answered."""
    try:
        said: Any = json.loads(terms) if len(terms) <= _LONGEST_TERMS else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Http404("no such people")
    return Source(kind=kind, terms=said)


def _slides(request: ConsoleRequest, source: Source) -> Preset | None:
    """The named period by which the question's days can go along with time: that of the page it was asked on."""
    days = days_of(source.terms)
    return request.scope.preset if days is not None and days == request.scope.period else None


def _asked(one: Segment, at: datetime) -> Source:
    """Its question of the days that it means now."""
    return queries.asked_at(one.shop, one.source, at=at)


def _size(one: Segment, at: datetime) -> int | None:
    try:
        return queries.size_of(one, at=at)
    except TermsUnfit:
        return None


def _found(request: ConsoleRequest, id: str) -> Segment:
    try:
        found = queries.segment(id)
    except NoSuchSegment as missing:
        raise Http404(id) from missing
    if found.shop != request.scope.shop.code:
        raise Http404(id)
    return found


def _refusal(refused: Refused) -> str:
    match refused:
        case NameTaken():
            return _("Another segment is called that already. Choose another name.")
        case NameUnfit():
            return _("A name has 1 to 80 characters.")
        case TermsUnfit():
            return _("The people can no longer be found; the segment stays as it is.")
        case _:
            raise refused


def _to(request: ConsoleRequest, id: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:segment', args=[id])}?{request.scope.query()}")
