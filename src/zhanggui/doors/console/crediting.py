"""What brought the money, as it is read: sources with every model beside the other, what they cost and returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import charts, words
from zhanggui.doors.console.charting.dots import Dot, dots
from zhanggui.doors.console.exporting import Table, as_rate
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.attribution.queries import SpendFile
from zhanggui.insight.attribution.rules import WHOLE_WEIGHT, Attribution, By, Credit, Line, Model, Source, Wrong
from zhanggui.insight.metrics.rules import Cut

MODELS: Final[dict[Model, Promise]] = {
    Model.FIRST: lazy("First touch"),
    Model.LAST: lazy("Last touch"),
    Model.LAST_NON_DIRECT: lazy("Last touch, not direct"),
    Model.LINEAR: lazy("Linear"),
    Model.POSITION: lazy("Position 40/20/40"),
    Model.DECAY: lazy("Time decay"),
    Model.CHAIN: lazy("Data-driven"),
}
MEANINGS: Final[dict[Model, Promise]] = {
    Model.FIRST: lazy("All of the order goes to the first visit in the look-back."),
    Model.LAST: lazy("All of the order goes to the last visit before it."),
    Model.LAST_NON_DIRECT: lazy(
        "All of the order goes to the last visit that something led to; to a direct one if all are."
    ),
    Model.LINEAR: lazy("Each visit gets the same share."),
    Model.POSITION: lazy("40 percent to the first visit, 40 to the last, 20 evenly to those between."),
    Model.DECAY: lazy("A visit seven days before the order gets half of what one right before it gets."),
    Model.CHAIN: lazy(
        "By removal effect: how many orders would be lost if nobody came from there, in a Markov chain of first order."
    ),
}
WRONGS: Final[dict[Wrong, Promise]] = {
    Wrong.FIELDS: lazy("Too many or too few fields"),
    Wrong.DAY: lazy("The day cannot be read"),
    Wrong.CHANNEL: lazy("There is no such channel"),
    Wrong.CAMPAIGN: lazy("The campaign's name is too long"),
    Wrong.SPEND: lazy("The amount cannot be read, or is below zero"),
    Wrong.CURRENCY: lazy("The currency is not three letters"),
    Wrong.NO_RATE: lazy("No exchange rate is known for that day"),
}
MOST_DRAWN: Final = 10
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A source, with the credit of the model that is looked at.

    credits        in the order of the models
    scope          what is left when only this channel is looked at
    roas           money over spend; None without spend
    cac, ncac      spend over orders, over first orders of their buyers; None without either
    """

    name: str
    channel: str
    is_paid: bool
    sessions: int
    credits: tuple[Credit, ...]
    credit: Credit
    removal: Decimal | None
    spend: Money | None
    scope: Scope

    @property
    def roas(self) -> Decimal | None:
        """Money for each unit spent."""
        return ratio(self.credit.money, self.spend)

    @property
    def cac(self) -> Money | None:
        """What an order cost."""
        return each(self.spend, self.credit.orders)

    @property
    def ncac(self) -> Money | None:
        """What a first order cost."""
        return each(self.spend, self.credit.new_orders)


def rows(found: Attribution, scope: Scope, *, model: Model) -> tuple[Row, ...]:
    """Sources by what the model credits them with, the most first."""
    lines = sorted(found.lines, key=lambda line: (-line.credits[model].money.minor, line.source))
    return tuple(_row(line, scope, found.by, model) for line in lines)


def name_of(source: Source, by: By) -> str:
    """What a source is called."""
    channel = words.cell(Cut.CHANNEL, source.channel)
    if by is By.CHANNEL:
        return channel
    campaign = source.campaign or _("no campaign")
    return _("%(channel)s · %(campaign)s") % {"channel": channel, "campaign": campaign}


def chart(shown: Sequence[Row], scope: Scope) -> charts.Spec:
    """The money of the largest sources by every model."""
    language = words.language()
    names = [str(name) for name in MODELS.values()]
    figures = [
        Dot(
            name=row.name,
            series=series,
            of=names[series],
            size=float(credit.money.major),
            said=formats.money(credit.money, language=language),
        )
        for row in shown[:MOST_DRAWN]
        for series, credit in enumerate(row.credits)
    ]
    said = charts.Words(
        title=finding(shown),
        subtitle=_("GMV paid (%(currency)s) by source, %(span)s, %(zone)s")
        % {"currency": scope.shop.currency, "span": words.span(scope.period), "zone": scope.shop.zone},
        language=language,
    )
    return dots(figures, words=said, series=names)


def finding(shown: Sequence[Row]) -> str:
    """Which source the models disagree about most."""
    widest = max(shown, key=_disagreement, default=None)
    if widest is None or not _disagreement(widest):
        return _("All models say the same")
    return _("The models disagree most about %(name)s") % {"name": widest.name}


def table(shown: Sequence[Row], scope: Scope, *, model: Model, by: By) -> Table:
    """The rows as a file."""
    unit = {"unit": scope.shop.currency}
    heads = (
        _("Channel") if by is By.CHANNEL else _("Campaign"),
        _("Visits"),
        *(_("%(name)s (%(unit)s)") % (unit | {"name": str(name)}) for name in MODELS.values()),
        _("Removal effect"),
        _("Spend (%(unit)s)") % unit,
        _("ROAS"),
        _("CAC (%(unit)s)") % unit,
        _("nCAC (%(unit)s)") % unit,
    )
    lines = [
        (
            row.name,
            row.sessions,
            *(credit.money for credit in row.credits),
            as_rate(row.removal),
            row.spend,
            row.roas,
            row.cac,
            row.ncac,
        )
        for row in shown
    ]
    shop, period = scope.shop.code, scope.period
    return Table(name=f"attribution-{model}-{shop}-{period.start}-{period.last}", heads=heads, rows=lines)


def refused_table(file: SpendFile) -> Table:
    """The refused lines of a file of spend with the reasons, to mend and send again."""
    return Table(
        name=f"refused-{file.id}",
        heads=(*file.heads, _("Line"), _("Reason")),
        rows=[(*one.fields, one.line or None, str(WRONGS[one.wrong])) for one in file.refused],
    )


def ratio(money: Money, spend: Money | None) -> Decimal | None:
    """An amount over another, to the cent."""
    if spend is None or not spend:
        return None
    return (Decimal(money.minor) / spend.minor).quantize(_CENT)


def each(spend: Money | None, count: Decimal) -> Money | None:
    """What one of so many cost, rounded to the minor unit."""
    if spend is None or not count:
        return None
    return Money(int((spend.minor / count).to_integral_value(ROUND_HALF_EVEN)), spend.currency)


def _row(line: Line, scope: Scope, by: By, model: Model) -> Row:
    return Row(
        name=name_of(line.source, by),
        channel=line.source.channel,
        is_paid=line.source.is_paid,
        sessions=line.sessions,
        credits=tuple(line.credits[one] for one in MODELS),
        credit=line.credits[model],
        removal=None if line.removal is None else Decimal(line.removal) / WHOLE_WEIGHT,
        spend=line.spend,
        scope=scope.only(Cut.CHANNEL, line.source.channel),
    )


def _disagreement(row: Row) -> int:
    minors = [credit.money.minor for credit in row.credits]
    return max(minors) - min(minors)
