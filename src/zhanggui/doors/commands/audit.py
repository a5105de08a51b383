"""`zhanggui audit`: add up money, stock, orders and payments again, and say what disagrees."""

from __future__ import annotations

import sys
from collections import Counter

import click
from django.utils.translation import gettext as _

from zhanggui.base.audit import actions, queries


@click.command()
def command() -> None:
    """Add everything up again. Exit code 1 if anything disagrees; nothing is changed."""
    found: Counter[str] = Counter()
    for name, what in actions.add_up():
        found[name] += 1
        click.echo(f"✗ {name}: {what}")
    for name in queries.audited():
        if not found[name]:
            click.echo(f"✓ {name}")
    if found:
        click.echo(_("{count} disagreements.").format(count=found.total()))
        sys.exit(1)
