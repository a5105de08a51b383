"""Filling the demonstration shop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

import numpy as np

from zhanggui.base import clock
from zhanggui.base.jobs.actions import later
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.errors import KeyReused
from zhanggui.base.operation.rules import Actor, job
from zhanggui.base.rates import actions as exchange
from zhanggui.base.shops import actions as opening
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.errors import NoSuchShop
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.rehearsal import catalogue, counter, dressing, findings, houses, jobs, offers, reviews, voices
from zhanggui.doors.rehearsal import orders as own_orders
from zhanggui.doors.rehearsal.drawing.picture import picture
from zhanggui.doors.rehearsal.drawing.turned import cup
from zhanggui.doors.rehearsal.errors import FilledOtherwise, ShopInUse, ShopUnfit
from zhanggui.doors.rehearsal.findings import Finding
from zhanggui.doors.rehearsal.simulator.plan import CURRENCY, ZONE, Ints, Plan
from zhanggui.doors.rehearsal.simulator.plants import Plant
from zhanggui.doors.rehearsal.simulator.sowing import check
from zhanggui.doors.rehearsal.simulator.truths import Truth
from zhanggui.doors.rehearsal.simulator.world import Said, World, simulate
from zhanggui.guard.tax import actions as taxes
from zhanggui.insight.lake import actions as lake_actions
from zhanggui.insight.lake import queries as lake
from zhanggui.shop.catalogue import actions as shelves
from zhanggui.shop.catalogue import queries as shelf_queries
from zhanggui.shop.catalogue import rules as shelf
from zhanggui.shop.checkout import actions as checkout
from zhanggui.shop.reviews import actions as opinions
from zhanggui.shop.reviews import rules as opinion
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

DAYS: Final = 365
# Four in a hundred visitors buy then; 40,000 orders on a million sightings would mean that every fifth one buys.
SIGHTINGS: Final = 3_400_000
ORDERS: Final = 40_000
SEED: Final = 20_080_808

_NAME: Final = "掌柜小铺"
_UNITS_ON_HAND: Final = (40, 400)
_UNITS_OF_NO_THING: Final = 9999
_GLAZE: Final = (0.74, 0.62, 0.45)
_LATE_MONTHS: Final = 2
_BY: Final[Actor] = job("rehearsal")


class Stage(StrEnum):
    """What is being done."""

    SHELVES = "shelves"
    YEAR = "year"
    FIGURES = "figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a stage is: goods, sightings or days of figures out of all."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FillReport:
    """What the shop holds now.

    new_rows  rows of the lake that were added by this call; 0 if all stood already
    truths    of what was planted;  found what insight says of it
    """

    shop: str
    first_day: date
    last_day: date
    products: int
    reviews: int
    rows: int
    new_rows: int
    truths: tuple[Truth, ...] = ()
    found: tuple[Finding, ...] = ()


def fill(
    *,
    shop: str,
    days: int = DAYS,
    sightings: int = SIGHTINGS,
    orders: int = ORDERS,
    seed: int = SEED,
    plants: Sequence[Plant] = (),
    progress: Callable[[Progress], None] | None = None,
) -> FillReport:
    """Fill a shop with goods, reviews, a past that ends yesterday, offers, and orders of today, so that today is live.

    Goes on where a call before was stopped, with the same past; done twice, it changes nothing.

    shop       its code; it is opened if it does not stand yet
    sightings  at least 14 per order
    plants     what is wrong or new in its past; what insight says of them is reported beside the truth. Such a shop has
               figures and no goods on its shelves, so that it can stand beside the demonstration, whose SKUs they are
    refuses    ShopInUse, ShopUnfit, FilledOtherwise, ValueError if a plant is about what the shop has not; nothing is
               written. LakeFull, LakeUnwritable
    """
    watch = progress or (lambda at: None)
    for plant in plants:
        check(plant, catalogue.goods(), days=days)
    plan = _agreed_plan(shop=shop, days=days, sightings=sightings, orders=orders, seed=seed, plants=plants)
    products = 0 if plants else len(plan.goods)
    watch(Progress(stage=Stage.SHELVES, done=0, total=products))
    if not plants:
        _furnish(shop=shop, first_day=plan.first_day, idempotency_key=f"rehearsal/{shop}/shelves")
    watch(Progress(stage=Stage.SHELVES, done=products, total=products))
    world = simulate(plan, np.random.default_rng(seed), plants=plants)
    written, outcomes = _write_down(world, watch)
    reviewed = 0 if plants else _come_to_life(plan, outcomes, seed=seed)
    lake_actions.roll(
        shop, progress=lambda at: watch(Progress(stage=Stage.FIGURES, done=at.done_days, total=at.all_days))
    )
    if not plants:
        # Some weeks of steering take a minute: the shop opens meanwhile.
        numbers = {"days": days, "sightings": sightings, "orders": orders}
        later(jobs.steer, once=f"rehearsal/{shop}", shop=shop, last_day=plan.last_day.isoformat(), **numbers)
    return FillReport(
        shop=shop,
        first_day=plan.first_day,
        last_day=plan.last_day,
        products=products,
        reviews=reviewed,
        rows=written.rows,
        new_rows=written.new_rows,
        truths=(truths := world.truths()),
        found=findings.findings(shop=shop, plan=plan, truths=truths, at=clock.now()),
    )


def _come_to_life(plan: Plan, outcomes: Sequence[_Outcome], *, seed: int) -> int:
    """What the past left behind: reviews and ranks, then offers and orders of today; how many reviews there are."""
    shop = plan.shop
    said = _reviews(plan, [outcome.said for outcome in outcomes], np.random.default_rng(seed))
    sold = np.sum([outcome.sold_units for outcome in outcomes[-_LATE_MONTHS:]], axis=0)

    @operation
    def publish(*, idempotency_key: str) -> None:
        since, until = clock.span_of(plan.first_day, ZONE)[0], clock.span_of(plan.last_day, ZONE)[1]
        opinions.add_reviews(reviews=voices.answered(said, until=until))
        skus = [item.sku for item in plan.goods]
        opinions.add_questions(questions=voices.questions(skus, shop=shop, since=since, until=until))
        shelves.rank(shop=shop, sold_units={item.sku: int(n) for item, n in zip(plan.goods, sold, strict=True)})

    publish(idempotency_key=f"rehearsal/{shop}/reviews")
    offers.put_up(shop=shop, idempotency_key=f"rehearsal/{shop}/offers")
    own_orders.place(shop=shop, idempotency_key=f"rehearsal/{shop}/orders")
    return len(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What the catalogue learns from a month."""

    said: Said
    sold_units: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """How many rows the past has, and how many of them are new in the lake."""

    rows: int
    new_rows: int


def _agreed_plan(*, shop: str, days: int, sightings: int, orders: int, seed: int, plants: Sequence[Plant]) -> Plan:
    """What the shop is filled with: the same on every day after the first call."""
    try:
        standing = shops.shop(shop)
    except NoSuchShop:
        standing = opening.open_shop(shop=Shop(code=shop, name=_NAME, zone=ZONE, currency=CURRENCY, kind=ShopKind.OWN))
    if (standing.zone, standing.currency) != (ZONE, CURRENCY):
        raise ShopUnfit(shop=shop, zone=standing.zone, currency=standing.currency)
    agree: Callable[..., date] = _agree_on_last_day
    if plants:
        # Shops that were filled before anything could be planted agreed without the word.
        agree = partial(agree, plants=repr(tuple(plants)))
    try:
        last_day = agree(
            shop=shop, days=days, sightings=sightings, orders=orders, seed=seed, idempotency_key=f"rehearsal/{shop}"
        )
    except KeyReused as other:
        raise FilledOtherwise(shop=shop) from other
    return Plan(shop=shop, goods=catalogue.goods(), last_day=last_day, days=days, sightings=sightings, orders=orders)


@operation
def _agree_on_last_day(
    *, shop: str, days: int, sightings: int, orders: int, seed: int, plants: str = "", idempotency_key: str
) -> date:
    """Yesterday, when the shop was asked to be filled for the first time; later calls get the same answer.

    refuses  ShopInUse the first time, KeyReused if other sizes or plants are asked for later
    """
    if lake.days(shop) is not None or shelf_queries.categories(shop):
        raise ShopInUse(shop=shop)
    return clock.day_of(clock.now(), ZONE) - timedelta(days=1)


@operation
def _furnish(*, shop: str, first_day: date, idempotency_key: str) -> None:
    """Put the goods up, say what delivery costs, and have pieces of everything in the house; once.

    tells  supply.stock_received; not that the goods are listed, for the shop's past does
    """
    goods = catalogue.goods()
    shelves.put_up_categories(categories=dressing.categories(shop))
    listed_at, _ = clock.span_of(first_day, ZONE)
    model = shelves.keep_file(content=cup(colour=_GLAZE))
    at = clock.now()
    products = [dressing.dressed(item, _product(item, shop=shop), at=at, model=model) for item in goods]
    shelves.stock_shelves(products=products, listed_at=listed_at)
    extras = dressing.extras(shop)
    shelves.stock_shelves(products=extras, listed_at=listed_at)
    checkout.put_up_options(shop=shop, options=counter.options())
    taxes.set_rates(shop=shop, rates=counter.TAXES)
    exchange.set_rates(rates=counter.rates(first_day))
    on_hand = np.random.default_rng(SEED).integers(*_UNITS_ON_HAND, len(goods))
    units = {own.sku: int(n) for product, n in zip(products, on_hand, strict=True) for own in product.skus}
    units |= {extra.sku: _UNITS_OF_NO_THING for extra in extras if not extra.parts}
    for house in houses.houses(shop):
        stock.describe(warehouse=house, trail=Trail(shop=shop), by=_BY)
    for code, lying in houses.spread(units, shop=shop).items():
        stock.receive(reference=f"rehearsal/{shop}", units=lying, warehouse=code, trail=Trail(shop=shop), by=_BY)


def _write_down(world: World, watch: Callable[[Progress], None]) -> tuple[_Written, list[_Outcome]]:
    """Bring the past into the lake, a month at a time; a month that stands already is left alone."""
    plan = world.plan
    rows = new_rows = 0
    outcomes = []
    for month in world.months():
        added = lake_actions.append(f"rehearsal/{month.first_day:%Y-%m}", month.events, shop=plan.shop)
        rows, new_rows = rows + month.events.num_rows, new_rows + added.rows
        outcomes.append(_Outcome(said=month.said, sold_units=month.sold_units))
        done = len(outcomes) * plan.sightings // len(list(plan.months()))
        watch(Progress(stage=Stage.YEAR, done=done, total=plan.sightings))
    return _Written(rows=rows, new_rows=new_rows), outcomes


def _reviews(plan: Plan, said: Sequence[Said], rng: np.random.Generator) -> list[opinion.NewReview]:
    """The words to the ratings, by goods and time."""
    goods = np.concatenate([each.goods for each in said])
    ratings = np.concatenate([each.rating for each in said])
    at_us = np.concatenate([each.at_us for each in said])
    numbers = [number for each in said for number in each.order_number.to_pylist()]
    found = []
    for place, item in enumerate(plan.goods):
        own = np.flatnonzero(goods == place)
        own = own[np.argsort(at_us[own], kind="stable")]
        for row, written in zip(own.tolist(), reviews.write(item, ratings[own].tolist(), rng), strict=True):
            found.append(
                opinion.NewReview(
                    shop=plan.shop,
                    sku=item.sku,
                    rating=int(ratings[row]),
                    words=written.text,
                    language=written.language,
                    author=written.author,
                    at=clock.from_micros(int(at_us[row])),
                    order_number=numbers[row],
                )
            )
    return found


def _product(item: catalogue.Goods, *, shop: str) -> shelf.NewProduct:
    return shelf.NewProduct(
        sku=item.sku,
        shop=shop,
        title=_words(item.title),
        summary=_words(item.why),
        brand=_words(item.brand),
        category=item.category.key,
        price=Money(item.price_minor, CURRENCY),
        cost=Money(item.cost_minor, CURRENCY),
        weight_g=item.weight_g,
        attributes=tuple(shelf.Attribute(name=_words(a.name), value=_words(a.value)) for a in item.attributes),
        proof=_words(item.proof),
        picture_svg=picture(item),
    )


def _words(said: catalogue.Words) -> shelf.Words:
    return shelf.Words(zh=said.zh, en=said.en)
