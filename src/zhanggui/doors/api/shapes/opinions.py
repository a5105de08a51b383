"""What shoppers say about goods and ask about them, and what the shop says to that."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from zhanggui.doors.api.shapes.common import Asked, PictureWord, Said, among, words_of
from zhanggui.shop.reviews import queries, rules
from zhanggui.shop.reviews.rules import Fault, Held, Sort, Speaker, State

StateWord = Annotated[State, words_of(State)]
HeldWord = Annotated[Held, words_of(Held)]
FaultWord = Annotated[Fault, words_of(Fault)]
SayableFault = Annotated[Fault, among(rules.FAULTS), words_of(rules.FAULTS)]
SortWord = Annotated[Sort, words_of(Sort)]
SpeakerWord = Annotated[Speaker, words_of(Speaker)]
ViewWord = Annotated[queries.View, words_of(queries.View)]
AskedWord = Annotated[queries.Asked, words_of(queries.Asked)]
Stars = Annotated[int, Field(ge=1, le=5)]
_SHOWN = r"^[^\x00]*$"


class SaidOn(Said):
    """Words and when they were written."""

    words: str
    at: datetime


class Review(Said):
    """What a shopper says about what they bought; words are text, whatever stands in them.

    author    a masked name; empty for somebody who wants no name there
    pictures  addresses
    added     what the buyer added later
    reply     the shop's answer
    """

    id: UUID
    sku: str
    rating: int
    words: str
    language: str
    author: str
    at: datetime
    pictures: list[str]
    useful: int
    added: SaidOn | None
    reply: SaidOn | None


class Reviews(Said):
    """A part of a product's reviews, and what all of them say.

    found      how many there are with these filters; total: in all
    mean       stars in the mean, to two places; none without reviews
    by_rating  how many gave 1, 2, 3, 4 and 5 stars
    pictured   how many show pictures
    """

    items: list[Review]
    next: str
    found: int
    total: int
    mean: Decimal | None
    by_rating: list[int]
    pictured: int


class ReviewOfMine(Review):
    """A review and how it stands with its writer; fault: why it was not let through, or was taken down."""

    state: StateWord
    fault: FaultWord
    order_number: str
    line: int | None
    added_state: StateWord | None


class ReviewAsked(Asked):
    """What somebody thinks of what they bought; pictures as their uploads were answered, six at most."""

    rating: Stars
    words: Annotated[str, StringConstraints(min_length=1, max_length=rules.LONGEST_REVIEW, pattern=_SHOWN)]
    pictures: list[PictureWord] = Field(default_factory=list, max_length=rules.MOST_PICTURES)
    is_anonymous: bool = False


class ReviewWords(Asked):
    """What only time has shown."""

    words: Annotated[str, StringConstraints(min_length=1, max_length=rules.LONGEST_REVIEW, pattern=_SHOWN)]


class QuestionAsked(Asked):
    """What somebody wants to know about a product."""

    words: Annotated[str, StringConstraints(min_length=1, max_length=rules.LONGEST_QUESTION, pattern=_SHOWN)]


class ReplyAsked(Asked):
    """An answer to a question or a review."""

    words: Annotated[str, StringConstraints(min_length=1, max_length=rules.LONGEST_REPLY, pattern=_SHOWN)]


class Stands(Said):
    """How words stand: published, or pending until somebody of the shop has read them."""

    state: StateWord


class Voted(Said):
    """Whether it counts; false for somebody who said so before."""

    is_new: bool


class FaultAsked(Asked):
    """What is wrong with it."""

    fault: SayableFault


class AnswerSaid(Said):
    """An answer to a question, by the shop or by somebody who bought the product."""

    id: UUID
    speaker: SpeakerWord
    author: str
    words: str
    at: datetime


class Question(Said):
    """A question about a product, with its answers: the shop's first, then the oldest."""

    id: UUID
    sku: str
    author: str
    words: str
    at: datetime
    answers: list[AnswerSaid]


class ReviewForStaff(ReviewOfMine):
    """A review as the shop's people see it.

    held     what the lint found in it
    reports  how many readers say that it should not stand there
    """

    held: HeldWord
    reports: int


class AnswerForStaff(AnswerSaid):
    """An answer, and whether it can be read."""

    state: StateWord


class QuestionForStaff(Said):
    """A question with all its answers, and whether they can be read."""

    id: UUID
    sku: str
    author: str
    words: str
    at: datetime
    state: StateWord
    held: HeldWord
    answers: list[AnswerForStaff]


class DecisionAsked(Asked):
    """Whether words can be read from now on: let through, not let through, taken down."""

    state: StateWord
