"""What promotions and coupons refuse."""

from __future__ import annotations

from zhanggui.base.errors import Refused
from zhanggui.base.money import Money


class TermsNotAllowed(Refused):
    """The terms of a promotion cannot be right: a field is missing, has another shape or contradicts another."""

    kind: str
    field: str


class NoSuchPromotion(Refused):
    """The shop has no promotion with this id."""

    id: str


class StateNotAllowed(Refused):
    """A promotion cannot go from the state it is in to the one that was asked for."""

    state: str
    wanted: str


class SecondPersonNeeded(Refused):
    """The promotion may cost more than one person may decide; somebody else has to let it go live."""

    foreseen: Money
    limit: Money


class ChangedMeanwhile(Refused):
    """Somebody else changed the promotion since the page was opened."""

    version: int


class PromotionGone(Refused):
    """What the price counted on can no longer be had: it ended, or its budget or the person's uses are spent."""

    promotion: str


class CouponGone(Refused):
    """A coupon that the price counted on is used, expired or taken back."""

    coupon: str


class NoSuchCoupon(Refused):
    """Nobody gives out coupons under this id or code, or not to this shopper."""

    asked: str


class CouponRests(Refused):
    """The promotion that a code brings is paused or over; the code stays as it was, nobody has taken anything.

    is_over  it will not go on; else it may
    """

    promotion: str
    is_over: bool


class AllClaimed(Refused):
    """All coupons of this kind are given out."""

    batch: str


class ClaimedBefore(Refused):
    """The shopper has as many of these coupons as one person may have."""

    batch: str
    per_person: int


class NotForYou(Refused):
    """The coupon is for other shoppers: of another tier, new ones, or those who are signed in."""

    batch: str


class SpentMore(Refused):
    """The orders that hold took off more than the promotion's budget."""

    promotion: str
    given_minor: int
    budget_minor: int
