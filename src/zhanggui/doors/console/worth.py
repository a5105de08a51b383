"""What buyers are worth, as it is read: rows by cohort or channel, their chart, and how well the models foretell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.console import charts, words
from zhanggui.doors.console.charting.dots import Dot, dots
from zhanggui.doors.console.exporting import Table
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.metrics.rules import Cut, Step
from zhanggui.insight.value.rules import MOST_REPEATS_SHOWN, Bin, Fit, Lack, Worth

LACKS: Final[dict[Lack, Promise]] = {
    Lack.BUYERS: lazy("There are too few buyers: it takes 200 known ones."),
    Lack.REPEAT_BUYERS: lazy("Too few bought again: it takes 50 who did."),
    Lack.DAYS: lazy("The time is too short: it takes eight weeks of orders."),
    Lack.NOT_SETTLED: lazy("No rates fit how these buyers order; the search did not come to rest."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Buyers of a cohort or of a channel.

    *_each   a head, rounded to the minor unit
    margin   of `ahead`, None if the shop has not said its margin rate
    """

    key: str
    name: str
    people: int
    alive: Decimal
    orders: Decimal
    history: Money
    ahead: Money
    margin: Money | None

    @property
    def history_each(self) -> Money:
        """What one of them paid so far."""
        return _each(self.history, self.people)

    @property
    def ahead_each(self) -> Money:
        """What one of them is expected to pay in the next 365 days."""
        return _each(self.ahead, self.people)

    @property
    def alive_rate(self) -> Decimal:
        """How many of them are expected to order ever again, as a rate."""
        return self.alive / self.people if self.people else Decimal(0)


def as_of(scope: Scope) -> date:
    """Orders before this day count: today is not over; of an imported shop, its last day is."""
    return scope.today if scope.shop.kind is ShopKind.OWN else scope.today + timedelta(days=1)


def by_cohort(cells: Sequence[Worth], *, margin_rate: Decimal | None) -> tuple[Row, ...]:
    """A row for each month of a first order, the latest first."""
    return _rows(cells, lambda cell: (cell.cohort.isoformat(), words.month(cell.cohort)), margin_rate)


def by_channel(cells: Sequence[Worth], *, margin_rate: Decimal | None) -> tuple[Row, ...]:
    """A row for each channel of a first order, the most expected first."""
    rows = _rows(cells, lambda cell: (cell.channel, words.cell(Cut.CHANNEL, cell.channel)), margin_rate)
    return tuple(sorted(rows, key=lambda row: (-row.ahead.minor, row.key)))


def whole(cells: Sequence[Worth], *, margin_rate: Decimal | None) -> Row | None:
    """All buyers; None if there is none."""
    rows = _rows(cells, lambda cell: ("", _("All buyers")), margin_rate)
    return rows[0] if rows else None


def worth_chart(rows: Sequence[Row], scope: Scope) -> charts.Spec:
    """What a head of each cohort paid and is expected to pay, the oldest cohort first."""
    pieces = [
        charts.Piece(
            at=date.fromisoformat(row.key),
            series=series,
            name=str(name),
            size=float(amount.major),
            when=row.name,
            said=formats.money(amount, language=words.language()),
        )
        for row in reversed(rows)
        for series, (name, amount) in enumerate(((_("so far"), row.history_each), (_("next 365 days"), row.ahead_each)))
    ]
    said = charts.Words(
        title=_("What one buyer of each month is worth"),
        subtitle=_("Net revenue (%(currency)s) per buyer, by month of the first order, %(zone)s")
        % {"currency": scope.shop.currency, "zone": scope.shop.zone},
        language=words.language(),
    )
    return charts.stacks(pieces, words=said, step=Step.MONTH, name=_("A head"))


def calibration_chart(fit: Fit) -> charts.Spec:
    """Order days a head in the held-out days, foretold and come, by the number of repeats before them."""
    said = charts.Words(title=finding(fit), subtitle=_held(fit), language=words.language())
    shown = []
    for one in fit.bins:
        for series, (name, orders) in enumerate(
            ((_("foretold"), Decimal(one.expected_tenths) / 10), (_("came"), Decimal(one.came)))
        ):
            each = orders / one.people
            said_each = formats.number(each, language=words.language(), decimals=2)
            shown.append(Dot(name=bin_name(one), series=series, of=name, size=float(each), said=said_each))
    return dots(shown, words=said, series=(_("foretold"), _("came")))


def finding(fit: Fit) -> str:
    """How far off the models were, in a sentence."""
    rate = fit.hit_rate
    if rate is None:
        return _("Nobody ordered in the held-out days")
    off = formats.percent(abs(rate - 1), language=words.language(), decimals=0)
    if rate < 1:
        return _("The models foretold %(off)s too few orders for the held-out days") % {"off": off}
    return _("The models foretold %(off)s too many orders for the held-out days") % {"off": off}


def bin_name(one: Bin) -> str:
    """Buyers with so many repeats."""
    if one.repeats == MOST_REPEATS_SHOWN:
        return _("%(n)s repeats and more") % {"n": one.repeats}
    return ngettext("%(n)s repeat", "%(n)s repeats", one.repeats) % {"n": one.repeats}


def table(rows: Sequence[Row], scope: Scope, *, by: str) -> Table:
    """The rows as a file."""
    currency = scope.shop.currency
    heads = (
        _("Month of the first order") if by == "cohort" else _("Channel of the first order"),
        _("Buyers"),
        _("Expected to come back"),
        _("Orders expected in 365 days"),
        _("Net revenue so far (%(unit)s)") % {"unit": currency},
        _("Net revenue of the next 365 days (%(unit)s)") % {"unit": currency},
        _("Margin of the next 365 days (%(unit)s)") % {"unit": currency},
    )
    lines = [(row.name, row.people, row.alive, row.orders, row.history, row.ahead, row.margin) for row in rows]
    return Table(name=f"ltv-{by}-{scope.shop.code}-{as_of(scope)}", heads=heads, rows=lines)


def _rows(
    cells: Sequence[Worth], named: Callable[[Worth], tuple[str, str]], margin_rate: Decimal | None
) -> tuple[Row, ...]:
    found: dict[tuple[str, str], list[Worth]] = {}
    for cell in cells:
        found.setdefault(named(cell), []).append(cell)
    return tuple(_row(key, name, of, margin_rate) for (key, name), of in found.items())


def _row(key: str, name: str, cells: Sequence[Worth], margin_rate: Decimal | None) -> Row:
    currency = cells[0].history.currency
    ahead = Money.total((cell.ahead for cell in cells), currency)
    return Row(
        key=key,
        name=name,
        people=sum(cell.people for cell in cells),
        alive=Decimal(sum(cell.alive_tenths for cell in cells)) / 10,
        orders=Decimal(sum(cell.orders_tenths for cell in cells)) / 10,
        history=Money.total((cell.history for cell in cells), currency),
        ahead=ahead,
        margin=None if margin_rate is None else ahead.times(margin_rate),
    )


def _held(fit: Fit) -> str:
    if fit.held_from is None:
        return ""
    first, last = (formats.day(day, language=words.language()) for day in (fit.held_from, fit.inputs.as_of))
    return _("Days with an order per buyer, %(first)s to before %(last)s, by repeats before") % {
        "first": first,
        "last": last,
    }


def _each(amount: Money, people: int) -> Money:
    if not people:
        return amount
    each = (Decimal(amount.minor) / people).to_integral_value(ROUND_HALF_EVEN)
    return Money(int(each), amount.currency)
