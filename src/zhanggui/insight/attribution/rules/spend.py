"""Files of what advertising cost: one line for a day, a channel and a campaign, however the platform writes it."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from zhanggui.base import spreadsheets
from zhanggui.base.money import exponent
from zhanggui.insight.attribution.errors import FileTooLong, FileUnreadable
from zhanggui.spine.sightings.rules import visits

MOST_LINES: Final = 50_000
LONGEST_CAMPAIGN: Final = 120
_EARLIEST: Final = date(2000, 1, 1)
_MOST: Final = Decimal(10**12)
_NAMES: Final = {
    "day": ("day", "date", "日期", "时间"),
    "channel": ("channel", "渠道", "媒体"),
    "campaign": ("campaign", "campaign name", "计划", "活动", "推广计划", "广告系列"),
    "spend": ("spend", "cost", "amount", "amount spent", "花费", "消耗", "费用"),
    "currency": ("currency", "币种", "货币"),
}
_NEEDED: Final = ("day", "channel", "spend")
_DAY: Final = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


class Wrong(StrEnum):
    """Why a line is not taken."""

    FIELDS = "fields"
    DAY = "day"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    SPEND = "spend"
    CURRENCY = "currency"
    NO_RATE = "no_rate"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where money went on a day."""

    day: date
    channel: str
    campaign: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A line that is not taken, as it came.

    line  as an editor counts, the head is 1
    """

    line: int
    fields: tuple[str, ...]
    wrong: Wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file as it was understood.

    spent    by place and currency, in minor units; lines of the same place are added up
    lines    without the head and without empty ones
    """

    heads: tuple[str, ...]
    spent: Mapping[tuple[Place, str], int]
    lines: int
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What one place cost, in the currency of the shop's books, and as the file said it."""

    place: Place
    amount_minor: int
    said_minor: int
    said_currency: str


def id_of(shop: str, content: bytes) -> str:
    """The id of a file: the same content for the same shop is the same file."""
    return hashlib.blake2b(shop.encode() + b"\x00" + content, digest_size=8).hexdigest()


def read(content: bytes, *, name: str, currency: str) -> Read:
    """A file of spend, line by line.

    currency  of lines that name none
    refuses   FileUnreadable, FileTooLong
    """
    rows = _rows(content, name)
    heads = tuple(rows[0]) if rows else ()
    columns = _columns(heads, name)
    spent: dict[tuple[Place, str], int] = {}
    refused = []
    count = 0
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        count += 1
        found = _understood(row, columns, width=len(heads), usual=currency)
        if isinstance(found, Wrong):
            refused.append(Refused(line=line, fields=tuple(row), wrong=found))
        else:
            place, said, minor = found
            spent[place, said] = spent.get((place, said), 0) + minor
    return Read(heads=heads, spent=spent, lines=count, refused=tuple(refused))


def _rows(content: bytes, name: str) -> list[list[str]]:
    text = _text(content, name)
    first = text.partition("\n")[0]
    delimiter = max((",", "\t", ";"), key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as broken:
        raise FileUnreadable(name=name, missing="") from broken
    if len(rows) > MOST_LINES + 1:
        raise FileTooLong(name=name, most_lines=MOST_LINES)
    return [[spreadsheets.meant(cell) for cell in row] for row in rows]


def _text(content: bytes, name: str) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable(name=name, missing="")


def _columns(heads: Sequence[str], name: str) -> dict[str, int]:
    said = [head.strip().lower() for head in heads]
    found = {
        meaning: said.index(word) for meaning, listed in _NAMES.items() for word in reversed(listed) if word in said
    }
    missing = [meaning for meaning in _NEEDED if meaning not in found]
    if missing:
        raise FileUnreadable(name=name, missing=", ".join(missing))
    return found


def _understood(
    row: Sequence[str], columns: Mapping[str, int], *, width: int, usual: str
) -> tuple[Place, str, int] | Wrong:
    if len(row) != width:
        return Wrong.FIELDS
    cells = {meaning: row[at].strip() for meaning, at in columns.items()}
    day = _day(cells["day"])
    if day is None:
        return Wrong.DAY
    if cells["channel"] not in visits.CHANNELS:
        return Wrong.CHANNEL
    campaign = cells.get("campaign", "")
    if len(campaign) > LONGEST_CAMPAIGN:
        return Wrong.CAMPAIGN
    currency = cells.get("currency", "").upper() or usual
    if not re.fullmatch(r"[A-Z]{3}", currency):
        return Wrong.CURRENCY
    minor = _minor(cells["spend"], currency)
    if minor is None:
        return Wrong.SPEND
    return Place(day=day, channel=cells["channel"], campaign=campaign), currency, minor


def _day(said: str) -> date | None:
    match = _DAY.fullmatch(said)
    try:
        day = date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None
    return day if day and day >= _EARLIEST else None


def _minor(said: str, currency: str) -> int | None:
    """An amount in minor units; None if it is none, below zero, or finer than the currency is."""
    try:
        minor = Decimal(said.replace(",", "").lstrip("¥￥$€£ ")).scaleb(exponent(currency))
    except InvalidOperation:
        return None
    return int(minor) if minor.is_finite() and 0 <= minor < _MOST and minor == int(minor) else None
