"""Every night: whether teams, seats and orders still say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection

from zhanggui.base import clock
from zhanggui.growth.teams import models
from zhanggui.growth.teams.rules import Sits, State
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import STANDS

# What was placed or paid a moment ago may not have been heard of.
_SETTLED_AFTER: Final = timedelta(minutes=30)
_COUNTS: Final = """
select t.code, t.taken_seats, t.paid_seats, count(s.id) filter (where s.state <> 'freed'),
    count(s.id) filter (where s.state = 'paid')
from growth_teams_team t left join growth_teams_seat s on s.team_id = t.id
where t.state <> 'failed'
group by t.id having t.taken_seats <> count(s.id) filter (where s.state <> 'freed')
    or t.paid_seats <> count(s.id) filter (where s.state = 'paid')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two things that must be alike and are not."""

    about: str
    said: str
    found: str


def audit() -> tuple[Disagreement, ...]:
    """Add all seats up again, and hold them and failed teams against their orders; none if all is right."""
    return (*_miscounted(), *_unpaid(), *_overdue())


def _miscounted() -> tuple[Disagreement, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        return tuple(
            Disagreement(about=f"seats of team {code}", said=f"{taken}/{paid}", found=f"{sit}/{count}")
            for code, taken, paid, sit, count in cursor.fetchall()
        )


def _unpaid() -> tuple[Disagreement, ...]:
    """Paid seats of running teams whose order does not stand."""
    before = clock.now() - _SETTLED_AFTER
    seats = models.Seat.objects.filter(state=Sits.PAID, team__state=State.OPEN, taken_at__lt=before)
    numbers = list(seats.values_list("order_number", flat=True))
    standing = orders.states(numbers)
    return tuple(
        Disagreement(about=f"seat of order {number}", said="paid", found=str(standing.get(number, "missing")))
        for number in numbers
        if standing.get(number) not in STANDS
    )


def _overdue() -> tuple[Disagreement, ...]:
    """Teams whose time is long over and that are still open, and orders of failed ones whose money is still here."""
    before = clock.now() - _SETTLED_AFTER
    open_ones = models.Team.objects.filter(state=State.OPEN, ends_at__lt=before).values_list("code", flat=True)
    late = models.Seat.objects.filter(
        team__state=State.FAILED, team__failed_at__lt=before, state__in=[Sits.ORDERED, Sits.PAID]
    )
    return (
        *(Disagreement(about=f"team {code}", said="open", found="its time is over") for code in open_ones),
        *(
            Disagreement(about=f"order {number}", said="called off", found="still stands")
            for number in late.values_list("order_number", flat=True)
        ),
    )
