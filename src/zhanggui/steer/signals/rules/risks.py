"""Risks: what would be bad, the number that tells of it, who has it in hand, and what is then to be done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median
from typing import Final
from uuid import UUID

from zhanggui.insight.metrics.rules import METRICS, Cut, can_answer
from zhanggui.steer.signals.errors import RiskUnfit

LONGEST_NAME: Final = 80
LONGEST_PLAYBOOK: Final = 4000
MOST_DAYS: Final = 14
# Of how many days before the trigger's own the usual number is the median.
USUAL_DAYS: Final = 28
LEAST_USUAL_DAYS: Final = 14
_WHOLE_BP: Final = 10_000


class Comparison(StrEnum):
    """How a day's number is held against the threshold; up_by and down_by compare with the usual, in basis points."""

    ABOVE = "above"
    BELOW = "below"
    UP_BY = "up_by"
    DOWN_BY = "down_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """When a risk has come true.

    metric      key of the dictionary, counted by day
    threshold   above, below: minor units of an amount, a count as it is, else millionths; up_by, down_by: basis points
    days        on how many days in a row
    """

    metric: str
    comparison: Comparison
    threshold: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A row of the risk register.

    ready    key of the ready-made risk it was adopted from; empty for one of the shop's own
    owner    id of the operator who has it in hand
    version  how often it was written down, 1 to begin with
    """

    id: UUID
    shop: str
    ready: str
    name: str
    trigger: Trigger
    owner: int
    playbook: str
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WasRisk:
    """What a risk was until somebody changed it, or took it out of the register.

    risk        as it stood until then
    is_dropped  whether it was taken out
    """

    risk: Risk
    at: datetime
    by: str
    is_dropped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A risk to adopt: a door has its name and playbook in words, by key."""

    key: str
    trigger: Trigger


READY: Final = (
    Ready(
        key="logistics_stop",
        trigger=Trigger(metric="fulfilment_in_promise", comparison=Comparison.DOWN_BY, threshold=2_000, days=2),
    ),
    Ready(
        key="pr_crisis",
        trigger=Trigger(metric="refund_rate", comparison=Comparison.UP_BY, threshold=15_000, days=3),
    ),
    Ready(
        key="supplier_failure",
        trigger=Trigger(metric="stockout_rate", comparison=Comparison.ABOVE, threshold=200_000, days=3),
    ),
    Ready(
        key="price_war",
        trigger=Trigger(metric="cvr_paid_visitor", comparison=Comparison.DOWN_BY, threshold=2_500, days=3),
    ),
    Ready(
        key="traffic_cost",
        trigger=Trigger(metric="cac", comparison=Comparison.UP_BY, threshold=5_000, days=3),
    ),
)


def ready(key: str) -> Ready:
    """The ready-made risk of that key.

    refuses  RiskUnfit
    """
    for one in READY:
        if one.key == key:
            return one
    raise RiskUnfit(field="ready")


def bar_of(trigger: Trigger, before: Sequence[float | None]) -> float | None:
    """The number that pulls a trigger, in the units of the threshold; None if the usual is not known.

    before  the numbers of the days before the trigger's own days; None for a day without one
    source  our own; a median of 200 and up_by 5,000 -> 300, down_by 5,000 -> 100
    """
    if trigger.comparison in (Comparison.ABOVE, Comparison.BELOW):
        return float(trigger.threshold)
    known = [number for number in before if number is not None][-USUAL_DAYS:]
    if len(known) < LEAST_USUAL_DAYS:
        return None
    way = 1 if trigger.comparison is Comparison.UP_BY else -1
    return median(known) * (1 + way * trigger.threshold / _WHOLE_BP)


def is_pulled(trigger: Trigger, numbers: Sequence[float | None]) -> bool:
    """Whether the last days of a course lie beyond the trigger's bar, each of them.

    numbers  oldest first, the judged day last, in the units of the threshold; None for a day without a number
    """
    if len(numbers) < trigger.days:
        return False
    last, before = numbers[-trigger.days :], numbers[: -trigger.days]
    bar = bar_of(trigger, before)
    if bar is None:
        return False
    is_up = trigger.comparison in (Comparison.ABOVE, Comparison.UP_BY)
    return all(number is not None and (number > bar if is_up else number < bar) for number in last)


def undisturbed(trigger: Trigger, numbers: Sequence[float | None], told: Collection[int]) -> list[float | None]:
    """A course without the days on which the trigger was pulled before, so that these do not become the usual.

    numbers  oldest first, the judged day last
    told     how many days before the judged day each of those lies; the trigger's own days stay
    source   our own; 100, 100, 30, 30 with two days and 2 and 3 days ago told of -> None, None, 30, 30
    """
    last = len(numbers) - 1
    return [None if last - n in told and last - n >= trigger.days else number for n, number in enumerate(numbers)]


def at_stake(trigger: Trigger, numbers: Sequence[float | None], *, ordinary_day_minor: int) -> int:
    """What a pulled trigger puts at stake, in minor units: for each of its days as large a part of an ordinary day's
    money as the number is away from the usual, at most all of it.

    A rough reading: a risk is worth a look because somebody wrote it down, and the money only says in which order.

    numbers  oldest first, the judged day last
    source   our own; 30 % above the usual for two days of 1,000.00 -> 600.00
    """
    last = [number for number in numbers[-trigger.days :] if number is not None]
    before = [number for number in numbers[: -trigger.days] if number is not None][-USUAL_DAYS:]
    usual = median(before) if before else 0.0
    away = sum(min(1.0, abs(number - usual) / abs(usual)) if usual else 1.0 for number in last)
    return round(away * max(0, ordinary_day_minor))


def checked(*, name: str, playbook: str, trigger: Trigger) -> tuple[str, str]:
    """A risk's name and playbook in the one spelling that is kept.

    refuses  RiskUnfit with the first field that is missing or does not fit
    """
    called, steps = " ".join(name.split()), "\n".join(playbook.strip().splitlines())
    if not 0 < len(called) <= LONGEST_NAME:
        raise RiskUnfit(field="name")
    if not 0 < len(steps) <= LONGEST_PLAYBOOK:
        raise RiskUnfit(field="playbook")
    if trigger.metric not in METRICS or not can_answer(trigger.metric, by=Cut.DAY):
        raise RiskUnfit(field="metric")
    if trigger.threshold < 0 or (trigger.comparison is Comparison.DOWN_BY and trigger.threshold > _WHOLE_BP):
        raise RiskUnfit(field="threshold")
    if not 1 <= trigger.days <= MOST_DAYS:
        raise RiskUnfit(field="days")
    return called, steps
