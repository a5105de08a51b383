"""A handful of events as if the lake held them: through the same daily tables as those of a shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhanggui.base import clock
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.lake.rules import rollup_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody did, each person in one session; days are those of UTC."""

    name: str
    person: str
    at: datetime


def daily_table(name: str, told: Sequence[Told]) -> str:
    """The daily table of a name made of these events, at least one, to be written behind `from`."""
    rows = ", ".join(
        f"({n}, date '{one.at.date()}', {clock.micros(one.at)}, {quoted(one.name)}, {quoted(one.person)})"
        for n, one in enumerate(told)
    )
    return f"""(with events as (
        select ('00000000-0000-7000-8000-' || lpad(n::varchar, 12, '0'))::uuid as id, day, ts_us, ts_us as received_us,
            name, dense_rank() over (order by person)::integer as person, person as walker,
            person as session, '' as subject, null::uuid as cause, '' as sku, '' as category,
            '' as order_number, null::integer as quantity, null::bigint as amount_minor, '' as currency,
            '' as channel, '' as campaign, '' as device, '' as region, '' as page,
            []::struct(sku varchar, category varchar, quantity integer, amount_minor bigint)[] as lines,
            ''::blob as body
        from (values {rows}) told(n, day, ts_us, name, person)
    ) select * from ({rollup_named(name).whole_sql}))"""
