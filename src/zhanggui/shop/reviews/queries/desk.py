"""What the shop's people read: what waits for them, what was said, and what the reviews say in numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, Q, QuerySet, Value, When

from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.reviews import models
from zhanggui.shop.reviews.errors import NoSuchReview
from zhanggui.shop.reviews.queries.reading import grouped
from zhanggui.shop.reviews.rules import Fault, Held, Question, Review, State


class View(StrEnum):
    """Which reviews an operator looks at."""

    WAITING = "waiting"
    LOW = "low"
    PUBLISHED = "published"
    REJECTED = "rejected"
    HIDDEN = "hidden"


class Asked(StrEnum):
    """Which questions an operator looks at."""

    OPEN = "open"
    ANSWERED = "answered"
    DOWN = "down"


_WAITING: Final = Q(state=State.PENDING) | Q(added_state=State.PENDING) | Q(state=State.PUBLISHED, reports__gt=0)
_VIEWS: Final = {
    View.WAITING: _WAITING,
    View.LOW: Q(state=State.PUBLISHED, rating__lte=3, reply_at=None),
    View.PUBLISHED: Q(state=State.PUBLISHED),
    View.REJECTED: Q(state=State.REJECTED),
    View.HIDDEN: Q(state=State.HIDDEN),
}
# What the lint held comes first, then what readers reported, then the rest, the longest waiting first.
_FIRST: Final = Case(
    When(~Q(held="") & ~Q(held=Held.ALL) & Q(state=State.PENDING), then=Value(0)),
    When(reports__gt=0, then=Value(1)),
    default=Value(2),
)
# Indexes shop_reviews_question_desk and that of the answers' question.
_QUESTIONS: Final = """
select q.id, q.shop, q.sku, q.author, q.words, q.at, q.state, q.held,
    a.id, a.speaker, a.author, a.words, a.at, a.state
from (
    select q.* from shop_reviews_question q where q.shop = %s::varchar and {wanted}
    order by {order} limit %s::int offset %s::int) q
left join shop_reviews_answer a on a.question_id = q.id
order by {order}, a.speaker = 'shop' desc, a.at, a.id
"""
_HAS_SHOP: Final = "exists (select from shop_reviews_answer a where a.question_id = q.id and a.speaker = 'shop')"
_HAS_PENDING: Final = "exists (select from shop_reviews_answer a where a.question_id = q.id and a.state = 'pending')"
_ASKED: Final = {
    Asked.OPEN: f"(q.state = 'pending' or (q.state = 'published' and (not {_HAS_SHOP} or {_HAS_PENDING})))",
    Asked.ANSWERED: f"q.state = 'published' and {_HAS_SHOP} and not {_HAS_PENDING}",
    Asked.DOWN: "q.state in ('rejected', 'hidden')",
}
_ASKED_ORDER: Final = {Asked.OPEN: "(q.held <> '') desc, q.at, q.id"}
_NUMBERS: Final = """
select sku, count(*), sum(rating), count(*) filter (where rating <= 2), count(*) filter (where pictures <> '{}'),
    count(*) filter (where rating <= 3 and reply_at is null), count(*) filter (where at >= %s::timestamptz), max(at)
from shop_reviews_review where shop = %s::varchar and state = 'published' group by sku
order by count(*) filter (where rating <= 2) desc, count(*) desc, sku limit %s::int offset %s::int
"""
_SUMS: Final = """
select sku, sum(rating), count(*) from shop_reviews_review where state = 'published' group by sku
"""
# Reviews of the past come with votes whose voters are not known.
_READD: Final = """
select r.id, 'useful' from shop_reviews_review r
where r.person <> '' and r.useful <> (select count(*) from shop_reviews_vote v where v.review_id = r.id)
union all
select r.id, 'reports' from shop_reviews_review r
where r.reports <> (select count(*) from shop_reviews_report p where p.review_id = r.id) order by 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What the published reviews of a SKU say.

    low         how many gave one or two stars
    unanswered  how many gave up to three and have no reply
    lately      how many came since the asked moment
    """

    sku: str
    reviews: int
    stars: int
    low: int
    pictured: int
    unanswered: int
    lately: int
    last_at: datetime

    @property
    def mean(self) -> float:
        """Stars in the mean."""
        return self.stars / self.reviews

    @property
    def low_rate(self) -> float:
        """The share of one and two stars, 0 to 1."""
        return self.low / self.reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A product whose rating is not what its reviews say, or a review whose counts are not those of its readers.

    subject  the product's first SKU, or the review's id
    fault    rating, useful or reports
    """

    subject: str
    fault: str


def queue(shop: str, *, view: View, limit: int, offset: int = 0) -> tuple[Review, ...]:
    """The reviews of a view; what waits by how much it matters, the rest newest first. One statement."""
    found = _of(shop, view)
    ordered = found.order_by(_FIRST, "at", "id") if view is View.WAITING else found.order_by("-at", "-id")
    return tuple(row.value for row in ordered[offset : offset + limit])


def counts(shop: str) -> dict[View, int]:
    """How many reviews each view holds. One statement."""
    from_all = models.Review.objects.filter(shop=shop)
    counted = from_all.aggregate(**{view.value: _counted(view) for view in View})
    return {view: int(counted[view.value]) for view in View}


def review_for_staff(shop: str, review_id: UUID) -> Review:
    """A review in any state. One statement. Primary key.

    refuses  NoSuchReview
    """
    row = models.Review.objects.filter(pk=review_id, shop=shop).first()
    if row is None:
        raise NoSuchReview(review_id=review_id)
    return row.value


def reports_of(review_ids: list[UUID]) -> dict[UUID, tuple[Fault, ...]]:
    """What readers say is wrong with these reviews, oldest first. One statement. Index shop_reviews_report_once."""
    found: dict[UUID, tuple[Fault, ...]] = {}
    rows = models.Report.objects.filter(review__in=review_ids).order_by("at", "id")
    for review_id, fault in rows.values_list("review_id", "fault"):
        found[review_id] = (*found.get(review_id, ()), Fault(fault))
    return found


def questions_for_staff(shop: str, *, asked: Asked, limit: int, offset: int = 0) -> tuple[Question, ...]:
    """The questions of a view with all their answers; the longest waiting first where one is due. One statement."""
    order = _ASKED_ORDER.get(asked, "q.at desc, q.id")
    with connection.cursor() as cursor:
        statement = _QUESTIONS.format(wanted=_ASKED[asked], order=order)
        cursor.execute(statement, [shop, limit, offset])
        return grouped(cursor.fetchall())


def question_counts(shop: str) -> dict[Asked, int]:
    """How many questions each view holds. One statement."""
    columns = ", ".join(f"count(*) filter (where {wanted})" for wanted in _ASKED.values())
    with connection.cursor() as cursor:
        cursor.execute(f"select {columns} from shop_reviews_question q where q.shop = %s::varchar", [shop])
        return dict(zip(_ASKED, cursor.fetchone(), strict=True))


def numbers(shop: str, *, since: datetime, limit: int, offset: int = 0) -> tuple[Numbers, ...]:
    """What the reviews of each SKU say, most bad ones first. One statement.

    since  from when on a review counts as new
    """
    names = ("sku", "reviews", "stars", "low", "pictured", "unanswered", "lately", "last_at")
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [since, shop, limit, offset])
        return tuple(Numbers(**dict(zip(names, row, strict=True))) for row in cursor.fetchall())


def every_review(shop: str) -> Iterator[Review]:
    """All reviews of a shop, newest first, a thousand at a time."""
    rows: QuerySet[models.Review, Any] = models.Review.objects.filter(shop=shop).order_by("-at", "-id")
    for row in rows.iterator(chunk_size=1000):
        yield row.value


def audit() -> tuple[Disagreement, ...]:
    """Hold the ratings of the products against their reviews, and the counts on reviews against votes and reports."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        sums = {sku: (int(stars), int(reviews)) for sku, stars, reviews in cursor.fetchall()}
        cursor.execute(_READD)
        found = [Disagreement(subject=str(id), fault=fault) for id, fault in cursor.fetchall()]
    for rated in catalogue.ratings(with_reviews=list(sums)):
        own = [sums.pop(sku, (0, 0)) for sku in rated.skus]
        if (rated.stars, rated.reviews) != (sum(stars for stars, _ in own), sum(reviews for _, reviews in own)):
            found.append(Disagreement(subject=rated.skus[0], fault="rating"))
    return (*found, *(Disagreement(subject=sku, fault="rating") for sku in sums))


def _of(shop: str, view: View) -> QuerySet[models.Review]:
    return models.Review.objects.filter(_VIEWS[view], shop=shop)


def _counted(view: View) -> Count:
    return Count("pk", filter=_VIEWS[view])
