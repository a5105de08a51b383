"""Refusals about shops."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchShop(Refused):
    """No shop has that code."""

    code: str


class ShopDiffers(Refused):
    """The shop exists with another zone or currency; its days and amounts would no longer add up."""

    code: str
    zone: str
    currency: str


class ZoneUnknown(Refused):
    """That is not the name of a time zone; use one such as Asia/Shanghai or Europe/London."""

    zone: str


class LineTooLong(Refused):
    """A line of an imprint has more signs than fit."""

    field: str
    most: int
