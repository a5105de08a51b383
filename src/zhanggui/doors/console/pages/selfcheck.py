"""The self-check: published figures beside our own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.look import formats
from zhanggui.doors.console import words
from zhanggui.doors.console.exporting import Table, download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.selfcheck import queries
from zhanggui.insight.selfcheck.rules import Check, Why

# Our figure is shown to so many more digits than the published one.
_MORE_DIGITS: Final = 2
_WHYS: Final[dict[Why, Promise]] = {
    Why.ROWS: lazy("needs the rows of the data set, which may not be copied; tested where the data is at hand"),
    Why.NOT_BUILT: lazy("there is nothing to check yet: not built"),
    Why.NOT_AGREED: lazy("no published figure that all agree on"),
}


@require_safe
@page(Right.SEE_NUMBERS)
def selfcheck(request: ConsoleRequest) -> HttpResponse:
    """Each published figure and ours, how far apart they are, and what is not checked and why."""
    report = queries.report(request.scope.shop.code)
    language = words.language()
    return show(
        request,
        "console/selfcheck.html",
        report=report,
        of=len(report.checks),
        took=formats.number(Decimal(str(report.took.total_seconds())), language=language, decimals=2),
        lines=[
            (one, one.published.name(language), _row(one.published.figures), _ours(one), _apart(one))
            for one in report.checks
        ],
        unchecked=[(one, one.name(language), _WHYS[one.why]) for one in report.unchecked],
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def selfcheck_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """The same table as a file."""
    report = queries.report(request.scope.shop.code)
    heads = (_("Figure"), _("Source"), _("Published"), _("Ours"), _("Apart"), _("Allowed"), _("Agrees"))
    rows = [
        (
            one.published.name(words.language()),
            one.published.source,
            _row(one.published.figures),
            _row(one.ours),
            one.difference,
            one.published.tolerance,
            _("yes") if one.is_agreed else _("no"),
        )
        for one in report.checks
    ]
    return download(Table(name=f"selfcheck-{report.made_at:%Y-%m-%d}", heads=heads, rows=rows), form=form)


def _row(figures: Sequence[Decimal]) -> str:
    return " ".join(f"{one:f}" for one in figures)


def _ours(one: Check) -> str:
    """Our figures, shortened to a little more than was published."""
    places = max((-_exponent(figure) for figure in one.published.figures), default=0)
    step = Decimal(1).scaleb(-places - _MORE_DIGITS if places else 0)
    return _row([figure.quantize(step) for figure in one.ours]) or "—"


def _apart(one: Check) -> str:
    if one.difference is None:
        return "—"
    if 0 < one.difference < Decimal("0.0001"):
        return f"{one.difference:.{1 - one.difference.adjusted()}f}"
    return f"{one.difference.normalize():f}"[:8]


def _exponent(figure: Decimal) -> int:
    exponent = figure.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
