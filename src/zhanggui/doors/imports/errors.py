"""Why a file is not taken in. Each carries what a person needs to put it right."""

from __future__ import annotations

from zhanggui.base.errors import Refused, Unreachable


class FileMissing(Refused):
    """There is no such file or folder, or it may not be read."""

    path: str
    reason: str


class FileBroken(Refused):
    """The file is damaged; nothing of it was taken in."""

    path: str
    reason: str


class FormNotAccepted(Refused):
    """The file has a form that is not read here."""

    path: str
    found: str


class EncodingUnclear(Refused):
    """The text is neither UTF-8 nor Chinese GB 18030, so its characters would come out wrong."""

    path: str
    line: int


class TableMissing(Refused):
    """The folder lacks a table without which no order can be told."""

    path: str
    wanted: tuple[str, ...]


class MapUnclear(Refused):
    """The way the columns are named in --map cannot be understood."""

    said: str
    reason: str


class ColumnsMissing(Refused):
    """The file lacks columns that the mapping names."""

    path: str
    missing: tuple[str, ...]
    present: tuple[str, ...]
    guess: str


class FormatUnknown(Refused):
    """The file is none of those that are known by their columns."""

    path: str
    known: tuple[str, ...]
    present: tuple[str, ...]
    guess: str


class DatesUnclear(Refused):
    """Day and month could be read either way round."""

    path: str
    column: str
    examples: tuple[str, ...]


class DecimalsUnclear(Refused):
    """A comma or point could be the decimal sign or stand between thousands."""

    path: str
    column: str
    examples: tuple[str, ...]


class CurrencyDiffers(Refused):
    """The file has amounts in another currency than the shop's books."""

    path: str
    wanted: str
    found: tuple[str, ...]


class ShopUnknown(Refused):
    """The shop does not stand yet, so its zone and currency must be said."""

    shop: str


class ShopIsOwn(Refused):
    """Orders of other systems never go into the books of our own shop."""

    shop: str


class NoRoom(Unreachable):
    """The disk is full. What was taken in so far stays; the same command goes on."""

    path: str


class DatabaseGone(Unreachable):
    """The database went away. What was taken in so far stays; the same command goes on."""

    reason: str
