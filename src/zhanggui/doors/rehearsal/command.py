"""`zhanggui rehearse`: the demonstration shop."""

from __future__ import annotations

import time
from typing import Any

import click
from django.conf import settings
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from zhanggui.base.errors import Refused
from zhanggui.doors.rehearsal import actions, catalogue, choosing, reporting
from zhanggui.doors.rehearsal.actions import FillReport, Progress, Stage
from zhanggui.doors.rehearsal.choosing import Wish, plant_of
from zhanggui.doors.rehearsal.errors import FilledOtherwise, ShopInUse, ShopUnfit
from zhanggui.doors.rehearsal.simulator.plan import SIGHTINGS_PER_ORDER
from zhanggui.doors.rehearsal.simulator.plants import Plant
from zhanggui.doors.rehearsal.simulator.sowing import check


@click.group()
def command() -> None:
    """Fill a shop to look around in."""


@command.command(name="fill")
@click.option("--shop", default=None, help="Code of the shop; our own if left out.")
@click.option("--days", default=actions.DAYS, type=click.IntRange(1, 1100), help="How long its past is.")
@click.option("--sightings", default=actions.SIGHTINGS, type=click.IntRange(14), help="How much visitors did.")
@click.option("--orders", default=actions.ORDERS, type=click.IntRange(1), help="How many orders they placed.")
@click.option("--seed", default=actions.SEED, type=click.IntRange(0), help="Another seed, another past.")
@click.option(
    "--plant", "keys", multiple=True, type=click.Choice(choosing.KEYS), help="A trouble to be found; several."
)
@click.option("--ago", default=60, type=click.IntRange(1), help="How many days before the end it begins.")
@click.option("--for", "lasting", default=14, type=click.IntRange(1), help="How many days it lasts.")
@click.option("--device", default="tablet", help="On what the checkout breaks: phone, desktop, tablet.")
@click.option("--channel", default="paid_social", help="Which channel gets worse.")
@click.option("--sku", default="SKN-LOTION-YANMAI", help="What is dearer, faked or out of stock.")
@click.option("--region", default="广东", help="Where customers leave or a ring trades.")
@click.option("--category", default="tea", help="What is promoted.")
@click.option("--size", default=None, type=float, help="How large it is; see docs/howto/rehearsal.md.")
def fill(
    shop: str | None, days: int, sightings: int, orders: int, seed: int, keys: tuple[str, ...], **wished: Any
) -> None:
    """Fill the demonstration shop with goods, reviews and a year of customers, up to yesterday.

    Goes on where it was stopped; done twice, it changes nothing. With --plant something is wrong in its past, and its
    true size is said beside what insight finds.
    """
    if sightings < (SIGHTINGS_PER_ORDER + 1) * orders:
        raise click.BadParameter(
            _("{orders} orders need at least {sightings} sightings.").format(
                orders=orders, sightings=(SIGHTINGS_PER_ORDER + 1) * orders
            )
        )
    plants = _plants(keys, days=days, **wished)
    began = time.monotonic()
    try:
        with _Bar() as bar:
            report = actions.fill(
                shop=shop or settings.OWN_SHOP,
                days=days,
                sightings=sightings,
                orders=orders,
                seed=seed,
                plants=plants,
                progress=bar.move,
            )
    except (ShopInUse, ShopUnfit, FilledOtherwise) as refused:
        raise click.ClickException(_sentence(refused)) from refused
    click.echo(_said(report, seconds=time.monotonic() - began))
    for line in reporting.lines(report.truths, report.found):
        click.echo(line)


def _plants(keys: tuple[str, ...], *, days: int, ago: int, lasting: int, **wished: Any) -> tuple[Plant, ...]:
    if keys and ago > days:
        raise click.BadParameter(
            _("A past of {days} days has no day {ago} days before its end.").format(days=days, ago=ago)
        )
    try:
        plants = tuple(plant_of(Wish(key=key, start=days - ago, days=min(lasting, ago), **wished)) for key in keys)
        for plant in plants:
            check(plant, catalogue.goods(), days=days)
    except ValueError as unfit:
        raise click.BadParameter(str(unfit)) from unfit
    return plants


class _Bar:
    """The stages on a terminal, with rate and time left; silent where nobody watches."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bars = Bars(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._tasks: dict[Stage, TaskID] = {}

    def move(self, at: Progress) -> None:
        """Show how far a stage is."""
        if at.stage not in self._tasks:
            self._tasks[at.stage] = self._bars.add_task(_title(at.stage), total=at.total)
        self._bars.update(self._tasks[at.stage], completed=at.done, total=at.total)

    def __enter__(self) -> _Bar:
        self._bars.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._bars.stop()


def _title(stage: Stage) -> str:
    return {
        Stage.SHELVES: _("Filling the shelves"),
        Stage.YEAR: _("Letting a year go by"),
        Stage.FIGURES: _("Preparing the figures"),
    }[stage]


def _said(report: FillReport, *, seconds: float) -> str:
    if not report.new_rows:
        return _("The demonstration shop {shop} stands already, {first} to {last}; nothing was changed.").format(
            shop=report.shop, first=report.first_day, last=report.last_day
        )
    return _(
        "The demonstration shop {shop} stands: {products} products, {reviews} reviews, {rows} events from {first} to "
        "{last}, in {seconds} s."
    ).format(
        shop=report.shop,
        products=report.products,
        reviews=f"{report.reviews:,}",
        rows=f"{report.rows:,}",
        first=report.first_day,
        last=report.last_day,
        seconds=f"{seconds:.0f}",
    )


def _sentence(refused: Refused) -> str:
    if isinstance(refused, ShopInUse):
        said = _(
            "Shop {shop} holds goods or events that are not the demonstration's; choose another code: --shop demo2"
        )
    elif isinstance(refused, ShopUnfit):
        said = _(
            "The demonstration needs Asia/Shanghai and CNY; shop {shop} has {zone} and {currency}. Try --shop demo2"
        )
    else:
        said = _("Shop {shop} was filled with other numbers before; leave them out to go on with those.")
    return said.format(**refused.data)
