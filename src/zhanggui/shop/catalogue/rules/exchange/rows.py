"""Rows of a product file and what is read off their cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Final

from zhanggui.base.money import Money, exponent
from zhanggui.shop.catalogue.rules.words import Words
from zhanggui.shop.catalogue.rules.writing import NewProduct

_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_TAGS: Final = re.compile(r"<(br|/p|/div|/li|/h\d)[^>]*>", re.I)
_MARKUP: Final = re.compile(r"<[^>]*>")
_AMOUNT: Final = re.compile(r"\d{1,12}(\.\d{1,6})?")


class Unreadable(Exception):
    """A cell does not say what it should: a code, and the cell as it stands."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(code, said)
        self.code, self.said = code, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a file.

    line   where it begins in the file, from 1
    cells  by the name of their column in small letters, trimmed
    """

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell of a column; empty if the file has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a product of a file cannot be taken in.

    line    of the row that is wrong, or where the product begins
    handle  of the product
    code    what is wrong
    said    the cell as it stands, or what else tells it
    """

    line: int
    handle: str
    code: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A product as a file says it.

    shelves   its category from the top down, as words
    said      fields of the product that the file speaks of; what it does not speak of stays as it stands
    sku_said  the same for each SKU
    is_of_one_language  whether the file has one text where ours has two
    """

    line: int
    product: NewProduct
    shelves: tuple[Words, ...] = ()
    said: frozenset[str] = frozenset()
    sku_said: frozenset[str] = frozenset()
    is_of_one_language: bool = True


def amount(row: Row, column: str, currency: str) -> Money:
    """An amount of money in major units, exact."""
    said = row[column]
    if not _AMOUNT.fullmatch(said):
        raise Unreadable("price", f"{column}: {said}")
    minor = Decimal(said).scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise Unreadable("price", f"{column}: {said}")
    return Money(int(minor), currency)


def grams(said: str, per_unit: Decimal) -> int:
    """A weight in whole grams; nothing said is 0."""
    try:
        weight = Decimal(said or "0") * per_unit
    except InvalidOperation as wrong:
        raise Unreadable("weight", said) from wrong
    if not 0 <= weight < 10**9:
        raise Unreadable("weight", said)
    return int(weight.to_integral_value())


def moment(said: str) -> datetime | None:
    """A moment with its zone, or a day or moment without one, which then is UTC's."""
    if not said:
        return None
    try:
        at = datetime.fromisoformat(re.sub(r" (\d):", r" 0\1:", said))
    except ValueError as wrong:
        raise Unreadable("moment", said) from wrong
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def words(said: str) -> Words:
    """A text of one language as words of ours: Chinese if there is a Chinese character in it."""
    return Words(zh=said) if _CHINESE.search(said) else Words(zh="", en=said)


def plain(markup: str) -> str:
    """The text of a description without its markup, a line per paragraph."""
    text = unescape(_MARKUP.sub("", _TAGS.sub("\n", markup)))
    return "\n".join(line for line in (" ".join(part.split()) for part in text.splitlines()) if line)


def listed(said: str, separator: str = ",") -> tuple[str, ...]:
    """The parts of a cell that holds several."""
    return tuple(dict.fromkeys(part.strip() for part in said.split(separator) if part.strip()))


def first_said(rows: Sequence[Row], column: str) -> str:
    """What the first row that says anything in a column says."""
    return next((row[column] for row in rows if row[column]), "")
