"""What the page of the budget shows, what its forms say, and why they are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from zhanggui.base.errors import Refused
from zhanggui.base.look import formats
from zhanggui.base.money import CurrencyMismatch, Money
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import fields, words
from zhanggui.doors.console.amounts import typed_or_none
from zhanggui.doors.console.fields import Unfit
from zhanggui.doors.console.steering.goals import Tag
from zhanggui.insight.metrics.errors import PeriodEmpty
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.budgets import errors
from zhanggui.steer.budgets.queries import Marketing
from zhanggui.steer.budgets.rules import AREA_OF, USUAL, Area, Kind, Line, Say

AREAS: Final[Mapping[Area, Promise]] = {
    Area.TRAFFIC: lazy("Traffic"),
    Area.CONTENT: pgettext_lazy("budget", "Content"),
    Area.MEMBERS: pgettext_lazy("budget", "Members"),
    Area.SUPPLY: lazy("Goods and delivery"),
}
KINDS: Final[Mapping[Kind, Promise]] = {
    Kind.ADVERTISING: lazy("Advertising"),
    Kind.CREATORS: lazy("Creators and affiliates"),
    Kind.DISCOUNT: lazy("Discounts at the shop's cost"),
    Kind.MEMBER_DISCOUNT: lazy("Coupons and member prices"),
    Kind.MESSAGE: lazy("Messages"),
    Kind.COMMISSION: lazy("Rewards for referrals"),
    Kind.FLASH: lazy("Flash sales, below the list price"),
    Kind.GROUP: lazy("Buying together, below the list price"),
    Kind.PRESALE: lazy("Presales, below the list price"),
    Kind.WRITTEN_OFF: lazy("Goods written off, at their cost"),
}
_LEFT_OUT: Final[Mapping[Area, Promise]] = {
    Area.SUPPLY: lazy("Not in it: what goods cost to buy and parcels to carry, since nothing tells of it yet."),
}
_TAGS: Final[Mapping[Say, tuple[Promise, str]]] = {
    Say.OK: (lazy("within plan"), "good"),
    Say.WARN: (lazy("nearly used"), "watch"),
    Say.STOP: (lazy("more than planned"), "bad"),
}
_TONES: Final[Mapping[Say, str]] = {Say.OK: "", Say.WARN: " is-watch", Say.STOP: " is-bad"}
_FIELDS: Final[Mapping[str, Promise]] = {
    "total": lazy("The total is an amount above zero."),
    "shares": lazy("Shares are whole numbers from 0 up, and not all nothing."),
    "period": lazy("A budget lasts two years at most, and ends after it begins."),
    "amount": lazy("The amount to move is above zero."),
    "areas": lazy("Money moves from one area to another one."),
}
_FULL: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An area as a line: what is used of its plan, with a mark where it would be if it went evenly.

    kinds     what is booked on it; left_out: what is not, and why
    """

    line: Line
    name: str
    tag: Tag
    bar: SafeString
    used_rate: str
    kinds: str
    left_out: str


def row(line: Line, *, is_planned: bool) -> Row:
    """An area of a budget."""
    said, tone = _TAGS[line.say]
    names = [str(KINDS[kind]) for kind, area in AREA_OF.items() if area is line.area]
    rate = line.used_rate
    return Row(
        line=line,
        name=str(AREAS[line.area]),
        tag=Tag(words=str(said), tone=tone) if is_planned else Tag(words=_("not planned")),
        bar=_bar(line),
        used_rate=formats.percent(rate, language=words.language(), decimals=0) if rate is not None else "—",
        kinds=_(", ").join(names),
        left_out=str(_LEFT_OUT.get(line.area, "")),
    )


def finding(one: Marketing) -> Tag:
    """How marketing stands against the revenue."""
    if one.rate is None:
        return Tag(words=_("no revenue yet"))
    return (
        Tag(words=_("too much of the revenue"), tone="bad") if one.is_over else Tag(words=_("in bounds"), tone="good")
    )


def rate(number: Decimal | None) -> str:
    """A share, to a tenth of a hundredth."""
    return "—" if number is None else formats.percent(number, language=words.language(), decimals=1)


def budget_of(form: Mapping[str, str], shop: Shop) -> tuple[Period, Money, dict[Area, int]]:
    """A budget as a form says it.

    refuses  Unfit
    """
    total = typed_or_none(form.get("total", ""), shop.currency)
    first, last = fields.day(form, "first"), fields.day(form, "last")
    if total is None:
        raise Unfit("total", "price")
    if first is None or last is None:
        raise Unfit("period", "moment")
    try:
        period = Period(first, last + timedelta(days=1))
    except PeriodEmpty as wrong:
        raise Unfit("period", "moment") from wrong
    return period, total, {area: _share(form.get(f"share.{area}", str(USUAL[area]))) for area in Area}


def move_of(form: Mapping[str, str], currency: str) -> tuple[Area, Area, Money]:
    """From which area to which, and how much.

    refuses  Unfit
    """
    amount = typed_or_none(form.get("amount", ""), currency)
    if amount is None:
        raise Unfit("amount", "price")
    if form.get("source") not in set(Area) or form.get("target") not in set(Area):
        raise Unfit("areas", "areas")
    return Area(form["source"]), Area(form["target"]), amount


def refusal(refused: Refused | Unfit) -> str:
    """Why a form was refused, and that nothing was changed.

    refuses  what it has no words for, by raising it again
    """
    match refused:
        case Unfit():
            said = str(_FIELDS.get(refused.field, _FIELDS["period"]))
        case errors.BudgetUnfit():
            said = str(_FIELDS[refused.field])
        case errors.BudgetOverlaps():
            said = _("Some of these days have a budget already.")
        case errors.MoveTooLarge():
            left = formats.money(Money(refused.left_minor, refused.currency), language=words.language())
            said = _("%(area)s has only %(left)s left.") % {"area": AREAS[Area(refused.area)], "left": left}
        case CurrencyMismatch():
            said = _("A budget is in the money of the shop's books.")
        case _:
            raise refused
    return f"{said} {_('Nothing was changed.')}"


def _share(text: str) -> int:
    plain = text.strip() or "0"
    if not (plain.isascii() and plain.isdigit() and len(plain) < 5):
        raise Unfit("shares", "whole")
    return int(plain)


def _bar(line: Line) -> SafeString:
    """What is spent, lighter what is promised, and a mark where it is due; all of the larger of plan and use."""
    most = max(line.planned.minor, line.used.minor, 1)
    spent, used, due = (
        min(_FULL, max(0, round(_FULL * size.minor / most))) for size in (line.spent, line.used, line.due)
    )
    return format_html(
        '<svg class="goal-bar{}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="goal-rest" width="100" height="8"/><rect class="is-promised" width="{}" height="8"/>'
        '<rect width="{}" height="8"/><rect class="goal-due" x="{}" width="1" height="8"/></svg>',
        _TONES[line.say] if line.planned else "",
        used,
        spent,
        max(0, min(due, _FULL - 1)),
    )
