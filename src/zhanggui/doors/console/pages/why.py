"""Why the money of a period is more or less than that of another."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import why_words, whys
from zhanggui.doors.console.exporting import download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.metrics.rules import Comparison, Period
from zhanggui.insight.segments import queries as segments
from zhanggui.insight.segments.errors import TermsUnfit
from zhanggui.insight.segments.rules import Segment
from zhanggui.insight.tree import queries as tree
from zhanggui.insight.tree.rules import By, Side, Split, Why

_USUAL: Final = By.CHANNEL


@require_safe
@page(Right.SEE_NUMBERS)
def why(request: ConsoleRequest) -> HttpResponse:
    """The sentence, the tree of factors, the stairs between the periods, and the cells that moved most.

    about  the number of the cockpit that was clicked; its factors are marked
    by     the cut whose cells are shown
    segment, side  a segment by whose people the change is split, and the side of it that alone is looked at
    """
    scope = request.scope
    compare = _compare(request)
    if scope.days is None or compare is None:
        return show(request, "console/why.html", is_empty=scope.days is None)
    kept = _segments(request)
    chosen, side = _segment(kept, request), _side(request)
    found = _why(request, compare, chosen, side)
    split = _split(found, request)
    return show(
        request,
        "console/why.html",
        why=found,
        headline=whys.headline(found, scope),
        boughs=whys.boughs(found, about=request.GET.get("about", "")),
        root=why_words.metric_name(found.metric),
        change=why_words.signed(found.change),
        stairs=whys.stairs_chart(found, scope),
        movers=whys.movers(found, scope),
        by=split.by,
        bys=[(one.by, why_words.BYS[one.by]) for one in found.splits],
        lines=whys.lines(split, scope),
        effects=[(name, why_words.EFFECT_MEANINGS[effect]) for effect, name in why_words.EFFECTS.items()],
        segments=kept,
        segment=chosen,
        side=side if chosen else None,
        side_name=why_words.SIDES[side] if side else "",
        asked=_asked(chosen, side),
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def why_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The cells of the page as a file."""
    scope = request.scope
    compare = _compare(request) or scope.period.previous()
    found = _why(request, compare, _segment(_segments(request), request), _side(request))
    split = _split(found, request)
    return download(whys.table(whys.lines(split, scope), found, split.by, scope), form=form)


def _why(request: ConsoleRequest, compare: Period, chosen: Segment | None, side: Side | None) -> Why:
    """The answer; a segment whose question is no longer understood is left aside."""
    scope = request.scope
    crowd = None
    if chosen:
        with suppress(TermsUnfit):
            crowd = segments.crowd(chosen, at=scope.at)
    return tree.why(
        scope.shop.code,
        scope.period,
        compare=compare,
        where=scope.where,
        crowd=crowd,
        side=side if crowd else None,
        at=scope.at,
    )


def _segments(request: ConsoleRequest) -> tuple[Segment, ...]:
    """What people can be told apart by; goods are nobody's."""
    where = request.scope.where
    return () if where.sku or where.category else segments.segments(request.scope.shop.code)


def _segment(kept: Sequence[Segment], request: ConsoleRequest) -> Segment | None:
    said = request.GET.get("segment", "")
    return next((one for one in kept if one.id == said), None)


def _side(request: ConsoleRequest) -> Side | None:
    said = request.GET.get("side", "")
    return Side(said) if said in tuple(Side) else None


def _asked(chosen: Segment | None, side: Side | None) -> str:
    """The segment and the side as the end of an address."""
    if chosen is None:
        return ""
    return f"&segment={chosen.id}" + (f"&side={side}" if side else "")


def _compare(request: ConsoleRequest) -> Period | None:
    """The other period; none if the address says that there is none."""
    scope = request.scope
    return None if scope.comparison is Comparison.NONE else scope.compare


def _split(found: Why, request: ConsoleRequest) -> Split:
    said = request.GET.get("by", "")
    wanted = By(said) if said in tuple(By) else _USUAL
    return found.split(wanted) or found.splits[0]
