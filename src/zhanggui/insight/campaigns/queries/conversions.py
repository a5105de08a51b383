"""Deposits of presales, and whether their balance was paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from zhanggui.insight.campaigns.rules import Conversion
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period

_DEPOSITS: Final = """
with ends as (
    select subject, bool_or(what = 'used') as is_kept, bool_or(what = 'forfeited') as is_forfeited,
        bool_or(what = 'returned') as is_returned
    from {since} where kind = 'presale' and what in ('used', 'forfeited', 'returned') group by subject
)
select offer, day, count(*), count_if(is_kept), count_if(is_forfeited and not is_kept),
    count_if(is_returned and not is_kept and not is_forfeited)
from {offers} told left join ends using (subject) where kind = 'presale' and what = 'deposit'
group by offer, day order by offer, day
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversions:
    """Deposits paid in a period, by what they were for and by the day on which they were paid.

    The whole is the metric `balance_paid_rate`.
    """

    whole: Conversion
    by_presale: Mapping[str, Conversion]
    by_day: Mapping[date, Conversion]


_kept = metrics.keeper(Conversions, most=64)


def conversions(shop: str, period: Period) -> Conversions:
    """What became until now of the deposits that were paid in a period."""
    return _kept.get(shop, ("conversions", shop, period), lambda: _conversions(shop, period))


def _conversions(shop: str, period: Period) -> Conversions:
    rows = lake.ask(
        _DEPOSITS.format(
            offers=lake.rollup(shop, "offers", (period.start, period.end)),
            since=lake.rollup(shop, "offers", (period.start, date.max)),
        )
    )
    return Conversions(
        whole=_summed(rows, lambda _: "").get("", _NONE),
        by_presale=_summed(rows, lambda row: row[0]),
        by_day=_summed(rows, lambda row: row[1]),
    )


_NONE: Final = Conversion(deposits=0, kept=0, forfeited=0, returned=0)


def _summed(rows: list[tuple[Any, ...]], key: Any) -> dict[Any, Conversion]:
    counted: dict[Hashable, Counter[int]] = {}
    for row in rows:
        counted.setdefault(key(row), Counter()).update(dict(enumerate(row[2:])))
    return {
        name: Conversion(deposits=found[0], kept=found[1], forfeited=found[2], returned=found[3])
        for name, found in counted.items()
    }
