"""`zhanggui signals look`: ask every detector about a day of a shop, and say what stands in its inbox."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from typing import Final

import click
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor, job
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics.rules import Period
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
    """Ask every detector about a day. Exit code 1 if one of them failed."""
    now = clock.now()
    asked = day.date() if day else clock.day_of(now, shops.shop(code).zone) - _DAY
    raised = actions.look(shop=code, day=asked, at=now, by=_BY)
    click.echo(_("{raised} signals were raised for {day}.").format(raised=raised, day=asked.isoformat()))
    for signal in queries.inbox(code, at=now):
        click.echo(_line(signal))
    if _failed(code, asked):
        sys.exit(1)


def _line(one: Signal) -> str:
    money = formats.money(Money(one.size.expected_minor, one.size.currency), language="en")
    about = f"{one.kind} {one.subject}".strip()
    return f"{money}  {round(100 * one.confidence)} %  {about}  {one.first_day}..{one.last_day}"


def _failed(code: str, day: date) -> bool:
    failed = [one for one in queries.looks(code, Period(day, day + _DAY)) if one.failure]
    for one in failed:
        click.echo(f"✗ {one.detector}: {one.failure.strip().splitlines()[-1]}", err=True)
    return bool(failed)
