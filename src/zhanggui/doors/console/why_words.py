"""What moved the money, in words: names of branches, factors and cells, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import words
from zhanggui.insight.metrics.rules import metric
from zhanggui.insight.tree.rules import Branch, By, Effect, Factor, Link, Side

BYS: Final[Mapping[By, Promise]] = {
    By.CHANNEL: lazy("Channel"),
    By.CAMPAIGN: lazy("Campaign"),
    By.CATEGORY: lazy("Category"),
    By.REGION: lazy("Region"),
    By.DEVICE: lazy("Device"),
    By.SKU: lazy("Product"),
    By.BUYERS: lazy("New and returning"),
    By.SEGMENT: lazy("In or out of a segment"),
}

BRANCHES: Final[Mapping[Branch, Promise]] = {
    Branch.SEEN: lazy("From people who visited"),
    Branch.UNSEEN: lazy("From buyers without a visit"),
    Branch.NOBODY: lazy("From buyers not known"),
    Branch.GOODS: lazy("From these goods"),
}

# Behind what moved: 2 fewer buyers without a visit.
OF_BRANCHES: Final[Mapping[Branch, Promise]] = {
    Branch.UNSEEN: pgettext_lazy("what moved", "without a visit"),
    Branch.NOBODY: pgettext_lazy("what moved", "of buyers not known"),
}

BRANCH_MEANINGS: Final[Mapping[Branch, Promise]] = {
    Branch.SEEN: lazy("Buyers of whom a visit is known in the same days, so that conversion is never more than 100%."),
    Branch.UNSEEN: lazy("Known buyers of whom no visit is known in the same days: they came earlier, or unmeasured."),
    Branch.NOBODY: lazy("Orders that belong to nobody known; how many people stand behind them cannot be said."),
    Branch.GOODS: lazy("Pieces sold times what a piece cost on average; an order may hold other goods too."),
}

FACTORS: Final[Mapping[Factor, Promise]] = {
    Factor.VISITORS: lazy("Visitors"),
    Factor.SHARE: lazy("Share"),
    Factor.CONVERSION: lazy("Conversion to paid"),
    Factor.BUYERS: lazy("Paying buyers"),
    Factor.FREQUENCY: lazy("Orders per buyer"),
    Factor.ORDERS: lazy("Orders paid"),
    Factor.ORDER_VALUE: lazy("Average order value"),
    Factor.UNITS: lazy("Units sold"),
    Factor.PRICE: lazy("Average price of a piece"),
}

EFFECTS: Final[Mapping[Effect, Promise]] = {
    Effect.VOLUME: pgettext_lazy("effect", "Volume"),
    Effect.MIX: pgettext_lazy("effect", "Mix"),
    Effect.RATE: pgettext_lazy("effect", "Rate"),
    Effect.ASIDE: pgettext_lazy("effect", "Without a visit"),
}

EFFECT_MEANINGS: Final[Mapping[Effect, Promise]] = {
    Effect.VOLUME: lazy("All visitors (pieces, for goods) together became more or fewer, and this cell with them."),
    Effect.MIX: lazy("This cell has a larger or smaller share of the visitors (pieces, for goods)."),
    Effect.RATE: lazy("A visitor (a piece, for goods) of this cell brings more or less."),
    Effect.ASIDE: lazy("Money of buyers without a visit in this cell, and of buyers not known."),
}

BUYERS: Final[Mapping[str, Promise]] = {
    "new": lazy("New buyers"),
    "returning": lazy("Returning buyers"),
}
SIDES: Final[Mapping[str, Promise]] = {
    Side.IN: lazy("In the segment"),
    Side.OUT: lazy("Not in the segment"),
}

# The number whose page says what stands behind a factor.
EVIDENCE: Final[Mapping[Factor, str]] = {
    Factor.VISITORS: "uv",
    Factor.CONVERSION: "cvr_paid_visitor",
    Factor.BUYERS: "buyers",
    Factor.FREQUENCY: "orders_paid",
    Factor.ORDERS: "orders_paid",
    Factor.ORDER_VALUE: "aov",
    Factor.UNITS: "units",
    Factor.PRICE: "goods_paid",
}

_MOST_MORE_FIGURES: Final = 2


def cell(by: By, key: str) -> str:
    """What a cell is called; a product's name is not known here."""
    if by.cut is None:
        names = SIDES if by is By.SEGMENT else BUYERS
        return str(names[key]) if key in names else _("Not known")
    return words.cell(by.cut, key)


def signed(amount: Money) -> str:
    """An amount with its sign: +CN¥12.00, −CN¥12.00, ±0 for nothing."""
    if not amount:
        return "±0"
    sign = "+" if amount.minor > 0 else "−"
    size = amount if amount.minor > 0 else -amount
    return sign + formats.money(size, language=words.language())


def ends(link: Link, currency: str) -> tuple[str, str]:
    """A factor's size now and then, with as many figures as it takes to tell them apart: 1.162 and 1.159, not 1.16."""
    said = [
        (_value(link, link.now, currency, more=more), _value(link, link.then, currency, more=more))
        for more in range(1 + _MOST_MORE_FIGURES)
    ]
    return next(((now, then) for now, then in said if now != then), said[0])


def _value(link: Link, ratio: tuple[int, int], currency: str, *, more: int = 0) -> str:
    """A factor's size in one period; a dash where it stands on nothing."""
    numerator, denominator = ratio
    language = words.language()
    if not denominator:
        return "—"
    if link.factor in (Factor.ORDER_VALUE, Factor.PRICE):
        return formats.money(_each(ratio, currency), language=language)
    rate = Decimal(numerator) / denominator
    if link.factor is Factor.CONVERSION:
        return formats.percent(rate, language=language, decimals=more + (2 if rate < Decimal("0.01") else 1))
    if link.factor is Factor.FREQUENCY:
        return formats.number(rate, language=language, decimals=2 + more)
    return formats.number(numerator, language=language)


def moved(link: Link, currency: str) -> str:
    """A factor's change as part of a sentence: 1,204 fewer visitors, conversion 0.3 points lower."""
    if not link.now[1] or not link.then[1]:
        return _("%(name)s from %(then)s to %(now)s") % _ends(link, currency)
    counted = {Factor.VISITORS, Factor.BUYERS, Factor.ORDERS, Factor.UNITS}
    if link.factor in counted:
        return _counted(link)
    name = str(FACTORS[link.factor]).lower()
    if link.factor in (Factor.ORDER_VALUE, Factor.PRICE):
        away = _each(link.now, currency) - _each(link.then, currency)
        size = formats.money(away if away.minor > 0 else -away, language=words.language())
        said = _("%(name)s %(size)s higher") if away.minor > 0 else _("%(name)s %(size)s lower")
        return said % {"name": name, "size": size}
    if link.factor is Factor.CONVERSION:
        points = 100 * (Decimal(link.now[0]) / link.now[1] - Decimal(link.then[0]) / link.then[1])
        size = formats.number(abs(points), language=words.language(), decimals=2 if abs(points) < 1 else 1)
        said = _("%(name)s %(size)s points higher") if points > 0 else _("%(name)s %(size)s points lower")
        return said % {"name": name, "size": size}
    return _("%(name)s from %(then)s to %(now)s") % _ends(link, currency)


def _ends(link: Link, currency: str) -> dict[str, str]:
    now, then = ends(link, currency)
    return {"name": str(FACTORS[link.factor]).lower(), "now": now, "then": then}


def _each(ratio: tuple[int, int], currency: str) -> Money:
    return Money(ratio[0], currency).times(Decimal(1) / ratio[1])


def _counted(link: Link) -> str:
    n = link.now[0] - link.then[0]
    many = abs(n)
    said = {
        (Factor.VISITORS, True): ngettext("%(n)s more visitor", "%(n)s more visitors", many),
        (Factor.VISITORS, False): ngettext("%(n)s fewer visitor", "%(n)s fewer visitors", many),
        (Factor.BUYERS, True): ngettext("%(n)s more buyer", "%(n)s more buyers", many),
        (Factor.BUYERS, False): ngettext("%(n)s fewer buyer", "%(n)s fewer buyers", many),
        (Factor.ORDERS, True): ngettext("%(n)s more order", "%(n)s more orders", many),
        (Factor.ORDERS, False): ngettext("%(n)s fewer order", "%(n)s fewer orders", many),
        (Factor.UNITS, True): ngettext("%(n)s more piece", "%(n)s more pieces", many),
        (Factor.UNITS, False): ngettext("%(n)s fewer piece", "%(n)s fewer pieces", many),
    }[link.factor, n > 0]
    return said % {"n": formats.number(many, language=words.language())}


def metric_name(key: str) -> str:
    """What a number of the dictionary is called."""
    return metric(key).name(words.language())
