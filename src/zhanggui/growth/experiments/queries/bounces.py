"""How many of a page's visitors left at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.growth.experiments import models
from zhanggui.growth.experiments.queries.members import Members
from zhanggui.growth.experiments.rules import Arm, Trial
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import engine

_DAY: Final = timedelta(days=1)

# The visit in which somebody came to the page: the first that was not over when they joined. They left at once if they
# saw that one page, put nothing into the cart and ordered nothing.
_MET: Final = """{who}, met as (
    select place, is_treated,
        arg_min(pv = 1 and adds = 0 and orders = 0, (started_us, session)) as has_left
    from counted join {sessions} visit on visit.person = counted.number
    where number <> 0 and pv > 0 and ended_us >= since_us and started_us < ?
    group by place, is_treated
)
select is_treated, count_if(has_left), count(*) from met group by is_treated
"""


def bounces(trial: Trial, members: Members, *, zone: str, end: datetime) -> Mapping[Arm, tuple[int, int]] | None:
    """How many of each side left at once from the visit in which they came to the page, and of how many such a visit is
    known; None where the trial is not about a page. One statement, and one question to the lake.
    """
    if not models.Page.objects.filter(trial=trial.id).exists():
        return None
    days = (clock.day_of(clock.from_micros(members.first_us), zone), clock.day_of(end, zone) + _DAY)
    sql = _MET.format(who=members.sql, sessions=lake.rollup(trial.shop, "sessions", days))
    found = dict.fromkeys(Arm, (0, 0))
    for is_treated, left, of in engine.ask(sql, [*members.params, clock.micros(end)]):
        found[Arm.TREATED if is_treated else Arm.HELD_OUT] = (left, of)
    return found
