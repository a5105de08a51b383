"""Goals as the console's forms say them, and why they are refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.base.money import exponent
from zhanggui.doors.console import fields
from zhanggui.doors.console.deviations import size
from zhanggui.doors.console.fields import Unfit
from zhanggui.insight.metrics.errors import CutRefused, PeriodEmpty
from zhanggui.insight.metrics.rules import METRICS, Better, Filters, Period, Unit, named
from zhanggui.steer.goals import errors
from zhanggui.steer.goals.rules import READ_ELSEWHERE, at_place, scale_of

MISSING: Final[Mapping[str, Promise]] = {
    "metric": lazy("the number"),
    "baseline": lazy("where it starts from"),
    "target": lazy("the target"),
    "period": lazy("the period"),
    "owner": lazy("who answers for it"),
}
_REASONS: Final[Mapping[str, Promise]] = {
    "not_counted": lazy("This number is not counted by day, so its progress could not be read."),
    "cannot_wait": lazy("A sum or a number of people cannot start without a baseline: say where it starts from."),
    "no_reason": lazy("Say in 1 to 200 signs why it is dropped."),
    "not_counted_there": lazy("This number cannot be counted there: whole orders and visits have no category."),
    "one_of_each": lazy("A goal looks at one category, one channel, or both."),
    "below_zero": lazy("A sum is not below zero."),
    "too_long": lazy("A goal lasts five years at most."),
    "cannot_come_in": lazy("Whoever answers for a goal can sign in here."),
    "too_few": lazy("There are two parts at least."),
    "twice": lazy("Two parts are about the same days and place."),
    "outside": lazy("A part lies outside of its whole."),
    "gaps": lazy("The parts leave days out, or have some twice."),
}
_FIELDS: Final[Mapping[str, Promise]] = {
    "name": lazy("A team's name has 1 to 60 signs and is not taken."),
    "words": lazy("An objective is said in 1 to 200 signs."),
    "number": lazy("The number cannot be read. Write 1234.5, or 35 for 35%."),
    "days": lazy("The period cannot be read, or ends before it begins."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A goal as a form says it; what it does not say is None."""

    metric: str | None
    baseline: int | None
    target: int | None
    period: Period | None
    owner: int | None
    team: str
    where: Filters
    better: Better | None
    awaits_baseline: bool


def goal_of(form: Mapping[str, str], *, currency: str) -> Wanted:
    """A goal to be set.

    refuses  Unfit
    """
    key = form.get("metric", "") or None
    is_known = key in METRICS or key in READ_ELSEWHERE
    return Wanted(
        metric=key,
        baseline=units_of(key, form.get("baseline", ""), currency) if key and is_known else None,
        target=units_of(key, form.get("target", ""), currency) if key and is_known else None,
        period=period_of(form),
        owner=whole(form.get("owner", "")),
        team=form.get("team", ""),
        where=at_place(form.get("category", "").strip(), form.get("channel", "").strip()),
        better=Better(form["better"]) if form.get("better") in set(Better) else None,
        awaits_baseline=form.get("wait") == "1",
    )


def period_of(form: Mapping[str, str]) -> Period | None:
    """The days from a first to a last one; None if one of them is not said.

    refuses  Unfit
    """
    first, last = fields.day(form, "first"), fields.day(form, "last")
    if first is None or last is None:
        return None
    try:
        return Period(first, last + timedelta(days=1))
    except PeriodEmpty as wrong:
        raise Unfit("days", "days") from wrong


def units_of(key: str, text: str, currency: str) -> int | None:
    """A number as a person types it, in units: amounts in major units, shares in hundredths; None for nothing.

    source   "12.5" of a rate -> 125,000; "99.90" of money -> 9,990; "48" hours -> 48,000,000
    refuses  Unfit
    """
    plain = text.strip().replace(",", "").removesuffix("%")
    if not plain:
        return None
    try:
        number = Decimal(plain)
    except InvalidOperation as wrong:
        raise Unfit("number", "number") from wrong
    unit = named(key).unit
    scaled = number.scaleb(exponent(currency)) if unit is Unit.MONEY else number * scale_of(key)
    scaled = scaled / 100 if unit is Unit.RATE else scaled
    if not number.is_finite() or abs(scaled) >= 10**17 or scaled % 1:
        raise Unfit("number", "number")
    return int(scaled)


def typed(key: str, units: int, currency: str) -> str:
    """The same the other way round, as it stands in a field."""
    unit = named(key).unit
    number = Decimal(units)
    number = number.scaleb(-exponent(currency)) if unit is Unit.MONEY else number / scale_of(key)
    number = number * 100 if unit is Unit.RATE else number
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_words(key: str, currency: str) -> str:
    """In what a number is typed."""
    units = {
        Unit.MONEY: currency,
        Unit.RATE: "%",
        Unit.HOURS: _("hours"),
        Unit.SECONDS: _("seconds"),
        Unit.DAYS: _("days"),
        Unit.TIMES: _("times"),
    }
    return units.get(named(key).unit, "")


def whole(text: str) -> int | None:
    """A whole number; None for nothing else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def day_of(text: str, usual: date) -> date:
    """A day that an address names, or the usual one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return usual


def said_parts(form: Mapping[str, str], count: int, key: str, currency: str, name: str) -> list[int | None]:
    """What a form says of each part, in units; None where it says nothing.

    refuses  Unfit
    """
    return [units_of(key, form.get(f"{name}.{n}", ""), currency) for n in range(count)]


def refusal(refused: Refused | Unfit, *, currency: str) -> str:
    """Why a form was refused, and that nothing was changed.

    refuses  what it has no words for, by raising it again
    """
    return f"{_refusal(refused, currency)} {_('Nothing was changed.')}"


def _refusal(refused: Refused | Unfit, currency: str) -> str:
    match refused:
        case Unfit():
            return str(_FIELDS.get(refused.field, _FIELDS["days"]))
        case errors.GoalIncomplete():
            names: Sequence[str] = [str(MISSING[name]) for name in refused.missing]
            return _("A goal needs all five. Missing: %(names)s.") % {"names": _(", ").join(names)}
        case errors.GoalUnfit():
            return str(_REASONS[refused.reason])
        case errors.TeamUnfit():
            return str(_FIELDS[refused.field])
        case errors.PartsDoNotAddUp():
            return _("The parts do not add up to the whole: %(left)s is left.") % {
                "left": size(refused.metric, refused.left_units, currency)
            }
        case errors.NothingToBalance():
            return _("No other part is free to make up for it. Free one, or change the whole.")
        case errors.DoesNotAddUp():
            return _("Parts of a rate or of people do not add up: each needs a target of its own.")
        case errors.AlreadySplit():
            return _("It has parts already.")
        case errors.PartOfWhole():
            return _("A part of a sum is not dropped alone: the others would not add up.")
        case errors.NoSuchTeam() | errors.NoSuchObjective():
            return _("There is no such team or objective any more.")
        case errors.BaselineKnown():
            return _("It is known already where it starts from.")
        case errors.NotReady():
            return _("It cannot be adopted as it is.")
        case CutRefused():
            return str(_REASONS["not_counted_there"])
        case _:
            raise refused
