"""XLSX as CSV: the sheets of a workbook one below the other, read as a stream with what Python itself brings along.

Not a spreadsheet: formulas give the value that was saved with them, formats are only asked whether they are dates.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from xml.parsers import expat

from zhanggui.doors.imports.errors import FileBroken

_BLOCK = 1 << 18
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_A_DATE_SIGN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
_DATE_SIGN = re.compile(r"[ymdhs年月日]", re.I)
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  a sheet's moments have no zone; Excel's day 60 never was
_DAY_ZERO_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
# What is formatted as a date and lies beyond the year 9999 by either count, such as a phone number, is a number.
_DATES_BEFORE = 2_957_003
_REFERENCE = re.compile(r"([A-Z]+)")
# A sheet has columns A to XFD. A cell far beyond them would have us make room for all that stand before it.
_MOST_COLUMNS = 16_384
# No table shrinks to less than a hundredth: such a part was made to fill memory and disk (as Apache POI decides).
_UNPACKED_FREELY = 64 << 20
_TIGHTEST = 100


@dataclass(slots=True)
class _Book:
    """What all sheets of a workbook share."""

    strings: list[str] = field(default_factory=list)
    date_styles: frozenset[int] = frozenset()
    day_zero: datetime = _DAY_ZERO


def as_csv(path: Path, *, folder: Path) -> Path:
    """Write a workbook's cells to a CSV file; sheets with the first one's header are put below it, others left out.

    refuses  FileBroken
    """
    target = folder / f"{path.name}.csv"
    try:
        with _opened(path) as archive, target.open("w", encoding="utf-8", newline="") as out:
            book = _book(archive)
            writer = csv.writer(out)
            header: list[str] | None = None
            for name in _sheets(archive):
                rows = _rows(archive, name, book)
                first = next(rows, None)
                if first is None or header not in (None, first):
                    continue
                if header is None:
                    header = first
                    writer.writerow(first)
                writer.writerows(rows)
    except (zipfile.BadZipFile, KeyError, expat.ExpatError, IndexError, ValueError, EOFError) as wrong:
        raise FileBroken(path=str(path), reason=f"xlsx: {wrong}") from wrong
    return target


def header_of(path: Path) -> list[str]:
    """The first row of a workbook; empty if it has none.

    refuses  FileBroken
    """
    try:
        with _opened(path) as archive:
            sheets = _sheets(archive)
            return next(_rows(archive, sheets[0], _book(archive)), []) if sheets else []
    except (zipfile.BadZipFile, KeyError, expat.ExpatError, IndexError, ValueError, EOFError) as wrong:
        raise FileBroken(path=str(path), reason=f"xlsx: {wrong}") from wrong


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A workbook none of whose parts unpacks to far more than a table would; no part gives more than it announces."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            if part.file_size > _UNPACKED_FREELY and part.file_size > part.compress_size * _TIGHTEST:
                raise ValueError(f"{part.filename} unpacks to {part.file_size} bytes")
        yield archive


def _sheets(archive: zipfile.ZipFile) -> list[str]:
    """The sheets in the order in which they lie, which is that of their numbers."""
    found = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
    return sorted(found, key=lambda name: int(re.sub(r"\D", "", name)))


def _book(archive: zipfile.ZipFile) -> _Book:
    book = _Book()
    names = set(archive.namelist())
    if "xl/sharedStrings.xml" in names:
        book.strings = _strings(archive)
    if "xl/styles.xml" in names:
        book.date_styles = _date_styles(archive)
    properties: list[Mapping[str, str]] = []
    _parse(archive.open("xl/workbook.xml"), start=_gather({"workbookPr": properties}))
    if any(one.get("date1904") in ("1", "true") for one in properties):
        book.day_zero = _DAY_ZERO_1904
    return book


def _strings(archive: zipfile.ZipFile) -> list[str]:
    strings: list[str] = []
    parts: list[str] = []
    inside: list[str] = []

    def start(name: str, _: dict[str, str]) -> None:
        inside.append(name)
        if name == "si":
            parts.clear()

    def end(name: str) -> None:
        inside.pop()
        if name == "si":
            strings.append("".join(parts))

    def text(said: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            parts.append(said)

    _parse(archive.open("xl/sharedStrings.xml"), start=start, end=end, text=text)
    return strings


def _date_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    formats: list[Mapping[str, str]] = []
    styles: list[Mapping[str, str]] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            formats.append(attributes)
        elif name == "xf" and inside and inside[-1] == "cellXfs":
            styles.append(attributes)
        inside.append(name)

    def end(_: str) -> None:
        inside.pop()

    _parse(archive.open("xl/styles.xml"), start=start, end=end)
    own = {
        int(one["numFmtId"])
        for one in formats
        if _DATE_SIGN.search(_NOT_A_DATE_SIGN.sub("", one.get("formatCode", "")))
    }
    dates = own | _DATE_FORMATS
    return frozenset(place for place, one in enumerate(styles) if int(one.get("numFmtId", 0)) in dates)


def _rows(archive: zipfile.ZipFile, name: str, book: _Book) -> Iterator[list[str]]:
    """The rows of a sheet, a block at a time, so that a long one needs little memory."""
    reader = _SheetReader(book)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with archive.open(name) as file:
        while block := file.read(_BLOCK):
            parser.Parse(block, False)
            yield from reader.take()
        parser.Parse(b"", True)
        yield from reader.take()


class _SheetReader:
    """Gathers the cells of one sheet into rows of text."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._done: list[list[str]] = []
        self._row: list[str] = []
        self._value: list[str] = []
        self._kind = ""
        self._style = 0
        self._place = 0
        self._width = 0
        self._is_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._kind = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
            reference = _REFERENCE.match(attributes.get("r", ""))
            self._place = _column(reference[1]) if reference else len(self._row)
            self._value.clear()
        elif name in ("v", "t"):
            self._is_value = True
        elif name == "row":
            self._row = []

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._is_value = False
        elif name == "c":
            self._row.extend([""] * (self._place - len(self._row)))
            self._row.append(self._text_of("".join(self._value)))
        elif name == "row" and any(self._row):
            self._width = self._width or len(self._row)
            self._row.extend([""] * (self._width - len(self._row)))
            self._done.append(self._row)

    def text(self, said: str) -> None:
        if self._is_value:
            self._value.append(said)

    def take(self) -> list[list[str]]:
        """The rows that are whole by now."""
        taken, self._done = self._done, []
        return taken

    def _text_of(self, value: str) -> str:
        if not value or self._kind in ("str", "inlineStr", "d"):
            return value
        if self._kind == "s":
            return self._book.strings[int(value)]
        if self._kind != "n":
            return {"0": "false", "1": "true"}.get(value, "") if self._kind == "b" else ""
        number = float(value)
        if self._style in self._book.date_styles and 0 <= number < _DATES_BEFORE:
            return (self._book.day_zero + timedelta(seconds=round(number * 86_400))).isoformat(sep=" ")
        if value.isdigit():
            return value
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _column(letters: str) -> int:
    """The place of a column: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    if place > _MOST_COLUMNS:
        raise ValueError(f"no sheet has a column {letters[:8]}")
    return place - 1


def _gather(wanted: Mapping[str, list[Mapping[str, str]]]) -> Callable[[str, dict[str, str]], None]:
    def start(name: str, attributes: dict[str, str]) -> None:
        if name in wanted:
            wanted[name].append(attributes)

    return start


def _parse(
    file: IO[bytes],
    *,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    with file:
        parser.ParseFile(file)
