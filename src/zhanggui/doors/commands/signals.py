"""`zhanggui signals look`: ask every detector about a day of a shop, and say what stands in its inbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import click
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor, job
from zhanggui.base.shops import queries as shops
from zhanggui.steer.signals import actions, queries
from zhanggui.steer.signals.rules import Signal

_BY: Final[Actor] = job("signals.command")
_DAY: Final = timedelta(days=1)


@click.group()
def command() -> None:
    """Look for what is going wrong and what could be won."""


@command.command()
@click.option("--shop", "code", required=True, help="The shop's code.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="A day that is over; yesterday if none is said.")
def look(code: str, day: datetime | None) -> None:
    """Ask every detector about a day. One that fails is told of last, and what the others found stands above it."""
    now = clock.now()
    asked = day.date() if day else clock.day_of(now, shops.shop(code).zone) - _DAY
    try:
        raised = actions.look(shop=code, day=asked, at=now, by=_BY)
        click.echo(_("{raised} signals were raised for {day}.").format(raised=raised, day=asked.isoformat()))
    finally:
        for signal in queries.inbox(code, at=now):
            click.echo(_line(signal))


def _line(one: Signal) -> str:
    money = formats.money(Money(one.size.expected_minor, one.size.currency), language="en")
    about = f"{one.kind} {one.subject}".strip()
    return f"{money}  {round(100 * one.confidence)} %  {about}  {one.first_day}..{one.last_day}"
