"""Reviews and questions: reading them is open to anybody, writing them to shoppers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Final

from django.conf import settings
from django.http import HttpRequest
from ninja import File, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from zhanggui.doors.api import brake, opinions, paging, uploads
from zhanggui.doors.api.askers import ApiRequest, Visitor, VisitorToken
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import opinions as shapes
from zhanggui.doors.api.shapes.common import Cursor, Id, Limit, Listed, Number, Sent, Sku
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers.rules import masked_name
from zhanggui.shop.reviews import actions, queries, rules
from zhanggui.shop.reviews.rules import Page, Picture, Sort, Wanted

router: Final = Router(tags=["Reviews and questions"], auth=VisitorToken())
_PURPOSE: Final = "review"
Position = Annotated[int, Field(ge=1, le=10_000)]
_HUNDREDTH: Final = Decimal("0.01")
_QUESTIONS_READ: Final = 20


@router.get("/products/{sku}/reviews", response=reading(shapes.Reviews), auth=None)
def reviews(
    request: HttpRequest,
    sku: Sku,
    stars: shapes.Stars | None = None,
    pictured: bool = False,
    sort: shapes.SortWord = Sort.NEWEST,
    cursor: Cursor = "",
) -> Any:
    """What shoppers say about a product, ten at a time, and what all of it says in numbers."""
    page = paging.offset_of(cursor) // rules.PER_PAGE + 1
    own = [variant.card.sku for variant in catalogue.product(settings.OWN_SHOP, sku).variants]
    found = queries.page(own, page=page, wanted=Wanted(stars=stars, is_pictured=pictured, sort=sort))
    names = ("found", "total", "pictured")
    return {
        "items": [opinions.read(each) for each in found.reviews],
        "next": "" if found.page >= found.pages else paging.after(found.page * rules.PER_PAGE),
        "mean": _mean(found),
        "by_rating": list(found.by_rating),
        **{name: getattr(found, name) for name in names},
    }


@router.get("/products/{sku}/questions", response=reading(Listed[shapes.Question]), auth=None)
def questions(request: HttpRequest, sku: Sku, cursor: Cursor = "") -> Any:
    """What shoppers want to know about a product, newest first, 20 at a time, each with its first answers."""
    skipped = paging.offset_of(cursor)
    own = [variant.card.sku for variant in catalogue.product(settings.OWN_SHOP, sku).variants]
    found = queries.questions(own, limit=_QUESTIONS_READ, offset=skipped)
    return {"items": list(found), "next": paging.after_part(skipped, len(found), limit=_QUESTIONS_READ)}


@router.get("/questions/{id}", response=reading(shapes.Question), auth=None)
def question(request: HttpRequest, id: Id) -> Any:
    """One question with all its answers."""
    return queries.question(settings.OWN_SHOP, id)


@router.get("/reviews", response=reading(list[shapes.ReviewOfMine]))
def mine(request: ApiRequest, limit: Limit = 20) -> Any:
    """What this shopper wrote, newest first, and how it stands."""
    visitor = request.visitor
    return [opinions.standing(each) for each in queries.reviews_by(visitor.shop.code, visitor.persons, limit=limit)]


@router.post("/reviews/pictures", response=writing(Sent, status=201), openapi_extra=KEYED)
def send_picture(request: ApiRequest, picture: File[UploadedFile]) -> Any:
    """Send a picture for a review: JPEG, PNG or WebP, 5 MB at most, as a form with one file.

    Where and when it was taken is left out.
    """
    brake.check_minute("say", request)
    kept = actions.keep_picture(body=picture.read(rules.LARGEST_PICTURE + 1))
    word = uploads.word_of(kept.digest, kept.kind, visitor=request.visitor, purpose=_PURPOSE)
    return Status(201, {"picture": word})


@router.post(
    "/orders/{number}/lines/{position}/review", response=writing(shapes.Stands, status=201), openapi_extra=KEYED
)
def write(request: ApiRequest, number: Number, position: Position, said: shapes.ReviewAsked) -> Any:
    """Say what one thinks of a line of an order that has arrived, once."""
    brake.check_minute("say", request)
    visitor = request.visitor
    shown = uploads.named(said.pictures, visitor=visitor, purpose=_PURPOSE)
    state = actions.write(
        order_number=number,
        line=position,
        rating=said.rating,
        words=said.words,
        pictures=[Picture(digest=digest, kind=kind) for digest, kind in shown],
        is_anonymous=said.is_anonymous,
        persons=visitor.persons,
        trail=visitor.trail,
        by=visitor.by,
    )
    return Status(201, {"state": state})


@router.post("/reviews/{id}/addition", response=writing(shapes.Stands, status=201), openapi_extra=KEYED)
def add(request: ApiRequest, id: Id, said: shapes.ReviewWords) -> Any:
    """Add to one's own published review, once."""
    brake.check_minute("say", request)
    visitor = request.visitor
    state = actions.add_words(review_id=id, words=said.words, persons=visitor.persons, trail=visitor.trail)
    return Status(201, {"state": state})


@router.post("/reviews/{id}/useful", response=writing(shapes.Voted), openapi_extra=KEYED)
def useful(request: ApiRequest, id: Id) -> Any:
    """Say that somebody else's review helped."""
    brake.check_minute("say", request)
    visitor = request.visitor
    return {"is_new": actions.find_useful(review_id=id, persons=visitor.persons, trail=visitor.trail)}


@router.post("/reviews/{id}/report", response=writing(shapes.Voted), openapi_extra=KEYED)
def report(request: ApiRequest, id: Id, said: shapes.FaultAsked) -> Any:
    """Say that somebody else's review should not stand there, and why; somebody of the shop reads it again."""
    brake.check_minute("say", request)
    visitor = request.visitor
    is_new = actions.report(review_id=id, fault=said.fault, persons=visitor.persons, trail=visitor.trail)
    return {"is_new": is_new}


@router.post("/products/{sku}/questions", response=writing(shapes.Stands, status=201), openapi_extra=KEYED)
def ask(request: ApiRequest, sku: Sku, said: shapes.QuestionAsked) -> Any:
    """Ask something about a product."""
    brake.check_minute("say", request)
    visitor = request.visitor
    state = actions.ask(sku=sku, words=said.words, author=_author(visitor), trail=visitor.trail)
    return Status(201, {"state": state})


@router.post("/questions/{id}/answers", response=writing(shapes.Stands, status=201), openapi_extra=KEYED)
def answer(request: ApiRequest, id: Id, said: shapes.ReplyAsked) -> Any:
    """Answer a question as somebody who bought the product, once."""
    brake.check_minute("say", request)
    visitor = request.visitor
    state = actions.answer(
        question_id=id, words=said.words, author=_author(visitor), persons=visitor.persons, trail=visitor.trail
    )
    return Status(201, {"state": state})


def _author(visitor: Visitor) -> str:
    return masked_name(visitor.shopper.name) if visitor.shopper else ""


def _mean(found: Page) -> Decimal | None:
    """Stars in the mean, to two places.

    source  one review of 4 and two of 5 -> 4.67
    """
    if not found.total:
        return None
    stars = sum(rating * reviews for rating, reviews in enumerate(found.by_rating, start=1))
    return (Decimal(stars) / found.total).quantize(_HUNDREDTH, ROUND_HALF_UP)
