"""A briefing as a workbook: every figure as a figure, with its query and the page that answers it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhanggui.base.money import exponent
from zhanggui.doors.console.briefings import naming
from zhanggui.doors.console.briefings.telling import Told, address
from zhanggui.doors.console.exporting import money_format
from zhanggui.steer.briefings.rules import Number, Unit

_MADE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 -- no moment: the file says nothing of when it was made
_FORMATS: Final = {
    Unit.COUNT: "#,##0",
    Unit.RATE: "0.0%",
    Unit.POINTS: "0.0%",
    Unit.TIMES: "0.00",
    Unit.HOURS: "0.0",
    Unit.DAYS: "0.0",
    Unit.SECONDS: "0",
}


def sheets(told: Told, *, root: str = "") -> bytes:
    """The briefing as a .xlsx: what was found, every figure with its query, a sheet for each table, the proposals.

    root  before every address, so that a link leads to the console from anywhere
    """
    out = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": told.title, "author": told.kept.shop_name, "created": _MADE})
        forms = {unit: book.add_format({"num_format": form}) for unit, form in _FORMATS.items()}
        forms[Unit.MONEY] = book.add_format({"num_format": money_format(told.kept.currency)})
        days = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        title = book.add_format({"bold": True, "font_size": 14})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F1EDE6"})
        _findings(book.add_worksheet(pgettext("briefing sheet", "Findings")), told, wrap, head, title)
        _figures(book.add_worksheet(pgettext("briefing sheet", "Figures")), told, forms, head, days, root)
        _tables(book, told, forms, head)
        _proposals(book.add_worksheet(pgettext("briefing sheet", "Proposals")), told, wrap, head)
    return out.getvalue()


def _for_paper(sheet: Any, *, heads: int) -> None:
    """Printed across the page, as wide as it, with its heads on each sheet of paper.

    heads  in which row they stand
    """
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heads)


def _findings(sheet: Any, told: Told, wrap: Any, head: Any, title: Any) -> None:
    _for_paper(sheet, heads=2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 2, 90, wrap)
    sheet.write_string(0, 0, f"{told.title} · {told.kept.shop_name} · {told.days}", title)
    heads = (_("Chapter"), pgettext("briefing column", "Finding"), pgettext("briefing column", "In other words"))
    sheet.write_row(2, 0, heads, head)
    sheet.freeze_panes(3, 0)
    line = 3
    for chapter in told.chapters:
        for one in chapter.sentences:
            sheet.write_string(line, 0, chapter.title)
            sheet.write_string(line, 1, one.text)
            sheet.write_string(line, 2, one.words)
            line += 1


def _figures(sheet: Any, told: Told, forms: dict[Unit, Any], head: Any, days: Any, root: str) -> None:
    heads = (
        pgettext("briefing column", "Finding"),
        pgettext("briefing column", "Name"),
        pgettext("briefing column", "Figure"),
        _("Metric"),
        _("First day"),
        _("Last day"),
        _("Cut"),
        _("Which"),
        _("Page"),
    )
    _for_paper(sheet, heads=0)
    sheet.write_row(0, 0, heads, head)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 7, 20)
    sheet.set_column(8, 8, 60)
    for line, (owner, number) in enumerate(_numbers(told), start=1):
        sheet.write_string(line, 0, owner)
        sheet.write_string(line, 1, number.name)
        _write(sheet, line, 2, number, told.kept.currency, forms)
        asked = number.source
        if asked is None:
            sheet.write_string(line, 3, _("follows from the others"))
            continue
        last = asked.end.fromordinal(asked.end.toordinal() - 1)
        sheet.write_string(line, 3, asked.metric)
        for place, day in enumerate((asked.first, last), start=4):
            sheet.write_datetime(line, place, day, days)
        for place, text in enumerate((asked.cut, asked.cell, address(asked, root=root)), start=6):
            sheet.write_string(line, place, text)


def _numbers(told: Told) -> Iterator[tuple[str, Number]]:
    """Every figure of the document, with the key of what it stands in."""
    for section in told.kept.sections:
        for finding in section.findings:
            yield from ((finding.key, number) for number in finding.numbers)
        for table in section.tables:
            for row in table.rows:
                yield from ((f"{table.key}: {row.thing.code}", number) for number in row.numbers)
    for decision in told.kept.decisions:
        yield from ((decision.key, number) for number in decision.numbers)


def _tables(book: Any, told: Told, forms: dict[Unit, Any], head: Any) -> None:
    tables = [table for chapter in told.chapters for table in chapter.tables]
    for n, table in enumerate(tables, start=1):
        sheet = book.add_worksheet(f"{n} {table.title}"[:31].replace("/", " ").replace(":", " "))
        _for_paper(sheet, heads=0)
        sheet.write_row(0, 0, (table.first, *table.heads), head)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, len(table.heads), 20)
        for line, (row, kept) in enumerate(zip(table.rows, table.kept.rows, strict=True), start=1):
            sheet.write_string(line, 0, row.name)
            for place, name in enumerate(table.kept.heads, start=1):
                number = kept.number(name)
                if number is not None:
                    _write(sheet, line, place, number, told.kept.currency, forms)


def _proposals(sheet: Any, told: Told, wrap: Any, head: Any) -> None:
    _for_paper(sheet, heads=0)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 1, 80, wrap)
    sheet.set_column(2, 2, 30)
    sheet.set_column(3, 3, 16)
    names = (
        pgettext("briefing column", "Proposal"),
        pgettext("briefing column", "Because"),
        pgettext("briefing column", "Days"),
        pgettext("briefing column", "Decision"),
    )
    sheet.write_row(0, 0, names, head)
    for line, one in enumerate(told.proposals, start=1):
        for place, text in enumerate((one.text, one.because, one.days, naming.verdict(one.verdict))):
            sheet.write_string(line, place, text)


def _write(sheet: Any, line: int, place: int, number: Number, currency: str, forms: dict[Unit, Any]) -> None:
    """Amounts in major units, rates as rates; a figure that stands on nothing stays empty."""
    size = number.size
    if size is None:
        return
    major = size.scaleb(-exponent(currency)) if number.unit is Unit.MONEY else size
    sheet.write_number(line, place, round(major, 6), forms[number.unit])
