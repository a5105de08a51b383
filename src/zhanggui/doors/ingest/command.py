"""`zhanggui source`: let a shop's own pages or servers send events, and say who may."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from zhanggui.doors.ingest import actions, queries


@click.group()
def command() -> None:
    """Say who may send events for a shop."""


@command.command(name="open")
@click.argument("shop")
@click.argument("name")
def open_source(shop: str, name: str) -> None:
    """Let NAME send events for SHOP and print the write key; a name that has one gets a new one."""
    key = actions.open_source(shop=shop, name=name)
    click.echo(_("Shown this once; whoever has it can send events for {shop}.").format(shop=shop), err=True)
    click.echo(key)


@command.command(name="list")
@click.argument("shop")
def list_sources(shop: str) -> None:
    """List who may send events for SHOP."""
    for source in queries.sources(shop=shop):
        state = _("switched on") if source.is_active else _("switched off")
        click.echo(f"{source.id}\t{source.name}\t…{source.key_ending}\t{state}")


@command.command(name="close")
@click.argument("source_id", type=int)
def close_source(source_id: int) -> None:
    """Take no more events from a sender; what came is kept."""
    actions.close_source(source_id=source_id)
