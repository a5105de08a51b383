"""What promotions, flash sales and presales cost and brought."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import campaigning, leafing, words
from zhanggui.doors.console.exporting import download
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.campaigns import queries
from zhanggui.insight.campaigns.errors import NoSuchOffer
from zhanggui.insight.campaigns.queries import Detail
from zhanggui.insight.campaigns.rules import AFTER_DAYS, GOAL, MOST_DAYS, Kind, Stage
from zhanggui.insight.metrics import queries as metrics

_PER_PAGE: Final = 50
_RIGHTS: Final = {Kind.PROMOTION: Right.SET_TERMS, Kind.FLASH: Right.RUN_SHOP, Kind.PRESALE: Right.RUN_SHOP}


@require_safe
@page(Right.SEE_NUMBERS)
def campaigns(request: ConsoleRequest) -> HttpResponse:
    """All offers of a period, deposits and their balances, and the two stages of a campaign."""
    scope = request.scope
    if scope.days is None:
        return show(request, "console/campaigns/campaigns.html", is_empty=True)
    sort = campaigning.sort_of(request.GET.get("sort", ""))
    found = queries.standings(scope.shop.code, scope.period, today=campaigning.not_over(scope))
    rows = campaigning.rows(found, sort=sort)
    deposits = queries.conversions(scope.shop.code, scope.period)
    burst = _day(request.GET.get("burst", ""))
    return show(
        request,
        "console/campaigns/campaigns.html",
        rows=rows,
        sort=sort,
        deposits=deposits,
        presales=campaigning.presales(deposits, rows),
        days=sorted(deposits.by_day.items()),
        goal=GOAL,
        burst=burst,
        stages=campaigning.staged(_stages(scope, burst)),
        most_days=MOST_DAYS,
        after_days=AFTER_DAYS,
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def campaigns_file(request: ConsoleRequest, what: str, form: str) -> HttpResponse:
    """The offers, or the deposits by day, as a file."""
    scope = request.scope
    if what == "deposits":
        found = queries.conversions(scope.shop.code, scope.period)
        return download(campaigning.conversion_table(found, scope), form=form)
    if what != "offers":
        raise Http404(what)
    sort = campaigning.sort_of(request.GET.get("sort", ""))
    standings = queries.standings(scope.shop.code, scope.period, today=campaigning.not_over(scope))
    return download(campaigning.table(campaigning.rows(standings, sort=sort), scope), form=form)


@require_safe
@page(Right.SEE_NUMBERS)
def campaign(request: ConsoleRequest, kind: str, id: str) -> HttpResponse:
    """One offer: day by day before what was expected, SKU by SKU, and the orders that used it."""
    place = leafing.page_asked(request.GET)
    found = _detail(request, kind, id, offset=(place - 1) * _PER_PAGE)
    scope, standing = request.scope, found.standing
    orders = standing.touched.orders
    return show(
        request,
        "console/campaigns/campaign.html",
        found=found,
        row=campaigning.row(standing),
        one=standing,
        judged=campaigning.judged(standing),
        chart=campaigning.chart(found, scope) if found.days and standing.uplift else None,
        finding=campaigning.finding(standing),
        goods=[(one, campaigning.sku_scope(scope, one.sku, standing)) for one in found.goods],
        names=_names(scope, found),
        place=place,
        pages=max(1, -(-orders // _PER_PAGE)),
        after_days=AFTER_DAYS,
        route=campaigning.ROUTES[standing.offer.kind] if _is_ours(request, found) else "",
        may_export=request.operator.may(Right.EXPORT),
    )


@require_safe
@page(Right.EXPORT)
def campaign_file(request: ConsoleRequest, kind: str, id: str, what: str, form: str) -> HttpResponse:
    """The days or the goods of an offer as a file."""
    found = _detail(request, kind, id)
    if what == "days":
        return download(campaigning.detail_table(found, request.scope), form=form)
    if what == "goods":
        return download(campaigning.goods_table(found, _names(request.scope, found), request.scope), form=form)
    raise Http404(what)


def _detail(request: ConsoleRequest, kind: str, id: str, *, offset: int = 0) -> Detail:
    scope = request.scope
    if kind not in tuple(Kind):
        raise Http404(kind)
    try:
        return queries.detail(
            scope.shop.code,
            Kind(kind),
            id,
            scope.period,
            today=campaigning.not_over(scope),
            limit=_PER_PAGE,
            offset=offset,
        )
    except NoSuchOffer as unknown:
        raise Http404(id) from unknown


def _names(scope: Scope, found: Detail) -> dict[str, str]:
    listings = metrics.listings(scope.shop.code, [one.sku for one in found.goods])
    return {sku: listing.name(words.language()) for sku, listing in listings.items()}


def _is_ours(request: ConsoleRequest, found: Detail) -> bool:
    """Whether the offer was made in this house, by rooms that the operator may enter."""
    offer = found.standing.offer
    return bool(offer.name_zh or offer.name_en) and request.operator.may(_RIGHTS[offer.kind])


def _stages(scope: Scope, burst: date | None) -> tuple[Stage, Stage] | None:
    if burst is None:
        return None
    return queries.stages(scope.shop.code, scope.period, burst=burst, today=campaigning.not_over(scope))


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
