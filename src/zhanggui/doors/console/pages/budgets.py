"""The budget: plan against actual by area, what was booked and moved, and marketing against the revenue."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.doors.console import leafing
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.doors.console.steering import budgets as shown
from zhanggui.doors.console.steering.goal_history import who
from zhanggui.doors.console.steering.goals import owners
from zhanggui.insight.metrics.rules import Period, Step, after, cell_of
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.budgets import actions, queries
from zhanggui.steer.budgets.errors import NoSuchBudget
from zhanggui.steer.budgets.rules import MOST_MARKETING, USUAL, Area, Budget

_PER_PAGE: Final = 50
_DAY: Final = timedelta(days=1)


@require_safe
@page(Right.SEE_NUMBERS)
def budgets(request: ConsoleRequest) -> HttpResponse:
    """The budget that runs, or one that is chosen; without any, what was spent this quarter all the same."""
    scope = request.scope
    shop, currency = scope.shop.code, scope.shop.currency
    every = queries.budgets(shop)
    found = _chosen(request, every)
    start = cell_of(scope.today, Step.QUARTER)
    quarter = Period(start, after(start, Step.QUARTER))
    period = found.period if found else quarter
    lines = queries.lines(shop, found, period=period, at=scope.at)
    area = Area(request.GET["area"]) if request.GET.get("area") in set(Area) else None
    place = leafing.page_asked(request.GET)
    booked, count = queries.postings(shop, period, area=area, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    marketing = queries.marketing(shop, period, at=scope.at)
    names = owners()
    return show(
        request,
        "console/budgets/budget.html",
        budget=found,
        every=every,
        period=period,
        rows=[shown.row(line, is_planned=found is not None) for line in lines],
        planned=Money.total((line.planned for line in lines), currency),
        spent=Money.total((line.spent for line in lines), currency),
        promised=Money.total((line.promised for line in lines), currency),
        marketing=marketing,
        marketing_tag=shown.finding(marketing),
        marketing_rate=shown.rate(marketing.rate),
        most_marketing=shown.rate(MOST_MARKETING),
        booked=[(one, shown.KINDS[one.posting.kind], shown.AREAS[one.area]) for one in booked],
        area=area,
        areas=[(one, name, USUAL[one]) for one, name in shown.AREAS.items()],
        moves=[
            (one, who(one.by, names), shown.AREAS[one.source] if one.source else "", shown.AREAS[one.target])
            for one in (queries.moves(found.id) if found else ())
        ],
        place=place,
        pages=max(1, -(-count // _PER_PAGE)),
        first=(every[0].period.end if every else start).isoformat(),
        last=(after(cell_of(every[0].period.end if every else start, Step.QUARTER), Step.QUARTER) - _DAY).isoformat(),
        may_steer=request.operator.may(Right.STEER),
    )


@require_POST
@page(Right.STEER)
def put(request: ConsoleRequest) -> HttpResponse:
    """Set a budget for a period."""
    scope = request.scope
    try:
        period, total, shares = shown.budget_of(request.POST.dict(), scope.shop)
        id = actions.set_budget(
            shop=scope.shop.code,
            period=period,
            total=total,
            shares=shares,
            trail=Trail(shop=scope.shop.code),
            by=by(request),
        )
    except (Unfit, Refused) as refused:
        messages.warning(request, shown.refusal(refused))
        return _back(request)
    messages.success(request, _("The budget stands. What was spent in its days before counts in it."))
    return _back(request, id)


@require_POST
@page(Right.STEER)
def move(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Move planned money from one area to another."""
    scope = request.scope
    try:
        source, target, amount = shown.move_of(request.POST.dict(), scope.shop.currency)
        actions.move(
            shop=scope.shop.code,
            id=id,
            source=source,
            target=target,
            amount=amount,
            trail=Trail(shop=scope.shop.code),
            by=by(request),
        )
    except NoSuchBudget as missing:
        raise Http404(str(id)) from missing
    except (Unfit, Refused) as refused:
        messages.warning(request, shown.refusal(refused))
    else:
        messages.success(request, _("Moved. The whole is what it was."))
    return _back(request, id)


def _chosen(request: ConsoleRequest, every: tuple[Budget, ...]) -> Budget | None:
    """The budget that the address names, else the one of today, else none."""
    wanted = request.GET.get("budget", "")
    if wanted:
        found = next((one for one in every if str(one.id) == wanted), None)
        if found is None:
            raise Http404(wanted)
        return found
    return next((one for one in every if request.scope.today in one.period), None)


def _back(request: ConsoleRequest, id: UUID | None = None) -> HttpResponse:
    more = {"budget": str(id)} if id else {}
    return HttpResponseRedirect(f"{reverse('console:budgets')}?{request.scope.query(**more)}")
