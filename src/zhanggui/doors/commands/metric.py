"""`zhanggui metric`: what the dictionary's figures of a shop are, on a terminal or for a script."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click
import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.base.shops.errors import NoSuchShop
from zhanggui.doors.commands.words import say
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics import rules
from zhanggui.insight.metrics.errors import CutRefused, NoSuchMetric, PeriodEmpty
from zhanggui.insight.metrics.rules import FILTERABLE, Answer, Cut, Figure, Filters, Period, Row, Unit

_CUTS = click.Choice([cut.value for cut in Cut if cut is not Cut.SEGMENT])
_DAY = click.DateTime(["%Y-%m-%d"])
_GAP = "  "
_SHORT = {Cut.MONTH: "%Y-%m", Cut.YEAR: "%Y"}


@click.command()
@click.argument("keys", nargs=-1, required=True, metavar="KEY…")
@click.option("--shop", required=True, help="Code of the shop.")
@click.option("--from", "first", type=_DAY, help="The first day; of all there are if left out.")
@click.option("--to", "last", type=_DAY, help="The last day, itself included; of all there are if left out.")
@click.option("--by", type=_CUTS, help="Split by time or by what the events say.")
@click.option("--then", type=_CUTS, help="Split each cell once more.")
@click.option("--where", "said", multiple=True, help="Only these, such as region=Germany; several of one name are or.")
@click.option("--limit", type=click.IntRange(1), help="At most so many cells, the largest first.")
@click.option("--json", "as_json", is_flag=True, help="Exactly, as JSON: money in minor units, rates as two numbers.")
def command(
    keys: tuple[str, ...],
    shop: str,
    first: datetime | None,
    last: datetime | None,
    by: str | None,
    then: str | None,
    said: tuple[str, ...],
    limit: int | None,
    as_json: bool,
) -> None:
    """Print figures of the dictionary (docs/metrics.md) as the console shows them.

    Exit code 1 if they cannot be told so.
    """
    try:
        answer = metrics.query(
            shop,
            keys,
            _period(shop, first, last),
            by=Cut(by) if by else None,
            then=Cut(then) if then else None,
            where=_where(said),
            limit=limit,
        )
    except (NoSuchShop, NoSuchMetric, CutRefused, PeriodEmpty) as refused:
        say(_refusal(refused, shop=shop))
        sys.exit(1)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(_exact(answer)), indent=2))
    else:
        for line in _table(answer):
            click.echo(line)
        if unheard := [key for key in keys if key in metrics.silent(shop)]:
            say(_("Nothing was told yet that these are counted from: {keys}").format(keys=", ".join(unheard)))


def _period(shop: str, first: datetime | None, last: datetime | None) -> Period:
    """The days that were named, else all that have events.

    refuses  NoSuchShop if the shop never told anything and no days are named
    """
    days = metrics.days(shop)
    if days is None and (first is None or last is None):
        raise NoSuchShop(code=shop)
    earliest, latest = days or (date.min, date.min)
    start = first.date() if first else earliest
    return Period(start, rules.after(last.date() if last else latest, rules.Step.DAY))


def _where(said: Sequence[str]) -> Filters:
    found: dict[str, list[str]] = {}
    for pair in said:
        name, sign, value = pair.partition("=")
        if not sign or name not in {cut.value for cut in FILTERABLE}:
            raise click.BadParameter(", ".join(f"{cut}=…" for cut in FILTERABLE), param_hint="--where")
        found.setdefault(name, []).append(value)
    return Filters(**{name: tuple(values) for name, values in found.items()})


def _refusal(refused: NoSuchShop | NoSuchMetric | CutRefused | PeriodEmpty, *, shop: str) -> str:
    if isinstance(refused, NoSuchShop):
        return _("The shop {code} does not stand, or nothing happened in it yet.").format(code=shop)
    if isinstance(refused, NoSuchMetric):
        return _("There is no metric {key}; docs/metrics.md lists them all.").format(key=refused.key)
    if isinstance(refused, CutRefused):
        return _("{metric} cannot be split or filtered by {cut}.").format(metric=refused.metric, cut=refused.cut)
    return _("The period ends before it begins.")


def _table(answer: Answer) -> Iterator[str]:
    """The whole, then each cell, in columns as wide as they have to be."""
    asked = answer.question
    heads = [*(cut.value for cut in asked.cuts), *asked.metrics]
    width = len(asked.cuts)
    rows = [[*([_("All")] + [""] * (width - 1))[:width], *_said(answer.whole)]]
    for row in answer.pairs if asked.then else answer.rows:
        keys = [_key(row.key, asked.by), _key(row.then, asked.then)][:width]
        rows.append([*keys, *_said(row)])
    widths = [max(len(line[place]) for line in (heads, *rows)) for place in range(len(heads))]
    for line in (heads, *rows):
        cells = [
            cell.ljust(size) if place < width else cell.rjust(size)
            for place, (cell, size) in enumerate(zip(line, widths, strict=True))
        ]
        yield _GAP.join(cells).rstrip()


def _key(key: date | str, cut: Cut | None) -> str:
    if isinstance(key, datetime):
        return key.isoformat(sep=" ", timespec="minutes")
    if isinstance(key, date) and cut in _SHORT:
        return key.strftime(_SHORT[cut])
    return str(key) or "—"


def _said(row: Row) -> list[str]:
    return [_figure(figure) for figure in row.figures]


def _figure(figure: Figure) -> str:
    """As the console says it in full."""
    value, language = figure.value, get_language() or "en"
    if value is None:
        return "—"
    if isinstance(value, Money):
        return formats.money(value, language=language)
    if rules.metric(figure.metric).unit is Unit.RATE:
        return formats.percent(value, language=language, decimals=2)
    return formats.number(value, language=language, decimals=2 if isinstance(value, Decimal) else 0)


def _exact(answer: Answer) -> dict[str, Any]:
    asked = answer.question
    rows = answer.pairs if asked.then else answer.rows
    return {
        "shop": asked.shop,
        "zone": asked.zone,
        "currency": asked.currency,
        "first": asked.period.start,
        "last": asked.period.last,
        "whole": _numbers(answer.whole),
        "rows": [
            {**dict(zip(asked.cuts, (str(row.key), str(row.then)), strict=False)), **_numbers(row)} for row in rows
        ],
        "counted_from": list(answer.daily_tables),
    }


def _numbers(row: Row) -> dict[str, Any]:
    return {
        figure.metric: figure.numerator
        if figure.denominator is None
        else {"numerator": figure.numerator, "denominator": figure.denominator}
        for figure in row.figures
    } | ({} if row.is_complete else {"is_complete": False})
