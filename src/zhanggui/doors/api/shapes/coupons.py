"""What is said about coupons and about the points that pay a part of an order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from zhanggui.doors.api.shapes.common import Asked, Said, Words, words_of
from zhanggui.growth.promotions.rules import Hold, Rest

MOST_CHOSEN = 10
HoldWord = Annotated[Hold, words_of(Hold)]
RestWord = Annotated[Rest, words_of(Rest)]
CouponCode = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]


class OfferedCoupon(Said):
    """A coupon that can be claimed now.

    kind         such as coupon_amount; terms: its amounts in minor units and its rates, as the kind has them
    left_units   none if there is any number
    tiers, segment  whom it is for; empty for everybody who is signed in
    """

    batch: str
    name: Words
    kind: str
    terms: dict[str, object]
    left_units: int | None
    per_person: int
    held_units: int
    days: int | None
    ends_at: datetime | None
    claim_until: datetime | None
    tiers: list[str]
    segment: str
    is_for_you: bool
    can_be_claimed: bool


class HeldCoupon(Said):
    """A coupon of the shopper: held, used or expired; order_number is that of the order that used it.

    rests  why one that is held cannot be used now; null if it can, and for every other one
    """

    id: str
    name: Words
    kind: str
    terms: dict[str, object]
    state: HoldWord
    starts_at: datetime
    ends_at: datetime
    order_number: str
    rests: RestWord | None


class CouponTyped(Asked):
    """The code of a coupon, in capitals or not, with or without dashes."""

    code: CouponCode = Field(examples=["K7QM-2XW9-HD4T"])


class CouponsChosen(Asked):
    """The coupons to use with the cart: an empty list for none, null for the best ones by themselves."""

    coupons: Annotated[list[UUID], Field(max_length=MOST_CHOSEN)] | None


class PointsChosen(Asked):
    """How many points to use with the cart at most: 0 for none, null for as many as may be."""

    points: Annotated[int, Field(ge=0, le=2**53 - 1)] | None
