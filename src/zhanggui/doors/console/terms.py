"""How a shop delivers, taxes and takes money, as forms say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from zhanggui.base.money import Money
from zhanggui.base.rates.rules import Rate as ExchangeRate
from zhanggui.doors.console import amounts
from zhanggui.guard.tax.rules import STANDARD
from zhanggui.guard.tax.rules import Rate as TaxRate
from zhanggui.shop.checkout.rules import Option

_KEY: Final = re.compile(r"[a-z0-9_-]{1,40}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_FIGURE: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,10})?")
_MOST_DAYS: Final = 365


class Unfit(Exception):
    """A field of a form cannot be read; nothing was written."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def option_of(form: Mapping[str, str], *, currency: str) -> Option:
    """A way to deliver.

    refuses  Unfit
    """
    name_zh, name_en = (form.get(name, "").strip()[:80] for name in ("name_zh", "name_en"))
    free_from = form.get("free_from", "").strip()
    return Option(
        key=_fitting(form, "key", _KEY),
        name_zh=name_zh or _missing("name_zh"),
        name_en=name_en or _missing("name_en"),
        countries=_countries(form.get("countries", "")),
        rate=_amount(form, "rate", currency),
        per_kg=_amount(form, "per_kg", currency),
        free_from=_amount(form, "free_from", currency) if free_from else None,
        days=(_whole(form, "least_days", _MOST_DAYS), _whole(form, "most_days", _MOST_DAYS)),
        position=_whole(form, "position", 999),
    )


def tax_of(form: Mapping[str, str]) -> TaxRate:
    """A tax rate from a day on; the form says it in hundredths.

    refuses  Unfit
    """
    country = form.get("country", "").strip().upper()
    if country and not _COUNTRY.fullmatch(country):
        raise Unfit("country")
    percent = _figure(form, "percent")
    if percent >= 100 or percent != round(percent, 3):
        raise Unfit("percent")
    return TaxRate(
        country=country,
        region=form.get("region", "").strip()[:120],
        tax_class=_fitting({"tax_class": form.get("tax_class", "").strip() or STANDARD}, "tax_class", _KEY),
        rate=percent / 100,
        is_included=form.get("is_included") == "1",
        from_on=_day(form, "from_on"),
    )


def exchange_of(form: Mapping[str, str], *, currency: str) -> ExchangeRate:
    """What one unit of another currency is worth in the shop's, from a day on.

    refuses  Unfit
    """
    rate, base = _figure(form, "rate"), form.get("base", "").strip().upper()
    if not _CURRENCY.fullmatch(base) or base == currency:
        raise Unfit("base")
    if not rate:
        raise Unfit("rate")
    return ExchangeRate(base=base, quote=currency, rate=rate, on=_day(form, "on"))


def _missing(field: str) -> str:
    raise Unfit(field)


def _fitting(form: Mapping[str, str], field: str, shape: re.Pattern[str]) -> str:
    said = form.get(field, "").strip()
    if not shape.fullmatch(said):
        raise Unfit(field)
    return said


def _countries(said: str) -> tuple[str, ...]:
    """Countries as somebody lists them, such as CN, HK; none means anywhere."""
    codes = [code for code in re.split(r"[\s,，、]+", said.strip().upper()) if code]
    if not all(_COUNTRY.fullmatch(code) for code in codes):
        raise Unfit("countries")
    return tuple(dict.fromkeys(codes))


def _amount(form: Mapping[str, str], field: str, currency: str) -> Money:
    found = amounts.typed_or_none(form.get(field, "") or "0", currency)
    if found is None:
        raise Unfit(field)
    return found


def _figure(form: Mapping[str, str], field: str) -> Decimal:
    return Decimal(_fitting(form, field, _FIGURE))


def _whole(form: Mapping[str, str], field: str, most: int) -> int:
    said = form.get(field, "").strip()
    if not (said.isascii() and said.isdigit() and len(said) < 6 and int(said) <= most):
        raise Unfit(field)
    return int(said)


def _day(form: Mapping[str, str], field: str) -> date:
    try:
        return date.fromisoformat(form.get(field, ""))
    except ValueError as unread:
        raise Unfit(field) from unread
