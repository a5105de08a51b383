"""What group buying does when orders of teams are paid or come to nothing."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.base.jobs.actions import Job
from zhanggui.growth.teams import actions, models
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.relay.rules import Reader

_NAMES = frozenset({"shop.payment_settled", "shop.order_cancelled", "shop.order_expired"})


def follow(facts: Sequence[Envelope]) -> None:
    """Bring the teams that these facts touch in line with their orders. One statement if they touch none."""
    numbers = {fact.order_number for fact in facts if fact.order_number}
    seats = models.Seat.objects.filter(order_number__in=numbers)
    for team_id in sorted(set(seats.values_list("team_id", flat=True))):
        actions.follow(team_id=team_id)


reader = Reader(name="growth.teams.follow", take=follow, names=_NAMES, batch=50)

jobs: tuple[Job, ...] = (
    actions.close_in_time,
    actions.call_off_team,
    actions.see_off_order,
    actions.sweep,
    actions.tell,
)
