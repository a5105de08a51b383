"""What others plug in here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from zhanggui.insight.alerts.rules import KnownDays

# A shop, a first and a last day -> days between them that are known to differ.
Knows = Callable[[str, date, date], Sequence[KnownDays]]

known_days: list[Knows] = []
