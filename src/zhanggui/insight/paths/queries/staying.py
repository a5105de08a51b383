"""How long pages are looked at."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.insight.funnels.queries.passages import where_of
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.rules.pages import KIND_OF_PAGE
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import EVERYTHING, Filters, Period
from zhanggui.insight.paths.rules import STAY_ENDS, Band, Stay, Stays

MOST_PAGES = 50

_kept = metrics.keeper(Stays, most=32)


def stays(shop: str, period: Period, *, by_kind: bool, where: Filters = EVERYTHING) -> Stays:
    """How long pages are looked at, and how many of those who stay order.

    by_kind  pages by the first part of their address; else each on its own
    where    what a page view has to be like to count; what was ordered after it counts anyhow
    """
    return _kept.get(shop, ("stays", shop, period, by_kind, where), lambda: _stays(shop, period, by_kind, where))


def _looked(shop: str, period: Period, by_kind: bool, where: Filters) -> str:
    """`looked`: each page view of a visit, how long it was until the next one, and whether the visit ordered."""
    steps = lake.rollup(shop, "steps", (period.start, period.end))
    node = KIND_OF_PAGE if by_kind else "page"
    return f"""ordered as (select distinct session from {steps} where step = 'shop.order_placed'),
        product as (select distinct page from {steps} where step = 'Product Viewed'),
        moment as (
            select session, ts_us, max({node}) as node, bool_or(page in (select page from product)) as is_product
            from {steps} where session <> '' and step in ('Page', 'Screen') and {where_of(where)}
            group by session, ts_us
        ), looked as materialized (
            select session, node, is_product, lead(ts_us) over next - ts_us as stay_us,
                session in (select session from ordered) as is_ordered
            from moment window next as (partition by session order by ts_us)
        )"""


def _stays(shop: str, period: Period, by_kind: bool, where: Filters) -> Stays:
    ends = " ".join(f"when stayed_us < {end * 1_000_000} then {n}" for n, end in enumerate(STAY_ENDS))
    rows = lake.ask(
        f"""with {_looked(shop, period, by_kind, where)}, listed as (
            select node, count(*) as views, list_sort(list(stay_us) filter (stay_us is not null)) as l,
                count(distinct session) as sessions, count(distinct session) filter (is_ordered) as ordered
            from looked where node <> '' group by node
        ), stayed as (
            select session, sum(stay_us) as stayed_us, any_value(is_ordered) as is_ordered
            from looked where is_product and stay_us is not null group by session
        )
        (select node, -1 as band, views, coalesce(len(l), 0) as known, coalesce(list_sum(l), 0) as sum_us,
            coalesce(l[(len(l) + 1) // 2] + l[(len(l) + 2) // 2], 0) as twice_median_us, sessions, ordered
        from listed order by views desc, node limit {MOST_PAGES})
        union all
        select '', case {ends} else {len(STAY_ENDS)} end as band, 0, 0, 0, 0, count(*), count_if(is_ordered)
        from stayed group by band
        order by band, views desc, node"""
    )
    return Stays(
        stays=tuple(
            Stay(
                node=name,
                views=int(views),
                known=int(known),
                sum_us=int(sum_us),
                twice_median_us=int(twice_median_us),
                sessions=int(sessions),
                ordered=int(ordered),
            )
            for name, band, views, known, sum_us, twice_median_us, sessions, ordered in rows
            if band < 0
        ),
        bands=_bands({int(band): (int(sessions), int(ordered)) for _, band, *_, sessions, ordered in rows}),
    )


def _bands(found: Mapping[int, tuple[int, int]]) -> tuple[Band, ...]:
    """Sessions by how long all their known stays on product pages are together, and how many ordered."""
    starts = (0, *STAY_ENDS)
    return tuple(
        Band(least_s=least, most_s=most, sessions=found.get(n, (0, 0))[0], ordered=found.get(n, (0, 0))[1])
        for n, (least, most) in enumerate(zip(starts, (*STAY_ENDS, None), strict=True))
    )
