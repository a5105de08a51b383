"""Offers of a period, each held against what the weeks before it let expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.campaigns import ports
from zhanggui.insight.campaigns.queries import counting
from zhanggui.insight.campaigns.queries.conversions import conversions
from zhanggui.insight.campaigns.rules import (
    HISTORY_DAYS,
    MOST_DAYS,
    Goods,
    Lack,
    Offer,
    Parts,
    Stage,
    Standing,
    Touched,
    Uplift,
    after,
    judged,
    uplift,
)
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period

_DAY: Final = timedelta(days=1)
_HISTORY: Final = HISTORY_DAYS * _DAY
_kept = metrics.keeper(tuple, most=64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What every judgement of a shop has in common.

    known  the first and the last day with anything
    odd    days that are known to differ; nothing is learnt from them
    today  the first day that is not over
    """

    currency: str
    known: tuple[date, date]
    odd: tuple[date, ...]
    today: date

    def judge(self, sold: Mapping[date, int], *, since: date, days: Period) -> Uplift | None:
        """What was sold on some days beyond what the weeks before `since` let expect; None if they say too little."""
        found = uplift(sold, since=since, days=days, known=self.known, left_out=self.odd, currency=self.currency)
        return found[0] if found else None


def standings(shop: str, period: Period, *, today: date) -> tuple[Standing, ...]:
    """The offers that were on in a period, or that orders paid in it used; the latest to begin first.

    today    the first day that is not over
    refuses  NoSuchShop
    """
    offers = offers_of(shop, period)
    terms = terms_of(shop, [one.start for one in offers], until=period.end, today=today)
    if terms is None:
        return ()
    return _kept.get(shop, ("standings", shop, period, offers, terms), lambda: _standings(shop, period, offers, terms))


def stages(shop: str, period: Period, *, burst: date, today: date) -> tuple[Stage, Stage] | None:
    """The warm-up and the burst of a campaign: the days of a period before a day, and from it on.

    Both are held against the weeks before the first day. None if the burst does not part the period.

    refuses  NoSuchShop
    """
    terms = terms_of(shop, [period.start], until=period.start, today=today)
    if terms is None or not period.start < burst < period.end:
        return None
    asked = ("stages", shop, period, burst, terms)
    first, second = _kept.get(shop, asked, lambda: _stages(shop, period, burst, terms))
    return first, second


def offers_of(shop: str, period: Period) -> tuple[Offer, ...]:
    """What is known of the offers of a period, by those who plug in and by the facts; the latest to begin first."""
    told = counting.told(shop, period.end)
    known = {(one.kind, one.id): one for ask in ports.known for one in ask(shop, period.start, period.end)}
    by_orders = counting.skus_of_orders(shop, period.end)
    for key, days in told.items():
        if key not in known and days.first and days.last:
            start = min(days.started or days.first, days.first)
            known[key] = Offer(kind=key[0], id=key[1], start=start, end=days.last + _DAY)
    found = [
        _dated(replace(one, goods=one.goods or Goods(skus=by_orders.get(key, frozenset()))), told.get(key))
        for key, one in known.items()
    ]
    here = [one for one in found if one.days_in(period)]
    return tuple(sorted(here, key=lambda one: (-one.start.toordinal(), one.kind, one.id)))


def terms_of(shop: str, starts: Sequence[date], *, until: date, today: date) -> Terms | None:
    """What the judgements of some offers have in common; None if there are none, or the shop has no day yet.

    refuses  NoSuchShop
    """
    currency, known = shops.shop(shop).currency, metrics.days(shop)
    if known is None or not starts:
        return None
    first = min(starts) - _HISTORY
    spans = alerts.known_in(shop, first, until)
    odd = {one.first + n * _DAY for one in spans for n in range((one.last - one.first).days + 1)}
    days = tuple(sorted(day for day in odd if first <= day < until))
    return Terms(currency=currency, known=known, odd=days, today=today)


def reach(offer: Offer, period: Period, *, today: date) -> Period:
    """The days that are looked at for an offer: those to learn from, its own, and those after it."""
    later, days = after(offer, today=today), offer.days_in(period) or period
    return Period(offer.start - _HISTORY, max(days.end, later.end if later else days.end))


def stand(offer: Offer, period: Period, parts: Parts, touched: Touched | None, terms: Terms) -> Standing:
    """An offer held against what was expected of its goods, of those beside them and of the days after it."""
    bare = Standing(
        offer=offer,
        days=offer.days_in(period) or period,
        judged=judged(offer, period, today=terms.today),
        touched=touched or _untouched(terms.currency),
    )
    if bare.judged is None:
        return replace(bare, lack=Lack.TO_COME)
    if not bare.touched.orders:
        return replace(bare, lack=Lack.UNUSED)
    if offer.goods is None or not (offer.goods.is_all or offer.goods.skus):
        return replace(bare, lack=Lack.GOODS)
    found = terms.judge(parts.own, since=offer.start, days=bare.judged)
    if found is None:
        return replace(bare, lack=Lack.YOUNG)
    later = after(offer, today=terms.today)
    return replace(
        bare,
        uplift=found,
        margin=terms.judge(parts.margin, since=offer.start, days=bare.judged) if parts.margin else None,
        beside=terms.judge(parts.beside, since=offer.start, days=bare.judged) if parts.beside else None,
        after=terms.judge(parts.own, since=offer.start, days=later) if later else None,
    )


def _standings(shop: str, period: Period, offers: Sequence[Offer], terms: Terms) -> tuple[Standing, ...]:
    touched = counting.touched(shop, period, terms.currency)
    places = [(one.goods or Goods(), reach(one, period, today=terms.today)) for one in offers]
    parts = counting.sold(shop, places)
    return tuple(
        stand(one, period, sold, touched.get((one.kind, one.id)), terms)
        for one, sold in zip(offers, parts, strict=True)
    )


def _stages(shop: str, period: Period, burst: date, terms: Terms) -> tuple[Stage, Stage]:
    (parts,) = counting.sold(shop, [(Goods(is_all=True), Period(period.start - _HISTORY, period.end))])
    warm_up, bursting = Period(period.start, burst), Period(burst, period.end)
    return (
        _stage(shop, warm_up, parts, since=period.start, terms=terms),
        _stage(shop, bursting, parts, since=period.start, terms=terms),
    )


def _stage(shop: str, days: Period, parts: Parts, *, since: date, terms: Terms) -> Stage:
    touched = counting.touched(shop, days, terms.currency)
    over = min(days.end, terms.today, since + MOST_DAYS * _DAY)
    orders = metrics.query(shop, ["orders_paid"], days).whole.of("orders_paid").numerator
    return Stage(
        days=days,
        orders=orders,
        money=Money(sum(minor for day, minor in parts.own.items() if day in days), terms.currency),
        given=Money.total((one.given for one in touched.values()), terms.currency),
        deposits=conversions(shop, days).whole,
        uplift=terms.judge(parts.own, since=since, days=Period(days.start, over)) if days.start < over else None,
    )


def _dated(offer: Offer, told: counting.Told | None) -> Offer:
    """An offer on the days on which it could be used: from when it was let go live or first used, until stopped."""
    if told is None:
        return offer
    start = max(offer.start, min((day for day in (told.started, told.first) if day), default=offer.start))
    ends = [end for end in (offer.end, told.stopped and told.stopped + _DAY) if end and end > start]
    return replace(offer, start=start, end=min(ends, default=offer.end))


def _untouched(currency: str) -> Touched:
    """What passed through an offer that no order used."""
    none = Money(0, currency)
    return Touched(orders=0, units=0, money=none, given=none, given_by_others=none)
