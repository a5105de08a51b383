"""Messages to people: what was planned, sent and refused by step and why, and how the shop sends."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from csp.constants import HEADER
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.base.outbox import queries as mailing
from zhanggui.base.outbox.rules import Channel
from zhanggui.doors.console import leafing, texting
from zhanggui.doors.console import message_words as words
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.growth.messages import actions, queries
from zhanggui.growth.messages.rules import READY, Ready, Reason, State, Step, Terms, Wording
from zhanggui.shop.catalogue import queries as shelves
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import masked_name
from zhanggui.steer.plays import queries as plays

_PER_PAGE: Final = 50
_SHOWN_GOODS: Final = 3
_LETTER_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' %s; form-action 'none'; sandbox"


@require_safe
@page(Right.SEE_NUMBERS, Right.RUN_SHOP)
def steps(request: ConsoleRequest) -> HttpResponse:
    """Every step with how it stands, newest first, and how the shop sends. At most five statements."""
    shop, place = request.scope.shop, leafing.page_asked(request.GET)
    found, count = queries.steps(shop.code, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    terms = queries.terms(shop.code)
    return show(
        request,
        "console/messages/steps.html",
        rows=[(one, words.CHANNELS[one.channel], _refused(one)) for one in found],
        names={play.campaign: play.plan.name for play in plays.board(shop.code)},
        place=place,
        pages=max(1, -(-count // _PER_PAGE)),
        terms=terms,
        costs=_costs(terms, shop.currency),
        ready=[(key, words.READY_FOR[key], wording) for key, wording in READY.items()],
        lacks=[words.CHANNELS[channel] for channel in Channel if not mailing.can_send(channel)],
        may_set=request.operator.may(Right.SET_TERMS),
    )


@require_safe
@page(Right.SEE_NUMBERS, Right.RUN_SHOP)
def step(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """One step: what it says, how it stands, and who got it or why not. At most ten statements."""
    shop, place = request.scope.shop.code, leafing.page_asked(request.GET)
    one, view = queries.step(shop, id), request.GET.get("view", "")
    wording = queries.wording(id)
    if one is None or wording is None:
        raise Http404(str(id))
    state = State(view) if view in set(State) else None
    reason = Reason(view) if view in set(Reason) else None
    found, count = queries.messages(id, state=state, reason=reason, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    known = customers.reachable(shop, [each.person for each in found], queries.CONSENTS[one.channel])
    return show(
        request,
        "console/messages/step.html",
        one=one,
        play=next((play for play in plays.board(shop) if play.campaign == one.campaign), None),
        wording=wording,
        channel=words.CHANNELS[one.channel],
        texts=_texts(request, one, wording),
        refused=_refused(one),
        refused_people=sum(one.standing.refused.values()),
        underway=[(key, words.FATES[key], count) for key, count in queries.underway(id).items()],
        rows=[
            (
                each,
                known.get(each.person),
                masked_name(known[each.person].contact.name) if each.person in known else "",
                words.REASONS[each.reason] if each.reason else "",
            )
            for each in found
        ],
        views=[("", _("All")), *((key.value, words.STATES[key]) for key in State)],
        view=view,
        place=place,
        pages=max(1, -(-count // _PER_PAGE)),
        may_stop=request.operator.may(Right.STEER) and one.standing.waiting > 0,
    )


@require_safe
@page(Right.SEE_NUMBERS, Right.RUN_SHOP)
def letter(request: ConsoleRequest, id: UUID, language: str) -> HttpResponse:
    """How a step's mail looks in a language, as a page of its own. At most four statements."""
    one, wording = queries.step(request.scope.shop.code, id), queries.wording(id)
    if one is None or wording is None or one.channel is not Channel.EMAIL:
        raise Http404(str(id))
    return _letter(request, wording, language=language, goods=one.goods, has_coupon=one.coupon is not None)


@require_safe
@page(Right.SEE_NUMBERS, Right.RUN_SHOP)
def ready_letter(request: ConsoleRequest, key: str, language: str) -> HttpResponse:
    """How the mail of a ready wording looks, with the shop's best-selling goods. At most six statements."""
    if key not in set(Ready):
        raise Http404(key)
    shown = shelves.home(request.scope.shop.code).best[:_SHOWN_GOODS]
    goods = tuple(card.sku for card in shown)
    return _letter(request, READY[Ready(key)], language=language, goods=goods, has_coupon=False)


@require_POST
@page(Right.STEER)
def stop(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Send a step to nobody who still waits for it."""
    one = queries.step(request.scope.shop.code, id)
    if one is None:
        raise Http404(str(id))
    count = actions.stop(shop=one.shop, step=one.step, by=by(request))
    said = ngettext("Stopped: %(n)d person gets nothing.", "Stopped: %(n)d people get nothing.", count)
    messages.success(request, said % {"n": count})
    return _to(request, "message_step", id)


@require_POST
@page(Right.SET_TERMS)
def put_terms(request: ConsoleRequest) -> HttpResponse:
    """Send by these terms from now on."""
    shop = request.scope.shop
    try:
        actions.set_terms(shop=shop.code, terms=words.terms_of(request.POST.dict(), currency=shop.currency))
    except (Unfit, Refused) as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("The terms are kept."))
    return _to(request, "messages")


def _texts(request: ConsoleRequest, one: Step, wording: Wording) -> tuple[texting.Text, ...]:
    """What a step says by text message; nothing if it goes by mail."""
    if one.channel is not Channel.SMS:
        return ()
    return texting.texts(wording, request.scope.shop, has_coupon=one.coupon is not None)


def _letter(
    request: ConsoleRequest, wording: Wording, *, language: str, goods: tuple[str, ...], has_coupon: bool
) -> HttpResponse:
    """A mail to somebody who is nobody; styles stand in it, which no other page of ours allows."""
    if language not in queries.LANGUAGES:
        raise Http404(language)
    with translation.override(queries.LANGUAGES[language]):
        shown = queries.shown_as(
            wording,
            request.scope.shop,
            name=_("dear customer"),
            coupon=_("The coupon that goes along, and until when it is good") if has_coupon else "",
            token="preview",  # noqa: S106 - leads nowhere
            language=language,
            goods=goods,
        )
        return HttpResponse(queries.look_of(shown), headers={HEADER: _LETTER_POLICY % settings.PUBLIC_URL})


def _refused(one: Step) -> list[tuple[str, object, int]]:
    """Why people get nothing, the most frequent reason first."""
    counted = sorted(one.standing.refused.items(), key=lambda part: (-part[1], part[0]))
    return [(reason.value, words.REASONS[reason], count) for reason, count in counted]


def _costs(terms: Terms, currency: str) -> dict[str, Money]:
    return {name: Money(getattr(terms, name), currency) for name in ("mail_minor", "sms_minor")}


def _to(request: ConsoleRequest, route: str, *args: object) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(f'console:{route}', args=args)}?{request.scope.query()}")
