"""Who else holds what is a customer's; `config/wiring.py` fills the list.

An account is closed only when nobody has a reason to keep it open; then everybody forgets what they hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhanggui.shop.customers.rules import Whose


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who holds what is a customer's.

    reason  a word for why the account has to stay open, such as open_orders; empty for who never says so
    stops   whether it has to, asked while the customer's row is locked
    erase   forgets what it holds, in the same transaction
    keeps   addresses that papers from a moment on still need
    """

    reason: str = ""
    stops: Callable[[Whose], bool] | None = None
    erase: Callable[[Whose], None] | None = None
    keeps: Callable[[Whose, datetime], frozenset[UUID]] | None = None


holders: list[Holder] = []
