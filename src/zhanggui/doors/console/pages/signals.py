"""The inbox of signals, one signal with its evidence, and what is decided about it."""

from __future__ import annotations

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
from zhanggui.doors.console import causes, signal_words, signalling
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals import actions, queries
from zhanggui.steer.signals.errors import NoSuchSignal, SnoozeUnfit
from zhanggui.steer.signals.rules import LONGEST_WORDS, Signal

PER_PAGE: Final = 50
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
# All detectors have looked at a day by then; whichever has not has failed.
_LOOKS_LAST: Final = timedelta(minutes=15)


@require_safe
@page(Right.SEE_NUMBERS)
def signals(request: ConsoleRequest) -> HttpResponse:
    """What goes wrong and what could be won, by money x confidence; what was put off, and what became of the others."""
    shop, now = request.scope.shop.code, clock.now()
    settled, count = queries.settled(shop, limit=PER_PAGE)
    looked = queries.looked(shop)
    missing = queries.not_looked_with(shop, looked) if looked else ()
    return show(
        request,
        "console/signals/inbox.html",
        cards=[signalling.card(one) for one in queries.inbox(shop, at=now)],
        snoozed=[signalling.card(one) for one in queries.snoozed(shop, at=now)],
        settled=[signalling.card(one) for one in settled],
        settled_count=count,
        looked=looked,
        failed=sorted(str(signal_words.KINDS.get(name, name)) for name in missing),
        is_looking=bool(looked and missing) and _is_looking(shop, looked, now),
        next_week=clock.day_of(now, request.scope.shop.zone) + _WEEK,
        longest=LONGEST_WORDS,
        may_steer=request.operator.may(Right.STEER),
    )


def _is_looking(shop: str, looked: date, now: datetime) -> bool:
    looks = queries.looks(shop, Period(looked, looked + _DAY))
    return now - max(look.at for look in looks) < _LOOKS_LAST


@require_safe
@page(Right.SEE_NUMBERS)
def signal(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One signal: what shows it, what led to it, what is proposed, and what its kind has learnt."""
    found, now, shop = _found(request, id), clock.now(), request.scope.shop
    ordinary = queries.ordinary_day(shop.code, found.last_day, at=now)
    said = queries.verdicts(shop.code, found.kind, found.subject)
    needs = queries.need(shop.code, found.kind, found.subject, ordinary_day_minor=ordinary)
    return show(
        request,
        "console/signals/signal.html",
        card=signalling.card(found),
        causes=causes.of_signal(found, request.scope),
        chart=signalling.course(found, request.scope),
        learnt=signal_words.learnt(said, needs, found.size.currency),
        next_week=clock.day_of(now, shop.zone) + _WEEK,
        longest=LONGEST_WORDS,
        may_steer=request.operator.may(Right.STEER),
    )


@require_POST
@page(Right.STEER)
def do(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Put a signal off, or away as useful or not."""
    _found(request, id)
    try:
        messages.success(request, _do(request, id, verb))
    except Refused as refused:
        messages.warning(request, signal_words.refusal(refused))
        return HttpResponseRedirect(f"{reverse('console:signal', args=[id])}?{request.scope.query()}")
    return HttpResponseRedirect(f"{reverse('console:signals')}?{request.scope.query()}")


def _do(request: ConsoleRequest, id: UUID, verb: str) -> str:
    form = request.POST
    match verb:
        case "snooze":
            actions.snooze(id=id, until=_day(form.get("until", "")), by=by(request))
            return _("Put off. It stands here again on that day.")
        case "useful":
            actions.dismiss(id=id, is_useful=True, words=form.get("words", ""), by=by(request))
            return _("Put away as useful: the next of its kind is told sooner.")
        case "useless":
            actions.dismiss(id=id, is_useful=False, words=form.get("words", ""), by=by(request))
            return _("Put away as not useful: the next of its kind has to be larger and surer.")
        case _:
            raise Http404(verb)


def _found(request: ConsoleRequest, id: UUID) -> Signal:
    try:
        found = queries.signal(id)
    except NoSuchSignal as missing:
        raise Http404(str(id)) from missing
    if found.shop != request.scope.shop.code:
        raise Http404(str(id))
    return found


def _day(said: str) -> date:
    """A day as a form says it.

    refuses  SnoozeUnfit
    """
    try:
        return date.fromisoformat(said)
    except ValueError as unread:
        raise SnoozeUnfit(until=date.min) from unread
