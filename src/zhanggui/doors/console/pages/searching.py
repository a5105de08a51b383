"""What people look for in the shop, and what they do not find."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.look import formats
from zhanggui.doors.console import charts, words
from zhanggui.doors.console.exporting import Table, download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.terms import queries
from zhanggui.insight.terms.rules import Proposal, Remedy, Searches

MOST_ROWS: Final = 100
MOST_BARS: Final = 12
_REMEDIES: Final[dict[Remedy, Promise]] = {
    Remedy.SYNONYM: lazy("Make it a synonym of: %(words)s"),
    Remedy.WORDING: lazy("Goods say these words, the search as a whole finds none: %(words)s"),
    Remedy.PRODUCT: lazy("Nothing like it is on sale: think about a new product"),
}


@require_safe
@page(Right.SEE_NUMBERS)
def searching(request: ConsoleRequest) -> HttpResponse:
    """Words that mean the same in one row, with what became of the searches; then what found nothing."""
    scope = request.scope
    found = queries.searches(scope.shop.code, scope.period, where=scope.where)
    return show(
        request,
        "console/searching.html",
        found=found,
        clusters=found.clusters[:MOST_ROWS],
        proposals=[(one, _remedy(one)) for one in found.proposals[:MOST_ROWS]],
        chart=_chart(request, found) if found.searches else None,
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def searching_file(request: ConsoleRequest, form: str) -> HttpResponse:
    """All words as a file, each with the words it stands with and what to do about it."""
    scope = request.scope
    found = queries.searches(scope.shop.code, scope.period, where=scope.where)
    head_of = {term.query: cluster.head for cluster in found.clusters for term in cluster.terms}
    remedies = {one.term.query: _remedy(one) for one in found.proposals}
    heads = (
        *(pgettext("searched", "Words"), _("Stands with"), _("Searches"), _("People"), _("With known results")),
        *(_("Without result"), _("Product opened"), _("Put into the cart"), _("Ordered")),
        _("Ordered for (%(unit)s)") % {"unit": scope.shop.currency},
        _("What to do"),
    )
    rows = [
        (
            *(term.query, head_of[term.query], term.searches, term.people, term.known, term.nothing),
            *(term.opened, term.added, term.ordered, term.placed, remedies.get(term.query, "")),
        )
        for term in found.terms
    ]
    name = f"searches-{scope.shop.code}-{scope.period.start}-{scope.period.last}"
    return download(Table(name=name, heads=heads, rows=rows), form=form)


def _remedy(one: Proposal) -> str:
    return str(_REMEDIES[one.remedy]) % {"words": ", ".join(one.toward)}


def _chart(request: ConsoleRequest, found: Searches) -> charts.Spec:
    language = words.language()
    bars = [
        charts.Bar(name=one.head, size=one.searches, said=formats.number(one.searches, language=language))
        for one in found.clusters[:MOST_BARS]
    ]
    rate = found.zero_result_rate
    title = _("What people look for")
    if rate is not None:
        share = formats.percent(rate, language=language)
        title = _("%(share)s of searches find nothing") % {"share": share}
    scope = request.scope
    subtitle = _("Searches by words that mean the same, %(span)s, %(zone)s") % {
        "span": words.span(scope.period),
        "zone": scope.shop.zone,
    }
    said = charts.Words(title=title, subtitle=subtitle, language=language)
    return charts.bars(bars, words=said, name=_("Searches"))
