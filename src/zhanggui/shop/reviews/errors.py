"""Refusals of reviews and questions."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base.errors import Refused


class NotBought(Refused):
    """Only what was bought and has arrived can be reviewed."""

    order_number: str
    line: int


class AlreadyReviewed(Refused):
    """There is a review of this line of the order."""

    order_number: str
    line: int


class WordsNotAllowed(Refused):
    """The words are missing, too long, or hold what no page can show; reason: empty, long or nul."""

    reason: str
    most: int


class RatingNotAllowed(Refused):
    """A review gives one to five stars."""

    rating: int


class PictureNotAllowed(Refused):
    """A file is no picture that we take, broken, too large, or one too many; reason: kind, size or count."""

    reason: str
    most: int


class NoSuchReview(Refused):
    """There is no review of that id for whoever asks."""

    review_id: UUID


class NoSuchQuestion(Refused):
    """There is no question, or answer, of that id for whoever asks."""

    question_id: UUID


class NotYours(Refused):
    """Nobody finds their own review useful, or reports it."""

    review_id: UUID


class CannotBeAdded(Refused):
    """A published review has room for one addition by whoever wrote it."""

    review_id: UUID


class AlreadyAnswered(Refused):
    """Nobody answers a question twice."""

    question_id: UUID


class NotDecidable(Refused):
    """What was to be published, rejected or hidden does not stand so that this can be done."""

    id: UUID
    state: str
