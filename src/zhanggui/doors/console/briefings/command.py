"""`zhanggui briefing`: the reviews of a shop as files, from the numbers as they are."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zhanggui.base.operation.rules import job
from zhanggui.base.shops.errors import NoSuchShop
from zhanggui.doors.console import shelf_words
from zhanggui.doors.console.briefings.papers import paper
from zhanggui.doors.console.briefings.sheets import sheets
from zhanggui.doors.console.briefings.slides import slides
from zhanggui.doors.console.briefings.telling import Told, told
from zhanggui.insight.metrics.rules import Period, Step, after, cell_of
from zhanggui.steer.briefings import actions, queries
from zhanggui.steer.briefings.errors import NothingKnown, PeriodUnfit
from zhanggui.steer.briefings.rules import Document, Kind

_DAY = click.DateTime(["%Y-%m-%d"])
_LANGUAGES = {"zh": "zh-hans", "en": "en"}
_SHOP = click.option("--shop", required=True, help="Code of the shop.")
_TO = click.option(
    "--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where the files go."
)
_LANGUAGE = click.option("--language", type=click.Choice(list(_LANGUAGES)), default="zh", help="zh or en.")
_KEEP = click.option("--keep", is_flag=True, help="Keep it as a draft at the console, too.")


@click.group()
def command() -> None:
    """Write a review of a shop: HTML, slides and a workbook. The same numbers give the same files."""


@command.command("month")
@click.option("--month", "said", required=True, type=click.DateTime(["%Y-%m"]), help="Such as 2011-11.")
@_SHOP
@_TO
@_LANGUAGE
@_KEEP
def month(said: datetime, shop: str, folder: Path, language: str, keep: bool) -> None:
    """The monthly review and the plan of the next month."""
    _write(shop, Kind.MONTH, queries.period_of(Kind.MONTH, said.date()), folder, language, keep=keep)


@command.command("year")
@click.option("--year", "said", required=True, type=click.DateTime(["%Y"]), help="Such as 2011.")
@_SHOP
@_TO
@_LANGUAGE
@_KEEP
def year(said: datetime, shop: str, folder: Path, language: str, keep: bool) -> None:
    """The year-end review and the plan of the next year."""
    _write(shop, Kind.YEAR, queries.period_of(Kind.YEAR, said.date()), folder, language, keep=keep)


@command.command("week")
@click.option("--day", "said", required=True, type=_DAY, help="Any day of the week.")
@_SHOP
@_TO
@_LANGUAGE
@_KEEP
def week(said: datetime, shop: str, folder: Path, language: str, keep: bool) -> None:
    """A week in short."""
    monday = cell_of(said.date(), Step.WEEK)
    _write(shop, Kind.WEEK, queries.period_of(Kind.WEEK, monday), folder, language, keep=keep)


@command.command("day")
@click.option("--day", "said", required=True, type=_DAY, help="Such as 2011-11-07.")
@_SHOP
@_TO
@_LANGUAGE
@_KEEP
def day(said: datetime, shop: str, folder: Path, language: str, keep: bool) -> None:
    """A day in a line."""
    _write(shop, Kind.DAY, queries.period_of(Kind.DAY, said.date()), folder, language, keep=keep)


@command.command("funnel")
@click.option("--from", "first", type=_DAY, help="The first day; from when visitors came if left out.")
@click.option("--until", "last", type=_DAY, help="The last day, itself included.")
@_SHOP
@_TO
@_LANGUAGE
@_KEEP
def funnel(first: datetime | None, last: datetime | None, shop: str, folder: Path, language: str, keep: bool) -> None:
    """The way of the visitors to the purchase."""
    period = Period(first.date(), after(last.date(), Step.DAY)) if first and last else None
    _write(shop, Kind.FUNNEL, period, folder, language, keep=keep)


def _write(shop: str, kind: Kind, period: Period | None, folder: Path, language: str, *, keep: bool) -> None:
    try:
        document = queries.document(shop, kind, period)
        if keep:
            actions.write(shop=shop, kind=kind, period=period, by=job("zhanggui briefing"))
    except (NoSuchShop, NothingKnown):
        click.echo(_("Nothing is known of {shop} in these days.").format(shop=shop), err=True)
        sys.exit(1)
    except PeriodUnfit:
        click.echo(_("These are no whole days, weeks, months or years."), err=True)
        sys.exit(1)
    with translation.override(_LANGUAGES[language]), timezone.override(document.zone), shelf_words.of(document.shop):
        found = told(document, root=settings.PUBLIC_URL)
        folder.mkdir(parents=True, exist_ok=True)
        for path in _files(found, folder / name_of(document, language)):
            click.echo(path)


def name_of(document: Document, language: str) -> str:
    """What a briefing's files are called, without their endings."""
    on: date = document.first
    spans = {Kind.MONTH: f"{on:%Y-%m}", Kind.YEAR: f"{on:%Y}"}
    return f"{document.shop}-{document.kind}-{spans.get(document.kind, on.isoformat())}-{language}"


def _files(found: Told, bare: Path) -> list[Path]:
    made = {".html": paper(found), ".pptx": slides(found), ".xlsx": sheets(found, root=settings.PUBLIC_URL)}
    paths = []
    for ending, content in made.items():
        path = bare.with_name(bare.name + ending)
        path.write_bytes(content)
        paths.append(path)
    return paths
