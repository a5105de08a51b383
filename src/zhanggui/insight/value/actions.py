"""Fitting the models of buyers anew, and saying what a shop's margin is."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.value import models, queries
from zhanggui.insight.value.errors import MarginUnlikely
from zhanggui.insight.value.queries import lifetime
from zhanggui.insight.value.rules import Fit, fitted, held_from, lack_of
from zhanggui.spine.facts.marketing import MarginSet
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_MADE = ("as_of", "shop")


def refit(*, shop: str, at: datetime) -> Fit:
    """Fit a shop's models on all orders before today and keep them; a refusal is kept with its reason.

    Takes seconds for a million buyers, and no transaction while it counts. The same day's fit is replaced.

    refuses  NoSuchShop
    """
    books = shops.shop(shop)
    known = queries.buyers_as_of(shop, _as_of(books, at))
    start = None if lack_of(known.inputs) else held_from(known.inputs)
    if start is None:
        found = Fit(inputs=known.inputs, made_at=at, lack=lack_of(known.inputs))
    else:
        found = fitted(
            known.inputs,
            known.buyers,
            before=queries.buyers_as_of(shop, start).buyers,
            came=lifetime.order_days_from(shop, start, known.as_of),
            made_at=at,
        )
    _keep(shop=shop, found=found)
    return found


def refit_all(*, at: datetime) -> int:
    """Fit the models of every shop; how many there are."""
    every = shops.shops()
    for books in every:
        refit(shop=books.code, at=at)
    return len(every)


@job(name="insight.refit_value_of")
def refit_one(*, shop: str) -> None:
    """Fit the models of one shop anew, because somebody asked for it."""
    refit(shop=shop, at=clock.now())


@operation
def ask_refit(*, shop: str) -> None:
    """Have a shop's models fitted anew by a job; asking again while one waits changes nothing."""
    later(refit_one, once=f"refit/{shop}", shop=shop)


@operation
def set_margin(*, shop: str, rate: Decimal, by: Actor) -> None:
    """Say what is left of a shop's revenue after the goods.

    rate     0 to 1, four places, such as 0.35
    refuses  MarginUnlikely, NoSuchShop
    tells    insight.margin_set
    """
    code = shops.shop(shop).code
    if not 0 <= rate <= 1 or rate != rate.quantize(Decimal("0.0001")):
        raise MarginUnlikely(said=str(rate))
    models.Margin.objects.bulk_create(
        [models.Margin(shop=code, rate=rate, set_at=clock.now())],
        update_conflicts=True,
        unique_fields=["shop"],
        update_fields=["rate", "set_at"],
    )
    record(MarginSet(margin_bp=int(rate * 10_000)), by=by, trail=Trail(shop=code), subject=f"shop:{code}")


@operation
def _keep(*, shop: str, found: Fit) -> None:
    row = models.Fit(shop=shop, **_columns(found))
    models.Fit.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["shop", "as_of"],
        update_fields=[name for name in _columns(found) if name not in _MADE],
    )


def _columns(found: Fit) -> dict[str, Any]:
    """All columns but the shop; a refused fit empties those of the parameters."""
    ordering, spending, inputs = found.ordering, found.spending, found.inputs
    return {
        "as_of": inputs.as_of,
        "made_at": found.made_at,
        "buyers": inputs.buyers,
        "repeat_buyers": inputs.repeat_buyers,
        "order_days": inputs.order_days,
        "first_day": inputs.first_day,
        "lack": found.lack or "",
        "r": ordering and ordering.r,
        "alpha_weeks": ordering and ordering.alpha,
        "a": ordering and ordering.a,
        "b": ordering and ordering.b,
        "orders_ll": ordering and ordering.log_likelihood,
        "p": spending and spending.p,
        "q": spending and spending.q,
        "v_minor": spending and spending.v,
        "spending_ll": spending and spending.log_likelihood,
        "held_from": found.held_from,
        "bins": [[one.repeats, one.people, one.expected_tenths, one.came] for one in found.bins],
    }


def _as_of(books: Shop, at: datetime) -> date:
    """Today in an open shop; of an imported one, the day after its last."""
    today = clock.day_of(at, books.zone)
    days = metrics.days(books.code)
    if days is None or books.kind is ShopKind.OWN:
        return today
    return date.fromordinal(days[1].toordinal() + 1)
