"""Who is meant by an occasion now, how many will be, and for whom it no longer holds when a message is to leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.outbox.rules import Channel
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.messages import queries as messages
from zhanggui.growth.presale import queries as presales
from zhanggui.growth.presale.rules import Phase
from zhanggui.growth.presale.rules import State as Reserved
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.segments.rules import Source
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.orders import queries as orders
from zhanggui.steer.plays import models
from zhanggui.steer.plays.rules import ASLEEP_FOR_DAYS, LEFT_FOR_DAYS, Occasion, number_of, occasion_of

_DAY: Final = timedelta(days=1)
_MOST_PEOPLE: Final = 100_000
_OWING: Final = (Reserved.DEPOSIT_PAID, Reserved.BALANCE_OPEN)

# Days of the shop, so that who bought in the evening sleeps as long as who bought in the morning.
_ASLEEP: Final = """
select people.person from (
    select person as number from {orders} where kind in ('paid', 'balance') and person <> 0 and day <= date '{today}'
    group by person having max(day) <= date '{today}' - {n} and max(day) > date '{today}' - {n} - {longer}
) asleep join {people} people using (number) order by people.person
"""
# Who put something into the cart and ordered nothing on that day or the next: as many left carts, so many days before.
_LEFT_BEFORE: Final = """
select distinct people.person from {visits} visit join {people} people on people.number = visit.person
where adds > 0 and not exists (
    select 1 from {orders} placed where placed.kind = 'placed' and placed.person = visit.person
        and placed.day between visit.day and visit.day + 1)
"""


def persons(shop: str, source: Source, *, at: datetime) -> tuple[str, ...]:
    """Who is meant by an occasion at a moment, each once, in the order of their ids.

    refuses  NoSuchShop, TermsUnfit; a KeyError for a question that is no occasion
    """
    occasion = Occasion(source.kind)
    return tuple(sorted(set(_FIND[occasion](shop, number_of(occasion, source.terms), at))))


def within_reach(shop: str, persons: Sequence[str], channel: Channel) -> tuple[str, ...]:
    """Those of these people to whom a channel may bring a message now: with an account, an address and consent."""
    reached = messages.reached(shop, persons, channel)
    return tuple(person for person in persons if reached[person].refusal is None)


def meant(shop: str, terms: Mapping[str, Any], *, at: datetime, occasion: Occasion) -> str:
    """The port `people` of segments: whom an occasion means, as far as the lake knows them by number.

    refuses  TermsUnfit, NoSuchShop
    """
    return _numbers(shop, persons(shop, Source(kind=occasion, terms=terms), at=at))


def awaited(shop: str, source: Source, *, days: int, channel: Channel, at: datetime) -> str:
    """DuckDB's query for the numbers of those whom an occasion may come to mean in so many days, to plan with.

    Of left carts those of as many days before; of birthdays those that come; of the rest whoever is meant now.

    refuses  TermsUnfit, NoSuchShop
    """
    occasion, found = Occasion(source.kind), persons(shop, source, at=at)
    if occasion is Occasion.LEFT_CART:
        today = clock.day_of(at, shops.shop(shop).zone)
        past = (today - days * _DAY, today + _DAY)
        sql = _LEFT_BEFORE.format(
            visits=lake.rollup(shop, "visits", past), orders=lake.rollup(shop, "orders", past), people=lake.people(shop)
        )
        found = tuple({*found, *(person for (person,) in lake.ask(sql))})
    if occasion is Occasion.BIRTHDAY:
        ahead = number_of(occasion, source.terms) + days
        found = membership.born_ahead(shop, clock.day_of(at, shops.shop(shop).zone), days=min(ahead, 365))
    return _numbers(shop, within_reach(shop, sorted(set(found)), channel))


def gone(shop: str, step: str, persons: Sequence[str], *, at: datetime) -> Set[str]:
    """The port `gone` of messages: for whom a play's occasion no longer holds when its message is about to leave.

    Asked of the shop's books alone. One statement for a play, and one or two for its occasion; none for other steps.
    """
    source = _source_of(shop, step)
    occasion = occasion_of(source)
    if source is None or occasion is None:
        return frozenset()
    if occasion is Occasion.LEFT_CART:
        return frozenset(persons) - _still_left(shop, carts.touched(shop, persons))
    if occasion is Occasion.ASLEEP:
        since = at - number_of(occasion, source.terms) * _DAY
        return {person for person, paid_at in orders.last_paid(shop, persons).items() if paid_at > since}
    if occasion is Occasion.BALANCE_OPEN:
        return frozenset(persons) - frozenset(_owing(shop, 0, at))
    return frozenset()


def _left(shop: str, hours: int, at: datetime) -> Iterable[str]:
    touched = carts.left(shop, since=at - LEFT_FOR_DAYS * _DAY, until=at - timedelta(hours=hours))
    return customers.with_accounts(shop, _still_left(shop, touched))


def _still_left(shop: str, touched: Mapping[str, datetime]) -> frozenset[str]:
    """Those of them who have ordered nothing since they touched their carts."""
    placed = orders.last_placed(shop, touched) if touched else {}
    return frozenset(person for person, when in touched.items() if person not in placed or placed[person] < when)


def _born(shop: str, days: int, at: datetime) -> Iterable[str]:
    return membership.born_ahead(shop, clock.day_of(at, shops.shop(shop).zone), days=days)


def _asleep(shop: str, days: int, at: datetime) -> Iterable[str]:
    today = clock.day_of(at, shops.shop(shop).zone)
    sql = _ASLEEP.format(
        orders=lake.rollup(shop, "orders", (date.min, today + _DAY)),
        people=lake.people(shop),
        today=today,
        n=days,
        longer=ASLEEP_FOR_DAYS,
    )
    return (person for (person,) in lake.ask(sql))


def _owing(shop: str, _n: int, at: datetime) -> Iterable[str]:
    for presale in presales.presales_between(shop, start=at, end=at + _DAY):
        if presale.ended_as is None and presale.phase(at) is Phase.BALANCE:
            owing, _count = presales.people(presale.id, states=_OWING, limit=_MOST_PEOPLE)
            yield from (one.person for one in owing if one.can_pay_balance(at))


_FIND: Final[Mapping[Occasion, Callable[[str, int, datetime], Iterable[str]]]] = {
    Occasion.LEFT_CART: _left,
    Occasion.BIRTHDAY: _born,
    Occasion.ASLEEP: _asleep,
    Occasion.BALANCE_OPEN: _owing,
}


def _numbers(shop: str, persons: Iterable[str]) -> str:
    listed = ", ".join(map(quoted, persons)) or "null"
    return f"select distinct number as person from {lake.people(shop)} where person in ({listed})"


def _source_of(shop: str, step: str) -> Source | None:
    """The question of the play that a step belongs to; None of a step that is no play's, or asks none."""
    what, _mark, rest = step.partition(":")
    id = rest.partition(":")[0]
    if what != "play" or not id:
        return None
    row = models.Play.objects.filter(pk=UUID(id), shop=shop).only("plan").first()
    said = row.plan["audience"].get("source") if row else None
    return Source(kind=said["kind"], terms=said["terms"]) if said else None
