"""The simulated life of a shop, month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from zhanggui.doors.rehearsal.simulator import baskets, columns, facts, opinions, planting, sights
from zhanggui.doors.rehearsal.simulator.baskets import Appeal
from zhanggui.doors.rehearsal.simulator.columns import Rows
from zhanggui.doors.rehearsal.simulator.drafts import Draft, draft_of
from zhanggui.doors.rehearsal.simulator.layout import STARTED
from zhanggui.doors.rehearsal.simulator.opinions import MOST_PER_GOODS
from zhanggui.doors.rehearsal.simulator.people import purchases
from zhanggui.doors.rehearsal.simulator.plan import (
    CURRENCY,
    DAY_US,
    SECOND_US,
    Floats,
    Ints,
    Plan,
    Shelf,
    Small,
    shelf_of,
)
from zhanggui.doors.rehearsal.simulator.planting import Planting
from zhanggui.doors.rehearsal.simulator.plants import Plant
from zhanggui.doors.rehearsal.simulator.seasons import Calendar, calendar_of
from zhanggui.doors.rehearsal.simulator.sights import Seen, Wording
from zhanggui.doors.rehearsal.simulator.telling import Orders
from zhanggui.doors.rehearsal.simulator.truths import Truth
from zhanggui.doors.rehearsal.simulator.visits import People, Visits, visits_of, walk_of

_MOST_THINKING_SECONDS: Final = 30
# So much is kept of all goods, and never less than some pieces, so that nothing runs out unless it is planted.
_RESERVE_DAYS: Final = 21
_RESERVE_AT_LEAST: Final = 4
_PIECES_PER_ORDER: Final = 2.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Reviews, in no order.

    goods   index into the plan's goods;  rating 1 to 5
    at_us   when it was published;  order_number of the order it speaks of
    """

    goods: Small
    rating: Small
    at_us: Ints
    order_number: pa.Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What happened in a calendar month.

    first_day   of the month
    events      in the lake's schema, sorted by day, person and time
    said        the reviews that the month's orders led to, within the plan
    sold_units  pieces of each of the plan's goods that the month's orders were paid for
    """

    first_day: date
    events: pa.Table
    said: Said
    sold_units: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A shop's customers and visits; their days unfold in `months`, which can be walked through once."""

    plan: Plan
    shelf: Shelf
    appeal: Appeal
    calendar: Calendar
    visits: Visits
    people: People
    planting: Planting
    rng: np.random.Generator

    def months(self) -> Iterator[Month]:
        """All months, oldest first; what an order leads to stands in the month in which it happens."""
        keys = [each.key for each in self.shelf.categories]
        wording = sights.wording_of(self.plan.goods, keys, self.planting.prices, words=self.planting.words)
        willing = opinions.willingness(self.plan, self.appeal, self.rng)
        room = np.full(len(self.plan.goods), MOST_PER_GOODS, np.int32)
        reserve = _reserve(self.plan, self.appeal)
        later = [_listings(self.plan, wording, self.rng)]
        for first_day, start, end in self.plan.months():
            draft, seen, orders = self._unfold(start, end, wording=wording, willing=willing, room=room)
            told = facts.facts_in(self.plan, orders, wording, self.rng)
            arrived = _arrivals(self.plan, orders, self.planting, wording, start=start, reserve=reserve, rng=self.rng)
            more = [
                *self.planting.more(draft, start, end, wording=wording),
                *self.planting.sent_back(orders, told, wording),
            ]
            everything = columns.stacked([*later, arrived, seen.rows, told.rows, *more])
            happened, still_to_come = everything.until(self.plan.start_us + end * DAY_US)
            later = [still_to_come]
            room -= np.bincount(orders.opinions.goods, minlength=len(room)).astype(np.int32)
            yield Month(
                first_day=first_day,
                events=columns.in_lake_order(happened) if self.planting.beds else happened,
                said=self._said(orders, told.numbers),
                sold_units=_sold_units(orders, count=len(self.plan.goods)),
            )

    def truths(self) -> tuple[Truth, ...]:
        """What each plant changed, by the simulator's own count; after all months were walked through."""
        return self.planting.truths()

    def _unfold(
        self, start: int, end: int, *, wording: Wording, willing: Floats, room: Small
    ) -> tuple[Draft, Seen, Orders]:
        """What was seen on a range of days, and the orders it led to."""
        rng, month = self.rng, int(self.plan.month_of_day()[start])
        visits = self.visits.take(slice(*np.searchsorted(self.visits.day, [start, end])))
        buying = np.flatnonzero(visits.order >= 0)
        person, day = visits.person[buying], visits.day[buying]
        lines = baskets.fill(
            size=visits.adds[buying],
            favourite=self.people.traits.category[person],
            month=month,
            day=day,
            discount_bp=self.calendar.discount_bp[day],
            appeal=self.appeal,
            prices=self.planting.prices,
            rng=rng,
        )
        draft = draft_of(visits, lines, region=self.people.traits.region[visits.person])
        self.planting.sow(draft)
        seen = sights.seen_in(
            self.plan,
            draft,
            self.people,
            month=month,
            appeal=self.appeal,
            prices=self.planting.prices,
            wording=wording,
            rng=rng,
        )
        return draft, seen, self._ordered(draft, seen, willing=willing, room=room)

    def _ordered(self, draft: Draft, seen: Seen, *, willing: Floats, room: Small) -> Orders:
        """What became of the orders that visits ended with."""
        rng, visits, buying, lines = self.rng, draft.visits, draft.buying, draft.lines
        person = visits.person[buying]
        thinks_us = rng.integers(SECOND_US, _MOST_THINKING_SECONDS * SECOND_US, len(buying))
        placed_us = seen.ends_us[buying] + thinks_us
        region = self.people.traits.region[person]
        fate = self.planting.delayed(draft, baskets.fate_of(placed_us, region, rng))
        self.planting.reckon(draft, placed_us=placed_us, fate=fate)
        returned = baskets.returned(lines, self.shelf, is_paid=fate.is_paid, rng=rng)
        return Orders(
            walk=walk_of(visits.take(buying), self.people, columns.taken(seen.sessions, buying)),
            rank=person,
            customer_id=columns.taken(self.people.customer_id, person),
            is_new=visits.is_new[buying],
            is_placed=draft.is_placed,
            is_registered=draft.last_row[buying] >= STARTED,
            left_on=seen.left_on[buying],
            placed_us=placed_us,
            drawn=lines,
            lines=lines.only(draft.is_bought),
            fate=fate,
            returned=returned,
            opinions=opinions.opinions_on(lines, fate, returned, willing=willing, room=room, rng=rng),
        )

    def _said(self, orders: Orders, numbers: pa.Array) -> Said:
        said = orders.opinions
        kept = np.flatnonzero((said.at_us < self.plan.end_us) & (orders.lines.quantity[said.line] > 0))
        return Said(
            goods=said.goods[kept],
            rating=said.rating[kept],
            at_us=said.at_us[kept],
            order_number=columns.taken(numbers, orders.lines.order[said.line[kept]]),
        )


def simulate(plan: Plan, rng: np.random.Generator, *, plants: Sequence[Plant] = ()) -> World:
    """A shop's life by plan; the same generator state gives the same life to the byte.

    plants   what is wrong or new in it; whatever they do not touch is the same as without them
    refuses  ValueError if a plant is about something that the plan has not
    """
    shelf = shelf_of(plan.goods)
    appeal = baskets.appeal_of(plan, shelf, rng)
    calendar = calendar_of(plan, month_weights=appeal.months, rng=rng)
    bought = purchases(plan, calendar, rng)
    sizes = baskets.sizes(bought.day, calendar, rng)
    visits, people = visits_of(plan, calendar, bought, baskets=sizes, category_shares=appeal.shares, rng=rng)
    return World(
        plan=plan,
        shelf=shelf,
        appeal=appeal,
        calendar=calendar,
        visits=visits,
        people=people,
        planting=planting.planted(
            plants,
            plan,
            appeal=appeal,
            discount_bp=calendar.discount_bp,
            visits=visits,
            everybody=people,
            rng=rng,
        ),
        rng=rng,
    )


def _sold_units(orders: Orders, *, count: int) -> Ints:
    lines = orders.lines
    paid = np.where(orders.fate.is_paid[lines.order], lines.quantity, 0)
    return np.bincount(lines.goods, weights=paid, minlength=count).astype(np.int64)


def _listings(plan: Plan, wording: Wording, rng: np.random.Generator) -> Rows:
    """On the first day all goods are listed."""
    count = len(plan.goods)
    at_us = plan.start_us + np.arange(count, dtype=np.int64) * 1_000
    price_minor = np.array([item.price_minor for item in plan.goods], np.int64)
    told = [
        f'{{"sku":"{item.sku}","title":"{item.title.zh}","title_en":"{item.title.en}","category":"{item.category.key}",'
        f'"amount_minor":{item.price_minor},"currency":"{CURRENCY}"}}'
        for item in plan.goods
    ]
    return columns.rows(
        shop=plan.shop,
        ids=columns.new_ids(at_us, rng),
        cause=columns.no_ids(count),
        at_us=at_us,
        rank=np.full(count, -1, np.int32),
        rng=rng,
        told={
            "name": "shop.product_listed",
            "actor": "job:rehearsal",
            "subject": columns.joined("sku:", wording.sku),
            "sku": wording.sku,
            "category": wording.category,
            "amount_minor": pa.array(price_minor),
            "currency": CURRENCY,
            "body": pa.array(told),
        },
    )


def _reserve(plan: Plan, appeal: Appeal) -> Small:
    """What is kept of each of the plan's goods beyond what is asked for: some weeks of its usual sales."""
    weights = np.diff(appeal.edges, axis=1).mean(axis=0)
    shares = weights / weights.sum()
    pieces = shares * plan.orders / plan.days * _PIECES_PER_ORDER * _RESERVE_DAYS
    return (np.ceil(pieces) + _RESERVE_AT_LEAST).astype(np.int32)


def _arrivals(
    plan: Plan,
    orders: Orders,
    planting: Planting,
    wording: Wording,
    *,
    start: int,
    reserve: Small,
    rng: np.random.Generator,
) -> Rows:
    """At the beginning of a month as much of each goods comes in as the month's orders will ask for.

    reserve  what comes in besides of each goods the first time; it is emptied by that
    """
    lines = orders.drawn
    units = np.bincount(lines.goods, weights=lines.quantity, minlength=len(plan.goods)).astype(np.int32)
    goods = np.flatnonzero(units)
    units = units + np.where(units > 0, reserve, 0)
    reserve[goods] = 0
    at_us = plan.start_us + start * DAY_US + SECOND_US + goods * 1_000
    moved_us = planting.arrive(goods, units[goods], at_us)
    return facts.received(plan, wording, goods=goods, units=units[goods], at_us=moved_us, rng=rng)
