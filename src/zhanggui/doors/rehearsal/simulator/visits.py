"""When people visit, what leads them there, and how far each visit gets."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhanggui.doors.rehearsal.simulator import columns, people
from zhanggui.doors.rehearsal.simulator.people import DESKTOP, PHONE, Purchases, Traits
from zhanggui.doors.rehearsal.simulator.plan import DAY_US, Bools, Floats, Plan, Small
from zhanggui.doors.rehearsal.simulator.seasons import Calendar

# Visits by hour of the day, midnight first: phones peak at noon and before sleep, desktops in office hours.
_HOURS_PHONE: Final = np.array(
    [
        2.2,
        1.2,
        0.6,
        0.4,
        0.4,
        0.6,
        1.2,
        2.4,
        3.4,
        4.0,
        4.6,
        5.2,
        6.6,
        6.0,
        4.6,
        4.4,
        4.6,
        5.0,
        5.6,
        6.4,
        8.2,
        9.4,
        8.2,
        5.0,
    ]
)
_HOURS_DESKTOP: Final = np.array(
    [
        1.0,
        0.5,
        0.3,
        0.2,
        0.2,
        0.3,
        0.8,
        2.0,
        4.6,
        7.4,
        8.2,
        7.6,
        5.6,
        6.2,
        7.4,
        7.6,
        7.0,
        5.8,
        4.6,
        4.8,
        5.4,
        5.2,
        4.0,
        2.2,
    ]
)

# How often, by device: phone, desktop, tablet.
_LEAVES_AT_ONCE: Final = np.array([0.67, 0.57, 0.62])
_ADDS: Final = np.array([0.175, 0.215, 0.190])
_OPENS_CHECKOUT: Final = np.array([0.24, 0.33, 0.28])
_USUAL_DEVICE: Final = 0.86
# Orders move to the large screen: of visits that end with an order, fewer are on the phone than of all visits.
_BUYS_AT_DESK: Final = 0.16

# How much more or less often a visit ends at once, by channel in the order of `people.CHANNELS`.
_CHANNEL_LEAVES: Final = np.array([-0.08, -0.06, 0.03, -0.04, -0.14, -0.16, -0.02, 0.09, 0.12, 0.0])
_MOST_PRODUCTS: Final = 10
# Rows that a visit without an order takes on average; only a first guess, the cut is exact.
_ROWS_PER_BROWSING: Final = 2.85

_CHANNEL_NAMES: Final = pa.array(people.CHANNELS)
_DEVICE_NAMES: Final = pa.array(people.DEVICES)
_REGION_NAMES: Final = pa.array(people.REGIONS)

_BUYERS_BROWSE: Final = 0.55
_REGULARS_SHARE: Final = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """One row per visit, sorted by day, person and time.

    person    index into `People`;  day counted from 0;  second of the business day when it begins
    order     index into the purchases, -1 without an order
    is_new    whether its order makes the visitor a customer
    home, search    whether it begins on the home page, and whether something is looked for, 0 or 1
    shelf     whether it begins on a category's page instead, 0 or 1
    products  product pages seen;  adds  how many of the last of them are put into the cart
    cart, checkout  whether these pages are opened, 0 or 1;  steps  of the checkout that are done
    """

    person: Small
    day: Small
    second: Small
    order: Small
    is_new: Bools
    device: Small
    channel: Small
    campaign: Small
    home: Small
    shelf: Small
    search: Small
    products: Small
    adds: Small
    cart: Small
    checkout: Small
    steps: Small

    @property
    def rows(self) -> Small:
        """How many sightings each visit makes."""
        pages = self.home + self.shelf + 2 * (self.search + self.products + self.cart + self.checkout)
        return (pages + self.adds + self.steps).astype(np.int32)

    def take(self, chosen: slice | npt.NDArray[np.integer]) -> Visits:
        """Some of the visits, or all in another order."""
        return replace(self, **{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody who came, in the order of their ids.

    id, customer_id  as text; a customer's id is used from the first order on
    """

    id: pa.Array
    customer_id: pa.Array
    traits: Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What every row of a visit says about it, as columns of texts."""

    person: pa.Array
    session: pa.Array
    channel: pa.Array
    campaign: pa.Array
    device: pa.Array
    region: pa.Array

    def take(self, index: npt.NDArray[np.integer]) -> Walk:
        """The walks of some visits, or of their rows."""
        places = pa.array(index)
        return Walk(**{field.name: getattr(self, field.name).take(places) for field in fields(self)})

    def texts(self) -> dict[str, pa.Array]:
        """The columns by the names that the lake gives them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def walk_of(visits: Visits, everybody: People, sessions: pa.Array) -> Walk:
    """What the rows of these visits say about them."""
    return Walk(
        person=columns.taken(everybody.id, visits.person),
        session=sessions,
        channel=columns.taken(_CHANNEL_NAMES, visits.channel),
        campaign=columns.taken(people.campaign_names(), visits.campaign),
        device=columns.taken(_DEVICE_NAMES, visits.device),
        region=columns.taken(_REGION_NAMES, everybody.traits.region[visits.person]),
    )


def visits_of(
    plan: Plan,
    calendar: Calendar,
    purchases: Purchases,
    *,
    baskets: Small,
    category_shares: Floats,
    rng: np.random.Generator,
) -> tuple[Visits, People]:
    """All visits of the plan, and who made them.

    baskets  how many different goods each purchase holds
    """
    buyers = int(purchases.buyer.max()) + 1
    room = plan.sightings - int(baskets.sum() * 3.1 + len(baskets) * 8.6)
    person, day = _browsing(plan, calendar, purchases, count=int(room / _ROWS_PER_BROWSING * 1.1) + 100, rng=rng)
    everybody = int(person.max(initial=buyers - 1)) + 1
    nature = people.traits(everybody, category_shares=category_shares, rng=rng)
    buying = _buying(purchases, calendar, nature, baskets=baskets, rng=rng)
    idle = _idle(person, day, calendar, nature, is_comeback=_is_comeback(person, day, buyers=buyers), rng=rng)
    left = plan.sightings - int(buying.rows.sum())
    idle = idle.take(slice(0, int(np.searchsorted(np.cumsum(idle.rows), left, side="right"))))
    return _in_order(_stacked(buying, idle), nature, plan=plan, rng=rng)


def _browsing(
    plan: Plan, calendar: Calendar, purchases: Purchases, *, count: int, rng: np.random.Generator
) -> tuple[Small, Small]:
    """Who comes without buying on which day, in random order: buyers before they buy, regulars, and all others."""
    buyers = int(purchases.buyer.max()) + 1
    thinks = rng.random(len(purchases.day)) < _BUYERS_BROWSE
    before = np.maximum(purchases.day[thinks] - rng.geometric(0.3, int(thinks.sum())) + 1, 0)
    regulars = int(count * _REGULARS_SHARE)
    regular = purchases.buyer[rng.integers(0, len(purchases.buyer), regulars)]
    others = max(0, count - regulars - len(before))
    visitor, visited = people.browsers(plan, calendar, others, rng)
    person = np.concatenate([purchases.buyer[thinks], regular, visitor + buyers])
    day = np.concatenate([before, people.chosen(calendar.visits, regulars, rng), visited])
    order = rng.permutation(len(person))
    return person[order].astype(np.int32), day[order].astype(np.int32)


def _is_comeback(person: Small, day: Small, *, buyers: int) -> Bools:
    """Whether somebody has been here before: a buyer, or a visitor on another day than the first."""
    first = np.full(int(person.max(initial=0)) + 1, np.iinfo(np.int32).max, np.int32)
    np.minimum.at(first, person, day)
    return (person < buyers) | (day > first[person])


def _buying(
    purchases: Purchases, calendar: Calendar, nature: Traits, *, baskets: Small, rng: np.random.Generator
) -> Visits:
    count = len(baskets)
    device = _devices(purchases.buyer, nature, rng)
    device = np.where((device == PHONE) & (rng.random(count) < _BUYS_AT_DESK), DESKTOP, device).astype(np.int32)
    channel = people.channels(is_comeback=~purchases.is_new, rng=rng)
    begins = rng.random(count)
    return Visits(
        person=purchases.buyer,
        day=purchases.day,
        second=_seconds(device, rng),
        order=np.arange(count, dtype=np.int32),
        is_new=purchases.is_new,
        device=device,
        channel=channel,
        campaign=people.campaigns(channel=channel, period=calendar.period[purchases.day], rng=rng),
        home=_flags(begins < 0.42),
        shelf=_flags(begins > 0.82),
        search=_flags(rng.random(count) < 0.28),
        products=(baskets + np.minimum(rng.poisson(0.8, count), 5)).astype(np.int32),
        adds=baskets,
        cart=_flags(rng.random(count) < 0.72),
        checkout=np.ones(count, np.int32),
        # A returning shopper's address and delivery are filled in: only the way to pay is left to choose.
        steps=np.where(purchases.is_new, 3, 1).astype(np.int32),
    )


def _idle(
    person: Small, day: Small, calendar: Calendar, nature: Traits, *, is_comeback: Bools, rng: np.random.Generator
) -> Visits:
    count = len(person)
    device = _devices(person, nature, rng)
    channel = people.channels(is_comeback=is_comeback, rng=rng)
    stays = rng.random(count) >= _LEAVES_AT_ONCE[device] + _CHANNEL_LEAVES[channel]
    begins = rng.random(count)
    products = np.where(stays, np.minimum(rng.geometric(0.5, count), _MOST_PRODUCTS), begins >= 0.6)
    adding = stays & (rng.random(count) < _ADDS[device])
    adds = np.where(adding, np.minimum(products, 1 + (rng.random(count) < 0.25)), 0)
    asks = adding & (rng.random(count) < _OPENS_CHECKOUT[device])
    return Visits(
        person=person,
        day=day,
        second=_seconds(device, rng),
        order=np.full(count, -1, np.int32),
        is_new=np.zeros(count, bool),
        device=device,
        channel=channel,
        campaign=people.campaigns(channel=channel, period=calendar.period[day], rng=rng),
        home=_flags(begins < 0.38),
        shelf=_flags((begins >= 0.38) & (begins < 0.6)),
        search=_flags(stays & (rng.random(count) < 0.2)),
        products=products.astype(np.int32),
        adds=adds.astype(np.int32),
        cart=_flags(adding & (asks | (rng.random(count) < 0.45))),
        checkout=_flags(asks),
        steps=np.where(asks, rng.integers(0, 3, count), 0).astype(np.int32),
    )


def _devices(person: Small, nature: Traits, rng: np.random.Generator) -> Small:
    usual = rng.random(len(person)) < _USUAL_DEVICE
    return np.where(usual, nature.device[person], rng.integers(0, 3, len(person))).astype(np.int32)


def _seconds(device: Small, rng: np.random.Generator) -> Small:
    count = len(device)
    hours = np.where(
        device == DESKTOP, people.chosen(_HOURS_DESKTOP, count, rng), people.chosen(_HOURS_PHONE, count, rng)
    )
    return (hours * 3600 + rng.integers(0, 3600, count)).astype(np.int32)


def _flags(values: Bools) -> Small:
    return values.astype(np.int32)


def _stacked(one: Visits, other: Visits) -> Visits:
    both = {field.name: np.concatenate([getattr(one, field.name), getattr(other, field.name)]) for field in fields(one)}
    return Visits(**both)


def _in_order(visits: Visits, nature: Traits, *, plan: Plan, rng: np.random.Generator) -> tuple[Visits, People]:
    """Give everybody who came an id by the day they first came, and sort the visits by day, person and time."""
    first = np.full(len(nature.region), plan.days, np.int64)
    np.minimum.at(first, visits.person, visits.day)
    present = np.flatnonzero(first < plan.days)
    made_us = plan.start_us + first[present] * DAY_US + rng.integers(0, DAY_US, len(present))
    by_age = np.argsort(made_us, kind="stable")
    index = np.zeros(len(nature.region), np.int32)
    index[present[by_age]] = np.arange(len(present))
    made_us = np.sort(made_us)
    known = People(
        id=columns.uuid_texts(columns.in_order(columns.new_ids(made_us, rng))),
        customer_id=columns.uuid_texts(columns.new_ids(made_us, rng)),
        traits=replace(nature, **{f.name: getattr(nature, f.name)[present[by_age]] for f in fields(nature)}),
    )
    moved = replace(visits, person=index[visits.person])
    return moved.take(np.lexsort((moved.second, moved.person, moved.day)).astype(np.int32)), known
