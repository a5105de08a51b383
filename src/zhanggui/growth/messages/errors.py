"""Refusals of messages."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class WordingUnfit(Refused):
    """The words of a message lack something, are too long, or name a gap that nothing fills."""

    field: str
    reason: str


class StepDiffers(Refused):
    """A step of that name was planned with other words, on another channel or with another coupon."""

    step: str


class StepStopped(Refused):
    """A step was stopped, so nobody is added to it."""

    step: str


class CouponUnfit(Refused):
    """The promotion gives no coupon that an operator hands out."""

    promotion_id: str


class TermsUnfit(Refused):
    """A number of the terms of sending is out of its bounds."""

    field: str
