"""Plays: the board, planning one, one play's story, and what is done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right, Role
from zhanggui.base.errors import Refused
from zhanggui.base.outbox.rules import Channel
from zhanggui.doors.console import (
    causes,
    fields,
    message_words,
    occasion_words,
    play_pages,
    play_words,
    playing,
    signal_words,
    why_words,
)
from zhanggui.doors.console import play_forms as forms
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.growth.messages import queries as letters
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.budgets.rules import Area
from zhanggui.steer.plays import actions, queries
from zhanggui.steer.plays.errors import NoSuchPlay, SignalTaken
from zhanggui.steer.plays.rules import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Ending,
    Occasion,
    Plan,
    Play,
    State,
    occasion_of,
)
from zhanggui.steer.signals import queries as inbox
from zhanggui.steer.signals.errors import NoSuchSignal
from zhanggui.steer.signals.rules import Move, Signal


@require_safe
@page(Right.SEE_NUMBERS)
def plays(request: ConsoleRequest) -> HttpResponse:
    """The plays of a shop by how far they have come, and what one person may start alone."""
    shop = request.scope.shop.code
    found = queries.board(shop)
    latest = {entry.play_id: entry for entry in reversed(queries.ledger(shop, limit=200))}
    return show(
        request,
        "console/plays/board.html",
        lanes=[
            (name, [(one, play_words.MOVES[one.plan.action.move], latest.get(one.id)) for one in those])
            for name, those in playing.lanes(found)
        ],
        is_empty=not found,
        names=playing.names(),
        limit=queries.limit(shop),
        may_steer=request.operator.may(Right.STEER),
        may_approve=request.operator.may(Right.APPROVE),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.STEER)
def new(request: ConsoleRequest) -> HttpResponse:
    """Plan a play: posted with a signal, it is filled in and opened; without one, choose what it is about first."""
    form = request.POST.dict() if request.method == "POST" else request.GET.dict()
    if request.method == "POST" and form.get("signal"):
        return _from_signal(request, form["signal"])
    move, occasion = _move(form.get("move", "")), _occasion(form.get("occasion", ""))
    if move is None and occasion is None:
        return _beginning(request, form)
    try:
        base = _on_occasion(request, occasion) if occasion else _chosen(request, move or Move.CHECK, form)
    except (Unfit, Refused) as unfit:
        messages.warning(request, play_words.refusal(unfit))
        return _beginning(request, form)
    if request.method != "POST":
        return _form(request, forms.said_by(base), base=base)
    try:
        id = actions.propose(
            shop=request.scope.shop.code,
            signal_id=None,
            plan=_planned(request, form, base=base),
            trail=Trail(shop=request.scope.shop.code),
            by=by(request),
        )
    except (Unfit, Refused) as unfit:
        messages.warning(request, play_words.refusal(unfit))
        return _form(request, form, base=base)
    return _kept(request, id, form)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.STEER)
def edit(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """The plan of a draft, every field of which can be changed."""
    play = _found(request, id)
    if play.state is not State.DRAFT:
        return _to(request, id)
    if request.method != "POST":
        return _form(request, forms.said_by(play.plan), base=play.plan, play=play)
    form = request.POST.dict()
    version = form.get("version", "")
    try:
        actions.change(
            shop=play.shop,
            id=id,
            plan=_planned(request, form, base=play.plan),
            version=int(version) if version.isdecimal() and len(version) < 9 else 0,
            by=by(request),
        )
    except (Unfit, Refused) as unfit:
        messages.warning(request, play_words.refusal(unfit))
        return _form(request, form, base=play.plan, play=play)
    return _kept(request, id, form)


@require_safe
@page(Right.SEE_NUMBERS)
def play(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One play from what was believed to what it brought, with all that led to it."""
    found = _found(request, id)
    plan, operator = found.plan, request.operator
    measured = playing.rows(queries.entries_of(id))
    looks = queries.looks(id)
    steps = queries.steps(id)
    return show(
        request,
        "console/plays/play.html",
        play=found,
        plan=plan,
        move=play_words.MOVES[plan.action.move],
        state=play_words.STATES[found.state],
        sign=play_words.state_sign(found.state),
        ending=play_words.ENDINGS[found.ending] if found.ending else "",
        metric=why_words.metric_name(plan.metric),
        who=playing.who(found),
        people=playing.people(found),
        hold_out=play_words.hold_out_words(plan.hold_out) if plan.hold_out else "",
        least=play_words.least_words(plan.hold_out, plan.cost_cap.currency) if plan.hold_out else "",
        expected=play_words.expected_words(plan.expected),
        area=play_words.AREAS[plan.area],
        channel=message_words.CHANNELS[plan.action.channel],
        cost=queries.cost(found),
        causes=causes.of_play(found, _signal(found.signal_id), request.scope),
        names=playing.names(),
        deeds=[(deed, play_words.DEEDS[deed.what]) for deed in queries.deeds(id)],
        steps=[(step, play_words.STEPS[step.kind]) for step in steps],
        page_reading=play_pages.reading(found, at=clock.now()) if found.started_on else None,
        page_shown=play_pages.shown_to(found),
        page_says=play_pages.differences(plan.action),
        previews=play_pages.previews(found.shop, plan.action),
        standing=letters.standing(found.shop, found.step) if plan.action.wording and found.started_on else None,
        chart=playing.course(looks, request.scope),
        looks=looks[::-1],
        measured=measured,
        needs_approval=queries.limit(found.shop).is_passed_by(plan),
        may_steer=operator.may(Right.STEER),
        may_approve=operator.may(Right.APPROVE)
        and (found.proposed_by != str(by(request)) or operator.role == Role.OWNER),
    )


@require_POST
@page(Right.STEER, Right.APPROVE)
def do(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Ask for approval, approve, send back, start, stop, drop or measure a play; keep what it tried, or let it go."""
    found = _found(request, id)
    if verb == "approve" and not request.operator.may(Right.APPROVE):
        return show(request, "console/not_allowed.html", status=403)
    if verb == "stop" and request.POST.get("sure") != "1":
        messages.warning(request, _("Tick the box first: a play that was stopped does not go on."))
        return _to(request, id)
    try:
        messages.success(request, _do(request, found, verb))
    except Refused as refused:
        messages.warning(request, play_words.refusal(refused))
    return _to(request, id)


@require_POST
@page(Right.APPROVE)
def limit(request: ConsoleRequest) -> HttpResponse:
    """Say what one person may start alone."""
    shop = request.scope.shop
    try:
        cost = fields.money(request.POST, "cost", shop.currency)
        if cost is None:
            raise Unfit("cost_cap", "missing")
        actions.set_limit(shop=shop.code, cost=cost, discount_bp=int(fields.share(request.POST["discount"]) * 10_000))
        messages.success(request, _("Kept. It holds for plays that are asked for from now on."))
    except (Unfit, Refused, KeyError):
        messages.warning(request, _("Say an amount, and a discount of 0 to 100 hundredths. Nothing was changed."))
    return HttpResponseRedirect(f"{reverse('console:plays')}?{request.scope.query()}")


def _do(request: ConsoleRequest, found: Play, verb: str) -> str:
    shop, id, who, trail = found.shop, found.id, by(request), Trail(shop=found.shop)
    match verb:
        case "submit":
            is_waiting = actions.submit(shop=shop, id=id, by=who) is State.WAITING
            return _("Asked. Somebody who may approve it has to.") if is_waiting else _("Approved. It can be started.")
        case "start":
            return _started(request, found)
        case "approve":
            is_owner = request.operator.role == Role.OWNER
            actions.approve(shop=shop, id=id, is_owner=is_owner, by=who)
            return _("Approved. It can be started.")
        case "send_back":
            actions.send_back(shop=shop, id=id, by=who)
            return _("Sent back: it is a draft again.")
        case "drop":
            actions.drop(shop=shop, id=id, by=who)
            return _("Dropped. Its signal may get another play.")
        case "stop":
            actions.stop(shop=shop, id=id, ending=Ending.BY_HAND, trail=trail, by=who)
            return _("Stopped. Nobody more is treated, and what it had changed is changed back.")
        case "keep_version":
            actions.keep_version(shop=shop, id=id, trail=trail, by=who)
            return _("From now on everybody sees the second version.")
        case "let_go":
            actions.let_go(shop=shop, id=id, trail=trail, by=who)
            return _("From now on everybody sees the page as it was.")
        case "measure":
            is_told = actions.measure(shop=shop, id=id, at=clock.now(), by=who)
            return (
                _("Measured.") if is_told else _("Too few people or weeks are known: nothing can be told from chance.")
            )
        case _:
            raise Http404(verb)


def _started(request: ConsoleRequest, found: Play) -> str:
    """Start a play; a draft is asked for first, and started at once if nobody has to approve it."""
    shop, id, who = found.shop, found.id, by(request)
    if found.state is State.DRAFT and actions.submit(shop=shop, id=id, by=who) is State.WAITING:
        return _("It is above what one person may start, so it waits for approval.")
    actions.start(shop=shop, id=id, trail=Trail(shop=shop), by=who)
    now = queries.play(shop, id)
    if now.plan.treats_visitors:
        return _("Started: whoever comes to the page from now on is on one side or the other.")
    if not now.plan.treats_people:
        return _("Started. Everybody is treated.")
    return _("Started: %(treated)s people are treated, %(held_out)s are held out.") % {
        "treated": now.treated,
        "held_out": now.held_out,
    }


def _from_signal(request: ConsoleRequest, said: str) -> HttpResponse:
    """One click: the play that a signal proposes, with every field filled, ready to be changed."""
    shop = request.scope.shop.code
    signal = _signal(_uuid(said))
    if signal is None or signal.shop != shop:
        raise Http404(said)
    try:
        plan = _with_reason(queries.filled_in(signal, at=clock.now(), owner=str(request.operator.pk)), signal)
        id = actions.propose(shop=shop, signal_id=signal.id, plan=plan, trail=Trail(shop=shop), by=by(request))
    except SignalTaken as taken:
        messages.info(request, _("This signal has a play already: here it is."))
        return _to(request, taken.play_id)
    except Refused as refused:
        messages.warning(request, play_words.refusal(refused))
        return HttpResponseRedirect(f"{reverse('console:plays')}?{request.scope.query()}")
    messages.success(request, _("The play is filled in. Look it over, change what you like, then start it."))
    return HttpResponseRedirect(f"{reverse('console:play_edit', args=[id])}?{request.scope.query()}")


def _with_reason(plan: Plan, signal: Signal) -> Plan:
    """A plan named by what is the matter, its hypothesis led in by what was seen."""
    name = _("%(what)s: %(about)s") % {
        "what": play_words.MOVES[plan.action.move],
        "about": signal_words.kind(signal),
    }
    seen = " ".join(signal_words.sentence(one, signal.size.currency) for one in signal.evidence[:1])
    return replace(plan, name=name[:LONGEST_NAME], hypothesis=f"{seen} {plan.hypothesis}".strip()[:LONGEST_TEXT])


def _beginning(request: ConsoleRequest, form: Mapping[str, str]) -> HttpResponse:
    return show(
        request,
        "console/plays/begin.html",
        moves=[(move, play_words.MOVES[move]) for move in Move],
        occasions=[(occasion, *occasion_words.OCCASIONS[occasion]) for occasion in Occasion],
        audiences=forms.audiences(request.scope.shop.code, None, chosen=form.get("segment", "")),
        form=form,
    )


def _form(request: ConsoleRequest, form: Mapping[str, str], *, base: Plan, play: Play | None = None) -> HttpResponse:
    currency, occasion = request.scope.shop.currency, occasion_of(base.audience.source)
    return show(
        request,
        "console/plays/form.html",
        form=form,
        base=base,
        play=play,
        move=play_words.MOVES[base.action.move],
        version=form.get("version") or (play.version if play else ""),
        audiences=forms.audiences(request.scope.shop.code, base, chosen=form.get("audience", "")),
        owners=forms.owners(form.get("owner", "")),
        metrics=forms.metrics(form.get("metric", "")),
        areas=[(area, play_words.AREAS[area]) for area in Area],
        channels=[(channel, message_words.CHANNELS[channel]) for channel in Channel],
        hold_out=play_words.hold_out_words(base.hold_out) if base.hold_out else "",
        least=play_words.least_words(base.hold_out, currency) if base.hold_out else "",
        expected=play_words.expected_words(base.expected),
        signal=_signal(play.signal_id) if play else None,
        occasion=occasion or "",
        number=occasion_words.number_words(occasion) if occasion else "",
        has_discount=base.action.move in (Move.COUPON, Move.PROMOTION, Move.PRICE),
        page=play_pages.choices(request.scope.shop.code, form) if base.treats_visitors else None,
        previews=play_pages.previews(play.shop, play.plan.action) if play else {},
        has_sku=base.action.move in (Move.PRICE, Move.DELIST, Move.RESTOCK, Move.PROMOTION, Move.MESSAGE),
        has_words=base.action.move in (Move.COUPON, Move.MESSAGE),
        has_task=base.action.move in (Move.RESTOCK, Move.CHECK),
        limit=queries.limit(request.scope.shop.code),
    )


def _planned(request: ConsoleRequest, form: Mapping[str, str], *, base: Plan) -> Plan:
    """The plan of a form, with what its hold-out shows among the people it is for now."""
    plan = forms.plan_of(form, base=base, shop=request.scope.shop)
    return replace(plan, hold_out=queries.power(request.scope.shop.code, plan, at=clock.now()))


def _on_occasion(request: ConsoleRequest, occasion: Occasion) -> Plan:
    owner = str(request.operator.pk)
    return queries.on_occasion(request.scope.shop.code, occasion, n=None, at=clock.now(), owner=owner)


def _chosen(request: ConsoleRequest, move: Move, form: Mapping[str, str]) -> Plan:
    """What was chosen to be done, for whom, filled with what is usual.

    refuses  Unfit, and what `blank` refuses
    """
    audience = forms.audience_of(form.get("segment", form.get("audience", "")))
    shop, sku, owner = request.scope.shop.code, form.get("sku", "")[:60], str(request.operator.pk)
    return queries.blank(shop, move, audience=audience, sku=sku, at=clock.now(), owner=owner)


def _kept(request: ConsoleRequest, id: UUID, form: Mapping[str, str]) -> HttpResponse:
    """Kept as a draft, or started at once if that was asked for."""
    try:
        if form.get("act") == "start":
            messages.success(request, _started(request, queries.play(request.scope.shop.code, id)))
        else:
            messages.success(request, _("Kept as a draft."))
    except Refused as refused:
        messages.warning(request, play_words.refusal(refused))
    return _to(request, id)


def _signal(id: UUID | None) -> Signal | None:
    try:
        return inbox.signal(id) if id is not None else None
    except NoSuchSignal:
        return None


def _uuid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError as wrong:
        raise Http404(said) from wrong


def _move(said: str) -> Move | None:
    return Move(said) if said in set(Move) else None


def _occasion(said: str) -> Occasion | None:
    return Occasion(said) if said in set(Occasion) else None


def _found(request: ConsoleRequest, id: UUID) -> Play:
    try:
        return queries.play(request.scope.shop.code, id)
    except NoSuchPlay as missing:
        raise Http404(str(id)) from missing


def _to(request: ConsoleRequest, id: UUID) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('console:play', args=[id])}?{request.scope.query()}")
