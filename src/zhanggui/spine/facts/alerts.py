"""What the look at what is normal tells."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="insight.deviation_found")
class DeviationFound:
    """A number of a day that is over lies outside what is normal for it. Told once per number, cell and day.

    Not told of days that are known to differ, nor of a number with less than four weeks of history, nor of days that
    were over before the shop was looked at for the first time. What comes in late does not take it back.

    metric                       key of the dictionary
    cut, cell                    where it was counted; both empty for the whole shop
    day                          business day, as YYYY-MM-DD
    actual, expected, low, high  minor units of an amount, a count as it is, else millionths
    money_minor                  what it was worth in the money of the day; null where the tree cannot say
    evidence                     query of the console's page of the number, with the same day and cell
    """

    metric: str
    cut: str
    cell: str
    day: str
    actual: int
    expected: int
    low: int
    high: int
    money_minor: int | None = None
    currency: str
    evidence: str
