"""What is said about membership, points and what they buy."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from zhanggui.doors.api.shapes.common import Address, AddressAsked, Asked, Line, Said, Words, words_of
from zhanggui.growth.membership.rules.rewards import Kind, State

RewardKind = Annotated[Kind, words_of(Kind)]
RedemptionWord = Annotated[State, words_of(State)]


class MemberTier(Said):
    """A tier of membership; growth_from: the growth value from which somebody has it."""

    key: str
    name: Words
    growth_from: int


class Points(Said):
    """The points of a shopper.

    has      that can be spent now; soon: those of them that expire within 30 days
    pending  that paid orders bring once their goods are kept; owed: that come off what is earned next
    """

    has: int
    soon: int
    pending: int
    owed: int


class Membership(Said):
    """How a member stands.

    growth    value of the last twelve months; short_by: whole units of money to the next tier
    progress  how far it is from one tier to the next, in whole percent
    until     until when a tier that was reached is kept
    worth     points that pay for one whole unit of money; none in a shop without points
    uses_points, chosen_points  whether the cart uses points, and how many at most; none for as many as may be
    """

    tier: MemberTier
    reached: MemberTier
    next: MemberTier | None
    growth: int
    short_by: int
    progress: int
    until: datetime | None
    paid_until: datetime | None
    points: Points
    worth: int | None
    uses_points: bool
    chosen_points: int | None


class PointsMove(Said):
    """One thing that happened to points; above zero came in.

    kind  such as points_earned, points_paid_order, points_expired
    """

    at: datetime
    kind: str
    points: int


class Reward(Said):
    """Something that points buy.

    left       how many there are; none if nobody counts
    most_each  how many one member may have; none for any number
    is_sent    it goes to an address
    """

    id: UUID
    kind: RewardKind
    title: Words
    words: Words
    sku: str
    points: int
    left: int | None
    most_each: int | None
    at: datetime | None
    is_sent: bool


class RedeemAsked(Asked):
    """Where a reward goes: an entry of the address book; null for what is not sent."""

    address: UUID | None = None


class Redemption(Said):
    """A reward that a member has for points."""

    number: str
    kind: RewardKind
    title: Words
    sku: str
    points: int
    state: RedemptionWord
    carrier: str
    tracking: str
    at: datetime
    ended_at: datetime | None


class RedeemedReward(Said):
    """A reward that was redeemed just now."""

    number: str


class AddressKept(Said):
    """An entry of the address book."""

    id: UUID
    address: Address
    label: str
    is_default: bool


class AddressToKeep(Asked):
    """An address for the book; the first one is the default."""

    address: AddressAsked
    label: Line = ""
    is_default: bool = False
