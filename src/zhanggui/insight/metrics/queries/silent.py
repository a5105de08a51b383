"""Which metrics nobody has told anything for yet."""

from __future__ import annotations

from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.queries.kept import keeper
from zhanggui.insight.metrics.rules.dictionary import METRICS

_kept = keeper(frozenset, most=200)

_TOLD = """
select distinct name from {tellings}
union select distinct 'shop.parcel_' || kind from {parcels} where kind <> 'returned'
union select 'supply.stock_received' from (select 1 from {stock_days} where on_hand_change > 0 limit 1)
"""


def silent(shop: str) -> frozenset[str]:
    """The keys of metrics whose facts this shop has none of: they stand in the dictionary and wait."""
    return _kept.get(shop, shop, lambda: _silent(shop))


def _silent(shop: str) -> frozenset[str]:
    names = ("tellings", "parcels", "stock_days")
    told = {name for (name,) in lake.ask(_TOLD.format(**{name: lake.rollup(shop, name) for name in names}))}
    return frozenset(key for key, one in METRICS.items() if one.facts and not told.intersection(one.facts))
