"""What Alipay and WeChat Pay have in common: yuan, Chinese days, and numbers without dashes."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from zhanggui.base.money import Money
from zhanggui.shop.payments.errors import Unreadable
from zhanggui.shop.payments.rules import Limits

CNY: Final = "CNY"
CHINA: Final = ZoneInfo("Asia/Shanghai")
YUAN_ONLY: Final = Limits(currencies=frozenset((CNY,)))
_MOMENT: Final = "%Y-%m-%d %H:%M:%S"


def in_yuan(amount: Money, *, provider: str) -> Money:
    """The amount, which is in yuan.

    refuses  Unreadable for another currency
    """
    if amount.currency != CNY:
        raise Unreadable(provider=provider, reason=f"{provider} takes {CNY} here, not {amount.currency}")
    return amount


def number_of(payment_id: str) -> str:
    """Our id as both take it, letters and digits only, 32 at most."""
    return payment_id.replace("-", "")


def id_of(number: str) -> str:
    """Our id again; whatever else stands there stays as it is."""
    try:
        return str(UUID(number))
    except ValueError:
        return number


def written(at: datetime) -> str:
    """A moment as clocks in China show it: 2026-11-22 12:00:00."""
    return at.astimezone(CHINA).strftime(_MOMENT)


def moment_of(words: str) -> datetime:
    """The moment that was written so.

    refuses  ValueError for other words
    """
    return datetime.strptime(words, _MOMENT).replace(tzinfo=CHINA)
