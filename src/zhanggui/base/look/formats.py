"""Figures and moments in the words of a language: pure, by value, Chinese first and English equal.

language  Django's code, such as zh-hans or en; whatever is not Chinese reads English
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from babel import Locale
from babel.dates import format_date, format_timedelta, get_month_names
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

from zhanggui.base import clock
from zhanggui.base.money import Money

# From the smallest up: where a unit begins, and its sign.
_UNITS: Final[dict[str, tuple[tuple[Decimal, str], ...]]] = {
    "zh": ((Decimal(1), ""), (Decimal(10**4), "万"), (Decimal(10**8), "亿")),
    "en": ((Decimal(1), ""), (Decimal(10**3), "k"), (Decimal(10**6), "M"), (Decimal(10**9), "B")),
}


@lru_cache(maxsize=8192)
def money(amount: Money, *, language: str) -> str:
    """The full amount with its sign: ¥1,234.50 in Chinese, CN¥1,234.50 in English."""
    before, after = _around(amount.currency, _family(language), amount.minor < 0)
    return f"{before}{abs(amount.major):,f}{after}"


@lru_cache(maxsize=256)
def _around(currency: str, family: str, is_negative: bool) -> tuple[str, str]:
    """What CLDR writes before and after the figure of an amount: both languages group it alike, 1,234.50."""
    sample = Money(-1 if is_negative else 1, currency).major
    written: str = format_currency(sample, currency, locale=_locale(family), decimal_quantization=False)
    before, _, after = written.partition(f"{abs(sample):f}")
    return before, after


@lru_cache(maxsize=8192)
def short_money(amount: Money, *, language: str) -> str:
    """The amount in three figures for a small place: ¥12.3万, CN¥123k; below a unit, in whole major units."""
    symbol = get_currency_symbol(amount.currency, locale=_locale(language))
    sign = "-" if amount.minor < 0 else ""
    return f"{sign}{symbol}{short(abs(amount.major), language=language)}"


def short(value: int | Decimal | float, *, language: str) -> str:
    """A figure in a small place: 12.3万 and 1.2亿 in Chinese, 123k and 120M in English.

    One decimal below a hundred of the unit, none above, never a trailing zero; below the first unit a whole number.
    """
    figure = Decimal(str(value))
    steps = pairwise((*_UNITS[_family(language)], (Decimal("Infinity"), "")))
    # What would round up to the next unit is written in it: 999,950 is 1M, never 1,000k.
    shown, unit = next(
        (shown, unit)
        for (size, unit), (next_size, _) in steps
        if (shown := _rounded(abs(figure) / size, is_whole=size == 1)) * size < next_size
    )
    return f"{'-' if figure < 0 and shown else ''}{_bare(shown):,f}{unit}"


def number(value: int | Decimal | float, *, language: str, decimals: int = 0) -> str:
    """The full figure, in groups of three: 1,234,567 or, with decimals, 4.8."""
    if isinstance(value, int) and not decimals:
        return f"{value:,}"  # the same in both languages, and on the longest lists
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    written: str = format_decimal(value, format=pattern, locale=_locale(language))
    return written


def percent(rate: Decimal | float, *, language: str, decimals: int = 1) -> str:
    """A rate as hundredths: 0.1234 is 12.3%."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + "%"
    written: str = format_percent(rate, format=pattern, locale=_locale(language))
    return written


@lru_cache(maxsize=1024)
def day(on: date, *, language: str) -> str:
    """A day: 2026年11月22日, Nov 22, 2026."""
    written: str = format_date(on, format="medium", locale=_locale(language))
    return written


def moment(at: datetime, *, language: str, zone: str) -> str:
    """A moment on the clock of a zone: 2026年11月22日 14:05, Nov 22, 2026, 14:05."""
    there = at.astimezone(clock.zone(zone))
    if _family(language) == "zh":
        return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}"
    return f"{_months()[there.month]} {there.day}, {there.year}, {there:%H:%M}"


def ago(at: datetime, *, now: datetime, language: str) -> str:
    """How long since, or how long until: 3分钟前, 3 minutes ago, in 2 days; 刚刚 and just now under a minute."""
    passed = at - now
    if abs(passed) < timedelta(minutes=1):
        return "刚刚" if _family(language) == "zh" else "just now"
    written: str = format_timedelta(passed, add_direction=True, threshold=1, locale=_locale(language))
    return written


def _rounded(scaled: Decimal, *, is_whole: bool) -> Decimal:
    return scaled.quantize(Decimal(1) if is_whole or scaled >= Decimal("99.95") else Decimal("0.1"), ROUND_HALF_UP)


def _bare(shown: Decimal) -> Decimal:
    return shown.quantize(Decimal(1)) if shown == shown.to_integral_value() else shown


def _family(language: str) -> str:
    return "zh" if language.lower().startswith("zh") else "en"


@lru_cache(maxsize=1)
def _months() -> dict[int, str]:
    return dict(get_month_names("abbreviated", locale=_locale("en")))


@lru_cache(maxsize=2)
def _named(name: str) -> Locale:
    return Locale.parse(name)


def _locale(language: str) -> Locale:
    return _named("zh_Hans_CN" if _family(language) == "zh" else "en_US")
