"""`zhanggui stock repair`: say which levels disagree with their movements and promises, and set them right."""

from __future__ import annotations

import sys

import click
from django.utils.translation import gettext as _

from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import Actor, job
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.queries import Disagreement

_BY: Actor = job("stock.repair")


@click.group()
def command() -> None:
    """Look after the books of the stock."""


@command.command()
@click.option("--write", is_flag=True, help="Set right what is wrong; without it only say what would be.")
def repair(write: bool) -> None:
    """Set every level to what its movements and the open promises add up to. Exit code 1 if something is left."""
    found = queries.audit()
    left = [one for one in found if not (write and _repaired(one))]
    for one in found:
        sign = "✗" if one in left else "✓"
        click.echo(f"{sign} {one.sku} {one.warehouse}: {_words(one)}")
    if not found:
        click.echo(_("The books of the stock are right."))
    elif left and not write:
        click.echo(_("{count} levels would be set right; --write does it.").format(count=len(left)))
    if left:
        sys.exit(1)


def _repaired(one: Disagreement) -> bool:
    shop = queries.shop_of(one.sku, warehouse=one.warehouse)
    try:
        actions.repair(sku=one.sku, warehouse=one.warehouse, trail=Trail(shop=shop), by=_BY)
    except Refused as refused:
        click.echo(str(refused), err=True)
        return False
    return True


def _words(one: Disagreement) -> str:
    said = _("in the house {was} -> {becomes}, promised {held} -> {promised}")
    return said.format(
        was=one.on_hand_units, becomes=one.moved_on_hand_units, held=one.held_units, promised=one.promised_units
    )
