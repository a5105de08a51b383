"""The inbox, one signal, what detectors did, what they need, and the risk register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period
from zhanggui.steer.signals import models, ports, rules
from zhanggui.steer.signals.errors import NoSuchRisk, NoSuchSignal
from zhanggui.steer.signals.rules import Need, Risk, Signal, State, Verdicts, WasRisk
from zhanggui.steer.signals.rules.order_worth import OrderWorth

_ORDINARY = timedelta(days=28)
_DAY = timedelta(days=1)
# What was placed and never paid brought nothing.
_BROUGHT = """
select avg(minor), stddev_pop(minor) from (
    select coalesce(sum(amount_minor) filter (kind = 'paid'), 0) as minor from {orders}
    where kind in ('placed', 'paid') group by order_number having bool_or(kind = 'placed')
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a detector did with a day: how many findings it had."""

    detector: str
    day: date
    at: datetime
    found: int


def inbox(shop: str, *, at: datetime) -> tuple[Signal, ...]:
    """The signals that wait for a decision and are not put off, by money x confidence.

    refuses  NoSuchShop
    """
    today = clock.day_of(at, shops.shop(shop).zone)
    rows = models.Signal.objects.filter(shop=shop, state=State.OPEN).exclude(snoozed_until__gt=today)
    return _by_weight(rows)


def waiting(shop: str, *, on: date) -> int:
    """How many signals wait for a decision and are not put off. Constraint steer_signals_standing_once."""
    return models.Signal.objects.filter(shop=shop, state=State.OPEN).exclude(snoozed_until__gt=on).count()


def snoozed(shop: str, *, at: datetime) -> tuple[Signal, ...]:
    """The signals that are put off to a later day, by money x confidence.

    refuses  NoSuchShop
    """
    today = clock.day_of(at, shops.shop(shop).zone)
    rows = models.Signal.objects.filter(shop=shop, state=State.OPEN, snoozed_until__gt=today)
    return _by_weight(rows)


def settled(shop: str, *, limit: int, offset: int = 0) -> tuple[tuple[Signal, ...], int]:
    """The signals that are decided, dismissed or over, the latest first, and how many there are.

    Index steer_signals_latest.
    """
    rows = models.Signal.objects.filter(shop=shop).exclude(state=State.OPEN)
    ordered = rows.order_by("-raised_at", "-id")[offset : offset + limit]
    return tuple(row.value for row in ordered), rows.count()


def signals(shop: str, period: Period) -> tuple[Signal, ...]:
    """All signals that were found on any day of a period, whatever became of them, by money x confidence."""
    rows = models.Signal.objects.filter(shop=shop, first_day__lt=period.end, last_day__gte=period.start)
    return _by_weight(rows)


def about(shop: str, subject: str, *, limit: int) -> tuple[Signal, ...]:
    """The signals about something, such as goal:7, whatever became of them, the latest first. One statement."""
    rows = models.Signal.objects.filter(shop=shop, subject=subject).order_by("-raised_at", "-id")
    return tuple(row.value for row in rows[:limit])


def troubles(shop: str, kind: str, *, before: date) -> dict[str, tuple[Period, ...]]:
    """The days before one on which a kind of trouble was told already, by subject; the latest LOOKED_BACK of them.

    Whoever holds a day against the days before it leaves these out: what is broken would else become what is usual,
    and be told no more. A signal that has not closed lasts until that day. What was called not useful is no trouble.
    """
    since = before - rules.LOOKED_BACK
    rows = models.Signal.objects.filter(shop=shop, kind=kind, first_day__lt=before, last_day__gte=since)
    found: dict[str, tuple[Period, ...]] = {}
    for row in rows.exclude(is_useful=False).order_by("first_day"):
        end = min(row.last_day + _DAY, before) if row.state == State.CLOSED else before
        found[row.subject] = (*found.get(row.subject, ()), Period(row.first_day, end))
    return found


def signal(id: UUID | str) -> Signal:
    """One signal.

    refuses  NoSuchSignal
    """
    try:
        row = models.Signal.objects.filter(pk=id if isinstance(id, UUID) else UUID(id)).first()
    except ValueError:
        row = None
    if row is None:
        raise NoSuchSignal(id=str(id))
    return row.value


def verdicts(shop: str, kind: str, subject: str) -> Verdicts:
    """What people said of signals of a kind: of this subject, and of others. A play made of one says useful."""
    rows = models.Signal.objects.filter(shop=shop, kind=kind, is_useful__isnull=False)
    counted = rows.values_list("subject", "is_useful").annotate(times=Count("id"))
    return rules.verdicts(((about, bool(said), times) for about, said, times in counted), subject=subject)


def need(shop: str, kind: str, subject: str, *, ordinary_day_minor: int) -> Need:
    """The least that a finding of a kind and subject has to be, as people taught it."""
    return rules.need(verdicts(shop, kind, subject), ordinary_day_minor=ordinary_day_minor)


def ordinary_day(shop: str, day: date, *, at: datetime) -> int:
    """The money of an ordinary day of a shop before one, in minor units: the median of four weeks.

    refuses  NoSuchShop
    """
    answer = metrics.query(shop, ("gmv_paid",), Period(day - _ORDINARY, day), by=Cut.DAY, at=at)
    return round(median(row.of("gmv_paid").numerator for row in answer.rows)) if answer.rows else 0


def order_worth(shop: str, day: date) -> OrderWorth:
    """What an order that was placed in the four weeks before a day brought, with how far orders lie apart.

    refuses  NoSuchShop
    """
    orders = lake.rollup(shops.shop(shop).code, "orders", (day - _ORDINARY, day))
    ((mean, deviation),) = lake.ask(_BROUGHT.format(orders=orders))
    return OrderWorth(mean_minor=float(mean or 0), deviation_minor=float(deviation or 0))


def looks(shop: str, period: Period) -> tuple[Look, ...]:
    """What each detector did on the days of a period, the latest day first."""
    rows = models.Looked.objects.filter(shop=shop, day__gte=period.start, day__lt=period.end).order_by(
        "-day", "detector"
    )
    return tuple(Look(detector=row.detector, day=row.day, at=row.at, found=row.found) for row in rows)


def looked_with(shop: str, day: date) -> frozenset[str]:
    """The detectors that have looked at a day and did not fail."""
    return frozenset(models.Looked.objects.filter(shop=shop, day=day).values_list("detector", flat=True))


def not_looked_with(shop: str, day: date) -> frozenset[str]:
    """The detectors that have not looked at a day: they failed, or are new."""
    return frozenset(ports.detectors) - looked_with(shop, day)


def looked(shop: str) -> date | None:
    """The last day at which any detector has looked; None if there is none."""
    return models.Looked.objects.filter(shop=shop).order_by("-day").values_list("day", flat=True).first()


def risks(shop: str) -> tuple[Risk, ...]:
    """The risk register, by name."""
    return tuple(row.value for row in models.Risk.objects.filter(shop=shop).order_by("name"))


def risk(id: UUID | str) -> Risk:
    """One risk.

    refuses  NoSuchRisk
    """
    try:
        row = models.Risk.objects.filter(pk=id if isinstance(id, UUID) else UUID(id)).first()
    except ValueError:
        row = None
    if row is None:
        raise NoSuchRisk(id=str(id))
    return row.value


def was(id: UUID) -> tuple[WasRisk, ...]:
    """What a risk was before it was changed, the latest first. Index steer_signals_was_risk_once."""
    return tuple(row.value for row in models.WasRisk.objects.filter(risk=id).order_by("-version"))


def dropped(shop: str, *, limit: int) -> tuple[WasRisk, ...]:
    """The risks that were taken out of the register, the latest first."""
    rows = models.WasRisk.objects.filter(shop=shop, is_dropped=True).order_by("-at")
    return tuple(row.value for row in rows[:limit])


def _by_weight(rows: Iterable[models.Signal]) -> tuple[Signal, ...]:
    return tuple(sorted((row.value for row in rows), key=lambda one: (-one.weight, one.kind, one.subject)))
