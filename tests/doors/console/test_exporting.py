"""Workbooks: a rate is shown in hundredths, an amount with its currency, a day as a day; the figure stays whole."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client

from tests.doors.console.conftest import WEEK
from zhanggui.base.money import Money
from zhanggui.doors.console.exporting import Table, as_rate, download, download_all, workbook


def cells(content: bytes) -> dict[str, tuple[str, str]]:
    """The figures of the first sheet: what each is, and the form in which it is shown."""
    book = ZipFile(BytesIO(content))
    styles, sheet = (book.read(f"xl/{name}.xml").decode() for name in ("styles", "worksheets/sheet1"))
    forms = dict(re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]+)"', styles)) | {"0": "", "3": "#,##0"}
    used = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs", 1)[1])
    found = re.findall(r'<c r="([A-Z]+\d+)"(?: s="(\d+)")?><v>([^<]+)</v>', sheet)
    return {place: (value, forms[used[int(style or 0)]]) for place, style, value in found}


def test_each_kind_of_figure_has_its_form() -> None:
    row = (as_rate(Decimal("0.125")), Decimal("0.125"), Money(123456, "CNY"), Money(500, "JPY"), 1234, date(2026, 5, 7))
    table = Table(name="all", heads=("rate", "ratio", "yuan", "yen", "count", "day"), rows=[row, (None,) * 6])

    assert cells(workbook([table])) == {
        "A2": ("0.125", "0.0%"),
        "B2": ("0.125", ""),
        "C2": ("1234.56", "[$CNY] #,##0.00"),
        "D2": ("500", "[$JPY] #,##0"),
        "E2": ("1234", "#,##0"),
        "F2": ("46149", "yyyy-mm-dd"),
    }


def test_a_sheet_is_named_without_the_days_of_its_file() -> None:
    book = ZipFile(BytesIO(workbook([Table(name="explorer-acme-2026-05-01-2026-05-07", heads=("a",), rows=[(1,)])])))

    assert '<sheet name="explorer-acme"' in book.read("xl/workbook.xml").decode()


FORMULAS = Table(name="=name", heads=("=head", "n"), rows=[("\ufeff＝1+1", -5), ("@x", 1), ("-7", 1)])


def test_no_text_of_a_table_is_a_formula() -> None:
    file, book = (b"".join(download(FORMULAS, form=form)) for form in ("csv", "xlsx"))
    several = b"".join(download_all([FORMULAS], name="all", form="csv")).decode("utf-8-sig")
    rows = [["'=head", "n"], ["'\ufeff＝1+1", "-5"], ["'@x", "1"], ["-7", "1"]]

    assert list(csv.reader(io.StringIO(file.decode("utf-8-sig")))) == rows
    assert list(csv.reader(io.StringIO(several))) == [["'=name"], *rows, []]
    styles, sheet = (ZipFile(BytesIO(book)).read(f"xl/{name}.xml").decode() for name in ("styles", "worksheets/sheet1"))
    used = re.findall(r"<xf [^>]*>", styles.split("<cellXfs", 1)[1])
    texts = dict(re.findall(r'<c r="(A\d)" s="(\d+)" t="s">', sheet))
    assert "<f>" not in sheet
    assert [place for place, style in texts.items() if 'quotePrefix="1"' in used[int(style)]] == ["A2", "A3"]


@pytest.mark.usefixtures("acme", "at_noon")
@pytest.mark.parametrize(
    ("page", "place", "form"),
    [
        ("explorer/table.xlsx?by=day&m=add_to_cart_rate,gmv_paid", "A3", "yyyy-mm-dd"),
        ("explorer/table.xlsx?by=day&m=add_to_cart_rate,gmv_paid", "B2", "0.0%"),
        ("explorer/table.xlsx?by=day&m=add_to_cart_rate,gmv_paid", "C2", "[$CNY] #,##0.00"),
        ("funnel/table.xlsx?event.1=Page&event.2=Product+Viewed", "D3", "0.0%"),
        ("paths/paths.xlsx?", "D2", "0.0%"),
    ],
)
def test_what_a_page_exports_is_shown_as_the_page_shows_it(owner: Client, page: str, place: str, form: str) -> None:
    assert cells(owner.get(f"/console/{page}&{WEEK}").content)[place][1] == form
