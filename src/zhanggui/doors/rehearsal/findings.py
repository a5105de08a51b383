"""What insight says about what was planted, asked as an operator would ask, beside the truth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.doors.rehearsal.simulator.plan import Plan
from zhanggui.doors.rehearsal.simulator.plants import (
    ChannelQuality,
    ChurnWave,
    CouponLeak,
    FakeRing,
    FunnelBreak,
    Plant,
    PriceResponse,
    PromotionLift,
    SearchGaps,
    StockOut,
)
from zhanggui.doors.rehearsal.simulator.truths import Change, Truth
from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.alerts.rules import Place
from zhanggui.insight.campaigns import rules as campaigns
from zhanggui.insight.funnels import queries as funnels
from zhanggui.insight.funnels import rules as funnel
from zhanggui.insight.goods import queries as goods
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Figure, Filters, Period
from zhanggui.insight.metrics.rules.intervals import Interval, Share, newcombe, ratio, wilson
from zhanggui.insight.terms import queries as terms

# A finding is wrong once in a thousand.
CONFIDENCE: Final = 0.999
BEFORE_DAYS: Final = 56
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A number that insight states, and the true one.

    what    the number, as `WORDS` call it;  day where it is one of a day
    found   what insight says it is, between low and high
    is_seen whether insight says by itself that something is the matter
    """

    plant: Plant
    what: str
    day: date | None = None
    true: float
    found: float
    interval: Interval
    is_seen: bool

    @property
    def is_right(self) -> bool:
        """Whether the truth lies within the bounds."""
        return self.interval.holds(self.true)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """Where and when to ask about a plant."""

    shop: str
    plan: Plan
    truth: Truth
    at: datetime

    def days(self, start: int, end: int) -> Period:
        """Days of the plan, half open, as far as it goes."""
        last = min(end, self.plan.days)
        return Period(self.plan.first_day + start * _DAY, self.plan.first_day + last * _DAY)

    @property
    def during(self) -> Period:
        """While the plant lasts."""
        return self.days(self.truth.plant.start, self.truth.plant.end)

    @property
    def before(self) -> Period:
        """Eight weeks before it, as far as there are."""
        start = self.truth.plant.start
        return self.days(max(0, start - BEFORE_DAYS), start)


def findings(*, shop: str, plan: Plan, truths: Iterable[Truth], at: datetime) -> tuple[Finding, ...]:
    """What insight says of each plant.

    at  the moment of asking, after the plan's end
    """
    asked = (_Ask(shop=shop, plan=plan, truth=truth, at=at) for truth in truths)
    return tuple(found for ask in asked for found in _findings(ask))


def _findings(ask: _Ask) -> Iterable[Finding]:
    match ask.truth.plant:
        case FunnelBreak() as plant:
            return _funnel_break(ask, plant)
        case ChannelQuality() as plant:
            return _channel_quality(ask, plant)
        case PriceResponse() as plant:
            return _price_response(ask, plant)
        case ChurnWave() as plant:
            return _churn_wave(ask, plant)
        case CouponLeak():
            return ()
        case FakeRing() as plant:
            return _fake_ring(ask, plant)
        case StockOut() as plant:
            return _stock_out(ask, plant)
        case PromotionLift() as plant:
            return _promotion_lift(ask, plant)
        case SearchGaps() as plant:
            return _search_gaps(ask, plant)
        case _:
            return ()


def checkout_funnel(during: Period) -> funnel.Question:
    """From the beginning of the checkout to the order, by device and visit."""
    steps = (funnel.Step(event="Checkout Started"), funnel.Step(event="shop.order_placed"))
    way = funnel.Funnel(steps=steps, unit=funnel.Unit.SESSIONS, window_minutes=60)
    return funnel.Question(funnel=way, start=during.start, end=during.end, by=funnel.Split.DEVICE)


def _funnel_break(ask: _Ask, plant: FunnelBreak) -> Iterable[Finding]:
    """The funnel by device: how much less of the checkouts ended with an order than before."""
    then, now = (
        _part(funnels.ask(ask.shop, checkout_funnel(days), at=ask.at), plant.device)
        for days in (ask.before, ask.during)
    )
    yield _difference(ask, "order_rate_change", now, then, true=_less(ask.truth))


def _channel_quality(ask: _Ask, plant: ChannelQuality) -> Iterable[Finding]:
    """Conversion of visits by channel: what it is, over what it was."""
    where = Filters(channel=(plant.channel,))
    now, then = (
        _share(metrics.query(ask.shop, ("cvr_order_session",), days, where=where, at=ask.at).whole.figures[0])
        for days in (ask.during, ask.before)
    )
    yield _ratio(ask, "conversion_ratio", now, then, true=_over(ask.truth))


def _price_response(ask: _Ask, plant: PriceResponse) -> Iterable[Finding]:
    """Orders over views of the goods before and after, and the elasticity that this means."""
    now, then = (_yield(ask.shop, plant.sku, days) for days in (ask.during, ask.before))
    rate = _ratio(ask, "demand_ratio", now, then, true=_over(ask.truth))
    yield rate
    by = math.log(plant.price_rate)
    yield Finding(
        plant=plant,
        what="elasticity",
        true=math.log(rate.true) / by if rate.true else -math.inf,
        found=math.log(rate.found) / by if rate.found else -math.inf,
        interval=Interval(math.log(rate.interval.low) / by, math.log(rate.interval.high) / by),
        is_seen=rate.is_seen,
    )


def _churn_wave(ask: _Ask, plant: ChurnWave) -> Iterable[Finding]:
    """Returning buyers' part of a region's orders, against all other regions at the same time."""
    answer = metrics.query(ask.shop, ("orders_placed",), ask.during, by=Cut.REGION, then=Cut.NEWNESS, at=ask.at)
    counted = {(str(row.key), str(row.then)): row.figures[0].numerator for row in answer.pairs}
    own = _returning(counted, lambda region: region == plant.region)
    others = _returning(counted, lambda region: region != plant.region)
    yield _difference(ask, "returning_share_change", own, others, true=_less(ask.truth))


def _fake_ring(ask: _Ask, plant: FakeRing) -> Iterable[Finding]:
    """The money of the region, day by day, against its band."""
    return _against_band(ask, "gmv_paid", Place(cut=Cut.REGION, cell=plant.region), lambda change: change.amount_minor)


def _stock_out(ask: _Ask, plant: StockOut) -> Iterable[Finding]:
    """The days on which the SKU could not be had, counted; and what was not sold of it, against its band."""
    where = Filters(sku=(plant.sku,))
    answer = metrics.query(ask.shop, ("stockout_rate",), ask.during, where=where, at=ask.at)
    figure = answer.whole.figures[0]
    days = float(figure.numerator)
    yield Finding(
        plant=plant,
        what="days_out",
        true=float(ask.truth.planted.count),
        found=days,
        interval=Interval(days, days),
        is_seen=figure.numerator > 0,
    )
    now, then = (_yield(ask.shop, plant.sku, days) for days in (ask.during, ask.before))
    yield _difference(ask, "yield_change", now, then, true=ask.truth.lines / now[1] if now[1] else 0.0)


def _promotion_lift(ask: _Ask, plant: PromotionLift) -> Iterable[Finding]:
    """What was paid for the category: each day against its band; and as offers are judged, together and afterwards."""
    place = Place(cut=Cut.CATEGORY, cell=plant.category)
    yield from _against_band(ask, "goods_paid", place, lambda change: change.goods_minor)
    after = ask.days(plant.end, min(plant.payback_end, plant.end + plant.days))
    for what, days in (("lift", ask.during), ("after", after)):
        found = _uplift(ask, place.where, days)
        if found is not None:
            yield Finding(
                plant=plant,
                what=what,
                true=float(sum(one.goods_minor for one in ask.truth.changes if one.day in days)),
                found=float(found.more.minor),
                interval=Interval(float(found.low.minor), float(found.high.minor)),
                is_seen=found.is_beyond_chance,
            )


def _search_gaps(ask: _Ask, plant: SearchGaps) -> Iterable[Finding]:
    """Searches without result, of all; and which words they were."""
    answer = terms.searches(ask.shop, ask.during)
    vain = {term.query: term for term in answer.terms if term.known and term.nothing == term.known}
    own = sum(vain[word].nothing for word in plant.words if word in vain)
    share = own, answer.known
    yield Finding(
        plant=plant,
        what="zero_result_rate",
        true=ask.truth.planted.rate,
        found=_rate(share),
        interval=wilson(share, confidence=CONFIDENCE),
        is_seen=set(plant.words) <= vain.keys(),
    )


def _difference(ask: _Ask, what: str, now: Share, then: Share, *, true: float) -> Finding:
    bounds = newcombe(now, then, confidence=CONFIDENCE)
    return Finding(
        plant=ask.truth.plant,
        what=what,
        true=true,
        found=_rate(now) - _rate(then),
        interval=bounds,
        is_seen=not bounds.holds(0.0),
    )


def _ratio(ask: _Ask, what: str, now: Share, then: Share, *, true: float) -> Finding:
    bounds = ratio(now, then, confidence=CONFIDENCE)
    return Finding(
        plant=ask.truth.plant,
        what=what,
        true=true,
        found=_rate(now) / _rate(then) if then[0] else math.nan,
        interval=bounds,
        is_seen=not bounds.holds(1.0),
    )


def _against_band(ask: _Ask, key: str, place: Place, of: Callable[[Change], int]) -> Iterator[Finding]:
    """Each day less what was expected of it, between the bounds of what is normal."""
    judged = alerts.judged(ask.shop, (key,), ask.during, place=place, at=ask.at)[key]
    for one in judged:
        if one.band is None:
            continue
        came = float(one.figure.numerator)
        yield Finding(
            plant=ask.truth.plant,
            what=key,
            day=one.day,
            true=float(of(ask.truth.on(one.day))),
            found=came - one.band.expected,
            interval=Interval(came - one.band.high, came - one.band.low),
            is_seen=one.is_outside,
        )


def _uplift(ask: _Ask, where: Filters, days: Period) -> campaigns.Uplift | None:
    """What was paid for some goods on some days beyond what the eight weeks before the plant let expect."""
    since = ask.during.start
    asked = Period(since - BEFORE_DAYS * _DAY, days.end)
    answer = metrics.query(ask.shop, ("goods_paid",), asked, by=Cut.DAY, where=where, at=ask.at)
    ends = metrics.days(ask.shop)
    if ends is None:
        return None
    sold = {row.key: row.figures[0].numerator for row in answer.rows if isinstance(row.key, date)}
    odd = [day for day in sold if any(day in one for one in alerts.known_in(ask.shop, asked.start, since))]
    currency = answer.question.currency
    found = campaigns.uplift(sold, since=since, days=days, known=ends, left_out=odd, currency=currency)
    return found[0] if found else None


def _part(answer: funnel.Answer, value: str) -> Share:
    part = next((part for part in answer.parts if part.value == value), None)
    return (part.counts[-1], part.counts[0]) if part else (0, 0)


def _share(figure: Figure) -> Share:
    return figure.numerator, figure.denominator or 0


def _yield(shop: str, sku: str, days: Period) -> Share:
    """Orders with a SKU, of views of it."""
    found = goods.assortment(shop, days, compare=None).goods
    own = next((one.sku for one in found if one.sku.sku == sku), None)
    return (own.orders, own.views) if own else (0, 0)


def _returning(counted: Mapping[tuple[str, str], int], is_in: Callable[[str], bool]) -> Share:
    own = dict.fromkeys(("new", "returning"), 0)
    for (region, newness), count in counted.items():
        if is_in(region) and newness in own:
            own[newness] += count
    return own["returning"], sum(own.values())


def _rate(share: Share) -> float:
    return share[0] / share[1] if share[1] else 0.0


def _less(truth: Truth) -> float:
    return truth.planted.rate - truth.without.rate


def _over(truth: Truth) -> float:
    return truth.planted.rate / truth.without.rate if truth.without.count else math.nan
