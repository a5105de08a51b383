"""All plants of a plan: they change each month's draft, add orders, and reckon what they changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import numpy as np

from zhanggui.doors.rehearsal.simulator import baskets, extras, facts, lateness, people, sowing, spoiling
from zhanggui.doors.rehearsal.simulator.baskets import Appeal, Fate
from zhanggui.doors.rehearsal.simulator.columns import Rows
from zhanggui.doors.rehearsal.simulator.drafts import Draft, Standing
from zhanggui.doors.rehearsal.simulator.extras import Wanted
from zhanggui.doors.rehearsal.simulator.facts import Told
from zhanggui.doors.rehearsal.simulator.ledger import Ledger
from zhanggui.doors.rehearsal.simulator.plan import DAY_US, SECOND_US, Ints, Plan, Small
from zhanggui.doors.rehearsal.simulator.plants import (
    CouponHeap,
    CouponLeak,
    DeadStock,
    FakeRing,
    LateParcels,
    Plant,
    PriceResponse,
    PromotionLift,
    ReturnSpike,
    SearchGaps,
    StockOut,
)
from zhanggui.doors.rehearsal.simulator.prices import Offer, Prices, Repriced
from zhanggui.doors.rehearsal.simulator.sights import Wording
from zhanggui.doors.rehearsal.simulator.sowing import Soil
from zhanggui.doors.rehearsal.simulator.telling import Orders
from zhanggui.doors.rehearsal.simulator.truths import Reckoning, Tally, Truth
from zhanggui.doors.rehearsal.simulator.visits import People, Visits

# By then whoever ordered before midnight has paid or given the pieces back.
_FIRST_HOUR_US: Final = 3_600 * SECOND_US


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The free pieces of a SKU that is taken away, or bought no more, and as they would have been."""

    planted: Ledger
    without: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """A plant, what it needs to know, its own chances, and what came of it so far.

    plain  the prices that would stand without it
    ring   who trades with themselves;  books of the SKU that is out of stock
    words  what came of each word that is looked for in vain
    steps  what stood before it and after it, month by month
    """

    plant: Plant
    soil: Soil
    rng: np.random.Generator
    plain: Prices
    reckoning: Reckoning
    ring: People | None
    books: Books | None
    words: tuple[Reckoning, ...]
    steps: list[tuple[Standing, Standing]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planting:
    """The plants in their order: each one finds what those before it left."""

    plan: Plan
    appeal: Appeal
    prices: Prices
    discount_bp: Small
    beds: tuple[Bed, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What is looked for in vain, over all plants."""
        return tuple(word for bed in self.beds if isinstance(bed.plant, SearchGaps) for word in bed.plant.words)

    def sow(self, draft: Draft) -> None:
        """Let all plants have their way with a month's draft."""
        for bed in self.beds:
            before = draft.standing()
            without = sowing.tally(bed.plant, draft, before, bed.soil)
            sowing.sow(bed.plant, draft, bed.soil, bed.rng)
            after = draft.standing()
            bed.reckoning.count(without, sowing.tally(bed.plant, draft, after, bed.soil))
            bed.steps.append((before, after))

    def reckon(self, draft: Draft, *, placed_us: Ints, fate: Fate) -> None:
        """Count what a month's orders came to with each plant and without it."""
        own, day = draft.lines, draft.line_day
        for bed in self.beds:
            before, after = bed.steps[-1]
            plain = baskets.lines_at(
                own.order, own.goods, own.quantity, day=day, discount_bp=self.discount_bp[day], prices=bed.plain
            )
            bed.reckoning.compare(before, after, own, plain=plain, order_day=draft.order_day, fate=fate)
            for word, part in enumerate(bed.words, bed.soil.first_word):
                rest = sowing.but_for(word, draft, before, after)
                part.compare(rest, after, own, plain=plain, order_day=draft.order_day, fate=fate)
            if bed.books:
                bed.books.without.sell(own, placed_us=placed_us, fate=fate, is_bought=before.is_bought)
                bed.books.planted.sell(own, placed_us=placed_us, fate=fate, is_bought=after.is_bought)

    def more(self, draft: Draft, start: int, end: int, *, wording: Wording) -> Iterator[Rows]:
        """The rows of what plants add in a month's days: orders, a new price, stock that is lost and comes again."""
        for bed in self.beds:
            begins = start <= bed.plant.start < end
            match bed.plant:
                case CouponHeap():
                    yield from self._heap(bed, start, end, wording)
                case FakeRing() | PromotionLift():
                    yield from self._add(bed, self._wanted(bed, draft, start, end), wording)
                case PriceResponse() if begins:
                    (change,) = (one for one in self.prices.changes if one not in bed.plain.changes)
                    yield facts.repriced(self.plan, wording, change, bed.rng)
                case StockOut() if begins and bed.books:
                    yield from self._lose(bed, bed.books.planted, wording)

    def delayed(self, draft: Draft, fate: Fate) -> Fate:
        """What becomes of a month's orders if parcels are late."""
        for bed in self.beds:
            if isinstance(bed.plant, LateParcels):
                late = lateness.delayed(self.plan, bed.plant, fate)
                lateness.reckon(self.plan, bed.plant, bed.reckoning, draft, before=fate, after=late)
                fate = late
        return fate

    def sent_back(self, orders: Orders, told: Told, wording: Wording) -> Iterator[Rows]:
        """The rows of what comes back besides."""
        for bed in self.beds:
            if isinstance(bed.plant, ReturnSpike):
                goods = bed.soil.goods(bed.plant.sku)
                more = spoiling.spoilt(self.plan, bed.plant, orders, goods=goods, rng=bed.rng)
                rows = facts.sent_back(self.plan, more, told, wording, bed.rng)
                spoiling.reckon(self.plan, bed.plant, bed.reckoning, orders, goods=goods, more=more, rows=rows)
                yield rows

    def arrive(self, goods: Ints, units: Small, at_us: Ints) -> Ints:
        """When a month's goods come in: those that are out of stock then, when that is over."""
        moved = at_us.copy()
        for bed in self.beds:
            if bed.books is None:
                continue
            out_from, out_until = self._midnight_us(bed.plant.start), self._midnight_us(bed.plant.end)
            for place in np.flatnonzero(goods == bed.books.planted.goods).tolist():
                bed.books.without.arrive(int(at_us[place]), int(units[place]))
                if isinstance(bed.plant, StockOut) and out_from <= at_us[place] < out_until:
                    moved[place] = out_until
                bed.books.planted.arrive(int(moved[place]), int(units[place]))
        return moved

    def truths(self) -> tuple[Truth, ...]:
        """What each plant changed, once all months are told."""
        return tuple(self._truth(bed) for bed in self.beds)

    def _truth(self, bed: Bed) -> Truth:
        found = bed.reckoning.truth()
        if isinstance(bed.plant, SearchGaps):
            parts = zip(bed.plant.words, bed.words, strict=True)
            return replace(found, parts={word: part.truth().changes for word, part in parts})
        if bed.books is None:
            return found
        start, end = bed.plant.start, min(bed.plant.end, self.plan.days)
        if isinstance(bed.plant, DeadStock):
            unsold = bed.books.planted.unsold_from(start)
            return replace(found, stakes=self._lying(bed.books.planted, start, end), begins=unsold)
        without, planted = (book.days_out(start, end) for book in (bed.books.without, bed.books.planted))
        days = end - start
        return replace(found, without=Tally(count=without, of=days), planted=Tally(count=planted, of=days))

    def _lying(self, book: Ledger, start: int, end: int) -> dict[date, int]:
        """What lies on the shelf at the end of each of these days, half open, at its price."""
        price_minor = int(self.appeal.shelf.price_minor[book.goods])
        return {
            self.plan.calendar[day]: max(0, book.free_at(self._midnight_us(day + 1))) * price_minor
            for day in range(start, end)
        }

    def _heap(self, bed: Bed, start: int, end: int, wording: Wording) -> Iterator[Rows]:
        """A month's orders with one coupon, and those with both."""
        plant = bed.plant
        if not isinstance(plant, CouponHeap):
            return
        turn = plant.heaps_from
        for first, last, offers in ((plant.start, turn, plant.offers[:1]), (turn, plant.end, plant.offers)):
            days = np.arange(max(first, start), min(last, end), dtype=np.int32)
            yield from self._used(bed, plant, np.repeat(days, plant.orders), offers, wording)

    def _used(self, bed: Bed, plant: CouponHeap, day: Small, offers: Sequence[str], wording: Wording) -> Iterator[Rows]:
        if not len(day):
            return
        everybody = extras.newcomers(
            self.plan, len(day), day=plant.start, shares=self.appeal.shares, region=None, rng=bed.rng
        )
        added = extras.add(
            self.plan,
            Wanted(
                day=day,
                person=np.arange(len(day), dtype=np.int32),
                goods=np.full(len(day), bed.soil.goods(plant.sku), np.int32),
                everybody=everybody,
            ),
            appeal=self.appeal,
            prices=self.prices,
            discount_bp=np.full_like(self.discount_bp, plant.discount_bp * len(offers)),
            wording=wording,
            is_surely_paid=True,
            offers=offers,
            rng=bed.rng,
        )
        bed.reckoning.gain(added, day=day)
        if len(offers) > 1:
            bed.reckoning.stake(day.astype(np.int64), added.given_minor // len(offers))
        yield added.rows

    def _wanted(self, bed: Bed, draft: Draft, start: int, end: int) -> Wanted:
        """The orders that a plant adds in a month's days."""
        if isinstance(bed.plant, FakeRing) and bed.ring is not None:
            step = bed.plant.days / bed.plant.orders
            days = (bed.plant.start + np.arange(bed.plant.orders) * step).astype(np.int32)
            own = np.flatnonzero((days >= start) & (days < min(end, self.plan.days)))
            goods = np.full(len(own), bed.soil.goods(bed.plant.sku), np.int32)
            person = (own % bed.plant.people).astype(np.int32)
            return Wanted(day=days[own], person=person, goods=goods, everybody=bed.ring)
        return self._lifted(bed, draft)

    def _lifted(self, bed: Bed, draft: Draft) -> Wanted:
        """Orders beside those with a promoted category, on the same days and by as many people."""
        lift = bed.plant.lift if isinstance(bed.plant, PromotionLift) else 0.0
        is_theirs = sowing.orders_with(bed.plant, draft, bed.steps[-1][1], bed.soil)
        days = draft.order_day[is_theirs]
        often = int(lift) + (bed.rng.random(len(days)) < lift % 1)
        day = np.sort(np.repeat(days, often)).astype(np.int32)
        category = self.appeal.shelf.category[np.flatnonzero(sowing.goods_of(bed.plant, bed.soil))[:1]]
        month = int(self.plan.month_of_day()[day[0]]) if len(day) else 0
        goods = self.appeal.pick(month, np.repeat(category, len(day)).astype(np.int32), bed.rng)
        everybody = extras.newcomers(
            self.plan, len(day), day=bed.plant.start, shares=self.appeal.shares, region=None, rng=bed.rng
        )
        person = np.arange(len(day), dtype=np.int32)
        return Wanted(day=day, person=person, goods=goods, everybody=everybody)

    def _add(self, bed: Bed, wanted: Wanted, wording: Wording) -> Iterator[Rows]:
        if not len(wanted.day):
            return
        off: Small = self.discount_bp
        offers: tuple[str, ...] = ()
        if isinstance(bed.plant, CouponLeak):
            off, offers = np.full_like(off, bed.plant.discount_bp), (bed.plant.offer,)
        added = extras.add(
            self.plan,
            wanted,
            appeal=self.appeal,
            prices=self.prices,
            discount_bp=off,
            wording=wording,
            is_surely_paid=bed.ring is not None,
            offers=offers,
            rng=bed.rng,
        )
        bed.reckoning.gain(added, day=wanted.day)
        if offers:
            bed.reckoning.stake(wanted.day.astype(np.int64), added.given_minor)
        yield added.rows

    def _lose(self, bed: Bed, book: Ledger, wording: Wording) -> Iterator[Rows]:
        """All pieces are written off in the first hour, and as many come again when it is over."""
        lost_us, again_us = self._midnight_us(bed.plant.start) + _FIRST_HOUR_US, self._midnight_us(bed.plant.end)
        units = book.free_at(lost_us)
        if units < 1:
            return
        book.arrive(lost_us, -units)
        book.arrive(again_us, units)
        goods, pieces = np.array([book.goods]), np.array([units], np.int32)
        yield facts.written_off(
            self.plan, wording, goods=goods, units=pieces, at_us=np.array([lost_us], np.int64), rng=bed.rng
        )
        yield facts.received(
            self.plan, wording, goods=goods, units=pieces, at_us=np.array([again_us], np.int64), rng=bed.rng
        )

    def _midnight_us(self, day: int) -> int:
        return self.plan.start_us + day * DAY_US


def planted(
    plants: Sequence[Plant],
    plan: Plan,
    *,
    appeal: Appeal,
    discount_bp: Small,
    visits: Visits,
    everybody: People,
    rng: np.random.Generator,
) -> Planting:
    """The plants made ready; without any, the plan's own world.

    discount_bp  by day, off everything
    rng          is not drawn from: its children are, so that the world is the same with plants and without
    refuses      ValueError if the plan has no such SKU, category, region, channel or device
    """
    usual = Prices(usual_minor=appeal.shelf.price_minor)
    chances = rng.spawn(len(plants)) if plants else []
    soils, words = [], 0
    for plant, own in zip(plants, chances, strict=True):
        region = everybody.traits.region
        soils.append(sowing.soil_of(plant, plan, appeal.shelf, visits, region, first_word=words, rng=own))
        words += len(plant.words) if isinstance(plant, SearchGaps) else 0
    changes = [_change(plant, soil) for plant, soil in zip(plants, soils, strict=True)]
    offers = [_offer(plant, soil) for plant, soil in zip(plants, soils, strict=True)]
    beds = tuple(
        Bed(
            plant=plant,
            soil=soils[nth],
            rng=chances[nth],
            plain=_prices(usual, changes, offers, without=nth),
            reckoning=Reckoning(plan, plant),
            ring=_ring(plant, plan, appeal, chances[nth]),
            books=_books(plant, plan, soils[nth]),
            words=tuple(Reckoning(plan, plant) for _ in getattr(plant, "words", ())),
        )
        for nth, plant in enumerate(plants)
    )
    prices = _prices(usual, changes, offers, without=len(plants))
    return Planting(plan=plan, appeal=appeal, prices=prices, discount_bp=discount_bp, beds=beds)


def _prices(
    usual: Prices, changes: Sequence[Repriced | None], offers: Sequence[Offer | None], *, without: int
) -> Prices:
    return replace(
        usual,
        changes=tuple(one for nth, one in enumerate(changes) if one and nth != without),
        offers=tuple(one for nth, one in enumerate(offers) if one and nth != without),
    )


def _change(plant: Plant, soil: Soil) -> Repriced | None:
    if not isinstance(plant, PriceResponse):
        return None
    goods = soil.goods(plant.sku)
    price_minor = round(int(soil.shelf.price_minor[goods]) * plant.price_rate)
    return Repriced(goods=goods, start=plant.start, end=plant.end, price_minor=price_minor)


def _offer(plant: Plant, soil: Soil) -> Offer | None:
    if not isinstance(plant, PromotionLift):
        return None
    is_offered = soil.is_in(plant.category)
    return Offer(is_offered=is_offered, start=plant.start, end=plant.end, discount_bp=plant.discount_bp)


def _ring(plant: Plant, plan: Plan, appeal: Appeal, rng: np.random.Generator) -> People | None:
    if not isinstance(plant, FakeRing):
        return None
    region = people.REGIONS.index(plant.region)
    return extras.newcomers(plan, plant.people, day=plant.start, shares=appeal.shares, region=region, rng=rng)


def _books(plant: Plant, plan: Plan, soil: Soil) -> Books | None:
    if not isinstance(plant, (StockOut, DeadStock)):
        return None
    goods = soil.goods(plant.sku)
    return Books(planted=Ledger(plan=plan, goods=goods), without=Ledger(plan=plan, goods=goods))
