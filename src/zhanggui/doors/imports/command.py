"""`zhanggui import`: take in the orders or events of another shop."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec
from django.utils.translation import gettext as _
from rich.console import Console

from zhanggui.base.errors import Refused, Unreachable
from zhanggui.base.operation.rules import job
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.imports import actions, homes, words
from zhanggui.doors.imports.columns import Writing
from zhanggui.doors.imports.files.tables import Wish
from zhanggui.doors.imports.printing import show
from zhanggui.doors.imports.progress import Bar
from zhanggui.doors.imports.reports import Report
from zhanggui.doors.imports.rules import mapping, sights
from zhanggui.doors.imports.rules.moments import Dates
from zhanggui.doors.imports.rules.numbers import Decimals
from zhanggui.doors.imports.sources import cdnow as cdnow_source
from zhanggui.doors.imports.sources import olist as olist_source
from zhanggui.doors.imports.sources import online_retail as online_retail_source
from zhanggui.doors.imports.sources.cdnow import Cdnow
from zhanggui.doors.imports.sources.olist import Olist
from zhanggui.doors.imports.sources.online_retail import OnlineRetail
from zhanggui.doors.imports.sources.order_lines import OrderLines
from zhanggui.doors.imports.sources.recognised import Ready, source_of
from zhanggui.doors.imports.sources.sightings import Sightings
from zhanggui.doors.imports.sources.source import Source
from zhanggui.insight.attribution import actions as attribution

F = TypeVar("F", bound=Callable[..., Any])
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_CURRENCY = re.compile(r"[A-Z]{3}")


def _checked_code(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _CODE.fullmatch(value):
        raise click.BadParameter("a-z 0-9 - _")
    return value


def _checked_currency(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _CURRENCY.fullmatch(value):
        raise click.BadParameter("CNY, USD, EUR …")
    return value


def _running(verb: F) -> F:
    """The options that every import has."""
    verb = click.option("--quiet", is_flag=True, help="No progress, and no report where all went well.")(verb)
    verb = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")(verb)
    verb = click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")(verb)
    verb = click.option("--name", help="Its name; the code if left out.")(verb)
    return click.option("--shop", callback=_checked_code, help="Code of the shop that they go into.")(verb)


def _written(verb: F) -> F:
    """The options that say how a file is written."""
    verb = click.option("--delimiter", help="Between the cells of a CSV; found out if left out.")(verb)
    verb = click.option("--encoding", help="Of the text; found out if left out.")(verb)
    signs = click.Choice([one.value for one in Decimals])
    verb = click.option("--decimal", type=signs, help="The decimal sign; found out if it is clear.")(verb)
    dates = click.Choice([one.value for one in Dates])
    return click.option("--dates", type=dates, help="Order of year, month and day; found out if it is clear.")(verb)


def _housed(verb: F) -> F:
    """The options that say where a new shop keeps its books."""
    verb = click.option("--currency", callback=_checked_currency, help="Currency of a new shop's books.")(verb)
    return click.option("--zone", help="Time zone of a new shop, such as Asia/Shanghai.")(verb)


def _mapped(verb: F) -> F:
    verb = _housed(verb)
    return click.option("--map", "said", multiple=True, required=True, help="A ready mapping or meaning=column,…")(verb)


@click.group()
def command() -> None:
    """Take in the orders or events of another shop. What is in already is not counted again."""


@command.command("file")
@click.argument("file", type=click.Path(path_type=Path))
@_housed
@_written
@_running
def file(file: Path, **options: Any) -> None:
    r"""Any file that is known by its columns; what it is, is found out and said.

    \b
    Orders: online-retail, olist (a folder), cdnow, shopify, tmall, woocommerce (Customer/Order/Coupon
            Export, one row per item), woocommerce-analytics
    Events: taobao, retailrocket
    """

    def ready() -> Ready:
        return source_of(file, wish=_wish(options), writing=_writing(options))

    def shop() -> Shop:
        found = ready()
        return _shop_of(options, found.shop) if found.shop else _shop_said(options, (found.format,))

    _run(lambda: [ready().source], shop, options, again="file {file}")


@command.command("online-retail")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_written
@_running
def online_retail(files: tuple[Path, ...], **options: Any) -> None:
    """UCI Online Retail I and II, one or both files, as .xlsx, .csv or .parquet."""
    sources = [OnlineRetail(path=path, wish=_wish(options), writing=_writing(options)) for path in files]
    _run(lambda: sources, lambda: _shop_of(options, online_retail_source.SHOP), options, again="online-retail {file}")


@command.command("cdnow")
@click.argument("file", type=click.Path(path_type=Path))
@_written
@_running
def cdnow(file: Path, **options: Any) -> None:
    """CDNOW's purchases of all customers or of the sample, as published: .txt, parted by blanks."""
    source = Cdnow(path=file, wish=_wish(options), writing=_writing(options))
    _run(lambda: [source], lambda: _shop_of(options, cdnow_source.SHOP), options, again="cdnow {file}")


@command.command("olist")
@click.argument("folder", type=click.Path(path_type=Path))
@_running
def olist(folder: Path, **options: Any) -> None:
    """The folder of Olist's tables, as .csv or .parquet under their published names."""
    again = f"olist {_plain(shlex.quote(str(folder)))}"
    _run(lambda: [Olist(folder=folder)], lambda: _shop_of(options, olist_source.SHOP), options, again=again)


@command.command("orders-csv")
@click.argument("file", type=click.Path(path_type=Path))
@_mapped
@click.option("--status-word", "status_words", multiple=True, help="What a word means, such as abgeschlossen=paid.")
@_written
@_running
def orders_csv(file: Path, said: tuple[str, ...], status_words: tuple[str, ...], **options: Any) -> None:
    r"""Any shop's order lines.

    Ready mappings: shopify, tmall, woocommerce, woocommerce-analytics; or order=…,at=…,sku=…,quantity=…,price=…

    \b
    Of a line: sku title category quantity price amount line_discount
    Of its order: order at customer region status goods shipping tax total paid_at cancelled_at
                  shipped_at delivered_at refunded currency provider
    """

    def sources() -> list[Source]:
        columns = mapping.columns_said(said, presets=mapping.PRESETS)
        wish, writing = _wish(options), _writing(options)
        return [OrderLines(path=file, columns=columns, wish=wish, writing=writing, status_words=status_words)]

    again = " ".join(("orders-csv {file}", *_repeated("--map", said), *_repeated("--status-word", status_words)))
    _run(sources, lambda: _shop_said(options, said), options, again=again)


@command.command("events")
@click.argument("file", type=click.Path(path_type=Path))
@_mapped
@click.option("--event-word", "event_words", multiple=True, help="What a word means, such as look=Product Viewed.")
@_written
@_running
def events(file: Path, said: tuple[str, ...], event_words: tuple[str, ...], **options: Any) -> None:
    r"""What visitors did, as .csv, .ndjson or .parquet.

    Ready mappings: retailrocket, taobao; or at=…,person=…,event=…

    \b
    Meanings: at person event sku category order quantity price session page device channel
              campaign region id
    """

    def sources() -> list[Source]:
        columns = mapping.columns_said(said, presets=sights.PRESETS, fields=sights.Sight)
        wish, writing = _wish(options), _writing(options)
        return [Sightings(path=file, columns=columns, wish=wish, writing=writing, event_words=event_words)]

    again = " ".join(("events {file}", *_repeated("--map", said), *_repeated("--event-word", event_words)))
    _run(sources, lambda: _shop_said(options, said), options, again=again)


@command.command("spend")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--shop", required=True, callback=_checked_code, help="Code of the shop whose advertising it was.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def spend(file: Path, shop: str, as_json: bool) -> None:
    r"""What advertising cost, a line for a day, a channel and a campaign, as .csv.

    The same file again changes nothing; a newer one replaces what an older one said of a day.

    \b
    Columns: day channel campaign spend currency
    """
    taken = attribution.import_spend(shop=shop, name=file.name, content=file.read_bytes(), by=job("import"))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(taken), indent=2))
    else:
        said = _("{lines} lines read, {changed} days of spend new or another ({amount}), {refused} lines refused.")
        click.echo(
            said.format(lines=taken.line_count, changed=taken.changed, amount=taken.amount, refused=taken.refused_rows)
        )
        for one in taken.refused:
            click.echo(f"  {one.line}: {one.wrong} {', '.join(one.fields)}", err=True)
    sys.exit(words.EXIT_LINES_WAIT if taken.refused_rows else 0)


def _run(
    sources: Callable[[], Sequence[Source]], shop: Callable[[], Shop], options: dict[str, Any], *, again: str
) -> None:
    """Take the files in and say what came of it; ends the process with the fitting code.

    again  how mended lines are fed back, `{file}` standing for them
    """
    try:
        with actions.explained(), Bar(is_quiet=options["quiet"]) as bar:
            reports = actions.bring_in(sources(), shop=shop(), by=job("import"), dry_run=options["dry_run"], watch=bar)
    except (Refused, Unreachable) as error:
        first, *rest = words.complaint(error).splitlines()
        click.echo("\n".join((f"{click.style('✗', fg='red')} {first}", *(f"  {line}" for line in rest))), err=True)
        sys.exit(words.exit_code(error))
    except KeyboardInterrupt:
        click.echo(_("Stopped. What was taken in so far stays; the same command goes on."), err=True)
        sys.exit(128 + 2)
    _say(reports, options, again=again)
    sys.exit(words.EXIT_LINES_WAIT if any(report.refused_rows for report in reports) else 0)


def _say(reports: Sequence[Report], options: dict[str, Any], *, again: str) -> None:
    if options["as_json"]:
        click.echo(msgspec.json.format(msgspec.json.encode(reports), indent=2))
        return
    console = Console(width=None if sys.stdout.isatty() else 120)
    for report in reports:
        if not options["quiet"] or report.refused_rows or report.differing:
            command_line = f"zhanggui import {again.format(file=shlex.quote(report.refused_file))}"
            place = shlex.join(("--shop", report.shop, *report.writing))
            show(report, console=console, feed_back=f"{command_line} {place}" if report.refused_file else "")


def _repeated(option: str, values: Sequence[str]) -> list[str]:
    return [f"{option} {_plain(shlex.quote(value))}" for value in values]


def _plain(text: str) -> str:
    """A text whose braces stand for nothing."""
    return text.replace("{", "{{").replace("}", "}}")


def _wish(options: dict[str, Any]) -> Wish:
    return Wish(encoding=options["encoding"], delimiter=options["delimiter"])


def _writing(options: dict[str, Any]) -> Writing:
    dates, decimal = options["dates"], options["decimal"]
    return Writing(dates=Dates(dates) if dates else None, decimals=Decimals(decimal) if decimal else None)


def _shop_of(options: dict[str, Any], usual: Shop) -> Shop:
    return homes.usual(usual, code=options["shop"] or "", name=options["name"] or "")


def _shop_said(options: dict[str, Any], said: Sequence[str]) -> Shop:
    if not options["shop"] and not any(one in mapping.PRESETS or one in sights.PRESETS for one in said):
        raise click.UsageError("--shop CODE")
    asked = {"code": options["shop"], "name": options["name"], "zone": options["zone"], "currency": options["currency"]}
    return homes.said(**{key: value or "" for key, value in asked.items()}, maps=said)
