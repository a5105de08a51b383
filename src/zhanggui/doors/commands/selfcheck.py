"""`zhanggui selfcheck`: work published figures out anew and say which are not ours."""

from __future__ import annotations

import sys
from typing import Any

import click
import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhanggui.insight.selfcheck import queries
from zhanggui.insight.selfcheck.rules import Check, Report


@click.command()
@click.option("--json", "is_json", is_flag=True, help="For machines: one JSON object.")
def command(is_json: bool) -> None:
    """Hold our figures against published ones. Exit code 1 if any is another."""
    report = queries.made()
    if is_json:
        click.echo(msgspec.json.encode(_plain(report)))
    else:
        _say(report)
    if not report.is_agreed:
        sys.exit(1)


def _say(report: Report) -> None:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    for one in report.checks:
        click.echo(
            f"{'✓' if one.is_agreed else '✗'} {one.published.name(language)}: {_row(one)} [{one.published.source}]"
        )
    for other in report.unchecked:
        click.echo(f"- {other.name(language)} ({other.why}) [{other.source}]")
    said = _("{agreed} of {all} published figures are ours too.")
    click.echo(said.format(agreed=report.agreed, all=len(report.checks)))


def _row(one: Check) -> str:
    theirs, ours = (" ".join(map(str, figures)) for figures in (one.published.figures, one.ours))
    return f"{theirs} = {ours}" if one.is_agreed else f"{theirs} ≠ {ours or '-'}"


def _plain(report: Report) -> dict[str, Any]:
    return {
        "agreed": report.agreed,
        "of": len(report.checks),
        "made_at": report.made_at.isoformat(),
        "took_s": report.took.total_seconds(),
        "checks": [
            {
                "key": one.published.key,
                "name": one.published.name_en,
                "source": one.published.source,
                "published": [str(figure) for figure in one.published.figures],
                "ours": [str(figure) for figure in one.ours],
                "difference": None if one.difference is None else str(one.difference),
                "tolerance": str(one.published.tolerance),
                "agrees": one.is_agreed,
            }
            for one in report.checks
        ],
        "unchecked": [
            {"name": other.name_en, "source": other.source, "why": other.why.value} for other in report.unchecked
        ],
    }
