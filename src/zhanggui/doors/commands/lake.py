"""`zhanggui lake publish`: have closed days as Delta tables now."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

import click
from django.utils.translation import gettext as _

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.outgrown.errors import ExtraMissing


@click.group()
def command() -> None:
    """Look after the files that all numbers are counted from."""


@command.command()
@click.option("--shop", "code", default=None, help="The code of one shop; all shops if not given.")
def publish(code: str | None) -> None:
    """Publish all days that are over as Delta tables, without copying a byte."""
    if find_spec("deltalake") is None:
        raise ExtraMissing(package="deltalake")
    actions = importlib.import_module("zhanggui.insight.outgrown.actions")
    for shop in [shops.shop(code)] if code else shops.shops():
        for one in actions.publish(shop.code, today=clock.day_of(clock.now(), shop.zone)):
            says = _("{table}: version {version}, {files} files ({added} new, {removed} gone)")
            line = says.format(
                table=one.table, version=one.version, files=one.files, added=one.added, removed=one.removed
            )
            click.echo(f"{shop.code} {line} {one.path}")
