"""Fields of a product's form: texts in both languages, amounts, days, and the rows in which they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from zhanggui.base.money import Money, exponent
from zhanggui.shop.catalogue.rules import Words

_MOST_ROWS: Final = 400


class Unfit(Exception):
    """A field of a form cannot be read."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(field, code)
        self.field, self.code = field, code


def rows(form: Mapping[str, str], name: str, *filled: str) -> list[int]:
    """The numbers of the rows of a form in which something stands.

    filled  the fields of a row, one of which must say something, such as `option.{}.zh`; the row itself if none
    """
    shapes = [re.compile(re.escape(shape).replace(r"\{\}", r"(\d{1,3})")) for shape in filled or (f"{name}.{{}}",)]
    said = (shape.fullmatch(field) for field, value in form.items() if value.strip() for shape in shapes)
    return sorted({int(found[1]) for found in said if found and int(found[1]) < _MOST_ROWS})


def words(form: Mapping[str, str], name: str) -> Words:
    """A text in Chinese and English."""
    return Words(zh=form.get(f"{name}.zh", "").strip(), en=form.get(f"{name}.en", "").strip())


def money(form: Mapping[str, str], name: str, currency: str) -> Money | None:
    """An amount in major units; None if nothing is said.

    refuses  Unfit
    """
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation as wrong:
        raise Unfit(name, "price") from wrong
    if not 0 <= amount < 10**10 or amount.scaleb(exponent(currency)) % 1:
        raise Unfit(name, "price")
    return Money.of(amount, currency)


def percent(text: str) -> Decimal:
    """So many hundredths, 1 to 1000.

    refuses  Unfit
    """
    try:
        said = Decimal(text)
    except InvalidOperation as wrong:
        raise Unfit("percent", "price") from wrong
    if not 1 <= said <= 1000:
        raise Unfit("percent", "price")
    return said


def share(text: str) -> Decimal:
    """A rate said as hundredths with at most two decimals, 0 to 100: 35.5 is 0.355.

    refuses  Unfit
    """
    try:
        said = Decimal(text.strip().removesuffix("%"))
    except InvalidOperation as wrong:
        raise Unfit("percent", "price") from wrong
    if not 0 <= said <= 100 or said.scaleb(2) % 1:
        raise Unfit("percent", "price")
    return said / 100


def moment(form: Mapping[str, str], name: str, zone: str) -> datetime | None:
    """A moment on the shop's clock; None if nothing is said.

    refuses  Unfit
    """
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError as wrong:
        raise Unfit(name, "moment") from wrong


def day(form: Mapping[str, str], name: str) -> date | None:
    """A day; None if nothing is said.

    refuses  Unfit
    """
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise Unfit(name, "moment") from wrong
