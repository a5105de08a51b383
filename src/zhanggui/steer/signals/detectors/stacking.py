"""Discounts beyond what the shop means: heaped up on an order, or leaking to a few who use a coupon again and again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, stacking
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.stacking import Given, Heap, Leak, Uses
from zhanggui.steer.signals.rules.telling import size_of

HEAPED: Final = "stacking"
LEAKED: Final = "coupon_leak"
_DAY: Final = timedelta(days=1)

# What an order was given, by the offers that it used; its goods cost what was paid for them and what was given.
_GIVEN: Final = """
with used as (
    select order_number, min(day) as day, count(distinct offer) as offers, sum(amount_minor)::bigint as given
    from {offers} where kind = 'promotion' and what = 'used' and order_number <> '' group by 1
), placed as (
    select order_number, max(goods_minor) as goods from {orders} where kind = 'placed' group by 1
)
select used.day, order_number, offers, given, given + goods from used join placed using (order_number)
order by used.day, order_number
"""
# Uses that came to nothing are none; a person whom nobody knows is nobody.
_USES: Final = """
with undone as (select offer, order_number from {offers} where kind = 'promotion' and what = 'undone'),
used as (
    select offer, order_number, sum(amount_minor)::bigint as minor from {offers}
    where kind = 'promotion' and what = 'used' group by all
), placed as (select order_number, max(person) as person from {orders} where kind = 'placed' group by 1)
select offer, person, count(*), sum(minor)::bigint from used
join placed using (order_number) anti join undone using (offer, order_number)
where person <> 0 group by all order by all
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """Orders of the day that were given more than is meant, and offers that a few people used far too often.

    The size of what was heaped up is of that day alone; that of a leak is of the last two weeks. Promotions that stop
    after so many uses of a person cannot leak: whoever sees one here made an account more, or the limit is missing.
    """
    currency = shops.shop(shop).currency
    heap = _heap(shop, day)
    if heap is not None and heap.chance <= rules.DAILY_FALSE:
        yield _heaped(shop, heap, day=day, currency=currency)
    leaks = _leaks(shop, day)
    chances = rules.corrected([leak.chance for _, leak in leaks])
    for (offer, leak), chance in zip(leaks, chances, strict=True):
        if chance <= rules.DAILY_FALSE:
            yield _leaked(shop, offer, leak, chance, day=day, currency=currency, tests=len(leaks))


def _heaped(shop: str, heap: Heap, *, day: date, currency: str) -> Finding:
    given = {"orders": len(heap.orders), "of": heap.of, "meant_bp": round(10_000 * heap.meant)}
    return Finding(
        kind=HEAPED,
        subject="",
        day=day,
        size=size_of(heap, currency),
        confidence=rules.confidence(heap.chance),
        evidence=(
            Evidence(what="heaped_up", numbers=given, page="campaigns", query=days_query(shop, day, day)),
            Evidence(
                what="such_an_order",
                numbers={"order": heap.orders[0]},
                page="orders",
                query=days_query(shop, day, day, number="orders_placed"),
            ),
        ),
        proposal=Proposal(move=Move.CHECK, metric="gross_margin_rate"),
        adds_up=True,
    )


def _leaked(shop: str, offer: str, leak: Leak, chance: float, *, day: date, currency: str, tests: int) -> Finding:
    first = day - (stacking.RECENT_DAYS - 1) * _DAY
    used: dict[str, str | int] = {
        "people": leak.people,
        "uses": leak.uses,
        "usual_tenths": round(10 * leak.usual),
        "offer": offer,
    }
    return Finding(
        kind=LEAKED,
        subject=f"offer:{offer}",
        day=day,
        size=size_of(leak, currency),
        confidence=rules.confidence(chance),
        evidence=(
            Evidence(what="used_again", numbers=used, page="campaigns", query=days_query(shop, first, day)),
            Evidence(what="its_terms", numbers={"offer": offer}, page="promotions", query=urlencode({"shop": shop})),
        ),
        proposal=Proposal(move=Move.CHECK, metric="gross_margin_rate"),
        tests=tests,
    )


def _heap(shop: str, day: date) -> Heap | None:
    troubles = queries.troubles(shop, HEAPED, before=day).get("", ())
    usual_until = rules.undisturbed(day, troubles, days=stacking.PAST_DAYS)
    days = (usual_until - stacking.PAST_DAYS * _DAY, day + _DAY)
    rows = lake.ask(_GIVEN.format(**{name: lake.rollup(shop, name, days) for name in ("offers", "orders")}))
    given = [
        (on, Given(order_number=number, offers=offers, given_minor=minor, list_minor=listed))
        for on, number, offers, minor, listed in rows
    ]
    return stacking.heap([one for on, one in given if on == day], [one for on, one in given if on < usual_until])


def _leaks(shop: str, day: date) -> list[tuple[str, Leak]]:
    days = (day - (stacking.RECENT_DAYS - 1) * _DAY, day + _DAY)
    by_offer: dict[str, list[Uses]] = {}
    tables = {name: lake.rollup(shop, name, days) for name in ("offers", "orders")}
    for offer, person, uses, minor in lake.ask(_USES.format(**tables)):
        by_offer.setdefault(offer, []).append(Uses(person=person, uses=uses, minor=minor))
    found = ((offer, stacking.leak(used)) for offer, used in by_offer.items())
    return [(offer, leak) for offer, leak in found if leak is not None]
