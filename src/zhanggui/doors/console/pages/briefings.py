"""Briefings: which there are, one of them to read, to word anew, to decide on and to publish, and its files."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.doors.console import words
from zhanggui.doors.console.briefings import sentences
from zhanggui.doors.console.briefings.papers import paper, shown
from zhanggui.doors.console.briefings.refusals import refusal
from zhanggui.doors.console.briefings.sheets import sheets
from zhanggui.doors.console.briefings.slides import slides
from zhanggui.doors.console.briefings.telling import Told, told
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.insight.metrics.rules import Period, Step, cell_of
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.briefings import actions, queries
from zhanggui.steer.briefings.actions import Worded
from zhanggui.steer.briefings.errors import NoSuchBriefing, TargetUnfit
from zhanggui.steer.briefings.queries import Briefing
from zhanggui.steer.briefings.rules import LONGEST_WORDS, Kind, State, Unit, Verdict

_MOST: Final = 60
_FILES: Final = {
    "html": "text/html; charset=utf-8",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MILLION: Final = 1_000_000


@require_safe
@page(Right.SEE_NUMBERS)
def briefings(request: ConsoleRequest) -> HttpResponse:
    """The briefings of the shop, the latest days first, and the form that writes one."""
    scope = request.scope
    found, count = queries.briefings(scope.shop.code, limit=_MOST)
    return show(
        request,
        "console/briefings/list.html",
        lines=[(one, sentences.KINDS[one.kind], words.span(Period(one.first, one.end))) for one in found],
        count=count,
        kinds=list(sentences.KINDS.items()),
        day=_last_month(scope.today),
        may_steer=request.operator.may(Right.STEER),
    )


@require_POST
@page(Right.STEER)
def write(request: ConsoleRequest) -> HttpResponse:
    """Write a draft of the days around the one that is said."""
    said = request.POST
    kind = Kind(said["kind"]) if said.get("kind") in tuple(Kind) else Kind.MONTH
    try:
        on = date.fromisoformat(said.get("day", ""))
    except ValueError:
        on = _last_month(request.scope.today)
    try:
        period = None if kind is Kind.FUNNEL else queries.period_of(kind, cell_of(on, Step(kind.value)))
        id = actions.write(shop=request.scope.shop.code, kind=kind, period=period, at=request.scope.at, by=by(request))
    except Refused as refused:
        messages.warning(request, refusal(refused))
        return HttpResponseRedirect(f"{reverse('console:briefings')}?{request.scope.query()}")
    return _to(request, id)


@require_safe
@page(Right.SEE_NUMBERS)
def briefing(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One briefing to read, like a document; with ?edit=1 its words and proposals to decide on."""
    found = _found(request, id)
    is_edited = request.GET.get("edit") == "1" and request.operator.may(Right.STEER)
    read = told(found.document, said=found.words, decided=found.decided)
    return show(
        request,
        "console/briefings/edit.html" if is_edited else "console/briefings/one.html",
        line=found.line,
        told=read,
        chapters=() if is_edited else shown(read),
        proposals=[(one, _target(found, one.key)) for one in read.proposals],
        is_draft=found.line.state is State.DRAFT,
        may_steer=request.operator.may(Right.STEER),
        may_export=request.operator.may(Right.EXPORT),
        longest=LONGEST_WORDS,
        has_polisher=queries.has_polisher(),
        digest=found.digest[:12],
    )


@require_safe
@page(Right.EXPORT)
def briefing_file(request: ConsoleRequest, id: UUID, form: str) -> HttpResponse:
    """The briefing as a file in the language of the page."""
    found = _found(request, id)
    if form not in _FILES:
        raise Http404(form)
    read = told(found.document, said=found.words, decided=found.decided, root=settings.PUBLIC_URL)
    response = HttpResponse(_content(read, form), content_type=_FILES[form])
    name = f"{found.shop}-{found.line.kind}-{found.line.first}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@page(Right.STEER)
def say(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Put words in place of a sentence, or take them away."""
    found, key = _found(request, id), request.POST.get("key", "")
    try:
        actions.say(
            id=found.line.id, key=key, language=words.language(), words=request.POST.get("words", ""), by=by(request)
        )
        messages.success(request, _("Kept. The figures stay as they were counted."))
    except Refused as refused:
        messages.warning(request, refusal(refused))
    return _to(request, id, anchor=f"f-{key}", edit="1")


@require_POST
@page(Right.STEER)
def polish(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Let the polisher that is plugged in write the draft's sentences more smoothly, in the language of the page."""
    found = _found(request, id)
    read = told(found.document, said=found.words)
    plain = {one.key: one.plain for chapter in read.chapters for one in chapter.sentences}
    try:
        done = actions.polish(id=found.line.id, language=words.language(), sentences=plain, by=by(request))
    except Refused as refused:
        messages.warning(request, refusal(refused))
        return _to(request, id, edit="1")
    said = _("%(taken)s sentences were polished; %(refused)s were refused, for a figure, a name or a link was touched.")
    messages.success(request, said % {"taken": done.taken, "refused": len(done.refused)})
    if not done.is_whole:
        messages.warning(request, _("The polisher was out of reach before it had read all sentences. Try again later."))
    return _to(request, id, edit="1")


@require_POST
@page(Right.STEER)
def decide(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Accept a proposal, accept it with another target, or drop it."""
    found, said = _found(request, id), request.POST
    key = said.get("key", "")
    try:
        verdict = Verdict(said.get("verdict", ""))
        actions.decide(
            id=found.line.id,
            key=key,
            verdict=verdict,
            target=_units(found, key, said.get("target", "")) if verdict is Verdict.CHANGE else None,
            worded=_worded(found),
            trail=Trail(shop=found.shop),
            by=by(request),
        )
        messages.success(request, _("Decided."))
    except ValueError:
        messages.warning(request, _("Choose what is to become of it."))
    except Refused as refused:
        messages.warning(request, refusal(refused))
    return _to(request, id, anchor=f"p-{key}", edit="1")


@require_POST
@page(Right.STEER)
def publish(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Put one's name to it: it is frozen, told, and what was accepted is carried out."""
    found = _found(request, id)
    try:
        actions.publish(id=found.line.id, worded=_worded(found), trail=Trail(shop=found.shop), by=by(request))
        messages.success(request, _("Published. What was accepted stands among the goals, plays and budgets now."))
    except Refused as refused:
        messages.warning(request, refusal(refused))
    return _to(request, id)


def _content(read: Told, form: str) -> bytes:
    if form == "html":
        return paper(read)
    return slides(read) if form == "pptx" else sheets(read, root=settings.PUBLIC_URL)


def _worded(found: Briefing) -> dict[str, Worded]:
    """What the plays are called and why they are tried, in the language of the page."""
    return {
        one.key: Worded(name=one.name or one.text, hypothesis=f"{one.because} {one.text}".strip(), task=one.text)
        for one in told(found.document, said=found.words).proposals
    }


def _target(found: Briefing, key: str) -> str:
    """The target as the form shows it: in major units, pieces, or hundredths."""
    decision, so_far = found.document.decision(key), found.decided.get(key)
    aim = decision.number("target") if decision else None
    if aim is None or aim.size is None:
        return ""
    units = so_far.target if so_far and so_far.target is not None else actions.in_units(aim)
    match aim.unit:
        case Unit.MONEY:
            return str(Money(units, found.document.currency).major)
        case Unit.COUNT:
            return str(units)
        case Unit.RATE:
            return f"{Decimal(units) / (_MILLION // 100):.2f}"
        case _:
            return f"{Decimal(units) / _MILLION:.2f}"


def _units(found: Briefing, key: str, said: str) -> int:
    """The same read back into the units of goals.

    refuses  TargetUnfit
    """
    decision = found.document.decision(key)
    aim = decision.number("target") if decision else None
    try:
        amount = Decimal(said.strip().replace(",", ""))
    except InvalidOperation as wrong:
        raise TargetUnfit(key=key) from wrong
    if aim is None or not 0 < amount < 10**12:
        raise TargetUnfit(key=key)
    match aim.unit:
        case Unit.MONEY:
            return Money.of(amount, found.document.currency).minor
        case Unit.COUNT:
            return int(amount)
        case Unit.RATE:
            return int(amount * (_MILLION // 100))
        case _:
            return int(amount * _MILLION)


def _last_month(today: date) -> date:
    """The first day of the month before."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def _found(request: ConsoleRequest, id: UUID) -> Briefing:
    try:
        found = queries.briefing(id, language=words.language())
    except NoSuchBriefing as missing:
        raise Http404(str(id)) from missing
    if found.shop != request.scope.shop.code:
        raise Http404(str(id))
    return found


def _to(request: ConsoleRequest, id: UUID, *, anchor: str = "", **more: str) -> HttpResponse:
    tail = f"#{anchor}" if anchor else ""
    return HttpResponseRedirect(f"{reverse('console:briefing', args=[id])}?{request.scope.query(**more)}{tail}")
