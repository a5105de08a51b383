"""What a shop's goods cost, as a share of what they would have brought without discounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhanggui.growth.experiments.rules import Costing
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import engine
from zhanggui.insight.value import queries as value

# A trial that has just begun has sold too little to say what goods cost.
_BEFORE: Final = timedelta(days=90)

# Nothing, if the cost of anything that was sold is not known.
_SHARE: Final = """
with costs as (
    select sku, sum(cost_minor) as cost_sum, sum(costed_units) as cost_units from {stock_days}
    group by sku having sum(costed_units) > 0
), sold as (
    select sku, sum(amount_minor)::bigint as minor, sum(units)::bigint as units
    from {sku_days} where kind = 'paid' and sku <> '' group by sku
), given as (
    select coalesce(sum(case what when 'used' then amount_minor else -amount_minor end), 0)::bigint as minor
    from {offers} where kind = 'promotion' and what in ('used', 'undone')
)
select sum(units * cost_sum / cost_units) / (sum(sold.minor) + greatest(any_value(given.minor), 0))
from sold cross join given left join costs using (sku)
having count(*) = count(cost_units) and sum(sold.minor) > 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What the goods of an order cost that does not know it.

    rate  the share of undiscounted sales that goes to the goods, 0 to 1 or, sold below cost, more; None for that of the
          orders beside it that do know it
    """

    rate: float | None
    costing: Costing


def cost_of(shop: str, *, start: date, end: date, is_known_of_some: bool) -> Cost | None:
    """What the goods cost that were sold on these days and the 90 before; where that is not known of all of them, what
    those did of which it is, else what the shop said its margin is; None if it never said.

    is_known_of_some  whether some of the orders that are counted know what their own goods cost
    """
    days = (start - _BEFORE, max(end, start))
    rows = engine.ask(
        _SHARE.format(
            stock_days=lake.rollup(shop, "stock_days", (date.min, days[1])),
            sku_days=lake.rollup(shop, "sku_days", days),
            offers=lake.rollup(shop, "offers", days),
        )
    )
    if rows:
        return Cost(rate=float(rows[0][0]), costing=Costing.GOODS)
    if is_known_of_some:
        return Cost(rate=None, costing=Costing.OWN)
    margin = value.margin_rate(shop)
    return None if margin is None else Cost(rate=1 - float(margin), costing=Costing.SAID)
