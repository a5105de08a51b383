"""A table of a page as a file: the same rows in the same order, figures as figures."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from unicodedata import east_asian_width

import xlsxwriter
from django.http import Http404, HttpResponse, StreamingHttpResponse

from zhanggui.base import spreadsheets
from zhanggui.base.money import Money, exponent


class Rate(Decimal):
    """A rate as a cell: 0.25 is 0.25 in a text file, and shown as 25.0 % in a workbook."""


Cell = str | int | Decimal | date | Money | None

_KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SHEET_NAME: Final = 31
# Widths of columns, in signs; what is below the first rows is about as wide.
_NARROWEST, _WIDEST, _MEASURED_ROWS = 8, 48, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What stands in a table of a page.

    name   of the file, without its ending
    heads  names of the columns; one of amounts says the currency
    rows   amounts in major units, rates as `Rate` (0.25 is 25 %)
    """

    name: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def as_rate(of: Decimal | int | None) -> Rate | None:
    """A share of something as a cell; None if there is none."""
    return None if of is None else Rate(of)


def download(table: Table, *, form: str) -> HttpResponse:
    """The table as a file to keep.

    form     csv or xlsx; no other is found
    """
    if form not in _KINDS:
        raise Http404(form)
    response = HttpResponse(_csv(table) if form == "csv" else _xlsx(table), content_type=_KINDS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    return response


def download_all(tables: Sequence[Table], *, name: str, form: str) -> HttpResponse:
    """Several tables as one file to keep: a sheet each, or one below the other under its name.

    name     of the file, without its ending
    form     csv or xlsx; no other is found
    """
    if form not in _KINDS:
        raise Http404(form)
    content = _sections(tables) if form == "csv" else workbook(tables)
    response = HttpResponse(content, content_type=_KINDS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def streamed(heads: Sequence[str], rows: Iterable[Sequence[object]], *, name: str) -> StreamingHttpResponse:
    """Rows as a text file that leaves as they come, however many they are.

    name  of the file, without its ending
    """
    response = StreamingHttpResponse(spreadsheets.lines(heads, rows), content_type=_KINDS["csv"])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def workbook(tables: Sequence[Table]) -> bytes:
    """Several tables as a workbook with a sheet for each, in their order."""
    return _xlsx(*tables) if tables else _xlsx(Table(name="-", heads=(), rows=()))


def _csv(table: Table) -> bytes:
    out = io.StringIO(newline="")
    _write_rows(csv.writer(out), table)
    return (spreadsheets.MARK + out.getvalue()).encode()


def _sections(tables: Sequence[Table]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for table in tables:
        writer.writerow([_said(table.name)])
        _write_rows(writer, table)
        writer.writerow([])
    return (spreadsheets.MARK + out.getvalue()).encode()


def _write_rows(writer: Any, table: Table) -> None:
    writer.writerow(_said(head) for head in table.heads)
    writer.writerows([_said(cell) for cell in row] for row in table.rows)


def _xlsx(*tables: Table) -> bytes:
    """Figures as figures, days as days, everything else as text, so that no cell is a formula, nor becomes one when
    somebody changes it.
    """
    out = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        looks = _looks(book, tables)
        names = _sheet_names(tables)
        for name, table in zip(names, tables, strict=True):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.write_row(0, 0, table.heads, looks["head"])
            for line, row in enumerate(table.rows, start=1):
                for place, cell in enumerate(row):
                    _write(sheet, line, place, cell, looks=looks)
            for place, width in enumerate(_widths(table)):
                sheet.set_column(place, place, width)
    return out.getvalue()


def _looks(book: Any, tables: Sequence[Table]) -> dict[str, Any]:
    """How cells are shown: a head that stands out, figures in groups of three, amounts with their currency, rates in
    hundredths, days as they sort.
    """
    currencies = {cell.currency for table in tables for row in table.rows for cell in row if isinstance(cell, Money)}
    numbers = {"day": "yyyy-mm-dd", "count": "#,##0", "rate": "0.0%"} | {one: money_format(one) for one in currencies}
    looks = {name: book.add_format({"num_format": form}) for name, form in numbers.items()}
    looks["formula"] = book.add_format({"quote_prefix": True})
    return looks | {"head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})}


def money_format(currency: str) -> str:
    """How a spreadsheet shows an amount: it never stands without its currency."""
    places = exponent(currency)
    return f"[${currency}] #,##0{'.' + '0' * places if places else ''}"


def _widths(table: Table) -> list[int]:
    """The width of each column in signs: what stands in its first rows fits, a long head goes on two lines."""
    columns = zip(*(row for row in table.rows[:_MEASURED_ROWS] if len(row) == len(table.heads)), strict=True)
    cells = [*columns] or [()] * len(table.heads)
    widest = (max((_breadth(_shown(cell)) for cell in column), default=0) for column in cells)
    return [
        min(_WIDEST, max(_NARROWEST, width, -(-_breadth(head) // 2)) + 2)
        for head, width in zip(table.heads, widest, strict=True)
    ]


def _breadth(said: str) -> int:
    """How broad a text is in letters; a Chinese sign is as broad as two."""
    return len(said) + sum(east_asian_width(sign) in "WF" for sign in said)


def _shown(cell: Cell) -> str:
    """A cell about as a spreadsheet shows it, to measure it."""
    if isinstance(cell, Money):
        return f"{cell.currency} {cell.major:,}"
    if isinstance(cell, Rate):
        return f"{cell:.1%}"
    return f"{cell:,}" if isinstance(cell, int) else _said(cell)


def _sheet_names(tables: Sequence[Table]) -> list[str]:
    """Names as sheets may have them: no brackets or slashes, at most 31 signs, each once whatever its capitals."""
    plain = [re.sub(r"[\[\]:*?/\\]", " ", table.name).strip("' ") or "-" for table in tables]
    if len(plain) == 1:
        # A file is told from others by its days; a sheet has no room for them.
        return [re.sub(r"(-\d{4}-\d\d-\d\d)+$", "", plain[0])[:_SHEET_NAME].rstrip("-") or "-"]
    return [f"{n} {name}"[:_SHEET_NAME].rstrip("' ") for n, name in enumerate(plain, start=1)]


def _write(sheet: Any, line: int, place: int, cell: Cell, *, looks: dict[str, Any]) -> None:
    if isinstance(cell, Money):
        sheet.write_number(line, place, cell.major, looks[cell.currency])
    elif isinstance(cell, int):
        sheet.write_number(line, place, cell, looks["count"])
    elif isinstance(cell, Decimal):
        sheet.write_number(line, place, cell, looks["rate"] if isinstance(cell, Rate) else None)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, looks["day"])
    elif cell:
        sheet.write_string(line, place, cell, looks["formula"] if spreadsheets.is_formula(cell) else None)


def _said(cell: Cell) -> str:
    """A cell as text that no spreadsheet takes for a formula."""
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return str(cell.major)
    if isinstance(cell, str):
        return spreadsheets.plain(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)
