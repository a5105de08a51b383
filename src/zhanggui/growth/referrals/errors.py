"""What referrals refuse."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class SchemeNotAllowed(Refused):
    """Referrals cannot work like this; the field says where."""

    field: str


class NoScheme(Refused):
    """The shop rewards no referrals now."""

    shop: str


class NoSuchLink(Refused):
    """Nobody has an invitation under this code."""

    code: str


class NoSuchReferral(Refused):
    """The shop has no such referral."""

    id: str
