"""A document told in a language: sentences made of words and linked figures, tables, charts and proposals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhanggui.doors.console import words
from zhanggui.doors.console.briefings import naming, sentences
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.briefings.queries import Decided, Said
from zhanggui.steer.briefings.rules import (
    Chart,
    Decision,
    Document,
    Finding,
    Kind,
    Number,
    Outcome,
    Plain,
    Section,
    Shape,
    Source,
    Table,
    Thing,
    Unit,
    Verdict,
)

_PLACE: Final = re.compile(r"%\((\w+)\)s")
_CHAPTERS: Final = "一二三四五六"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a sentence: words, a name, or a figure with the page behind it and what it means."""

    text: str
    address: str = ""
    meaning: str = ""
    is_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A finding as it is read.

    words        what an operator or the polisher wrote in its place; empty if nothing
    """

    key: str
    pieces: tuple[Piece, ...]
    words: str = ""
    is_polished: bool = False

    @property
    def text(self) -> str:
        """The sentence as it was made from the figures."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def plain(self) -> Plain:
        """The same with what it names, for who writes it more smoothly."""
        return Plain(words=self.text, names=tuple(piece.text for piece in self.pieces if piece.is_name))

    @property
    def said(self) -> str:
        """What stands in the text: the operator's words if there are any."""
        return self.words or self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """A row of a table; a cell is empty where its number is missing."""

    name: str
    cells: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTable:
    """A table with its words; numbers as they were, for a workbook."""

    key: str
    title: str
    first: str
    heads: tuple[str, ...]
    rows: tuple[ToldRow, ...]
    kept: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChart:
    """A chart with its words; names of its points in order, and what the first series says at each of them."""

    kept: Chart
    title: str
    names: tuple[str, ...]
    said: tuple[str, ...]
    series: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A section as it is read."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]
    tables: tuple[ToldTable, ...]
    charts: tuple[ToldChart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposal as it is read.

    target  as the editor shows it, in major units, pieces or hundredths; empty where there is none to change
    made    id of what it became
    """

    key: str
    outcome: Outcome
    pieces: tuple[Piece, ...]
    because: str
    days: str
    name: str = ""
    verdict: Verdict | None = None
    target: int | None = None
    made: str = ""
    can_change: bool = False

    @property
    def text(self) -> str:
        """The proposal as a sentence."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A briefing in a language."""

    kept: Document
    title: str
    days: str
    headline: str
    chapters: tuple[Chapter, ...]
    proposals: tuple[Proposal, ...]


def told(
    document: Document,
    *,
    said: Mapping[str, Said] | None = None,
    decided: Mapping[str, Decided] | None = None,
    root: str = "",
) -> Told:
    """The document in the language that is active.

    said     words that stand in place of sentences, by key
    decided  what was said to the proposals, by key
    root     before every address, for what leaves the console
    """
    chapters = tuple(
        _chapter(document, section, n, said or {}, root) for n, section in enumerate(document.sections, start=1)
    )
    days = words.span(Period(document.first, document.end))
    headline = chapters[0].sentences[0].said if chapters and chapters[0].sentences else ""
    return Told(
        kept=document,
        title=str(sentences.KINDS[document.kind]),
        days=days,
        headline=headline,
        chapters=chapters,
        proposals=tuple(_proposal(document, one, decided or {}, root) for one in document.decisions),
    )


def sentence(document: Document, finding: Finding, *, said: Said | None = None, root: str = "") -> Sentence:
    """A finding in words."""
    pieces = _pieces(
        str(sentences.SENTENCES[finding.kind]), finding.kind, finding.things, finding.numbers, document.currency, root
    )
    return Sentence(
        key=finding.key,
        pieces=tuple(pieces),
        words=said.words if said else "",
        is_polished=bool(said and said.is_polished),
    )


def address(source: Source | None, *, root: str = "") -> str:
    """The page behind a number; empty if it follows from others, or no such page is open."""
    if source is None:
        return ""
    try:
        path = reverse(f"console:{source.page}", args=source.args)
    except NoReverseMatch:
        return ""
    return f"{root}{path}?{source.query}"


def _chapter(document: Document, section: Section, n: int, said: Mapping[str, Said], root: str) -> Chapter:
    title = str(sentences.SECTIONS[section.key])
    if document.kind is Kind.YEAR:
        title = f"{_CHAPTERS[n - 1]}、{title}" if words.language().startswith("zh") else f"{n}. {title}"
    told_sentences = tuple(sentence(document, one, said=said.get(one.key), root=root) for one in section.findings)
    return Chapter(
        key=section.key,
        title=title,
        sentences=told_sentences,
        tables=tuple(_table(document, table, root) for table in section.tables),
        charts=tuple(_chart(document, chart, said) for chart in section.charts),
    )


def _table(document: Document, table: Table, root: str) -> ToldTable:
    return ToldTable(
        key=table.key,
        title=str(sentences.TABLES[table.key]),
        first=str(sentences.TABLES[table.key]),
        heads=tuple(str(sentences.HEADS[head]) for head in table.heads),
        rows=tuple(
            ToldRow(
                name=naming.thing(row.thing),
                cells=tuple(_cell(row.number(head), document.currency, root) for head in table.heads),
            )
            for row in table.rows
        ),
        kept=table,
    )


def _cell(number: Number | None, currency: str, root: str) -> Piece:
    if number is None:
        return Piece(text="—")
    text = naming.figure(number, currency, is_signed=naming.is_signed(number.name, "column"))
    if number.unit is Unit.POINTS:
        text = _("%(n)s pts") % {"n": text}
    return Piece(text=text, address=address(number.source, root=root), meaning=_meaning(number))


def _chart(document: Document, chart: Chart, said: Mapping[str, Said]) -> ToldChart:
    finding = document.finding(chart.title)
    title = sentence(document, finding, said=said.get(chart.title)).said if finding else ""
    return ToldChart(
        kept=chart,
        title=title,
        names=tuple(naming.tick(one) for one in chart.at),
        said=tuple(_point(chart, n, document.currency) for n in range(len(chart.at))),
        series=tuple(str(sentences.HEADS[one.name]) for one in chart.series),
    )


def _point(chart: Chart, n: int, currency: str) -> str:
    """A point's figure in few signs; a part of stairs with its sign."""
    size = chart.series[0].sizes[n]
    if size is None:
        return "—"
    number = Number(name="change", unit=chart.unit, numerator=size)
    is_part = chart.shape is Shape.STAIRS and 0 < n < len(chart.at) - 1
    return naming.short(number, currency, is_signed=is_part or (chart.shape is Shape.BARS and size < 0))


def _proposal(document: Document, one: Decision, decided: Mapping[str, Decided], root: str) -> Proposal:
    ground = document.finding(one.because)
    so_far = decided.get(one.key)
    return Proposal(
        key=one.key,
        outcome=one.outcome,
        pieces=tuple(
            _pieces(str(sentences.PROPOSALS[one.kind]), one.kind, one.things, one.numbers, document.currency, root)
        ),
        because=sentence(document, ground).text if ground else "",
        days=words.span(Period(one.first, one.end)),
        name=str(sentences.PLAYS.get(one.kind, "")),
        verdict=so_far.verdict if so_far else None,
        target=so_far.target if so_far else None,
        made=so_far.made if so_far else "",
        can_change=one.outcome is not Outcome.PLAY,
    )


def _pieces(
    template: str, kind: str, things: Sequence[Thing], numbers: Sequence[Number], currency: str, root: str
) -> Iterator[Piece]:
    """The words between the places of a sentence, and what stands in the places."""
    known = {one.name: Piece(text=naming.thing(one), is_name=True) for one in things}
    for number in numbers:
        text = naming.figure(number, currency, is_signed=naming.is_signed(number.name, kind))
        known[number.name] = Piece(text=text, address=address(number.source, root=root), meaning=_meaning(number))
    for n, part in enumerate(_PLACE.split(template)):
        if n % 2:
            yield known[part]
        elif part:
            yield Piece(text=part.replace("%%", "%"))


def _meaning(number: Number) -> str:
    return naming.meaning(number.source.metric) if number.source else ""
