"""A briefing as slides: a title that says the finding, what else was found, and a native chart of the same numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from zhanggui.doors.console.briefings import naming
from zhanggui.doors.console.briefings.faces import INK, LINE, PAPER, RED, SOFT, breadth, letter
from zhanggui.doors.console.briefings.plots import plot
from zhanggui.doors.console.briefings.settled import settled
from zhanggui.doors.console.briefings.telling import Chapter, Proposal, Sentence, Told, ToldChart, ToldTable
from zhanggui.steer.briefings.rules import Unit

_WIDTH, _HEIGHT = Inches(13.333), Inches(7.5)
_LEFT, _TOP = Inches(0.6), Inches(1.55)
_BODY_HEIGHT: Final = Inches(5.2)
_MOST_BULLETS: Final = 6
_MOST_ROWS: Final = 16
# A table of so few rows leaves room below it.
_FEW_ROWS: Final = 8
_MOST_BELOW: Final = 5
# Sentences and heads of chapters of words that a slide holds; of so many they are set in the larger size.
_MOST_BARE: Final = 16
_FEW_BARE: Final = 12
_WIDE: Final = Inches(12.1)
# A table of more columns is set smaller.
_MOST_LARGE: Final = 4
_MOST_ON_COVER: Final = 4
_LINE_HEIGHT: Final = Pt(24)
_MOST_PROPOSALS: Final = 7


def slides(told: Told) -> bytes:
    """The briefing as a .pptx; the same briefing gives the same bytes."""
    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = _WIDTH, _HEIGHT
    properties = deck.core_properties
    properties.title, properties.author = f"{told.title} · {told.kept.shop_name}", told.kept.shop_name
    _cover(deck, told)
    bare = [one for one in told.chapters if not one.charts and not one.tables]
    for chapter in told.chapters:
        if chapter not in bare:
            _chapter(deck, told, chapter)
    _bare(deck, told, bare)
    for n in range(0, len(told.proposals), _MOST_PROPOSALS):
        _proposals(deck, told, told.proposals[n : n + _MOST_PROPOSALS])
    out = io.BytesIO()
    deck.save(out)
    return settled(out.getvalue())


def _cover(deck: Any, told: Told) -> None:
    slide = _blank(deck)
    _bar(slide, _LEFT, Inches(1.7), Inches(0.9), Inches(0.08), RED)
    _text(slide, _LEFT, Inches(1.9), Inches(12), Inches(1), [told.title], size=40, is_bold=True)
    _text(
        slide,
        _LEFT,
        Inches(2.9),
        Inches(12),
        Inches(0.6),
        [f"{told.kept.shop_name} · {told.days}"],
        size=20,
        colour=SOFT,
    )
    _text(slide, _LEFT, Inches(3.95), Inches(11.6), Inches(1), [told.headline], size=20)
    _figures(slide, told)


def _figures(slide: Any, told: Told) -> None:
    """The first key figures, large, each with how it stands against the period before or, without one, a year ago."""
    tables = [table for chapter in told.chapters for table in chapter.tables if table.key == "figures"]
    if not tables:
        return
    changes = [n for n, head in enumerate(tables[0].kept.heads) if head in ("before_change", "year_change")][:1]
    for n, row in enumerate(tables[0].rows[:_MOST_ON_COVER]):
        x = Emu(_LEFT + n * Inches(3.1))
        _bar(slide, x, Inches(5.2), Inches(2.8), Pt(1), LINE)
        _text(slide, x, Inches(5.3), Inches(2.9), Inches(0.4), [row.name], size=14, colour=SOFT)
        _text(slide, x, Inches(5.65), Inches(2.9), Inches(0.6), [row.cells[0].text], size=22, is_bold=True)
        said = [f"{row.cells[place].text} · {tables[0].heads[place]}" for place in changes]
        _text(slide, x, Inches(6.25), Inches(2.9), Inches(0.4), said, size=14, colour=SOFT)


def _chapter(deck: Any, told: Told, chapter: Chapter) -> None:
    """A slide for each chart, led by what it shows; then what else was found, and the tables."""
    left = list(chapter.sentences)
    for chart in chapter.charts:
        beside = [one for one in left if one.said != chart.title][:_MOST_BULLETS]
        left = [one for one in left if one.said != chart.title and one not in beside]
        slide = _titled(deck, told, chapter.title, chart.title)
        _draw(slide, told, chart, width=Inches(7.4) if beside else _WIDE)
        _bullets(slide, [one.said for one in beside], x=Inches(8.3), y=_TOP, width=Inches(4.5), size=14)
    for table in chapter.tables:
        left = _table(deck, told, chapter, table, left)
    for n in range(0, len(left), _MOST_BULLETS + 1):
        some = left[n : n + _MOST_BULLETS + 1]
        slide = _titled(deck, told, chapter.title, some[0].said)
        _bullets(slide, [one.said for one in some[1:]], x=_LEFT, y=_TOP, width=_WIDE, size=18)


def _draw(slide: Any, told: Told, chart: ToldChart, *, width: Emu) -> None:
    """A chart below the line that says what it counts, and over which days."""
    unit = told.kept.currency if chart.kept.unit is Unit.MONEY else chart.series[0]
    _text(slide, _LEFT, _TOP, width, Inches(0.35), [f"{unit} · {told.days}"], size=12, colour=SOFT)
    below = Inches(0.35)
    plot(
        slide,
        chart,
        told.kept.currency,
        x=_LEFT,
        y=Emu(_TOP + below),
        width=width,
        height=Emu(_BODY_HEIGHT - below),
    )


def _table(deck: Any, told: Told, chapter: Chapter, table: ToldTable, left: Sequence[Sentence]) -> Sequence[Sentence]:
    """The rows of a table; where it leaves room, what no chart has said stands below. What is left after it."""
    for n in range(0, len(table.rows), _MOST_ROWS):
        rows = table.rows[n : n + _MOST_ROWS]
        slide = _titled(deck, told, chapter.title, table.title)
        cells = [["", *table.heads], *([row.name, *(cell.text for cell in row.cells)] for row in rows)]
        heads = len(table.heads)
        first = Inches(4.2 if heads < _MOST_LARGE else 3)
        _grid(slide, cells, widths=[first, *[Emu((_WIDE - first) // heads)] * heads], figures=True)
        if len(rows) <= _FEW_ROWS and left:
            below = _TOP + _row_height(len(cells)) * (len(cells) + 1)
            some, left = left[:_MOST_BELOW], left[_MOST_BELOW:]
            _bullets(slide, [one.said for one in some], x=_LEFT, y=Emu(below), width=_WIDE, size=16)
    return left


def _bare(deck: Any, told: Told, chapters: Sequence[Chapter]) -> None:
    """Chapters of words alone, several on a slide, each under its name; the first finding of the slide is its title."""
    queue: list[Chapter] = []
    for chapter in chapters:
        if queue and sum(len(one.sentences) + 1 for one in (*queue, chapter)) > _MOST_BARE:
            _bare_slide(deck, told, queue)
            queue = []
        queue.append(chapter)
    if queue:
        _bare_slide(deck, told, queue)


def _bare_slide(deck: Any, told: Told, chapters: Sequence[Chapter]) -> None:
    """Words of some chapters; the longest of them gives the title."""
    main = max(chapters, key=lambda one: len(one.sentences))
    slide = _titled(deck, told, " · ".join(one.title for one in chapters), main.sentences[0].said)
    lines: list[tuple[str, bool]] = []
    for chapter in chapters:
        said = [one.said for one in chapter.sentences if chapter is not main or one is not main.sentences[0]]
        lines += [(chapter.title, True), *((one, False) for one in said)] if said else []
    if not lines:
        return
    size = 16 if len(lines) <= _FEW_BARE else 14
    _text(slide, _LEFT, _TOP, _WIDE, _BODY_HEIGHT, [text for text, _is_head in lines], size=size, gap=6)
    frame = slide.shapes[-1].text_frame
    for paragraph, (_text_of, is_head) in zip(frame.paragraphs, lines, strict=True):
        if is_head:
            letter(paragraph.runs[0].font, size=13, colour=RED, is_bold=True)
            paragraph.space_before = Pt(8)


def _proposals(deck: Any, told: Told, some: Sequence[Proposal]) -> None:
    slide = _titled(deck, told, _("Proposals"), _("What is proposed for the next period"))
    heads = [
        pgettext("briefing column", "Proposal"),
        pgettext("briefing column", "Days"),
        pgettext("briefing column", "Decision"),
    ]
    rows = [[one.text, one.days, naming.verdict(one.verdict)] for one in some]
    _grid(slide, [heads, *rows], widths=[Inches(6.8), Inches(3.8), Inches(1.5)], figures=False)


def _titled(deck: Any, told: Told, chapter: str, title: str) -> Any:
    """A slide with its chapter, its finding as the title, and where it comes from."""
    slide = _blank(deck)
    _bar(slide, _LEFT, Inches(0.42), Inches(0.08), Inches(0.24), RED)
    _text(
        slide,
        Inches(0.8),
        Inches(0.34),
        Inches(11),
        Inches(0.4),
        [chapter],
        size=12,
        colour=SOFT,
        anchor=MSO_ANCHOR.MIDDLE,
    )
    size = 26 if breadth(title) <= 52 else 20 if breadth(title) <= 115 else 16
    _text(
        slide,
        _LEFT,
        Inches(0.68),
        _WIDE,
        Inches(0.85),
        [title],
        size=size,
        is_bold=True,
        anchor=MSO_ANCHOR.MIDDLE,
    )
    foot = f"{told.kept.shop_name} · {told.title} · {told.days} · {told.kept.zone}"
    _text(slide, _LEFT, Inches(7.0), Inches(11), Inches(0.35), [foot], size=10, colour=SOFT)
    page = str(len(deck.slides))
    _text(
        slide, Inches(12), Inches(7.0), Inches(0.75), Inches(0.35), [page], size=10, colour=SOFT, align=PP_ALIGN.RIGHT
    )
    return slide


def _blank(deck: Any) -> Any:
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = PAPER
    return slide


def _bar(slide: Any, x: Emu, y: Emu, width: Emu, height: Emu, colour: RGBColor) -> None:
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, x, y, width, height)
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour
    shape.line.fill.background()


def _bullets(slide: Any, said: Sequence[str], *, x: Emu, y: Emu, width: Emu, size: int) -> None:
    """Sentences below each other, smaller where there is much to say."""
    if not said:
        return
    room = sum(max(1, -(-breadth(one) * size // int(width / Pt(1) * 1.75))) + 0.6 for one in said)
    height = Emu(_TOP + _BODY_HEIGHT - y)
    fitting = size if room * size * 1.35 <= height / Pt(1) else size - 3
    _text(slide, x, y, width, height, said, size=fitting, gap=8)


def _text(
    slide: Any,
    x: Emu,
    y: Emu,
    width: Emu,
    height: Emu,
    said: Sequence[str],
    *,
    size: int,
    colour: RGBColor = INK,
    is_bold: bool = False,
    gap: int = 0,
    align: PP_ALIGN = PP_ALIGN.LEFT,
    anchor: MSO_ANCHOR = MSO_ANCHOR.TOP,
) -> None:
    frame = slide.shapes.add_textbox(x, y, width, height).text_frame
    frame.word_wrap, frame.vertical_anchor = True, anchor
    frame.margin_left = frame.margin_right = 0
    for n, one in enumerate(said):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = align, Pt(gap)
        run = paragraph.add_run()
        run.text = one
        letter(run.font, size=size, colour=colour, is_bold=is_bold)


def _grid(slide: Any, cells: Sequence[Sequence[str]], *, widths: Sequence[Emu], figures: bool) -> None:
    """A table: figures right, lines hardly there; larger where there are few rows."""
    height = _row_height(len(cells))
    frame = slide.shapes.add_table(len(cells), len(widths), _LEFT, _TOP, _WIDE, Emu(height * len(cells)))
    table = frame.table
    frame._element.graphic.graphicData.tbl.tblPr.set("bandRow", "0")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    size = 14 if figures and height > _LINE_HEIGHT and len(widths) <= _MOST_LARGE else 12
    for line, row in enumerate(cells):
        table.rows[line].height = height
        for place, text in enumerate(row):
            cell = table.cell(line, place)
            cell.fill.solid()
            cell.fill.fore_color.rgb = LINE if line == 0 else PAPER
            cell.margin_top = cell.margin_bottom = Pt(3)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if figures and place else PP_ALIGN.LEFT
            run = paragraph.add_run()
            run.text = text
            letter(run.font, size=size, is_bold=line == 0)


def _row_height(rows: int) -> int:
    """How high a row of a table is, in EMU: the rows of a short one stand apart."""
    return int(min(Pt(30), max(Pt(22), _BODY_HEIGHT // rows)))
