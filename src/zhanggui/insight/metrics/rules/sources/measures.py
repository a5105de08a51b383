"""The whole numbers that metrics are made of, and the tables that each can be counted from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from zhanggui.insight.metrics.rules.sources.bases import BASES, ORGANIC, PAYING
from zhanggui.insight.metrics.rules.sources.kinds import NEAR, Heads, Measure, Newness, Source

_NEW: Final = "person <> 0 and first_day >= cell_start"
_RETURNING: Final = "person <> 0 and first_day < cell_start"
_BUYERS: Final = Heads(column="kind", among=("paid",))
_PAID: Final = Heads(column="kind", among=PAYING, adds="amount_minor")
_CAME: Final = Heads(column="step", among=("Page", "Product Viewed", "Product Added", "Checkout Started"))
_LOOKED: Final = Heads(column="step", among=("Product Viewed",))
_ADDED: Final = Heads(column="step", among=("Product Added",))
_OPENED: Final = Heads(column="step", among=("Page",), of_rows=True)
_PLACED: Final = Heads(column="kind", among=("placed",), of_rows=True)
_SETTLED: Final = Heads(column="kind", among=PAYING, of_rows=True)
# Sums of a table that are rows of it, or a column of them.
_SUMS: Final = {
    "placed_orders": _PLACED,
    "placed_minor": replace(_PLACED, adds="goods_minor"),
    "paid_orders": replace(_SETTLED, among=("paid",)),
    "units": replace(_SETTLED, among=("paid",), adds="units"),
    "paid_minor": replace(_SETTLED, adds="amount_minor"),
    "goods_minor": replace(_SETTLED, adds="goods_minor"),
    "refunded_minor": Heads(column="kind", among=("refunded",), adds="amount_minor", of_rows=True),
    "sessions": Heads(of_rows=True),
    "order_sessions": Heads(column="orders", of_rows=True),
    "organic_sessions": Heads(column="channel", among=ORGANIC, of_rows=True),
}
# Counted from more than one table, or by looking at people one by one.
_GOODS: Final = ("orders", "sku_days", "order_lines")
_VISITS: Final = ("visits", "sightings")
_GOODS_VISITS: Final = (*_VISITS, "goods_sightings")


def _from(
    key: str,
    sql: str,
    *tables: str,
    nearly: dict[str, str] | None = None,
    heads: dict[str, Heads] | None = None,
    is_timed: bool = True,
) -> Measure:
    sources = (
        Source(table=table, sql=sql, nearly=(nearly or {}).get(table, ""), heads=(heads or {}).get(table))
        for table in tables
    )
    return Measure(key=key, sources=tuple(sources), is_timed=is_timed)


def _by_first_day(key: str, sql: str, heads: Heads) -> Measure:
    return Measure(key=key, sources=(Source(table="orders", sql=sql, heads=heads),), needs="first_day")


def _people(condition: str) -> str:
    return f"{NEAR} filter (person <> 0 and {condition})"


_WRITTEN: Final = (
    _from(
        "pv",
        "sum(pv)",
        *_VISITS,
        heads={"visits": Heads(adds="pv", of_rows=True), "sightings": _OPENED},
        is_timed=False,
    ),
    _from(
        "visitors",
        "count_if(person <> 0)",
        *_VISITS,
        nearly={table: _people("true") for table in _VISITS},
        heads={"visits": Heads(), "sightings": _CAME},
    ),
    _from(
        "viewers",
        "count_if(person <> 0 and own_product_views > 0)",
        *_GOODS_VISITS,
        nearly={"visits": _people("product_views > 0")}
        | {table: _people("step = 'Product Viewed'") for table in _GOODS_VISITS[1:]},
        heads={"visits": Heads(column="product_views"), "sightings": _LOOKED, "goods_sightings": _LOOKED},
        is_timed=False,
    ),
    _from(
        "adders",
        "count_if(person <> 0 and own_adds > 0)",
        *_GOODS_VISITS,
        nearly={"visits": _people("adds > 0")}
        | {table: _people("step = 'Product Added'") for table in _GOODS_VISITS[1:]},
        heads={"visits": Heads(column="adds"), "sightings": _ADDED, "goods_sightings": _ADDED},
        is_timed=False,
    ),
    _from("active", "count_if(person <> 0)", "active_people", nearly={"active_people": _people("true")}),
    _from(
        "ordering_buyers",
        "count_if(person <> 0 and own_placed_orders > 0)",
        "orders",
        nearly={"orders": _people("kind = 'placed'")},
        heads={"orders": Heads(column="kind", among=("placed",))},
    ),
    _from(
        "buyers",
        "count_if(person <> 0 and own_paid_orders > 0)",
        "orders",
        nearly={"orders": _people("kind = 'paid'")},
        heads={"orders": _BUYERS},
    ),
    _from("members", "count_if(person <> 0)", "members"),
    _from("active_members", "count_if(person <> 0 and own_active > 0)", "members"),
    _from(
        "repeat_buyers",
        "count_if(person <> 0 and own_paid_orders > 1)",
        "orders",
        heads={"orders": replace(_BUYERS, least=2)},
    ),
    _by_first_day("new_buyers", f"count_if({_NEW} and own_paid_orders > 0)", replace(_BUYERS, newness=Newness.NEW)),
    _by_first_day(
        "returning_buyers",
        f"count_if({_RETURNING} and own_paid_orders > 0)",
        replace(_BUYERS, newness=Newness.RETURNING),
    ),
    _by_first_day("new_minor", f"sum(own_paid_minor) filter ({_NEW})", replace(_PAID, newness=Newness.NEW)),
    _by_first_day(
        "returning_minor", f"sum(own_paid_minor) filter ({_RETURNING})", replace(_PAID, newness=Newness.RETURNING)
    ),
    _from("placed_minor", "sum(placed_minor)", *_GOODS, heads={"orders": _SUMS["placed_minor"]}),
    _from("goods_minor", "sum(goods_minor)", *_GOODS, heads={"orders": _SUMS["goods_minor"]}),
    _from("units", "sum(paid_units)", *_GOODS, heads={"orders": _SUMS["units"]}),
)


def _plain() -> Iterator[Measure]:
    """Sums of one table that are numbers as they stand."""
    written = {measure.key for measure in _WRITTEN}
    for base in BASES.values():
        for name in (*base.sums, *base.distinct):
            if name not in written and name != "paid_units":
                heads = {base.table: _SUMS[name]} if name in _SUMS else None
                yield _from(name, f"sum({name})", base.table, heads=heads, is_timed=bool(base.moment))


MEASURES: Final = {measure.key: measure for measure in (*_WRITTEN, *_plain())}
