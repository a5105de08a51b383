"""What shoppers say about what they bought: writing it, adding to it, finding it useful, reporting it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import pictures
from zhanggui.base.errors import Refused
from zhanggui.doors.storefront import opinion_words as words
from zhanggui.doors.storefront import opinions
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import Line, Order
from zhanggui.shop.reviews import actions, queries, rules
from zhanggui.shop.reviews.errors import AlreadyReviewed, NoSuchReview, NotBought
from zhanggui.shop.reviews.rules import FAULTS, Fault, Review, State


@require_safe
def reviews(request: ShopRequest) -> HttpResponse:
    """What a shopper can review and what they wrote; of one order, if the address names it."""
    number = request.GET.get("order", "").replace("\0", "")[:40]
    try:
        found = opinions.bought(request.visit, number=number)
    except NoSuchOrder as missing:
        raise Http404(number) from missing
    context = {
        "waiting": [one for one in found if one.review_id is None],
        "written": opinions.mine(request.visit),
        "number": number,
    }
    return _private(render(request, "storefront/reviews/mine.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("say", methods=("POST",))
def write(request: ShopRequest, number: str, line: int) -> HttpResponse:
    """Stars, words and pictures for one line of an order that has arrived."""
    order, bought = _line(request, number, line)
    if request.method != "POST":
        return _form(request, order, bought)
    try:
        state = _sent(request, number, line)
    except (AlreadyReviewed, NotBought) as refused:
        messages.warning(request, words.refusal(refused))
        return redirect(f"{reverse('storefront:reviews')}?order={number}")
    except Refused as refused:
        return _form(request, order, bought, fault=words.refusal(refused))
    _thank(request, state)
    return redirect(f"{reverse('storefront:reviews')}?order={number}")


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("say", methods=("POST",))
def add(request: ShopRequest, id: UUID) -> HttpResponse:
    """Add to one's own review what only time has shown."""
    own = next(
        (one for one in queries.reviews_by(request.visit.shop.code, request.visit.persons) if one.id == id), None
    )
    if own is None:
        raise Http404(str(id))
    said = request.POST.get("words", "")
    fault = ""
    if request.method == "POST":
        visit = request.visit
        try:
            state = actions.add_words(review_id=id, words=said, persons=visit.persons, trail=visit.trail())
        except Refused as refused:
            fault = words.refusal(refused)
        else:
            _thank(request, state)
            return redirect("storefront:reviews")
    context = {
        "review": own,
        "card": catalogue.products([own.sku]).get(own.sku),
        "said": said,
        "fault": fault,
        "most": rules.LONGEST_REVIEW,
    }
    return _private(render(request, "storefront/reviews/add.html", context, status=422 if fault else 200))


@require_POST
@throttled("say", methods=("POST",))
def useful(request: ShopRequest) -> HttpResponse:
    """Say that a review helped."""
    review, visit = _shown(request, request.POST.get("review", "")), request.visit
    try:
        is_new = actions.find_useful(review_id=review.id, persons=visit.persons, trail=visit.trail())
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(
            request,
            _("Thank you. Your vote is counted within a minute.") if is_new else _("You have said so before."),
        )
    return redirect(_back(review))


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("say", methods=("POST",))
def report(request: ShopRequest, id: UUID) -> HttpResponse:
    """Say that a review should not stand there, and why."""
    review, visit = _shown(request, str(id)), request.visit
    said = request.POST.get("fault", "")
    if request.method != "POST" or said not in FAULTS:
        faults = [(fault, words.FAULTS[fault]) for fault in FAULTS]
        return render(request, "storefront/reviews/report.html", {"review": review, "faults": faults})
    try:
        actions.report(review_id=id, fault=Fault(said), persons=visit.persons, trail=visit.trail())
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("Thank you. Somebody reads it again."))
    return redirect(_back(review))


@require_safe
def picture(request: ShopRequest, id: UUID, place: int) -> HttpResponseBase:
    """A picture of a published review; of one that is not, only its writer sees it."""
    try:
        found = queries.review(request.visit.shop.code, id)
    except NoSuchReview as missing:
        mine = queries.reviews_by(request.visit.shop.code, request.visit.persons)
        own = next((one for one in mine if one.id == id), None)
        if own is None:
            raise Http404(str(id)) from missing
        found = own
    return served(found, place)


def served(review: Review, place: int) -> HttpResponseBase:
    """A picture of a review by its place, as the content type that its bytes say and nothing else."""
    kept = review.pictures[place - 1] if 0 < place <= len(review.pictures) else None
    if kept is None or not queries.picture_file(kept).exists():
        raise Http404(str(review.id))
    response = FileResponse(queries.picture_file(kept).open("rb"), content_type=kept.kind)
    is_open = review.state is State.PUBLISHED
    response.headers["Cache-Control"] = f"{'public' if is_open else 'private'}, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _sent(request: ShopRequest, number: str, line: int) -> State:
    files = request.FILES.getlist("pictures")[: rules.MOST_PICTURES + 1]
    stars = request.POST.get("rating", "")
    kept = [actions.keep_picture(body=file.read(rules.LARGEST_PICTURE + 1)) for file in files]
    return actions.write(
        order_number=number,
        line=line,
        rating=int(stars) if stars in ("1", "2", "3", "4", "5") else 0,
        words=request.POST.get("words", ""),
        pictures=kept,
        is_anonymous=request.POST.get("is_anonymous") == "1",
        persons=request.visit.persons,
        trail=request.visit.trail(),
        by=request.visit.by,
    )


def _form(request: ShopRequest, order: Order, line: Line, *, fault: str = "") -> HttpResponse:
    context = {
        "order": order,
        "line": line,
        "card": catalogue.products([line.sku]).get(line.sku),
        "ratings": [(stars, words.stars_name(stars)) for stars in (5, 4, 3, 2, 1)],
        "rating": request.POST.get("rating", request.GET.get("rating", "")),
        "said": request.POST.get("words", ""),
        "is_anonymous": request.POST.get("is_anonymous") == "1",
        "fault": fault,
        "most": rules.LONGEST_REVIEW,
        "most_pictures": rules.MOST_PICTURES,
        "kinds": ",".join(pictures.KINDS),
    }
    return _private(render(request, "storefront/reviews/write.html", context, status=422 if fault else 200))


def _line(request: ShopRequest, number: str, position: int) -> tuple[Order, Line]:
    """A line of the shopper's own order; of anybody else's there is nothing at this address."""
    try:
        order = orders.order(request.visit.shop.code, number, person=request.visit.persons)
    except NoSuchOrder as missing:
        raise Http404(number) from missing
    found = next((line for line in order.lines if line.position == position), None)
    if found is None:
        raise Http404(number)
    return order, found


def _shown(request: ShopRequest, said: str) -> Review:
    try:
        return queries.review(request.visit.shop.code, UUID(said))
    except (ValueError, NoSuchReview) as missing:
        raise Http404("no such review") from missing


def _back(review: Review) -> str:
    return f"{reverse('storefront:product', args=[review.sku])}#reviews"


def _thank(request: ShopRequest, state: State) -> None:
    if state is State.PUBLISHED:
        messages.success(request, _("Thank you. Everybody can read it now."))
    else:
        messages.success(request, _("Thank you. We read it first and publish it within one working day."))


def _private(response: HttpResponse) -> HttpResponse:
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
