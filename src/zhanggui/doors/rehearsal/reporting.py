"""What was planted and what insight says of it, in words for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.rehearsal.findings import Finding
from zhanggui.doors.rehearsal.simulator.plan import CURRENCY
from zhanggui.doors.rehearsal.simulator.plants import Plant
from zhanggui.doors.rehearsal.simulator.truths import Truth

_MONEY: Final = frozenset({"gmv_paid", "goods_paid", "lift", "after"})
_RATES: Final = frozenset({"order_rate_change", "returning_share_change", "yield_change", "zero_result_rate"})
WORDS: Final = {
    "order_rate_change": lazy("checkouts that end with an order, against before"),
    "conversion_ratio": lazy("conversion of the channel's visits, over what it was"),
    "demand_ratio": lazy("orders over views, over what they were"),
    "elasticity": lazy("elasticity of demand"),
    "returning_share_change": lazy("returning buyers' share of orders, against other regions"),
    "gmv_paid": lazy("paid in the region, against its band"),
    "goods_paid": lazy("paid for the category, against its band"),
    "lift": lazy("paid for the category while it lasted, beyond the weeks before (95 %)"),
    "after": lazy("paid for the category on as many days after, beyond the weeks before (95 %)"),
    "days_out": lazy("days out of stock"),
    "yield_change": lazy("orders over views, against before"),
    "zero_result_rate": lazy("searches for words that find nothing, of all"),
}


def lines(truths: Iterable[Truth], found: Iterable[Finding]) -> Iterator[str]:
    """A line for each plant with its true size, and one for each number that insight states of it."""
    by_plant: dict[Plant, list[Finding]] = {}
    for one in found:
        by_plant.setdefault(one.plant, []).append(one)
    for truth in truths:
        yield _truth(truth)
        yield from map(_finding, by_plant.get(truth.plant, ()))


def _truth(truth: Truth) -> str:
    plant = truth.plant
    language = get_language() or "en"
    return _("Planted: {name}, {days} days. True size: {orders} orders, {money}.").format(
        name=plant.name.zh if language.startswith("zh") else plant.name.en,
        days=plant.days,
        orders=f"{truth.orders:+,}",
        money=formats.money(Money(truth.amount_minor, CURRENCY), language=language),
    )


def _finding(one: Finding) -> str:
    name = str(WORDS[one.what])
    return _("  {what}: true {true}; insight says {found}, between {low} and {high}{seen}").format(
        what=f"{name}, {one.day}" if one.day else name,
        true=_size(one.what, one.true),
        found=_size(one.what, one.found),
        low=_size(one.what, one.interval.low),
        high=_size(one.what, one.interval.high),
        seen=_("; beyond chance") if one.is_seen else "",
    )


def _size(what: str, number: float) -> str:
    language = get_language() or "en"
    if what in _MONEY:
        return formats.money(Money(round(number), CURRENCY), language=language)
    if what in _RATES:
        return formats.percent(number, language=language)
    return f"{number:.2f}"
