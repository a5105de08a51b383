"""`zhanggui products`: product files in and out; ours as CSV or XLSX, Shopify's and WooCommerce's as CSV."""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec
import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _

from zhanggui.base import spreadsheets
from zhanggui.base.operation.rules import job
from zhanggui.doors.imports import words
from zhanggui.doors.imports.files import sheets, texts
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.actions import Tally
from zhanggui.shop.catalogue.errors import FileNotUnderstood
from zhanggui.shop.catalogue.queries import Wanted
from zhanggui.shop.catalogue.rules import exchange
from zhanggui.shop.catalogue.rules.exchange import Form, Row
from zhanggui.spine.log.rules import Trail

_AT_ONCE = 1000


@click.group()
def command() -> None:
    """Bring products in from a file, or write them into one."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--shop", default=settings.OWN_SHOP, show_default=True, help="Code of the shop that they go into.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--quiet", is_flag=True, help="No progress.")
def bring_in(file: Path, shop: str, dry_run: bool, as_json: bool, quiet: bool) -> None:
    """Take in a product file: ours (.csv, .xlsx), Shopify's or WooCommerce's (.csv).

    What stands already and is the same is not changed; a product with a fault is left out and named by its line.
    A command that was stopped goes on when it is given again.
    """
    try:
        with opened(file) as (form, rows):
            tally = actions.bring_in(
                rows=rows,
                form=form,
                trail=Trail(shop=shop),
                by=job("products"),
                dry_run=dry_run,
                watch=None if quiet else _Watch(),
            )
    except FileNotUnderstood as wrong:
        raise click.ClickException(_("Line %(line)s is not understood: %(reason)s") % wrong.data) from wrong
    _say(tally, as_json=as_json, dry_run=dry_run)
    sys.exit(words.EXIT_LINES_WAIT if tally.refused else 0)


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--shop", default=settings.OWN_SHOP, show_default=True, help="Code of the shop.")
@click.option("--category", default="", help="Only what stands in this category and below it.")
def write_out(file: Path, shop: str, category: str) -> None:
    """Write all products into a file of ours, .csv or .xlsx by its name."""
    rows = _cells(shop, Wanted(category=category, sort="handle"))
    count = _write_xlsx(file, rows) if file.suffix.lower() == ".xlsx" else _write_csv(file, rows)
    click.echo(_("%(rows)s rows are in %(file)s.") % {"rows": count, "file": file})


@contextmanager
def opened(file: Path) -> Iterator[tuple[Form, Iterator[Row]]]:
    """A product file, whatever its form: the first bytes tell a workbook from a text.

    refuses  FileNotUnderstood, FileBroken, EncodingUnclear
    """
    with tempfile.TemporaryDirectory() as scratch:
        with file.open("rb") as begun:
            is_book = begun.read(4) == b"PK\x03\x04"
        path = sheets.as_csv(file, folder=Path(scratch)) if is_book else file
        text = texts.as_utf8(path, scratch=Path(scratch))
        with text.path.open(encoding="utf-8-sig", newline="") as lines:
            yield exchange.table_of(lines)


class _Watch:
    """Says every few seconds how far a file is, and how fast it goes."""

    def __init__(self) -> None:
        self.began = self.said = time.monotonic()

    def __call__(self, tally: Tally) -> None:
        now = time.monotonic()
        if now - self.said < 2:
            return
        self.said = now
        rate = round(tally.rows / (now - self.began))
        click.echo(_("%(rows)s rows, %(rate)s a second") % {"rows": tally.rows, "rate": rate}, err=True)


def _say(tally: Tally, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(tally), indent=2))
        return
    for fault in tally.faults:
        click.echo(_("Line %(line)s, %(handle)s: %(code)s %(said)s") % msgspec.to_builtins(fault), err=True)
    figures = msgspec.to_builtins(tally)
    if dry_run:
        click.echo(_("Nothing was written. This is what would happen:"))
    click.echo(
        _(
            "%(products)s products taken in, %(refused)s left out; SKUs: %(new)s new, %(changed)s changed, "
            "%(repriced)s with another price, %(gone)s no longer sold."
        )
        % figures
    )


def _cells(shop: str, wanted: Wanted) -> Iterator[dict[str, str]]:
    handles = queries.handles_of(shop, wanted)
    for start in range(0, len(handles), _AT_ONCE):
        for whole in queries.wholes(shop, handles[start : start + _AT_ONCE]):
            yield from exchange.cells_of(whole.product)


def _write_csv(file: Path, rows: Iterator[dict[str, str]]) -> int:
    count = 0
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, exchange.COLUMNS)
        writer.writeheader()
        for row in rows:
            writer.writerow({column: spreadsheets.plain(cell) for column, cell in row.items()})
            count += 1
    return count


def _write_xlsx(file: Path, rows: Iterator[dict[str, str]]) -> int:
    """Rows go to the disk as they come; figures as figures, everything else as text, guarded as in a text file: it is
    read as one when it comes in again.
    """
    count = 0
    options: dict[str, Any] = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("products")
        sheet.freeze_panes(1, 2)
        sheet.write_row(0, 0, exchange.COLUMNS)
        for count, row in enumerate(rows, start=1):
            for place, column in enumerate(exchange.COLUMNS):
                cell = row.get(column, "")
                if cell and column in exchange.FIGURES:
                    sheet.write_number(count, place, float(cell))
                elif cell:
                    sheet.write_string(count, place, spreadsheets.plain(cell))
    return count
