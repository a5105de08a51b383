"""Sentences that turn on a count, in the singular and the plural."""

from __future__ import annotations

from django.utils.translation import ngettext

from zhanggui.base.look import formats
from zhanggui.doors.console import words


def others(n: int) -> str:
    """So many others that are not shown."""
    return ngettext("%(n)s other", "%(n)s others", n) % {"n": formats.number(n, language=words.language())}


def paid(n: int, *, by_goods: bool) -> str:
    """What a period took, still without the period, the amount and the count; of goods in pieces, else in orders."""
    if by_goods:
        return ngettext(
            "%(period)s: %(money)s paid for %(count)s piece", "%(period)s: %(money)s paid for %(count)s pieces", n
        )
    return ngettext(
        "%(period)s: %(money)s paid in %(count)s order", "%(period)s: %(money)s paid in %(count)s orders", n
    )
