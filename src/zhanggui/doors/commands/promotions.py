"""`zhanggui promotions repair`: say which budgets disagree with the orders that used them, and set them right."""

from __future__ import annotations

import sys

import click
from django.utils.translation import gettext as _

from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import Actor, job
from zhanggui.growth.promotions import actions, queries
from zhanggui.growth.promotions.queries import Disagreement
from zhanggui.spine.log.rules import Trail

_BY: Actor = job("promotions.repair")
_MENDED = "given_and_redeemed"


@click.group()
def command() -> None:
    """Look after the books of promotions and coupons."""


@command.command()
@click.option("--write", is_flag=True, help="Set right what is wrong; without it only say what would be.")
def repair(write: bool) -> None:
    """Set every budget to what its uses add up to. Exit code 1 if something is left, coupons included."""
    found = queries.audit()
    left = [one for one in found if not (write and one.fault == _MENDED and _repaired(one))]
    for one in found:
        sign = "✗" if one in left else "✓"
        click.echo(f"{sign} {one.fault} {one.subject}: {one.says} -> {one.should_say}")
    if not found:
        click.echo(_("The books of promotions are right."))
    elif not write:
        budgets = sum(one.fault == _MENDED for one in found)
        click.echo(_("{count} budgets would be set right; --write does it.").format(count=budgets))
    if left:
        sys.exit(1)


def _repaired(one: Disagreement) -> bool:
    try:
        actions.repair(promotion_id=one.subject, trail=Trail(shop=one.shop), by=_BY)
    except Refused as refused:
        click.echo(str(refused), err=True)
        return False
    return True
