"""Numbers and things of a briefing in the language of who reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import signal_words, why_words, words
from zhanggui.doors.console.briefings import sentences
from zhanggui.insight.metrics.rules import ANSWERED_ELSEWHERE, METRICS, Cut, named
from zhanggui.insight.tree.rules import Branch, By, Factor
from zhanggui.insight.value.rules import NAMES
from zhanggui.insight.value.rules import Kind as BuyerKind
from zhanggui.steer.briefings.rules import Number, Sort, Thing, Unit, Verdict

# Of these the sign is part of the figure.
SIGNED: Final = frozenset({"change", "before_change", "year_change", "more", "low", "high"})
_SIGNED_RATES: Final = frozenset({"goal_by_season", "goal_plus", "goal_quarter", "goal_quarter_borrowed"})
_HOUR: Final = Decimal(1)


def figure(number: Number, currency: str, *, is_signed: bool = False) -> str:
    """A number in full: £1,509,496.33, 30.7%, 2,769; a dash where it stands on nothing."""
    size = number.size
    if size is None:
        return "—"
    said = _plain(number, abs(size) if is_signed else size, currency)
    sign = "" if not is_signed else "±" if not size else "+" if size > 0 else "−"
    return sign + said


def short(number: Number, currency: str, *, is_signed: bool = False) -> str:
    """The same in a small place: £1.5M, £151万."""
    if number.unit is not Unit.MONEY or number.size is None:
        return figure(number, currency, is_signed=is_signed)
    said = formats.short_money(_money(abs(number.size), currency), language=words.language())
    return said if not is_signed else f"{'−' if number.size < 0 else '+'}{said}"


def tick(one: Thing) -> str:
    """A thing at the axis of a chart: a day without its year, a month without it."""
    if one.sort not in (Sort.DAY, Sort.MONTH):
        return thing(one)
    on, is_chinese = date.fromisoformat(one.code), words.language().startswith("zh")
    if one.sort is Sort.MONTH:
        return f"{on.month}月" if is_chinese else f"{on:%b}"
    return f"{on.month}/{on.day}" if is_chinese else f"{on:%b} {on.day}"


def is_signed(name: str, kind: str) -> bool:
    """Whether a number of that name shows its sign in a sentence or column of that kind."""
    if name == "rate":
        return kind in _SIGNED_RATES
    if name == "change":
        return kind == "column"
    return name in SIGNED and (kind == "column" or kind.startswith(("effect", "offer"))) and name not in ("low", "high")


def thing(one: Thing, shop_language: str | None = None) -> str:
    """What a thing is called."""
    language = shop_language or words.language()
    own = (one.zh or one.en) if language.startswith("zh") else (one.en or one.zh)
    if own:
        return own
    return _NAMERS[one.sort](one.code)


def verdict(one: Verdict | None) -> str:
    """What was said to a proposal."""
    said = {
        Verdict.ACCEPT: _("accepted"),
        Verdict.CHANGE: _("accepted with another target"),
        Verdict.DROP: _("dropped"),
    }
    return said[one] if one else pgettext("proposal", "open")


def meaning(metric_key: str) -> str:
    """What a number means, for hover; empty for what the dictionary does not hold."""
    known = METRICS.get(metric_key) or ANSWERED_ELSEWHERE.get(metric_key)
    return f"{known.name(words.language())}: {known.words(words.language())}" if known else ""


def _plain(number: Number, size: Decimal, currency: str) -> str:
    language = words.language()
    match number.unit:
        case Unit.MONEY:
            return formats.money(_money(size, currency), language=language)
        case Unit.RATE:
            return formats.percent(size, language=language, decimals=2 if abs(size) < Decimal("0.01") else 1)
        case Unit.POINTS:
            points = 100 * size
            return formats.number(points, language=language, decimals=2 if abs(points) < 1 else 1)
        case Unit.COUNT:
            is_whole = number.denominator == 1
            return formats.number(int(size) if is_whole else size, language=language, decimals=0 if is_whole else 1)
        case Unit.HOURS:
            return _hours(size)
        case _:
            return formats.number(size, language=language, decimals=2)


def _hours(size: Decimal) -> str:
    language = words.language()
    if size < _HOUR:
        return _("%(n)s min") % {"n": formats.number(round(60 * size), language=language)}
    return _("%(n)s h") % {"n": formats.number(size, language=language, decimals=1)}


def major(minor: int, currency: str) -> Decimal:
    """An amount in major units, for drawing."""
    return Money(minor, currency).major


def _money(size: Decimal, currency: str) -> Money:
    return Money(1, currency).times(size)


def _factor(code: str) -> str:
    """A factor, and whose it is where that is not those who visited."""
    branch, _dot, factor = code.partition(".")
    name = str(why_words.FACTORS[Factor(factor)])
    of = why_words.OF_BRANCHES.get(Branch(branch))
    return _("%(name)s (%(branch)s)") % {"name": name, "branch": of} if of else name


def _quarter(code: str) -> str:
    on = date.fromisoformat(code)
    return _("Q%(quarter)s %(year)s") % {"quarter": (on.month + 2) // 3, "year": on.year}


def _signal(code: str) -> str:
    """What a signal is about, with the cell or the product where it is one; other subjects have a page, and no name."""
    kind, _blank, subject = code.partition(" ")
    place, _colon, cell = subject.partition(":")
    name = str(signal_words.KINDS.get(kind, kind))
    if place not in {*Cut, "query"} or not cell:
        return name
    said = words.cell(Cut(place), cell) if place in {*Cut} else cell
    return _("%(name)s (%(branch)s)") % {"name": name, "branch": said}


def _cell(cut: Cut) -> Callable[[str], str]:
    return lambda code: words.cell(cut, code)


_NAMERS: Final[Mapping[Sort, Callable[[str], str]]] = {
    Sort.METRIC: lambda code: named(code).name(words.language()),
    Sort.CHANNEL: _cell(Cut.CHANNEL),
    Sort.CAMPAIGN: _cell(Cut.CAMPAIGN),
    Sort.CATEGORY: _cell(Cut.CATEGORY),
    Sort.REGION: _cell(Cut.REGION),
    Sort.DEVICE: _cell(Cut.DEVICE),
    Sort.SKU: _cell(Cut.SKU),
    Sort.BUYERS: lambda code: why_words.cell(By.BUYERS, code),
    Sort.FACTOR: _factor,
    Sort.BRANCH: lambda code: str(why_words.BRANCHES[Branch(code)]),
    Sort.DAY: lambda code: formats.day(date.fromisoformat(code), language=words.language()),
    Sort.MONTH: lambda code: words.month(date.fromisoformat(code)),
    Sort.QUARTER: _quarter,
    Sort.HOUR: lambda code: f"{code}:00",
    Sort.EVENT: words.event,
    Sort.BUYER_KIND: lambda code: NAMES[BuyerKind(code)].name(words.language()),
    Sort.WORD: lambda code: str(sentences.WORDS[code]),
    Sort.AREA: lambda code: code,
    Sort.SIGNAL: _signal,
    Sort.GRADE: lambda code: code.upper(),
    Sort.NAME: lambda code: code,
}
