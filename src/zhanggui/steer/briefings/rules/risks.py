"""What could go wrong, as far as the figures know: refunds, dependence on one place, newcomers staying away."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Final

from zhanggui.insight.goods.rules import Grade
from zhanggui.insight.metrics.rules import Comparison, Row
from zhanggui.steer.briefings.rules import asking
from zhanggui.steer.briefings.rules.figures import against, cell_of
from zhanggui.steer.briefings.rules.gathered import Gathered
from zhanggui.steer.briefings.rules.values import Finding, Section, Sort, Thing, ranked

# A region or product with more than this part of the money is one whose loss the shop would not carry, in hundredths.
_DEPENDS_ON_REGION: Final = 50
_DEPENDS_ON_SKU: Final = 10
_UNKNOWN: Final = 10
# So much above the usual month, in hundredths of it, refunds are told as a risk.
_USUAL: Final = 150


def risks(found: Gathered, *, key: str = "risks") -> Section:
    """What to watch, by the money that depends on it."""
    findings = [
        *_refunds(found),
        *_newcomers(found),
        *_young(found),
        *_region(found),
        *_product(found),
        *_tail(found),
        *_unknown(found),
        *_goals(found),
    ]
    return Section(key=key, findings=ranked(findings) or (Finding(key=f"no_{key}", kind="no_risks"),))


def _refunds(found: Gathered) -> Iterator[Finding]:
    """Refunds of the days far above the median of the months known; of a year, its worst month."""
    rows = [row for row in found.monthly if row.of("gmv_paid").numerator > 0]
    if len(rows) < 6:
        return
    usual = sorted(rows, key=_refund_rate)[len(rows) // 2]
    worst = max(rows, key=lambda row: (_refund_rate(row), cell_of(row)))
    shown = worst if found.kind.value == "year" else found.now
    if 100 * _refund_rate(shown) <= _USUAL * median(map(_refund_rate, rows)):
        return
    asked = asking.source(found.shop, "refund_amount_rate", found.period)
    at = cell_of(worst).isoformat() if shown is worst else found.period.start.isoformat()
    paid, back = shown.of("gmv_paid").numerator, shown.of("refund_amount").numerator
    yield Finding(
        key="refunds_high",
        kind="refunds_high",
        things=(Thing(name="at", sort=Sort.MONTH, code=at),),
        numbers=(
            asking.rate("now", back, paid, asked),
            asking.rate("usual", usual.of("refund_amount").numerator, usual.of("gmv_paid").numerator, asked),
            asking.money("amount", back, asked),
        ),
        weight=back,
    )


def _newcomers(found: Gathered) -> Iterator[Finding]:
    """Money of new buyers below that of the other period."""
    comparison = Comparison.YEAR if found.year else Comparison.PREVIOUS
    one = against(found, "gmv_new", comparison)
    if one is None or one.kind != "figure_down":
        return
    yield Finding(
        key="newcomers_fewer", kind="newcomers_fewer", things=one.things, numbers=one.numbers, weight=one.weight
    )


def _young(found: Gathered) -> Iterator[Finding]:
    """Books that begin too late to tell who was new a year before; said beside the fall of the newcomers."""
    if not found.is_young or not list(_newcomers(found)):
        return
    thing = Thing(name="at", sort=Sort.DAY, code=found.begins_on.isoformat())
    yield Finding(key="books_young", kind="books_young", things=(thing,))


def _region(found: Gathered) -> Iterator[Finding]:
    whole = found.now.of("gmv_paid").numerator
    regions = found.assortment.regions if found.assortment else ()
    named = [one for one in regions if one.region]
    if not named or not whole:
        return
    first = named[0]
    if 100 * first.amount.minor < _DEPENDS_ON_REGION * whole:
        return
    asked = asking.source(found.shop, "gmv_paid", found.period, cut="region", cell=first.region)
    yield Finding(
        key="region_depends",
        kind="region_depends",
        things=(Thing(name="place", sort=Sort.REGION, code=first.region),),
        numbers=(
            asking.rate("share", first.amount.minor, whole, asked),
            asking.money("now", first.amount.minor, asked),
        ),
        weight=first.amount.minor,
    )


def _product(found: Gathered) -> Iterator[Finding]:
    """A single product with a large part of the goods' money."""
    if not found.assortment or not found.assortment.amount:
        return
    first, whole = found.assortment.goods[0].sku, found.assortment.amount.minor
    if 100 * first.amount.minor < _DEPENDS_ON_SKU * whole:
        return
    asked = asking.source(found.shop, "goods_paid", found.period, cut="sku", cell=first.sku)
    zh, en = found.names.get(first.sku, ("", ""))
    yield Finding(
        key="product_depends",
        kind="product_depends",
        things=(Thing(name="place", sort=Sort.SKU, code=first.sku, zh=zh, en=en),),
        numbers=(
            asking.rate("share", first.amount.minor, whole, asked),
            asking.money("now", first.amount.minor, asked),
        ),
        weight=first.amount.minor,
    )


def _tail(found: Gathered) -> Iterator[Finding]:
    """The products that bring the last twentieth of the money together."""
    if not found.assortment or not found.assortment.amount:
        return
    tail, whole = found.assortment.of(Grade.C), found.assortment.goods
    if 2 * len(tail) < len(whole):
        return
    asked = asking.source(found.shop, "goods_paid", found.period, page="goods", args=())
    minor = found.assortment.amount_of(Grade.C).minor
    yield Finding(
        key="tail",
        kind="tail",
        numbers=(
            asking.count("goods", len(tail), asked),
            asking.count("all", len(whole), asked),
            asking.rate("share", minor, found.assortment.amount.minor, asked),
        ),
        weight=minor,
    )


def _unknown(found: Gathered) -> Iterator[Finding]:
    """Money of buyers whom nobody can write to."""
    figures = [found.now.get(key) for key in ("gmv_paid", "gmv_new", "gmv_returning")]
    whole, new, returning = (one.numerator if one else 0 for one in figures)
    unknown = whole - new - returning
    if not whole or 100 * unknown < _UNKNOWN * whole:
        return
    asked = asking.source(found.shop, "gmv_paid", found.period, page="why", more=(("by", "buyers"),), args=())
    yield Finding(
        key="buyers_unknown",
        kind="buyers_unknown",
        numbers=(asking.rate("share", unknown, whole, asked), asking.money("now", unknown, asked)),
        weight=unknown,
    )


def _goals(found: Gathered) -> Iterator[Finding]:
    """Goals that still run and will, as it stands, be missed."""
    for goal in found.goals:
        if not goal.is_over and not goal.is_met and goal.stake_minor:
            asked = asking.goal_source(found.shop, goal, found.period)
            yield Finding(
                key=f"goal_at_risk_{goal.id}",
                kind="goal_at_risk",
                things=(Thing(name="metric", sort=Sort.METRIC, code=goal.metric),),
                numbers=(asking.money("size", goal.stake_minor, asked),),
                weight=goal.stake_minor,
            )


def _refund_rate(row: Row) -> float:
    paid = row.of("gmv_paid").numerator
    return row.of("refund_amount").numerator / paid if paid else 0.0
