"""Reviews, votes and reports on them, questions and answers; that each is said once is held by the database."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from zhanggui.shop.reviews import rules
from zhanggui.shop.reviews.rules import Fault, Held, Picture, Said, State

_ENDINGS = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
_STATES = [(state, state) for state in State]
_HELD = [(held, held) for held in Held]


def _at_most(field: str, most: int) -> Q:
    return Q(LessThanOrEqual(Length(field), most))


class Review(models.Model):
    """A review of a line of an order, with what was added and replied to it.

    pictures  digest and ending of each, such as 3f….jpg; useful and reports count the rows of votes and reports
    """

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    sku = models.CharField(max_length=60)
    rating = models.PositiveSmallIntegerField()
    words = models.TextField()
    language = models.CharField(max_length=10)
    author = models.CharField(max_length=40, blank=True)
    person = models.CharField(max_length=120, blank=True)
    order_number = models.CharField(max_length=40, blank=True)
    line = models.PositiveSmallIntegerField(null=True)
    pictures = ArrayField(models.CharField(max_length=80), default=list)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=_STATES)
    held = models.CharField(max_length=10, blank=True, choices=_HELD)
    fault = models.CharField(max_length=10, blank=True, choices=[(fault, fault) for fault in Fault])
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    useful = models.PositiveIntegerField(default=0)
    reports = models.PositiveIntegerField(default=0)
    added_words = models.TextField(blank=True)
    added_at = models.DateTimeField(null=True)
    added_state = models.CharField(max_length=10, blank=True, choices=_STATES)
    added_held = models.CharField(max_length=10, blank=True, choices=_HELD)
    reply_words = models.TextField(blank=True)
    reply_at = models.DateTimeField(null=True)
    reply_by = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "shop_reviews_review"
        indexes = [
            models.Index(fields=["sku", "-at", "-id"], name="shop_reviews_review_sku", condition=Q(state="published")),
            models.Index(fields=["shop", "state", "-at", "-id"], name="shop_reviews_review_desk"),
            models.Index(fields=["shop", "-reports"], name="shop_reviews_review_reports", condition=Q(reports__gt=0)),
            models.Index(fields=["shop"], name="shop_reviews_review_added", condition=Q(added_state="pending")),
            models.Index(fields=["person"], name="shop_reviews_review_person", condition=~Q(person="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order_number", "line"], name="shop_reviews_review_once"),
            models.CheckConstraint(name="shop_reviews_review_rating", condition=Q(rating__gte=1, rating__lte=5)),
            models.CheckConstraint(name="shop_reviews_review_state", condition=Q(state__in=list(State))),
            models.CheckConstraint(
                name="shop_reviews_review_words",
                condition=_at_most("words", rules.LONGEST_REVIEW) & _at_most("added_words", rules.LONGEST_REVIEW),
            ),
            models.CheckConstraint(
                name="shop_reviews_review_pictures", condition=Q(pictures__len__lte=rules.MOST_PICTURES)
            ),
            models.CheckConstraint(
                name="shop_reviews_review_fault", condition=Q(state__in=["pending", "published"]) | ~Q(fault="")
            ),
            models.CheckConstraint(
                name="shop_reviews_review_added",
                condition=Q(added_words="", added_at=None, added_state="")
                | Q(~Q(added_words=""), added_at__gte=F("at"), added_state__in=list(State)),
            ),
            models.CheckConstraint(
                name="shop_reviews_review_reply",
                condition=Q(reply_words="", reply_at=None) | Q(~Q(reply_words=""), reply_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.rating}"

    @property
    def value(self) -> rules.Review:
        """The row as a frozen value, for whoever may see all of it."""
        return rules.Review(
            id=self.id,
            shop=self.shop,
            sku=self.sku,
            rating=self.rating,
            words=self.words,
            language=self.language,
            author=self.author,
            at=self.at,
            state=State(self.state),
            held=Held(self.held or self.added_held),
            fault=Fault(self.fault),
            person=self.person,
            order_number=self.order_number,
            line=self.line,
            pictures=tuple(
                Picture(digest=name.partition(".")[0], kind=_ENDINGS[name.partition(".")[2]]) for name in self.pictures
            ),
            useful=self.useful,
            reports=self.reports,
            added=Said(words=self.added_words, at=self.added_at) if self.added_at else None,
            added_state=State(self.added_state) if self.added_state else None,
            reply=Said(words=self.reply_words, at=self.reply_at) if self.reply_at else None,
        )


class Vote(models.Model):
    """Somebody finds a review useful."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE)
    person = models.CharField(max_length=120)

    class Meta:
        db_table = "shop_reviews_vote"
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="shop_reviews_vote_once")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.person}"


class Report(models.Model):
    """Somebody says that a review should not stand there."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE)
    person = models.CharField(max_length=120)
    fault = models.CharField(max_length=10, choices=[(fault, fault) for fault in rules.FAULTS])
    at = models.DateTimeField()

    class Meta:
        db_table = "shop_reviews_report"
        constraints = [models.UniqueConstraint(fields=["review", "person"], name="shop_reviews_report_once")]

    def __str__(self) -> str:
        return f"{self.review_id} {self.fault}"


class Question(models.Model):
    """A question about a product, asked on the page of one of its SKUs; answers counts those that can be read."""

    id = models.UUIDField(primary_key=True)
    shop = models.CharField(max_length=40)
    sku = models.CharField(max_length=60)
    words = models.TextField()
    author = models.CharField(max_length=40, blank=True)
    person = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=_STATES)
    held = models.CharField(max_length=10, blank=True, choices=_HELD)

    class Meta:
        db_table = "shop_reviews_question"
        indexes = [
            models.Index(fields=["sku", "-at", "-id"], name="shop_reviews_question_sku"),
            models.Index(fields=["shop", "state", "-at", "-id"], name="shop_reviews_question_desk"),
        ]
        constraints = [
            models.CheckConstraint(name="shop_reviews_question_state", condition=Q(state__in=list(State))),
            models.CheckConstraint(
                name="shop_reviews_question_words",
                condition=~Q(words="") & _at_most("words", rules.LONGEST_QUESTION),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.id}"


class Answer(models.Model):
    """An answer to a question; the shop gives one, and so does each buyer."""

    id = models.UUIDField(primary_key=True)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    speaker = models.CharField(max_length=10, choices=[(speaker, speaker) for speaker in rules.Speaker])
    words = models.TextField()
    author = models.CharField(max_length=40, blank=True)
    person = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=_STATES)
    held = models.CharField(max_length=10, blank=True, choices=_HELD)

    class Meta:
        db_table = "shop_reviews_answer"
        constraints = [
            models.UniqueConstraint(
                fields=["question"], condition=Q(speaker="shop"), name="shop_reviews_answer_shop_once"
            ),
            models.UniqueConstraint(
                fields=["question", "person"], condition=~Q(person=""), name="shop_reviews_answer_once"
            ),
            models.CheckConstraint(
                name="shop_reviews_answer_words", condition=~Q(words="") & _at_most("words", rules.LONGEST_REPLY)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Setting(models.Model):
    """How a shop lets words through; without a row, at once unless they are held."""

    shop = models.CharField(primary_key=True, max_length=40)
    is_read_first = models.BooleanField(default=False)

    class Meta:
        db_table = "shop_reviews_setting"

    def __str__(self) -> str:
        return self.shop
