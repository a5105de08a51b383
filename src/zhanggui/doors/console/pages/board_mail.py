"""A board by mail: who gets it and when, and the links in those mails, which ask nobody to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base.accounts import actions as accounts
from zhanggui.base.accounts import queries as operators
from zhanggui.base.accounts.rules import Reader, Right
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import operator
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import queries as letters
from zhanggui.base.outbox.rules import Channel, Message
from zhanggui.doors.console import board_words, mail_links, words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.insight.boards import actions, queries
from zhanggui.insight.boards.errors import NoSuchBoard, ScheduleUnfit
from zhanggui.insight.boards.rules import Board, Schedule, Subscription

USUAL_HOUR: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Who gets the board, as it is read.

    reader  None if the operator has left
    fate    how the last mail fared, as a tone and a sentence
    """

    order: Subscription
    reader: Reader | None
    when: str
    language: str
    fate: tuple[str, str]


@require_safe
@page(Right.SEE_NUMBERS)
def board_mail(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Who gets a board by mail, how the last one fared, and the form that orders it."""
    found = _found(request, id)
    readers = {one.id: one for one in operators.readers() if one.may_see_numbers}
    mailed = queries.last_mailed(found.id)
    languages = {code: str(name) for code, name in settings.LANGUAGES}
    rows = [
        Row(
            order=one,
            reader=readers.get(one.operator),
            when=board_words.when(one.schedule),
            language=languages.get(one.language, one.language),
            fate=board_words.fate(mailed.get(one.operator), zone=request.scope.shop.zone),
        )
        for one in queries.subscriptions(found.id)
    ]
    return show(
        request,
        "console/boards/mail.html",
        board=found,
        rows=rows,
        readers=[one for one in readers.values() if found.is_open_to(one.id)],
        rhythms=list(board_words.rhythms()),
        hours=range(24),
        usual_hour=USUAL_HOUR,
        languages=languages.items(),
        language=words.language(),
        can_send=letters.can_send(Channel.EMAIL),
    )


@require_POST
@page(Right.SEE_NUMBERS)
def board_mail_change(request: ConsoleRequest, id: UUID, verb: str) -> HttpResponse:
    """Order a board for operators, stop it for one, or send the link that confirms an address once more."""
    found, said = _found(request, id), request.POST
    try:
        match verb:
            case "order":
                _order(request, found)
            case "stop":
                mine = {one.id for one in queries.subscriptions(found.id)}
                if said.get("subscription", "") in mine:
                    actions.stop_mail(id=said["subscription"], by=by(request))
                messages.success(request, _("Stopped."))
            case "confirm":
                for one in operators.readers():
                    if str(one.id) == said.get("operator", "") and not one.is_proved:
                        _ask_to_confirm(one, language=words.language())
                        messages.success(request, _("The link is on its way to %(to)s.") % {"to": one.email})
            case _:
                raise Http404(verb)
    except NoSuchBoard as missing:
        raise Http404(str(missing)) from missing
    except Refused as refused:
        messages.warning(request, board_words.refusal(refused))
    return HttpResponseRedirect(f"{reverse('console:board_mail', args=[found.id])}?{request.scope.query()}")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail: asks first, since mail programs open links; posted, by a hand or by a mail program, it stops.

    source  RFC 8058: the post carries List-Unsubscribe=One-Click and no cookie
    """
    id = mail_links.stopped(token)
    order = queries.subscription(id) if id else None
    if order is not None:
        translation.activate(order.language)
    if id is None:
        return render(request, "console/boards/stop.html", {"state": "unknown"}, status=404)
    if request.method != "POST":
        return render(request, "console/boards/stop.html", {"state": "ask" if order else "gone"})
    if order is not None:
        actions.stop_mail(id=id, by=operator(str(order.operator)))
    return render(request, "console/boards/stop.html", {"state": "gone"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link that confirms an operator's mail address: asks first, since mail programs open links."""
    proof = mail_links.confirmed(token)
    if proof is None:
        return render(request, "console/boards/confirm.html", {"state": "unknown"}, status=404)
    operator_id, email = proof
    if request.method != "POST":
        return render(request, "console/boards/confirm.html", {"state": "ask", "email": email})
    is_done = accounts.prove_address(operator_id=operator_id, email=email)
    return render(request, "console/boards/confirm.html", {"state": "done" if is_done else "unknown", "email": email})


def _order(request: ConsoleRequest, found: Board) -> None:
    """For every operator that is ticked; who did not confirm the address yet gets the link that does."""
    said = request.POST
    schedule: Schedule = board_words.schedule_of(said.get("rhythm", ""), said.get("hour", ""))
    language = said.get("language", "")
    wanted = set(said.getlist("operator"))
    chosen = [one for one in operators.readers() if str(one.id) in wanted and one.may_see_numbers]
    if not chosen or language not in dict(settings.LANGUAGES):
        raise ScheduleUnfit(rhythm=schedule.rhythm, hour=schedule.hour, day=schedule.day)
    for one in chosen:
        actions.order_mail(board_id=found.id, operator=one.id, schedule=schedule, language=language, by=by(request))
        if not one.is_proved:
            _ask_to_confirm(one, language=language)
    messages.success(request, _("Ordered."))


def _ask_to_confirm(one: Reader, *, language: str) -> None:
    """Send the link that proves an address; where no mail can leave there is nothing to prove it with."""
    if not letters.can_send(Channel.EMAIL):
        return
    with translation.override(language):
        said = _(
            "Somebody wants to send you boards of the console by mail. Confirm that this address is yours:\n\n"
            "%(address)s\n\nIf you know nothing of it, do nothing: nothing is sent."
        ) % {"address": mail_links.confirm_address(one.id, one.email)}
        subject = _("Confirm your mail address")
    outbox.send(message=Message(channel=Channel.EMAIL, to=one.email, subject=subject, words=said))


def _found(request: ConsoleRequest, id: UUID) -> Board:
    try:
        found = queries.board(str(id), operator=request.operator.pk)
    except NoSuchBoard as missing:
        raise Http404(str(id)) from missing
    if found.shop != request.scope.shop.code:
        raise Http404(str(id))
    return found
