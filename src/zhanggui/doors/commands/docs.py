"""`zhanggui docs`: the documents that are made from the code, written or checked."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Final

import click
from django.utils.translation import gettext as _

from zhanggui.insight.metrics.rules import (
    ANSWERED_ELSEWHERE,
    BASES,
    MEASURES,
    METRICS,
    Cut,
    Elsewhere,
    Measure,
    Metric,
    Watch,
)
from zhanggui.spine.facts import registry, vocabulary

_HEADS: Final = ("key", "中文", "English", "含义", "meaning", "left out", "formula", "unit")
_WATCHES: Final = {
    Watch.NORTH_STAR: "North stars",
    Watch.PROCESS: "On the way",
    Watch.WARNING: "Warnings",
    Watch.PLAIN: "The rest",
}


@click.command()
@click.option("--write", "is_writing", is_flag=True, help="Write them anew.")
@click.option("--check", "is_checking", is_flag=True, help="Fail if one is not as the code says.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path("docs"), help="Where they lie.")
def command(is_writing: bool, is_checking: bool, folder: Path) -> None:
    """Write or check docs/facts.md and docs/metrics.md."""
    if is_writing == is_checking:
        raise click.UsageError(_("Say --write or --check."))
    stale = [name for name, text in documents().items() if _text_of(folder / name) != text]
    if is_checking:
        for name in stale:
            click.echo(_("{path} is not as the code says; `make fix` writes it.").format(path=folder / name), err=True)
        sys.exit(1 if stale else 0)
    for name in stale:
        (folder / name).write_text(documents()[name])
        click.echo(folder / name)


def documents() -> dict[str, str]:
    """Every document that is made, by file name."""
    return {"facts.md": "\n".join(_facts()) + "\n", "metrics.md": "\n".join(_metrics()) + "\n"}


def _text_of(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _facts() -> Iterator[str]:
    yield "# Facts"
    yield ""
    yield "Made from the register of facts by `zhanggui docs --write`. What the business did, told once, never changed."
    yield "Beside its own fields every fact carries shop, moment, actor, person, session, subject, cause and channel."
    for room in vocabulary.ROOMS:
        entries = [entry for entry in registry.entries() if entry.shape.__module__ == room.__name__]
        yield from ("", f"## {room.__name__.rpartition('.')[2]}", "", cleandoc(room.__doc__ or ""))
        for entry in entries:
            yield from _fact(entry)


def _fact(entry: registry.Entry) -> Iterator[str]:
    yield from ("", f"### `{entry.name}` version {entry.version}", "")
    for line in cleandoc(entry.shape.__doc__ or "").splitlines():
        yield re.sub(r"^(\w+(?:, \w+)*)  +", r"- `\1`: ", line)
    yield from ("", "| field | type | if left out |", "|---|---|---|")
    for field in dataclasses.fields(entry.shape):
        is_needed = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        usual = "" if is_needed else f"`{field.default!r}`"
        yield f"| `{field.name}` | {_type(field.type)} | {usual} |"


def _type(said: object) -> str:
    """A field's type; annotations are kept as text."""
    return f"`{said}`".replace("|", "\\|")


def _metrics() -> Iterator[str]:
    yield "# Metrics"
    yield ""
    yield "Made from the dictionary by `zhanggui docs --write`. A day is a calendar day in the shop's zone; a period is"
    yield "half open. A metric whose meaning changes gets a new version. What adds up: its parts sum to the whole."
    yield "Waits for: facts without any of which there is nothing to count yet."
    for watch, title in _WATCHES.items():
        yield from ("", f"## {title}", "")
        yield _row(*_HEADS, "split by", "counted from", "owner", "version")
        yield f"|{'---|' * 12}"
        for metric in METRICS.values():
            if metric.watch is watch:
                yield _row(*_said(metric))
    yield from ("", "## Answered by an analysis", "")
    yield _row(*_HEADS, "answered by", "owner", "version")
    yield f"|{'---|' * 11}"
    for one in ANSWERED_ELSEWHERE.values():
        by = one.answered_by if "." in one.answered_by else f"insight.{one.answered_by}"
        yield _row(*_beginning(one), f"`{by}`", one.owner, str(one.version))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _beginning(one: Metric | Elsewhere) -> tuple[str, ...]:
    left_out = " ".join(part for part in (one.left_out_zh, one.left_out_en) if part)
    words = (one.name_zh, one.name_en, one.words_zh, one.words_en, left_out)
    return (f"`{one.key}`", *words, f"`{one.formula}`", one.unit)


def _said(metric: Metric) -> tuple[str, ...]:
    unit = f"{metric.unit}, adds up" if metric.is_additive else str(metric.unit)
    waits = f"; waits for {', '.join(f'`{fact}`' for fact in metric.facts)}" if metric.facts else ""
    tables = dict.fromkeys(source.table for one in _measures(metric) for source in one.sources)
    from_tables = ", ".join(f"`{table}`" for table in tables)
    return (*_beginning(metric)[:-1], unit, _cuts(metric), from_tables + waits, metric.owner, str(metric.version))


def _measures(metric: Metric) -> list[Measure]:
    return [MEASURES[name] for name in (metric.numerator, metric.denominator) if name]


def _cuts(metric: Metric) -> str:
    """What a metric can be split by, besides day, week, month, quarter and year."""
    kept = [frozenset().union(*(BASES[one.table].columns for one in measure.sources)) for measure in _measures(metric)]
    return ", ".join(cut for cut in Cut if all(cut in columns for columns in kept))
