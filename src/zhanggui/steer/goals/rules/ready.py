"""The goals that come with the product, ready to be adopted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from zhanggui.insight.metrics.rules import METRICS, Period, Step, after, cell_of
from zhanggui.steer.goals.rules.values import READ_ELSEWHERE, scale_of

# A quarter with fewer days left is too short to change anything in: the next one is meant.
_LEAST_LEFT: Final = timedelta(days=30)


class Aim(StrEnum):
    """How a target is found: a number that holds for everybody; a multiple of what was, or of a figure of the trade; or
    points more than what was.
    """

    AT = "at"
    OF_BEFORE = "of_before"
    OF_TRADE = "of_trade"
    POINTS_MORE = "points_more"


class Lack(StrEnum):
    """Why a goal cannot be adopted as it is."""

    NOT_COUNTED = "not_counted"
    SILENT = "silent"
    NO_BASELINE = "no_baseline"
    NEEDS_FIGURE = "needs_figure"
    STANDS = "stands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A goal that is ready to be adopted.

    metric   key of the dictionary, or what it would be if anybody counted it
    number   the target itself in the metric's own unit (0.35, 48 hours), or what the baseline is multiplied by, or how
             many hundredths are added to it
    quarter  1 to 4 if it is about one quarter of the year; else about the running one
    """

    key: str
    metric: str
    aim: Aim
    number: Decimal
    quarter: int | None = None


# metrics.md, "Default goals shipped with the product".
READY: Final = (
    Ready(key="margin", metric="gross_margin_rate", aim=Aim.AT, number=Decimal("0.35")),
    Ready(key="marketing", metric="marketing_rate", aim=Aim.AT, number=Decimal("0.12")),
    Ready(key="delivery", metric="fulfilment_hours_p90", aim=Aim.AT, number=Decimal(48)),
    Ready(key="response", metric="first_response_s", aim=Aim.AT, number=Decimal(30)),
    Ready(key="returns", metric="return_rate", aim=Aim.OF_BEFORE, number=Decimal("0.8")),
    Ready(key="retention", metric="retention_d30", aim=Aim.POINTS_MORE, number=Decimal(15)),
    Ready(key="ncac", metric="ncac", aim=Aim.OF_TRADE, number=Decimal("0.8")),
    Ready(key="first_quarter", metric="gmv_paid", aim=Aim.OF_BEFORE, number=Decimal("1.1"), quarter=1),
    Ready(key="second_quarter", metric="gmv_paid", aim=Aim.OF_BEFORE, number=Decimal("1.25"), quarter=2),
    Ready(key="refunds", metric="refund_hours_p90", aim=Aim.AT, number=Decimal(72)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A ready goal as it would be set now.

    baseline, target  None where they cannot be said yet; a target that does not come from a baseline is set without
                      one, which is filled in once it is known
    lack              why it cannot be adopted; None if one click does it
    """

    ready: Ready
    period: Period
    baseline: int | None
    target: int | None
    lack: Lack | None


def quarter_of(ready: Ready, today: date) -> Period:
    """The days that a ready goal is about: its own quarter, running or to come; or the running one while a month is
    left of it, else the next.

    source   on 22 November 2026: the running quarter to 31 December; the first quarter of 2027
    """
    start = cell_of(today, Step.QUARTER)
    if ready.quarter is None:
        if after(start, Step.QUARTER) - today < _LEAST_LEFT:
            start = after(start, Step.QUARTER)
    else:
        while (start.month + 2) // 3 != ready.quarter:
            start = after(start, Step.QUARTER)
    return Period(start, after(start, Step.QUARTER))


def is_readable(ready: Ready) -> bool:
    """Whether anything answers its number by period."""
    return ready.metric in METRICS or ready.metric in READ_ELSEWHERE


def target_of(ready: Ready, *, baseline: int | None, figure: int | None = None) -> int | None:
    """The target in units; None while what it is a part of is not known, or was nothing.

    figure   of the trade, in units
    source   gmv_paid of 1,000.00 last year, first quarter -> 1,100.00; a return rate of 10 % -> 8 %
    """
    if not is_readable(ready):
        return None
    match ready.aim:
        case Aim.AT:
            return _whole(ready.number * scale_of(ready.metric))
        case Aim.OF_BEFORE:
            return _whole(ready.number * baseline) if baseline else None
        case Aim.OF_TRADE:
            return None if figure is None else _whole(ready.number * figure)
        case Aim.POINTS_MORE:
            return None if baseline is None else baseline + _whole(ready.number * scale_of(ready.metric) / 100)


def lack_of(ready: Ready, *, is_silent: bool, is_standing: bool, target: int | None) -> Lack | None:
    """Why a ready goal cannot be adopted; None if it can."""
    if not is_readable(ready):
        return Lack.NOT_COUNTED
    if is_standing:
        return Lack.STANDS
    if is_silent:
        return Lack.SILENT
    if target is None:
        return Lack.NEEDS_FIGURE if ready.aim is Aim.OF_TRADE else Lack.NO_BASELINE
    return None


def _whole(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_HALF_UP))
