"""Promotions: the calendar of campaigns, one promotion with its dry run, and letting it go live, pause and end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.jobs import queries as jobs
from zhanggui.base.money import Money
from zhanggui.doors.console import ports, promoting
from zhanggui.doors.console import promotion_words as words
from zhanggui.doors.console import words as console_words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.doors.console.promoting import View
from zhanggui.growth.promotions import actions, queries
from zhanggui.growth.promotions.actions.planning import ALONE_MAJOR
from zhanggui.growth.promotions.actions.trying import STANDS_STILL_AFTER
from zhanggui.growth.promotions.errors import NoSuchPromotion
from zhanggui.growth.promotions.queries import Planned, Tried
from zhanggui.growth.promotions.rules import State
from zhanggui.growth.promotions.rules.trials import DAYS
from zhanggui.spine.log.rules import Trail


@require_safe
@page(Right.SET_TERMS)
def promotions(request: ConsoleRequest) -> HttpResponse:
    """The calendar of campaigns, by month or week, or all promotions as a list. At most six statements, one for the
    uses of those without a budget and three for who overlaps whom among them; further campaigns ask for themselves.
    """
    shop, at = request.scope.shop, request.scope.at
    said = request.GET.get("view", "")
    view = View(said) if said in tuple(View) else View.MONTH
    shown = promoting.window(view, _day(request.GET.get("on", ""), shop.zone), zone=shop.zone)
    if view is View.LIST:
        planned, happenings = queries.all_planned(shop.code), []
    else:
        planned = queries.planned(shop.code, start=shown.start, end=shown.end)
        happenings = [one for ask in ports.calendars for one in ask(shop.code, shown.start, shown.end)]
    overlaps = queries.overlaps(shop.code, [one for one in planned if one.state is not State.ENDED])
    return show(
        request,
        "console/promotions/list.html",
        view=view,
        shown=shown,
        today=clock.day_of(at, shop.zone),
        rows=promoting.bars(planned, happenings, shown=shown, overlaps=overlaps, zone=shop.zone, at=at),
        waiting=[(one.id, one.name(console_words.language())) for one in planned if one.state is State.ASKED],
    )


@require_safe
@page(Right.SET_TERMS)
def promotion(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One promotion: its sentence, what it gave away, its dry run, who else holds then, who did what.

    A page that is open while a dry run goes on asks again with the version it shows in X-Known.
    """
    shop, at = request.scope.shop, request.scope.at
    one = found(request, id)
    tried = queries.tried(shop.code, one.id)
    if tried and tried.version and request.headers.get("X-Known") == tried.version:
        return HttpResponse(status=204)
    others = queries.planned(shop.code, start=one.plan.starts_at, end=one.plan.ends_at or _far(one))
    meeting = queries.overlaps(shop.code, [one, *(other for other in others if other.id != one.id)]).get(one.id, ())
    state, tone = promoting.state_of(one, at=at)
    return show(
        request,
        "console/promotions/one.html",
        one=one,
        name=one.name(console_words.language()),
        state=state,
        tone=tone,
        kind=queries.KIND_NAMES[one.plan.kind],
        layer=words.LAYERS.get(one.rule.layer, ""),
        sentences=words.sentences(one.rule),
        payer=words.PAYERS[one.plan.funded_by],
        facts=_facts(one),
        limit=Money.of(ALONE_MAJOR, shop.currency),
        needs_second=_needs_second(one, tried),
        is_mine=one.asked_by == str(by(request)),
        asked_by=console_words.actor(one.asked_by) if one.asked_by else "",
        tried=tried,
        outcome=_outcome(one, tried) if tried else None,
        is_still=bool(tried and tried.is_running and at - tried.moved_at > STANDS_STILL_AFTER),
        has_worker=not (tried and tried.is_running) or jobs.counts().is_worker_alive,
        days=DAYS,
        others=[
            (other, other.name(console_words.language()))
            for other in others
            if other.id in meeting and other.state is not State.ENDED
        ],
        deeds=[(words.DEEDS[deed.what], console_words.actor(deed.by), deed.at) for deed in queries.deeds(one.id)],
    )


@require_POST
@page(Right.SET_TERMS)
def do(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Let it go live, approve, send back, pause, end, or try it on past orders."""
    does = _VERBS.get(verb)
    if does is None:
        raise Http404(verb)
    one = found(request, id)
    try:
        messages.success(request, does(request, one))
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    return HttpResponseRedirect(f"{reverse('console:promotion', args=[id])}?{request.scope.query()}")


def found(request: ConsoleRequest, id: UUID) -> Planned:
    """The promotion of that id in the shop of the page; 404 if there is none."""
    try:
        return queries.promotion(request.scope.shop.code, str(id))
    except NoSuchPromotion as missing:
        raise Http404(str(id)) from missing


def _start(request: ConsoleRequest, one: Planned) -> str:
    foreseen = _foreseen(queries.tried(request.scope.shop.code, one.id))
    state = actions.start(id=one.id, foreseen=foreseen, trail=_trail(request), by=by(request))
    if state is State.ASKED:
        return _("It waits for a second person now. Whoever may set terms can let it go live.")
    return _("It is live. Carts show it from its start on.")


def _approve(request: ConsoleRequest, one: Planned) -> str:
    actions.approve(id=one.id, trail=_trail(request), by=by(request))
    return _("It is live. Carts show it from its start on.")


def _send_back(request: ConsoleRequest, one: Planned) -> str:
    actions.send_back(id=one.id, trail=_trail(request), by=by(request))
    return _("It is a draft again.")


def _pause(request: ConsoleRequest, one: Planned) -> str:
    actions.stop(id=one.id, for_good=False, trail=_trail(request), by=by(request))
    return _("It is paused. Orders that used it keep what they got.")


def _end(request: ConsoleRequest, one: Planned) -> str:
    actions.stop(id=one.id, for_good=True, trail=_trail(request), by=by(request))
    return _("It has ended. Orders that used it keep what they got.")


def _try(request: ConsoleRequest, one: Planned) -> str:
    actions.try_out(promotion_id=one.id, trail=_trail(request), by=by(request))
    return _("It is being tried on past orders. You may leave this page; it goes on.")


_VERBS: Final[dict[str, Callable[[ConsoleRequest, Planned], str]]] = {
    "start": _start,
    "approve": _approve,
    "send-back": _send_back,
    "pause": _pause,
    "end": _end,
    "try": _try,
}


def _facts(one: Planned) -> list[tuple[str, str]]:
    """What else was decided, as pairs of words; only what was."""
    plan = one.plan
    limits = {
        _("At most per order"): plan.cap and words.amount(plan.cap),
        _("Times per order"): plan.per_order and str(plan.per_order),
        _("Orders per person"): plan.per_person and str(plan.per_person),
        _("Group"): plan.group,
        _("Priority"): plan.priority and str(plan.priority),
        _("Looks at"): _("the list price") if plan.base == "list" else "",
    }
    return [(name, said) for name, said in limits.items() if said]


def _foreseen(tried: Tried | None) -> Money | None:
    """What the dry run foresaw, as long as the promotion is still what was tried."""
    return tried.foreseen if tried and tried.is_of_now else None


def _needs_second(one: Planned, tried: Tried | None) -> bool:
    """Whether a second person will be asked for, as `actions.start` decides it."""
    known = [amount for amount in (_foreseen(tried), one.plan.budget) if amount is not None]
    return not known or min(known) > Money.of(ALONE_MAJOR, one.given.currency)


def _outcome(one: Planned, tried: Tried) -> dict[str, object] | None:
    """What a dry run found, in the shapes in which the page shows it."""
    said, currency = tried.outcome, one.given.currency
    if said is None:
        return None

    def money(minor: int) -> Money:
        return Money(minor, currency)

    most = max((off for _day, _orders, off in said.days), default=0)
    return {
        "said": said,
        "off": money(said.off_minor),
        "paid": money(said.paid_minor),
        "rate": said.off_minor / said.paid_minor if said.paid_minor else 0.0,
        "margin_before": money(said.margin_before_minor),
        "margin_after": money(said.margin_after_minor),
        "stacks": sorted(said.stacks.items()),
        "reasons": [
            (words.WHY_NOT[reason], n) for reason, n in sorted(said.reasons.items(), key=lambda each: -each[1])
        ],
        "days": [(day, orders, money(off), off / most if most else 0) for day, orders, off in said.days],
        "top": [
            (
                each,
                money(each.listed_minor),
                money(each.paid_minor - each.off_minor),
                money(each.off_minor),
                None if each.margin_minor is None else money(each.margin_minor),
            )
            for each in said.top
        ],
    }


def _trail(request: ConsoleRequest) -> Trail:
    return Trail(shop=request.scope.shop.code)


def _far(one: Planned) -> datetime:
    """As good as never: what has no end is held against all that begins in ten years."""
    return one.plan.starts_at + timedelta(days=3650)


def _day(said: str, zone: str) -> date:
    try:
        found = date.fromisoformat(said)
    except ValueError:
        return clock.day_of(clock.now(), zone)
    return found if 2000 <= found.year <= 2100 else clock.day_of(clock.now(), zone)
