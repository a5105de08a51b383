"""Goals: how they stand, adopting and setting them, and one of them with its parts and history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.doors.console import causes, words
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.doors.console.steering import goal_forms as forms
from zhanggui.doors.console.steering import goal_history
from zhanggui.doors.console.steering import goals as shown
from zhanggui.insight.metrics.rules import (
    EVERYTHING,
    METRICS,
    Better,
    Elsewhere,
    Metric,
    Period,
    Step,
    after,
    cell_of,
)
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.goals import actions, queries
from zhanggui.steer.goals.errors import NoSuchGoal
from zhanggui.steer.goals.rules import READ_ELSEWHERE, READY, Course, Goal, course_of, scale_of

_WINDOW: Final = timedelta(days=366)
_MOST_DROPPED: Final = 100
_VIEWS: Final = ("now", "coming", "past")


@require_safe
@page(Right.SEE_NUMBERS)
def goals(request: ConsoleRequest) -> HttpResponse:
    """The trees of goals with how they stand, those at risk counted, and what is ready to be adopted."""
    scope = request.scope
    shop, today = scope.shop.code, scope.today
    view = request.GET.get("view", "")
    view = view if view in _VIEWS else "now"
    mine = queries.teams_of(shop, request.operator.pk)
    team = request.GET.get("team", mine[0] if mine else "")
    found = queries.roots(shop, _window(view, today), team=team)
    seen = queries.progresses(found, at=scope.at)
    rows = shown.rows(found, seen)
    return show(
        request,
        "console/goals/list.html",
        rows=rows,
        at_risk=sum(seen[row.goal.id].is_at_risk for row in rows if not row.depth),
        count=sum(not row.depth for row in rows),
        views=[("now", _("Running")), ("coming", _("To come")), ("past", _("Past"))],
        view=view,
        team=team,
        teams=[one.name for one in queries.teams(shop)],
        objectives=_objectives(shop, _window(view, today), team, rows),
        offers=[
            (
                one,
                *shown.offered_words(one, scope.shop.currency),
                shown.asks(one),
                forms.unit_words(one.ready.metric, scope.shop.currency),
            )
            for one in queries.offered(shop, at=scope.at)
        ]
        if view == "now"
        else [],
        dropped=goal_history.given_up(queries.dropped(shop, limit=_MOST_DROPPED)) if view == "past" else [],
        may_steer=request.operator.may(Right.STEER),
    )


@require_POST
@page(Right.STEER)
def adopt(request: ConsoleRequest, key: str) -> HttpResponse:
    """Adopt a ready goal; whoever clicks answers for it."""
    scope, said = request.scope, request.POST
    ready = next((one for one in READY if one.key == key), None)
    if ready is None:
        raise Http404(key)
    try:
        id = actions.adopt(
            shop=scope.shop.code,
            key=key,
            figure=forms.units_of(ready.metric, said.get("figure", ""), scope.shop.currency),
            was=forms.units_of(ready.metric, said.get("was", ""), scope.shop.currency),
            owner=request.operator.pk,
            at=scope.at,
            trail=Trail(shop=scope.shop.code),
            by=by(request),
        )
    except (Unfit, Refused) as refused:
        messages.warning(request, forms.refusal(refused, currency=scope.shop.currency))
        return _to(request, "goals")
    messages.success(request, _("The goal is set, and you answer for it. Hand it over if somebody else does."))
    return _to(request, "goal", id)


@page(Right.STEER)
def new(request: ConsoleRequest) -> HttpResponse:
    """Set a goal. The number is chosen first, so that its unit and where it starts from are known."""
    scope, form = request.scope, request.POST.dict() if request.method == "POST" else request.GET.dict()
    currency = scope.shop.currency
    if request.method == "POST":
        try:
            wanted = forms.goal_of(form, currency=currency)
            id = actions.set_goal(
                shop=scope.shop.code,
                metric=wanted.metric,
                baseline=wanted.baseline,
                target=wanted.target,
                period=wanted.period,
                owner=wanted.owner,
                team=wanted.team,
                where=wanted.where,
                better=wanted.better,
                objective=_uuid(form.get("objective", "")),
                awaits_baseline=wanted.awaits_baseline,
                trail=Trail(shop=scope.shop.code),
                by=by(request),
            )
        except (Unfit, Refused) as refused:
            messages.warning(request, forms.refusal(refused, currency=currency))
        else:
            messages.success(request, _("The goal is set."))
            return _to(request, "goal", id)
    return show(request, "console/goals/new.html", status=200, **_form(request, form))


@require_safe
@page(Right.SEE_NUMBERS)
def goal(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One goal: its course against what is due, its parts, what can be done, and what was done."""
    scope = request.scope
    one = asked(request, id)
    tree = queries.tree(one)
    parts = [part for part in tree.values() if part.parent == id]
    seen = queries.progresses([one, *parts], at=scope.at)
    names = shown.owners()
    return show(
        request,
        "console/goals/one.html",
        one=one,
        causes=causes.of_goal(one, scope),
        row=shown.row(one, seen[id], names),
        seen=seen[id],
        shape=shown.SHAPES[seen[id].shape],
        chart=shown.chart(one, seen[id], queries.course(one, at=scope.at), zone=scope.shop.zone),
        headline=shown.headline(one, seen[id]),
        baseline=shown.said(one, one.baseline) if one.baseline is not None else "",
        can_wait=course_of(one.metric) is Course.LEVEL,
        read_from=shown.read_from(one),
        answered=_answered(request, one),
        parent=tree.get(one.parent) if one.parent else None,
        parent_name=shown.name_of(tree[one.parent]) if one.parent in tree else "",
        parts=[shown.row(part, seen[part.id], names, whole=one) for part in parts],
        history=goal_history.done(queries.history(_below(tree, one)), tree),
        typed=forms.typed(one.metric, one.target, one.currency),
        unit=forms.unit_words(one.metric, one.currency),
        names=names,
        teams=[each.name for each in queries.teams(scope.shop.code)],
        objectives=queries.objectives(scope.shop.code, Period(scope.today - _WINDOW, scope.today + _WINDOW)),
        can_drop=not (one.parent and tree[one.parent].is_sum),
        may_steer=request.operator.may(Right.STEER),
    )


@require_POST
@page(Right.STEER)
def do(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Lock, free, hand over, drop a goal, say where it starts from, whose it is, or make it one again."""
    one = asked(request, id)
    try:
        match verb:
            case "lock" | "free":
                actions.lock(id=id, is_locked=verb == "lock", by=by(request))
                messages.success(request, _("Kept."))
            case "hand-over":
                actions.hand_over(id=id, owner=forms.whole(request.POST.get("owner", "")) or 0, by=by(request))
                messages.success(request, _("Somebody else answers for it now."))
            case "team":
                actions.move_to_team(id=id, team=request.POST.get("team", ""), by=by(request))
                messages.success(request, _("Kept."))
            case "result":
                actions.name_result(id=id, objective=_uuid(request.POST.get("objective", "")), by=by(request))
                messages.success(request, _("Kept."))
            case "start":
                _start(request, one)
                messages.success(request, _("It is known now where it starts from."))
            case "join":
                actions.drop_parts(id=id, by=by(request))
                messages.success(request, _("It is one goal again. What was done to its parts stays written."))
            case "drop":
                actions.drop(id=id, words=request.POST.get("words", ""), by=by(request))
                messages.success(request, _("Dropped, with its parts. What was done to it stays written."))
                return _to(request, "goals")
            case _:
                raise Http404(verb)
    except (Unfit, Refused) as refused:
        messages.warning(request, forms.refusal(refused, currency=one.currency))
    return _to(request, "goal", id)


@page(Right.STEER)
def teams(request: ConsoleRequest) -> HttpResponse:
    """Teams, who is in them, and what they want."""
    scope = request.scope
    if request.method == "POST":
        _do_team(request)
        return _to(request, "goal_teams")
    year = Period(scope.today - _WINDOW, scope.today + _WINDOW)
    start = cell_of(scope.today, Step.QUARTER)
    return show(
        request,
        "console/goals/teams.html",
        teams=queries.teams(scope.shop.code),
        objectives=queries.objectives(scope.shop.code, year),
        names=shown.owners(),
        first=start.isoformat(),
        last=(after(start, Step.QUARTER) - timedelta(days=1)).isoformat(),
    )


def asked(request: ConsoleRequest, id: UUID) -> Goal:
    """The goal of an address, of the shop that is looked at."""
    try:
        return queries.goal(request.scope.shop.code, id)
    except NoSuchGoal as missing:
        raise Http404(str(id)) from missing


def _do_team(request: ConsoleRequest) -> None:
    form, shop = request.POST, request.scope.shop
    members = {found for said in form.getlist("member") if (found := forms.whole(said))}
    try:
        match form.get("do", ""):
            case "make":
                actions.make_team(shop=shop.code, name=form.get("name", ""), members=members)
            case "members":
                actions.change_members(shop=shop.code, name=form.get("name", ""), members=members)
            case "objective":
                period = forms.period_of(form.dict())
                if period is None:
                    raise Unfit("days", "days")
                actions.set_objective(
                    shop=shop.code, team=form.get("name", ""), words=form.get("words", ""), period=period
                )
            case "rename":
                actions.rename_team(shop=shop.code, name=form.get("name", ""), to=form.get("to", ""))
            case "reword":
                period = forms.period_of(form.dict())
                if period is None:
                    raise Unfit("days", "days")
                actions.change_objective(
                    shop=shop.code, id=_asked_objective(form), words=form.get("words", ""), period=period
                )
            case "withdraw":
                actions.drop_objective(shop=shop.code, id=_asked_objective(form), by=by(request))
            case other:
                raise Http404(other)
    except (Unfit, Refused) as refused:
        messages.warning(request, forms.refusal(refused, currency=shop.currency))
    else:
        messages.success(request, _("Kept."))


def _start(request: ConsoleRequest, one: Goal) -> None:
    """Where a goal starts from, as somebody says it.

    refuses  Unfit, BaselineKnown
    """
    units = forms.units_of(one.metric, request.POST.get("baseline", ""), one.currency)
    if units is None:
        raise Unfit("number", "number")
    actions.start_from(id=one.id, baseline=units, trail=Trail(shop=one.shop), by=by(request))


def _answered(request: ConsoleRequest, one: Goal) -> str:
    """The address of the page that answers a goal's number."""
    route, args = shown.page_of(one)
    return f"{reverse(f'console:{route}', args=args)}?{request.scope.query()}"


def _asked_objective(form: Mapping[str, str]) -> UUID:
    """The objective that a form names."""
    id = _uuid(form.get("id", ""))
    if id is None:
        raise Http404(form.get("id", ""))
    return id


def _form(request: ConsoleRequest, form: dict[str, str]) -> dict[str, object]:
    """What stands in the form: what was typed, else what would be usual for the number."""
    scope = request.scope
    key = form.get("metric", "")
    one = METRICS.get(key) or READ_ELSEWHERE.get(key)
    start = cell_of(scope.today, Step.QUARTER)
    usual = {"first": start.isoformat(), "last": (after(start, Step.QUARTER) - timedelta(days=1)).isoformat()}
    filled = {**usual, "owner": str(request.operator.pk), **{name: said for name, said in form.items() if said}}
    known = None
    if one is not None:
        period = Period(
            forms.day_of(filled["first"], start),
            max(forms.day_of(filled["last"], start), forms.day_of(filled["first"], start)) + timedelta(days=1),
        )
        known = queries.baseline(scope.shop.code, key, EVERYTHING, period, at=scope.at)
        if known and "baseline" not in form:
            filled["baseline"] = forms.typed(key, known[0], scope.shop.currency)
        filled.setdefault("better", str(one.better))
    return {
        "form": filled,
        "metric": one,
        "metrics": _readable(),
        "unit": forms.unit_words(key, scope.shop.currency) if one else "",
        "is_whole": one is not None and scale_of(key) == 1,
        "can_wait": one is not None and course_of(key) is Course.LEVEL,
        "known_days": words.span(known[1]) if known else "",
        "betters": [(Better.UP, _("at least the target")), (Better.DOWN, _("at most the target"))],
        "names": shown.owners(),
        "teams": [each.name for each in queries.teams(scope.shop.code)],
        "objectives": queries.objectives(scope.shop.code, Period(scope.today - _WINDOW, scope.today + _WINDOW)),
    }


def _readable() -> list[Metric | Elsewhere]:
    """All numbers that a goal can be about, by name."""
    every: list[Metric | Elsewhere] = [*METRICS.values(), *READ_ELSEWHERE.values()]
    return sorted(every, key=lambda each: each.name(words.language()))


def _objectives(shop: str, period: Period, team: str, rows: list[shown.Row]) -> list[tuple[object, list[shown.Row]]]:
    """What teams want, each with its key results."""
    return [
        (wanted, [row for row in rows if row.goal.objective == wanted.id])
        for wanted in queries.objectives(shop, period, team=team)
    ]


def _window(view: str, today: date) -> Period:
    """The days whose goals are shown."""
    day = timedelta(days=1)
    return {"now": Period(today, today + day), "coming": Period(today + day, today + 2 * _WINDOW)}.get(
        view, Period(today - 2 * _WINDOW, today)
    )


def _below(tree: dict[UUID, Goal], one: Goal) -> list[UUID]:
    """A goal and its parts, at any depth."""
    found = [one.id]
    for part in tree.values():  # parts stand behind their wholes
        if part.parent in found:
            found.append(part.id)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _to(request: ConsoleRequest, route: str, *args: object) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(f'console:{route}', args=args)}?{request.scope.query()}")
