"""Changing a goal's target, and splitting it, with a look at what would become of the others first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import words
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.goals import asked
from zhanggui.doors.console.pages.returns import by
from zhanggui.doors.console.steering import goal_forms as forms
from zhanggui.doors.console.steering import goals as shown
from zhanggui.insight.metrics.rules import METRICS, Cut, Filters, Period
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.goals import actions, queries, rules
from zhanggui.steer.goals.rules import Goal, Part, at_place, place_of

_MOST_PARTS: Final = 24
_QUARTER, _MONTH = "quarter", "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part as a row of the form.

    typed  what stands in its field
    was    the same if nobody typed it, so that it shares again what is left; else empty
    """

    name: str
    period: Period
    where: Filters
    baseline: int | None
    said: str
    typed: str = ""
    was: str = ""


@page(Right.STEER)
def change(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Another target: first what it would change, then, when it is sent, the change."""
    one = asked(request, id)
    tree = queries.tree(one)
    form = request.POST if request.method == "POST" else request.GET
    fresh: dict[UUID, int] = {}
    try:
        target = forms.units_of(one.metric, form.get("target", ""), one.currency)
        if target is None:
            raise Unfit("number", "number")
        if request.method == "POST":
            actions.change_target(id=id, target=target, trail=Trail(shop=one.shop), by=by(request))
            messages.success(request, _("The target is another from now on, and what adds up still does."))
            return _to(request, id)
        rules.checked(one.metric, target=target, period=one.period)
        fresh = rules.retarget(tree, id, target)
    except (Unfit, Refused) as refused:
        messages.warning(request, forms.refusal(refused, currency=one.currency))
        return _to(request, id)
    return show(
        request,
        "console/goals/change.html",
        one=one,
        name=shown.name_of(one),
        typed=form.get("target", ""),
        rows=[
            (tree[key], *_named(tree[key]), shown.said(one, tree[key].target), shown.said(one, units))
            for key, units in fresh.items()
        ],
    )


@page(Right.STEER)
def split(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Parts by quarter, month, category or channel: empty fields share the rest by what each was before."""
    one = asked(request, id)
    form = (request.POST if request.method == "POST" else request.GET).dict()
    ways = _ways(one)
    way = form.get("by", "") if form.get("by", "") in dict(ways) else (ways[0][0] if ways else "")
    pieces = _pieces(request, one, way) if way else []
    try:
        is_sharing = form.get("do") == "share"
        typed = {name: said for name, said in form.items() if not (is_sharing and said == form.get(_was(name)))}
        said = forms.said_parts(typed, len(pieces), one.metric, one.currency, "target")
        if request.method == "POST" and not is_sharing:
            parts = _parts(one, pieces, said)
            actions.split(id=id, parts=parts, trail=Trail(shop=one.shop), by=by(request))
            messages.success(request, _("Split. Each part stands under its whole."))
            return _to(request, id)
        if pieces:
            pieces = _filled(one, pieces, said)
    except (Unfit, Refused) as refused:
        messages.warning(request, forms.refusal(refused, currency=one.currency))
        pieces = [
            replace(piece, typed=form.get(f"target.{n}", ""), was=form.get(f"was.{n}", ""))
            for n, piece in enumerate(pieces)
        ]
    return show(
        request,
        "console/goals/split.html",
        one=one,
        name=shown.name_of(one),
        target=shown.said(one, one.target),
        ways=ways,
        way=way,
        pieces=pieces,
        unit=forms.unit_words(one.metric, one.currency),
    )


def _ways(one: Goal) -> list[tuple[str, str]]:
    """By what a goal can be split: by days if there are several cells, by a place it is not narrowed to yet."""
    found = []
    if len(rules.quarters(one.period)) > 1:
        found.append((_QUARTER, str(words.CUTS[Cut.QUARTER])))
    if 1 < len(rules.months(one.period)) <= _MOST_PARTS:
        found.append((_MONTH, str(words.CUTS[Cut.MONTH])))
    category, channel = place_of(one.where)
    for cut, taken in ((Cut.CATEGORY, category), (Cut.CHANNEL, channel)):
        if not taken and rules.can_be_read(one.metric, by=cut, where=one.where) and one.metric in METRICS:
            found.append((str(cut), str(words.CUTS[cut])))
    return found


def _pieces(request: ConsoleRequest, one: Goal, way: str) -> list[Piece]:
    at = request.scope.at
    places = _places(request, one, way)
    before = queries.baselines(one.shop, one.metric, places, at=at)
    return [
        Piece(
            name=words.span(period) if way in (_QUARTER, _MONTH) else _place_name(way, where),
            period=period,
            where=where,
            baseline=baseline,
            said=shown.said(one, baseline),
        )
        for (where, period), baseline in zip(places, before, strict=True)
    ]


def _places(request: ConsoleRequest, one: Goal, way: str) -> list[tuple[Filters, Period]]:
    if way in (_QUARTER, _MONTH):
        cells = rules.quarters(one.period) if way == _QUARTER else rules.months(one.period)
        return [(one.where, cell) for cell in cells]
    category, channel = place_of(one.where)
    names = queries.cells(one.shop, one.metric, one.where, Cut(way), at=request.scope.at, limit=_MOST_PARTS)
    if Cut(way) is Cut.CATEGORY:
        return [(at_place(name, channel), one.period) for name in names]
    return [(at_place(category, name), one.period) for name in names]


def _place_name(way: str, where: Filters) -> str:
    category, channel = place_of(where)
    return words.cell(Cut(way), category if Cut(way) is Cut.CATEGORY else channel)


def _filled(one: Goal, pieces: Sequence[Piece], said: Sequence[int | None]) -> list[Piece]:
    """The pieces with what would be kept: what was said, and of a sum the rest shared by what each was before."""
    if not one.is_sum:
        return [replace(piece, typed=_text(one, units)) for piece, units in zip(pieces, said, strict=True)]
    units = rules.shares(one, said, [piece.baseline or 0 for piece in pieces])
    texts = [_text(one, each) for each in units]
    return [
        replace(piece, typed=text, was=text if typed is None else "")
        for piece, text, typed in zip(pieces, texts, said, strict=True)
    ]


def _parts(one: Goal, pieces: Sequence[Piece], said: Sequence[int | None]) -> list[Part]:
    units = rules.shares(one, said, [piece.baseline or 0 for piece in pieces])
    return [
        Part(period=piece.period, where=piece.where, baseline=piece.baseline, target=each)
        for piece, each in zip(pieces, units, strict=True)
    ]


def _was(field: str) -> str:
    """The field that keeps what was proposed for another."""
    return field.replace("target.", "was.")


def _text(one: Goal, units: int | None) -> str:
    return "" if units is None else forms.typed(one.metric, units, one.currency)


def _named(one: Goal) -> tuple[str, str]:
    return shown.where_of(one), words.span(one.period)


def _to(request: ConsoleRequest, id: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:goal', args=(id,))}?{request.scope.query()}")
