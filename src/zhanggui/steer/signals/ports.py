"""Who looks for trouble and for money to be won; `config/wiring.py` fills the table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from zhanggui.steer.signals.rules import Finding


class Detector(Protocol):
    """A port: what one detector finds on a day of a shop that is over."""

    def __call__(self, shop: str, day: date, *, at: datetime) -> Iterable[Finding]:
        """Findings of that day, at most one per kind and subject; none in a shop of which it knows too little.

        It reads only. Whoever looks at many cells corrects for how many (`rules.multiplicity`).

        at  the moment of asking
        """
        ...


detectors: dict[str, Detector] = {}
