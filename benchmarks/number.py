"""What a benchmark says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One measured promise.

    ratio, against  the value divided by that of `against`, measured in the same run on the same machine; a rate is
                    divided by the rate of the bound, a time by the time of the bound
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    against: str = ""
