"""Why the money of a period is more or less than that of another."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import why_words, whys
from zhanggui.doors.console.exporting import download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.metrics.rules import Comparison, Period
from zhanggui.insight.tree import queries as tree
from zhanggui.insight.tree.rules import By, Split, Why

_USUAL: Final = By.CHANNEL


@require_safe
@page(Right.SEE_NUMBERS)
def why(request: ConsoleRequest) -> HttpResponse:
    """The sentence, the tree of factors, the stairs between the periods, and the cells that moved most.

    about  the number of the cockpit that was clicked; its factors are marked
    by     the cut whose cells are shown
    """
    scope = request.scope
    compare = _compare(request)
    if scope.days is None or compare is None:
        return show(request, "console/why.html", is_empty=scope.days is None)
    found = tree.why(scope.shop.code, scope.period, compare=compare, where=scope.where, at=scope.at)
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
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def why_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The cells of the page as a file."""
    scope = request.scope
    compare = _compare(request) or scope.period.previous()
    found = tree.why(scope.shop.code, scope.period, compare=compare, where=scope.where, at=scope.at)
    split = _split(found, request)
    return download(whys.table(whys.lines(split, scope), found, split.by, scope), form=form)


def _compare(request: ConsoleRequest) -> Period | None:
    """The other period; none if the address says that there is none."""
    scope = request.scope
    return None if scope.comparison is Comparison.NONE else scope.compare


def _split(found: Why, request: ConsoleRequest) -> Split:
    said = request.GET.get("by", "")
    wanted = By(said) if said in tuple(By) else _USUAL
    return found.split(wanted) or found.splits[0]
