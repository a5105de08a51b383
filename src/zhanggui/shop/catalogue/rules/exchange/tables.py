"""The rows of a file as text, and their place in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final

from zhanggui.base import spreadsheets
from zhanggui.shop.catalogue.errors import FileNotUnderstood
from zhanggui.shop.catalogue.rules.exchange.parsing import Form, form_of
from zhanggui.shop.catalogue.rules.exchange.rows import Row

_LONGEST_CELL: Final = 1_000_000


def table_of(lines: Iterable[str]) -> tuple[Form, Iterator[Row]]:
    """Whose file a CSV is, and its rows, read as they are asked for.

    lines    of the file with their ends, as an open file gives them (`newline=""`)
    refuses  FileNotUnderstood if its first row is nobody's header
    """
    csv.field_size_limit(_LONGEST_CELL)
    counted = _Counted(lines)
    reader = csv.reader(counted)
    try:
        header = [spreadsheets.meant(name.strip().lstrip(spreadsheets.MARK)).lower() for name in next(reader, [])]
    except csv.Error as wrong:
        raise FileNotUnderstood(reason=str(wrong), line=1) from wrong
    form = form_of(header)
    if form is None:
        raise FileNotUnderstood(reason="header", line=1)
    return form, _rows(reader, counted, header, is_exact=form is Form.OWN)


class _Counted:
    """Lines, and how many were read."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.read = 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.read += 1
        return line


def _rows(reader: Iterator[list[str]], counted: _Counted, header: list[str], *, is_exact: bool) -> Iterator[Row]:
    begins = counted.read + 1
    try:
        for cells in reader:
            if any(cells):
                said = [spreadsheets.meant(cell if is_exact else cell.strip()) for cell in cells]
                yield Row(line=begins, cells=dict(zip(header, said, strict=False)))
            begins = counted.read + 1
    except csv.Error as wrong:
        raise FileNotUnderstood(reason=str(wrong), line=begins) from wrong
