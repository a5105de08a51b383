"""Refusals of the rehearsal."""

from __future__ import annotations

from zhanggui.base.errors import Refused, Unreachable


class ShopInUse(Refused):
    """The shop holds goods or events that are not the demonstration's; filling it would mix real and invented."""

    shop: str


class ShopUnfit(Refused):
    """The demonstration sells in yuan on Chinese time; this shop keeps its books otherwise."""

    shop: str
    zone: str
    currency: str


class FilledOtherwise(Refused):
    """The shop was filled before, with another number of days, sightings or orders, or another seed."""

    shop: str


class NotHeardYet(Unreachable):
    """The lake has not heard yet who signed in: a relay is at it; the job tries again."""

    shop: str
