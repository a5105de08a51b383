"""A report on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from zhanggui.doors.imports.reports import Outcome, Report
from zhanggui.doors.imports.words import name_of
from zhanggui.insight.sources.rules import Bucket

_MOST_NUMBERS = 5


def show(report: Report, *, console: Console, feed_back: str) -> None:
    """Print what came of a file.

    feed_back  the command that takes mended lines in, empty if there are none
    """
    console.print(f"[bold]{_outcome(report)}[/]", highlight=False)
    console.print(f"  {report.reading}", style="dim", highlight=False, markup=False)
    for line in _facts(report):
        console.print(f"  {line}", highlight=False, markup=False)
    console.print(_table(report))
    for line in _warnings(report, feed_back):
        console.print(f"  ! {line}", style="yellow", highlight=False, markup=False, soft_wrap=True)


def _outcome(report: Report) -> str:
    said = {
        Outcome.TAKEN_IN: _("✓ {file} is in the shop {shop} now."),
        Outcome.KNOWN_ALREADY: _("✓ {file} is in the shop {shop} already; nothing was counted twice."),
        Outcome.DRY_RUN: _("{file} would come into the shop {shop} like this; nothing was changed."),
    }[report.outcome]
    return said.format(file=report.file, shop=report.shop)


def _facts(report: Report) -> list[str]:
    lines = []
    if report.first_day is not None:
        lines.append(f"{report.first_day} … {report.last_day}, {report.zone}")
    lines.append(
        _("{lines} lines, {orders} orders, {facts} facts in {seconds} s").format(
            lines=f"{report.line_count:,}",
            orders=f"{report.orders:,}",
            facts=f"{report.facts:,}",
            seconds=f"{report.seconds:.1f}",
        )
    )
    return lines


def _table(report: Report) -> Table:
    table = Table(box=None, padding=(0, 2), show_header=True, header_style="dim")
    table.add_column("")
    table.add_column(name_of("lines"), justify="right")
    table.add_column(report.currency, justify="right")
    table.add_column("")
    for part in dict.fromkeys(bucket.part for bucket in report.buckets):
        _add_part(table, part, [bucket for bucket in report.buckets if bucket.part == part], report.amounts.get(part))
    if report.orders or report.booked:
        table.add_row(_("booked: orders less refunds"), "", _money(report.booked), "")
    return table


def _add_part(table: Table, part: str, buckets: Sequence[Bucket], amount: Decimal | None) -> None:
    for bucket in buckets:
        told = "" if bucket.is_told else _("not told")
        table.add_row(name_of(bucket.name), f"{bucket.line_count:,}", _money(bucket.amount), told)
    count = sum(bucket.line_count for bucket in buckets)
    table.add_row(f"{name_of(part)} =", f"{count:,}", _money(amount), "", style="bold", end_section=True)


def _warnings(report: Report, feed_back: str) -> list[str]:
    lines = []
    if report.differing:
        numbers = ", ".join(report.differing[:_MOST_NUMBERS]) + ("…" if len(report.differing) > _MOST_NUMBERS else "")
        said = _("{count} orders were imported before with other contents and stay as they were: {numbers}")
        lines.append(said.format(count=f"{len(report.differing):,}", numbers=numbers))
    if report.refused_rows:
        lines.append(_("{count} lines wait to be mended.").format(count=f"{report.refused_rows:,}"))
        for one in report.refused_examples:
            lines.append(
                "  " + _("{file}, line {line}: {reason}").format(file=one.file, line=one.line, reason=one.reason)
            )
    if report.refused_file:
        lines.append(_("They are in {path}").format(path=report.refused_file))
    if feed_back:
        lines.append(_("Mend them and feed them back: {command}").format(command=feed_back))
    return lines


def _money(amount: Decimal | None) -> str:
    """At least two decimals, more where the file has them."""
    if amount is None:
        return ""
    exact = amount.normalize()
    places = max(2, -int(exact.as_tuple().exponent))
    return f"{amount:,.{places}f}"
