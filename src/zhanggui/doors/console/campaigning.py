"""What promotions brought, as it is read: offers as rows, their days as a chart, and all of it as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.console import charts, why_words, words
from zhanggui.doors.console.charting.windows import Mark, windowed
from zhanggui.doors.console.exporting import Cell, Table, as_rate
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.campaigns.queries import Conversions, Day, Detail
from zhanggui.insight.campaigns.rules import Conversion, Kind, Lack, Stage, Standing, Uplift
from zhanggui.insight.metrics.rules import Cut

KINDS: Final[Mapping[Kind, Promise]] = {
    Kind.PROMOTION: lazy("Promotion"),
    Kind.FLASH: lazy("Flash sale"),
    Kind.PRESALE: lazy("Presale"),
}
LACKS: Final[Mapping[Lack, Promise]] = {
    Lack.YOUNG: lazy("Less than four weeks of sales before it are known: nothing can be expected of its goods."),
    Lack.TO_COME: lazy("None of its days is over yet."),
    Lack.UNUSED: lazy("No order paid in this period used it, so nothing that came on top can be its doing."),
    Lack.GOODS: lazy("No order used it and nobody says which goods it was about."),
}
# The console's page about an offer, by its id.
ROUTES: Final[Mapping[Kind, str]] = {
    Kind.PROMOTION: "promotion",
    Kind.FLASH: "flash_sale",
    Kind.PRESALE: "presale",
}
_SORTS: Final[Mapping[str, Callable[[Standing], int | Decimal | None]]] = {
    "start": lambda one: one.days.start.toordinal(),
    "given": lambda one: one.touched.given.minor,
    "orders": lambda one: one.touched.orders,
    "touched": lambda one: one.touched.money.minor,
    "more": lambda one: one.uplift.more.minor if one.uplift else None,
    "net": lambda one: one.net.minor if one.net is not None else None,
    "roi": lambda one: one.roi if one.roi is not None else one.money_per_given,
}
USUAL_SORT: Final = "start"
_LEAST: Final = Decimal("-Infinity")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An offer as a row.

    days     on which it was on in the period
    returns  the margin, or else the paid amount, on top of each unit given; `is_margin` says which
    lack     why nothing can be said of what came on top; empty if it can
    """

    standing: Standing
    name: str
    kind: str
    days: str
    returns: Decimal | None
    is_margin: bool
    lack: str


def not_over(scope: Scope) -> date:
    """The first day of a shop that is not over: the history that was imported is, to its last day."""
    return scope.today if scope.shop.kind is ShopKind.OWN else scope.today + timedelta(days=1)


def sort_of(said: str) -> str:
    """By what the address wants the offers sorted."""
    return said if said in _SORTS else USUAL_SORT


def rows(found: Sequence[Standing], *, sort: str) -> list[Row]:
    """Offers, the most first; those of which it cannot be said stand last."""

    def size(one: Standing) -> int | Decimal:
        known = _SORTS[sort](one)
        return _LEAST if known is None else known

    return [row(one) for one in sorted(found, key=size, reverse=True)]


def row(one: Standing) -> Row:
    """An offer in words."""
    returns = one.roi if one.roi is not None else one.money_per_given
    return Row(
        standing=one,
        name=one.offer.name(words.language()),
        kind=str(KINDS[one.offer.kind]),
        days=words.span(one.days),
        returns=None if returns is None else returns.quantize(_CENT),
        is_margin=one.roi is not None,
        lack=str(LACKS[one.lack]) if one.lack else "",
    )


def chart(found: Detail, scope: Scope) -> charts.Spec:
    """What an offer's goods sold day by day before what was expected, its days shaded."""
    offer, name = found.standing.offer, found.standing.offer.name(words.language())
    first, last = found.days[0].day, found.days[-1].day
    said = charts.Words(
        title=finding(found.standing),
        subtitle=_("Paid for its goods (%(currency)s) by day, %(start)s to %(end)s, %(zone)s")
        % {
            "currency": scope.shop.currency,
            "start": formats.day(first, language=words.language()),
            "end": formats.day(last, language=words.language()),
            "zone": scope.shop.zone,
        },
        language=words.language(),
    )
    window = (max(offer.start, first), min(offer.end or last, last + timedelta(days=1)))
    return windowed(
        [_mark(one) for one in found.days], words=said, name=_("Paid for its goods"), window=window, called=name
    )


def finding(one: Standing) -> str:
    """What can be said of an offer, in a sentence."""
    if one.uplift is None:
        return str(LACKS[one.lack]) if one.lack else ""
    if not one.uplift.is_beyond_chance or one.uplift.rate is None:
        return _("What came on top is not told from chance")
    rate = formats.percent(abs(one.uplift.rate), language=words.language())
    if one.uplift.more.minor > 0:
        return _("Its goods sold %(rate)s more than expected") % {"rate": rate}
    return _("Its goods sold %(rate)s less than expected") % {"rate": rate}


def interval(uplift: Uplift | None) -> str:
    """Between what and what the difference lies; empty if nothing is known of it."""
    if uplift is None:
        return ""
    low, high = (why_words.signed(one) for one in (uplift.low, uplift.high))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def judged(one: Standing) -> str:
    """From how many days the expectation was made, and how many were judged by it."""
    if one.uplift is None:
        return ""
    language = words.language()
    said = ngettext(
        "%(n)s day is over and judged, by %(learnt)s days before it.",
        "%(n)s days are over and judged, by %(learnt)s days before them.",
        one.uplift.days,
    )
    return said % {
        "n": formats.number(one.uplift.days, language=language),
        "learnt": formats.number(one.uplift.learnt_days, language=language),
    }


def table(shown: Sequence[Row], scope: Scope) -> Table:
    """The offers as a file."""
    unit = {"unit": scope.shop.currency}
    heads = (
        _("Offer"),
        _("Kind"),
        _("First day"),
        _("Last day"),
        _("Given away (%(unit)s)") % unit,
        _("Given by others (%(unit)s)") % unit,
        _("Orders"),
        _("Pieces"),
        _("Touched (%(unit)s)") % unit,
        *_uplift_heads(_("On top"), unit),
        *_uplift_heads(_("Goods beside"), unit),
        *_uplift_heads(_("Days after"), unit),
        _("Net (%(unit)s)") % unit,
        _("Margin on top (%(unit)s)") % unit,
        _("Margin per unit given"),
        _("Paid amount per unit given"),
    )
    return Table(name=_file("offers", scope), heads=heads, rows=[_cells(one) for one in shown])


def detail_table(found: Detail, scope: Scope) -> Table:
    """The days of an offer as a file."""
    unit = {"unit": scope.shop.currency}
    heads = (
        _("Day"),
        _("Paid for its goods (%(unit)s)") % unit,
        _("Expected (%(unit)s)") % unit,
        _("From (%(unit)s)") % unit,
        _("To (%(unit)s)") % unit,
        _("Was on"),
    )
    lines = [(one.day, one.actual, *(_minor(size, scope) for size in _ends(one)), int(one.is_on)) for one in found.days]
    return Table(name=_file(f"offer-{found.standing.offer.id}", scope), heads=heads, rows=lines)


def goods_table(found: Detail, names: Mapping[str, str], scope: Scope) -> Table:
    """The goods of an offer as a file."""
    unit = {"unit": scope.shop.currency}
    heads = (
        _("SKU"),
        _("Product"),
        _("Orders"),
        _("Pieces"),
        _("Touched (%(unit)s)") % unit,
        *_uplift_heads(_("On top"), unit),
    )
    lines = [
        (one.sku, names.get(one.sku, ""), one.orders, one.units, one.money, *_uplift_cells(one.uplift))
        for one in found.goods
    ]
    return Table(name=_file(f"offer-goods-{found.standing.offer.id}", scope), heads=heads, rows=lines)


def conversion_table(found: Conversions, scope: Scope) -> Table:
    """Deposits by day as a file."""
    heads = (
        _("Deposit paid on"),
        _("Deposits"),
        _("Balances paid"),
        _("Forfeited"),
        _("Returned"),
        _("Still open"),
        _("Balances paid, rate"),
    )
    return Table(
        name=_file("deposits", scope),
        heads=heads,
        rows=[(day, *_conversion_cells(one)) for day, one in sorted(found.by_day.items())],
    )


def presales(found: Conversions, shown: Sequence[Row]) -> list[tuple[str, Row | None, Conversion]]:
    """Presales with their deposits, the most deposits first."""
    named = {one.standing.offer.id: one for one in shown if one.standing.offer.kind is Kind.PRESALE}
    ordered = sorted(found.by_presale.items(), key=lambda one: (-one[1].deposits, one[0]))
    return [(named[id].name if id in named else id, named.get(id), one) for id, one in ordered]


def staged(found: tuple[Stage, Stage] | None) -> list[tuple[str, Stage]]:
    """The stages of a campaign with their names."""
    return list(zip((_("Warm-up"), _("Burst")), found, strict=True)) if found else []


def sku_scope(scope: Scope, sku: str, one: Standing) -> Scope:
    """The orders of a SKU on the days of an offer."""
    return scope.on(one.days).only(Cut.SKU, sku)


def _uplift_heads(name: str, unit: Mapping[str, str]) -> tuple[str, ...]:
    of = {"name": name, **unit}
    return (
        _("%(name)s (%(unit)s)") % of,
        _("%(name)s, from (%(unit)s)") % of,
        _("%(name)s, to (%(unit)s)") % of,
        _("%(name)s, rate") % of,
    )


def _uplift_cells(uplift: Uplift | None) -> tuple[Money | Decimal | None, ...]:
    if uplift is None:
        return (None, None, None, None)
    return uplift.more, uplift.low, uplift.high, as_rate(uplift.rate)


def _cells(one: Row) -> tuple[Cell, ...]:
    standing, touched = one.standing, one.standing.touched
    return (
        one.name,
        one.kind,
        standing.days.start,
        standing.days.last,
        touched.given,
        touched.given_by_others,
        touched.orders,
        touched.units,
        touched.money,
        *_uplift_cells(standing.uplift),
        *_uplift_cells(standing.beside),
        *_uplift_cells(standing.after),
        standing.net,
        standing.margin.more if standing.margin else None,
        standing.roi,
        standing.money_per_given,
    )


def _conversion_cells(one: Conversion) -> tuple[int | Decimal | None, ...]:
    return one.deposits, one.kept, one.forfeited, one.returned, one.open, as_rate(one.rate)


def _ends(day: Day) -> tuple[float | None, ...]:
    return day.expected, day.low, day.high


def _minor(size: float | None, scope: Scope) -> Money | None:
    return None if size is None else Money(round(size), scope.shop.currency)


def _mark(one: Day) -> Mark:
    language, scale = words.language(), float(Money(1, one.actual.currency).major)
    sizes = [None if size is None else size * scale for size in _ends(one)]
    amounts = [None if size is None else Money(round(size), one.actual.currency) for size in _ends(one)]
    said = [formats.money(amount, language=language) if amount is not None else "—" for amount in amounts]
    wanted = _("%(expected)s (%(low)s to %(high)s)") % {"expected": said[0], "low": said[1], "high": said[2]}
    return Mark(
        at=one.day,
        size=float(one.actual.major),
        expected=sizes[0],
        low=sizes[1],
        high=sizes[2],
        is_open=not one.is_over,
        when=formats.day(one.day, language=language),
        said=formats.money(one.actual, language=language),
        wanted=wanted if one.expected is not None else "—",
    )


def _file(what: str, scope: Scope) -> str:
    return f"{what}-{scope.shop.code}-{scope.period.start}-{scope.period.last}"
