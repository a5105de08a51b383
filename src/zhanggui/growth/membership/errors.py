"""Refusals of membership."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class TiersNotAllowed(Refused):
    """Tiers start at 0, each somewhere else, and multiply points by 1 to 10."""

    key: str
    field: str


class SchemeNotAllowed(Refused):
    """A number of the scheme is out of its bounds."""

    field: str


class NotEnoughPoints(Refused):
    """Fewer points are there than are needed."""

    points: int
    has: int


class PointsNotAllowed(Refused):
    """So many points are not given or taken by hand."""

    points: int
    most: int


class WordsMissing(Refused):
    """A reason, a name or a description is needed and was not given."""

    field: str


class BirthdayNotAllowed(Refused):
    """There is no such day, or the birthday was said before and only a colleague changes it."""

    month: int
    day: int


class NoSuchReward(Refused):
    """The points shop has no such reward, or not now."""

    reward_id: str


class RewardNotAllowed(Refused):
    """A reward needs a name, points, for goods a SKU of the shop, and a limit that is not below what is taken."""

    field: str


class RewardGone(Refused):
    """All of a reward is taken."""

    reward_id: str


class RewardLimit(Refused):
    """Nobody gets more of a reward than this."""

    reward_id: str
    most_each: int


class AddressMissing(Refused):
    """What is sent needs an address of the member's own address book."""


class NoSuchRedemption(Refused):
    """No reward was redeemed under that number, or by somebody else."""

    number: str


class StepRefused(Refused):
    """What a redemption or a recycling stands at does not allow that."""

    number: str
    state: str
    to: str


class NoSuchKind(Refused):
    """Things of that kind are not taken back."""

    key: str


class NoSuchItem(Refused):
    """Nothing was handed in under that number, or by somebody else."""

    number: str


class PictureNotAllowed(Refused):
    """A picture is too large, or none that we take; or there are too many."""

    reason: str
    most: int


class PlanNotAllowed(Refused):
    """A paid membership is a service on sale in this shop, lasts 1 to 3650 days, and gives a tier there is."""

    field: str
