"""Orders of one SKU that look made up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size, confidence, rings
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.rings import PAST_DAYS, Bought, Ring, Usual

KIND: Final = "fake_ring"
_PAST: Final = timedelta(days=PAST_DAYS)
_DAY: Final = timedelta(days=1)

_BOUGHT: Final = """
select line.sku, person, coalesce(region, ''), coalesce(device, ''), line.amount_minor
from (select person, region, device, unnest(lines) as line from {events} where name = 'shop.order_placed')
"""
_SKUS: Final = "select sku, sum(orders)::bigint from {sku_days} where kind = 'placed' group by sku"
_CORNERS: Final = """
select coalesce(region, ''), coalesce(device, ''), count(*) from {orders} where kind = 'placed' group by all
"""
_AGAIN: Final = """
select coalesce(sum(times - 1), 0)::bigint, coalesce(sum(times), 0)::bigint, count(distinct day) from (
    select day, person, count(*) as times from {orders} where kind = 'placed' and person <> 0 group by day, person
)
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The SKUs whose orders of a day look made up; days add up."""
    events = lake.counted_events(shop, day, day + _DAY)
    bought = [
        Bought(sku=sku, person=person, corner=(region, device), minor=int(minor or 0))
        for sku, person, region, device, minor in lake.ask(_BOUGHT.format(events=events))
    ]
    for one in rings.rings(bought, _usual(shop, day)):
        yield _finding(shop, day, one)


def _usual(shop: str, day: date) -> Usual:
    """What was ordered in the four weeks before that no ring was found in."""
    told = queries.troubles(shop, KIND, before=day).values()
    until = rules.undisturbed(day, (span for spans in told for span in spans), days=PAST_DAYS)
    days = (until - _PAST, until)
    orders, sku_days = lake.rollup(shop, "orders", days), lake.rollup(shop, "sku_days", days)
    ((again, of, seen),) = lake.ask(_AGAIN.format(orders=orders))
    return Usual(
        skus={sku: int(count) for sku, count in lake.ask(_SKUS.format(sku_days=sku_days))},
        corners={(region, device): int(n) for region, device, n in lake.ask(_CORNERS.format(orders=orders))},
        again=(int(again), int(of)),
        days=int(seen),
    )


def _finding(shop: str, day: date, one: Ring) -> Finding:
    region, device = one.corner
    return Finding(
        kind=KIND,
        subject=f"sku:{one.sku}",
        day=day,
        size=Size(
            low_minor=one.low_minor,
            expected_minor=one.expected_minor,
            high_minor=one.high_minor,
            currency=shops.shop(shop).currency,
        ),
        confidence=confidence(one.chance),
        evidence=(
            Evidence(
                what="made_up",
                numbers={
                    "sku": one.sku,
                    "orders": one.orders,
                    "usual_tenths": round(10 * one.usual),
                    "inside": one.inside,
                    "region": region,
                    "device": device,
                    "people": one.people,
                },
                page="orders",
                query=days_query(shop, day, day, sku=one.sku),
            ),
        ),
        proposal=Proposal(move=Move.CHECK, metric="gmv_quality", sku=one.sku, region=region, device=device),
        tests=one.tests,
        adds_up=True,
    )
