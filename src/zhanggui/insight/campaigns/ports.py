"""What others plug in here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from zhanggui.insight.campaigns.rules import Offer

# A shop, a first day and an end -> the offers that were on between them.
Knows = Callable[[str, date, date], Sequence[Offer]]

known: list[Knows] = []
