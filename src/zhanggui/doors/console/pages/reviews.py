"""Reviews and questions: what waits to be read, what waits for an answer, what the reviews say in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import operator
from zhanggui.doors.console import leafing
from zhanggui.doors.console import review_words as words
from zhanggui.doors.console.exporting import streamed
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.listing import FileWords
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.reviews import actions, queries
from zhanggui.shop.reviews.errors import NoSuchReview
from zhanggui.shop.reviews.queries import Asked, View
from zhanggui.shop.reviews.rules import FAULTS, Fault, Review, State
from zhanggui.spine.log.rules import Trail

_PER_PAGE: Final = 30
_MOST_AT_ONCE: Final = 200
_LATELY: Final = timedelta(days=30)
_HEADS: Final = ("at", "sku", "stars", "state", "author", "words", "added", "reply", "useful", "reports", "order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A review in the queue.

    held     what the lint found in it, in words; empty if nothing
    reports  what readers say is wrong with it
    """

    review: Review
    card: Card | None
    state: str
    held: str
    fault: str
    reports: tuple[str, ...]


@require_safe
@page(Right.RUN_SHOP)
def reviews(request: ConsoleRequest) -> HttpResponse:
    """The queue: held and reported reviews first, then the rest."""
    said = request.GET.get("view", "")
    view = View(said) if said in tuple(View) else View.WAITING
    shop, place = request.scope.shop.code, leafing.page_asked(request.GET)
    counts = queries.counts(shop)
    found = queries.queue(shop, view=view, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    return show(
        request,
        "console/reviews/queue.html",
        rows=_rows(found),
        tab="reviews",
        view=view,
        view_name=words.VIEWS[view],
        views=[(one, words.VIEWS[one], counts[one]) for one in View],
        faults=[(fault, words.FAULTS[fault]) for fault in FAULTS],
        is_all=request.GET.get("all") == "1",
        is_read_first=queries.is_read_first(shop),
        may_export=request.operator.may(Right.EXPORT),
        **_pages(counts[view], place),
    )


@require_safe
@page(Right.RUN_SHOP)
def questions(request: ConsoleRequest) -> HttpResponse:
    """Questions that wait for an answer, the longest waiting first."""
    said = request.GET.get("view", "")
    asked = Asked(said) if said in tuple(Asked) else Asked.OPEN
    shop, place = request.scope.shop.code, leafing.page_asked(request.GET)
    counts = queries.question_counts(shop)
    found = queries.questions_for_staff(shop, asked=asked, limit=_PER_PAGE, offset=(place - 1) * _PER_PAGE)
    cards = catalogue.products({one.sku for one in found})
    return show(
        request,
        "console/reviews/questions.html",
        rows=[(one, cards.get(one.sku), words.HELD.get(one.held, "")) for one in found],
        tab="questions",
        view=asked,
        view_name=words.ASKED[asked],
        views=[(one, words.ASKED[one], counts[one]) for one in Asked],
        **_pages(counts[asked], place),
    )


@require_safe
@page(Right.RUN_SHOP)
def numbers(request: ConsoleRequest) -> HttpResponse:
    """What the reviews of each product say, those with most bad ones first."""
    place = leafing.page_asked(request.GET)
    since = clock.now() - _LATELY
    found = queries.numbers(request.scope.shop.code, since=since, limit=_PER_PAGE + 1, offset=(place - 1) * _PER_PAGE)
    cards = catalogue.products({one.sku for one in found})
    return show(
        request,
        "console/reviews/numbers.html",
        rows=[(one, cards.get(one.sku)) for one in found[:_PER_PAGE]],
        tab="numbers",
        place=place,
        pages=place + (len(found) > _PER_PAGE),
    )


@require_safe
@page(Right.EXPORT)
def reviews_csv(request: ConsoleRequest) -> HttpResponseBase:
    """All reviews of the shop as a file, without anybody's id."""
    shop = request.scope.shop
    rows = _lines(shop.code, FileWords(zone=shop.zone, unknown=""))
    return streamed(_HEADS, rows, name=f"reviews-{shop.code}")


@require_safe
@page(Right.RUN_SHOP)
def picture(request: ConsoleRequest, id: UUID, place: int) -> HttpResponseBase:
    """A picture of a review in any state, as the content type that its bytes say and nothing else."""
    try:
        found = queries.review_for_staff(request.scope.shop.code, id)
    except NoSuchReview as missing:
        raise Http404(str(id)) from missing
    kept = found.pictures[place - 1] if 0 < place <= len(found.pictures) else None
    if kept is None or not queries.picture_file(kept).exists():
        raise Http404(str(id))
    response = FileResponse(queries.picture_file(kept).open("rb"), content_type=kept.kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@page(Right.RUN_SHOP)
def decide(request: ConsoleRequest, verb: str) -> HttpResponse:
    """Publish, reject or hide the chosen reviews, each by itself; what no longer stands so is said."""
    fault = request.POST.get("fault", "")
    if verb not in _VERBS:
        raise Http404(verb)
    done, refused_last = 0, ""
    for id in _ids(request)[:_MOST_AT_ONCE]:
        try:
            _VERBS[verb](request, id, Fault(fault) if fault in FAULTS else Fault.NONE)
            done += 1
        except Refused as refused:
            refused_last = words.refusal(refused)
    if done:
        messages.success(request, ngettext("%(n)s review done.", "%(n)s reviews done.", done) % {"n": done})
    if refused_last:
        messages.warning(request, refused_last)
    if not done and not refused_last:
        messages.warning(request, _("No review was chosen. Nothing was changed."))
    return _back(request, "reviews")


@require_POST
@page(Right.RUN_SHOP)
def reply(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Answer a review in the shop's name."""
    said = request.POST.get("words", "")
    verb = partial(actions.reply, review_id=id, words=said, **_walked(request))
    _try(request, verb, _("The reply can be read now."))
    return _back(request, "reviews")


@require_POST
@page(Right.RUN_SHOP)
def setting(request: ConsoleRequest) -> HttpResponse:
    """Read every review first, or only those that are held."""
    is_first = request.POST.get("is_read_first") == "1"
    actions.read_first(is_read_first=is_first, trail=_trail(request))
    messages.success(request, _("Every new review waits for us.") if is_first else _("Only held reviews wait for us."))
    return _back(request, "reviews")


@require_POST
@page(Right.RUN_SHOP)
def answer(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Answer a question in the shop's name, or let it through, reject it or take it down."""
    to, said = request.POST.get("to", "answer"), request.POST.get("words", "")
    if to == "answer":
        verb = partial(actions.answer_for_shop, question_id=id, words=said, **_walked(request))
    elif to in tuple(State):
        verb = partial(actions.decide_question, question_id=id, then=State(to), trail=_trail(request))
    else:
        raise Http404(to)
    _try(request, verb, _("Done. The product's page shows it now."))
    return _back(request, "review_questions")


@require_POST
@page(Right.RUN_SHOP)
def judge_answer(request: ConsoleRequest, id: UUID) -> HttpResponse:
    """Let a buyer's answer through, reject it or take it down."""
    to = request.POST.get("to", "")
    if to not in tuple(State):
        raise Http404(to)
    verb = partial(actions.decide_answer, answer_id=id, then=State(to), trail=_trail(request))
    _try(request, verb, _("Done. The product's page shows it now."))
    return _back(request, "review_questions")


def _rows(found: tuple[Review, ...]) -> list[Row]:
    cards = catalogue.products({one.sku for one in found})
    reports = queries.reports_of([one.id for one in found if one.reports])
    return [
        Row(
            review=one,
            card=cards.get(one.sku),
            state=str(words.STATES[one.state]),
            held=str(words.HELD.get(one.held, "")),
            fault=str(words.FAULTS.get(one.fault, "")),
            reports=tuple(str(words.FAULTS[fault]) for fault in reports.get(one.id, ())),
        )
        for one in found
    ]


def _lines(shop: str, said: FileWords) -> Iterator[tuple[str | int, ...]]:
    for one in queries.every_review(shop):
        added, reply = (each.words if each else "" for each in (one.added, one.reply))
        cells = (said.moment(one.at), one.sku, one.rating, one.state.value, one.author, one.words, added, reply)
        yield (*cells, one.useful, one.reports, one.order_number)


def _publish(request: ConsoleRequest, id: UUID, fault: Fault) -> None:
    actions.publish(review_id=id, **_walked(request))


def _reject(request: ConsoleRequest, id: UUID, fault: Fault) -> None:
    actions.reject(review_id=id, fault=fault, **_walked(request))


def _hide(request: ConsoleRequest, id: UUID, fault: Fault) -> None:
    actions.hide(review_id=id, fault=fault, **_walked(request))


_VERBS: Final = {"publish": _publish, "reject": _reject, "hide": _hide}


def _try(request: ConsoleRequest, verb: Callable[[], object], said: str) -> None:
    try:
        verb()
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, said)


def _ids(request: ConsoleRequest) -> list[UUID]:
    try:
        return [UUID(said) for said in dict.fromkeys(request.POST.getlist("review"))]
    except ValueError as strange:
        raise Http404("no such review") from strange


def _trail(request: ConsoleRequest) -> Trail:
    return Trail(shop=request.scope.shop.code)


def _walked(request: ConsoleRequest) -> dict[str, Any]:
    return {"trail": _trail(request), "by": operator(str(request.operator.pk))}


def _back(request: ConsoleRequest, route: str) -> HttpResponse:
    view = request.POST.get("view", "")
    more = f"&view={view}" if view in (*View, *Asked) else ""
    return HttpResponseRedirect(f"{reverse(f'console:{route}')}?shop={request.scope.shop.code}{more}")


def _pages(count: int, place: int) -> dict[str, int]:
    return {"count": count, "place": place, "pages": max(1, -(-count // _PER_PAGE))}
