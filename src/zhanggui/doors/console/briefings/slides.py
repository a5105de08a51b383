"""A briefing as slides: a title that says the finding, what else was found, and a native chart of the same numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from zhanggui.base.money import exponent
from zhanggui.doors.console.briefings import naming
from zhanggui.doors.console.briefings.settled import settled
from zhanggui.doors.console.briefings.telling import Chapter, Proposal, Sentence, Told, ToldChart, ToldTable
from zhanggui.steer.briefings.rules import Shape, Unit

# look.md: ink on paper, the colour-blind safe order, cinnabar for the one thing that matters.
INK: Final = RGBColor(0x1C, 0x1B, 0x19)
SOFT: Final = RGBColor(0x5F, 0x5B, 0x54)
PAPER: Final = RGBColor(0xFA, 0xF8, 0xF4)
LINE: Final = RGBColor(0xDD, 0xD8, 0xCF)
BLUE: Final = RGBColor(0x1F, 0x4E, 0x79)
RED: Final = RGBColor(0xB8, 0x37, 0x2A)
GREEN: Final = RGBColor(0x2F, 0x7D, 0x5B)
GREY: Final = RGBColor(0xA9, 0xB2, 0xB7)
LATIN: Final = "Segoe UI"
HAN: Final = "Microsoft YaHei"

_WIDTH, _HEIGHT = Inches(13.333), Inches(7.5)
_LEFT, _TOP = Inches(0.6), Inches(1.55)
_BODY_HEIGHT: Final = Inches(5.2)
_MOST_BULLETS: Final = 6
_MOST_ROWS: Final = 16
# A table of so few rows leaves room below it.
_FEW_ROWS: Final = 8
_MOST_BELOW: Final = 5
_MOST_BARE: Final = 12
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
    _bar(slide, _LEFT, Inches(2.2), Inches(0.9), Inches(0.08), RED)
    _text(slide, _LEFT, Inches(2.4), Inches(12), Inches(1), [told.title], size=40, is_bold=True)
    _text(
        slide,
        _LEFT,
        Inches(3.35),
        Inches(12),
        Inches(0.6),
        [f"{told.kept.shop_name} · {told.days}"],
        size=20,
        colour=SOFT,
    )
    _text(slide, _LEFT, Inches(4.3), Inches(11.6), Inches(1.6), [told.headline], size=22)


def _chapter(deck: Any, told: Told, chapter: Chapter) -> None:
    """A slide for each chart, led by what it shows; then what else was found, and the tables."""
    left = list(chapter.sentences)
    for chart in chapter.charts:
        beside = [one for one in left if one.said != chart.title][:_MOST_BULLETS]
        left = [one for one in left if one.said != chart.title and one not in beside]
        slide = _titled(deck, told, chapter.title, chart.title)
        _draw(slide, chart, told.kept.currency, width=Inches(7.4) if beside else Inches(12.1))
        _bullets(slide, [one.said for one in beside], x=Inches(8.3), y=_TOP, width=Inches(4.5), size=14)
    for table in chapter.tables:
        left = _table(deck, told, chapter, table, left)
    for n in range(0, len(left), _MOST_BULLETS + 1):
        some = left[n : n + _MOST_BULLETS + 1]
        slide = _titled(deck, told, chapter.title, some[0].said)
        _bullets(slide, [one.said for one in some[1:]], x=_LEFT, y=_TOP, width=Inches(12.1), size=18)


def _table(deck: Any, told: Told, chapter: Chapter, table: ToldTable, left: Sequence[Sentence]) -> Sequence[Sentence]:
    """The rows of a table; where it leaves room, what no chart has said stands below. What is left after it."""
    for n in range(0, len(table.rows), _MOST_ROWS):
        rows = table.rows[n : n + _MOST_ROWS]
        slide = _titled(deck, told, chapter.title, table.title)
        cells = [["", *table.heads], *([row.name, *(cell.text for cell in row.cells)] for row in rows)]
        _grid(slide, cells, first=Inches(4.2), figures=True)
        if len(rows) <= _FEW_ROWS and left:
            below = _TOP + int(_LINE_HEIGHT * (len(cells) + 1))
            some, left = left[:_MOST_BELOW], left[_MOST_BELOW:]
            _bullets(slide, [one.said for one in some], x=_LEFT, y=Emu(below), width=Inches(12.1), size=16)
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
    _text(slide, _LEFT, _TOP, Inches(12.1), _BODY_HEIGHT, [text for text, _is_head in lines], size=16, gap=6)
    frame = slide.shapes[-1].text_frame
    for paragraph, (_text_of, is_head) in zip(frame.paragraphs, lines, strict=True):
        if is_head:
            _font(paragraph.runs[0].font, size=13, colour=RED, is_bold=True)
            paragraph.space_before = Pt(8)


def _proposals(deck: Any, told: Told, some: Sequence[Proposal]) -> None:
    slide = _titled(deck, told, _("Proposals"), _("What is proposed for the next period"))
    heads = [
        pgettext("briefing column", "Proposal"),
        pgettext("briefing column", "Days"),
        pgettext("briefing column", "Decision"),
    ]
    rows = [[one.text, one.days, naming.verdict(one.verdict)] for one in some]
    _grid(slide, [heads, *rows], first=Inches(7.6), figures=False)


def _titled(deck: Any, told: Told, chapter: str, title: str) -> Any:
    """A slide with its chapter, its finding as the title, and where it comes from."""
    slide = _blank(deck)
    _bar(slide, _LEFT, Inches(0.42), Inches(0.08), Inches(0.24), RED)
    _text(slide, Inches(0.75), Inches(0.32), Inches(11), Inches(0.4), [chapter], size=12, colour=SOFT)
    size = 26 if _breadth(title) <= 60 else 20 if _breadth(title) <= 115 else 16
    _text(
        slide,
        _LEFT,
        Inches(0.68),
        Inches(12.1),
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
    room = sum(max(1, -(-_breadth(one) * size // int(width / Pt(1) * 1.75))) + 0.6 for one in said)
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
        _font(run.font, size=size, colour=colour, is_bold=is_bold)


def _font(font: Any, *, size: int, colour: RGBColor = INK, is_bold: bool = False) -> None:
    """Latin letters in one face and Chinese ones in another, which a viewer would else choose by itself."""
    font.size, font.bold, font.name = Pt(size), is_bold, LATIN
    font.color.rgb = colour
    properties = font._element
    for tag in ("a:ea", "a:cs"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    han = properties.makeelement(qn("a:ea"), {"typeface": HAN})
    properties.find(qn("a:latin")).addnext(han)


def _grid(slide: Any, cells: Sequence[Sequence[str]], *, first: Emu, figures: bool) -> None:
    """A table: the first column wide, figures right, lines hardly there."""
    columns = len(cells[0])
    frame = slide.shapes.add_table(len(cells), columns, _LEFT, _TOP, Inches(12.1), Pt(24) * len(cells))
    table = frame.table
    frame._element.graphic.graphicData.tbl.tblPr.set("bandRow", "0")
    others = int((Inches(12.1) - first) / (columns - 1))
    for n in range(columns):
        table.columns[n].width = first if n == 0 else others
    size = 12 if len(cells) <= 12 or not figures else 11
    for line, row in enumerate(cells):
        table.rows[line].height = Pt(24)
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
            _font(run.font, size=size, is_bold=line == 0)


def _draw(slide: Any, chart: ToldChart, currency: str, *, width: Emu) -> None:
    """The chart in PowerPoint's own kind, its numbers in a workbook behind it."""
    kept, scale = chart.kept, 10 ** exponent(currency) if chart.kept.unit is Unit.MONEY else 1
    is_stairs = kept.shape is Shape.STAIRS and not _is_flat(kept.series[0].sizes)
    is_lying = kept.shape is not Shape.LINE and not is_stairs
    names, series = _columns(chart, is_stairs=is_stairs)
    data = CategoryChartData(number_format="#,##0.00" if kept.unit is Unit.MONEY else "#,##0")
    data.categories = names
    for name, sizes in series:
        data.add_series(name, [None if size is None else size / scale for size in sizes])
    kind = (
        XL_CHART_TYPE.COLUMN_STACKED if is_stairs else XL_CHART_TYPE.BAR_CLUSTERED if is_lying else XL_CHART_TYPE.LINE
    )
    drawn = slide.shapes.add_chart(kind, _LEFT, _TOP, width, _BODY_HEIGHT, data).chart
    _font(drawn.font, size=11, colour=SOFT)
    drawn.has_title = False
    drawn.has_legend = kept.shape is Shape.LINE and len(kept.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _axes(
        drawn, is_lying=is_lying, sizes=[size / scale for _name, sizes in series for size in sizes if size is not None]
    )
    if is_lying:
        _bars(drawn, series[0][1])
    elif is_stairs:
        _colour_stairs(drawn)
    else:
        _lines(drawn)


def _columns(chart: ToldChart, *, is_stairs: bool) -> tuple[list[str], list[tuple[str, tuple[int | None, ...]]]]:
    """The names and sizes that are drawn; of stairs that are flat only the parts between the two wholes."""
    kept, sizes = chart.kept, chart.kept.series[0].sizes
    if is_stairs:
        return [f"{name}\n{said}" for name, said in zip(chart.names, chart.said, strict=True)], _stairs(sizes)
    if kept.shape is Shape.STAIRS:
        return list(chart.names[1:-1]), [(chart.series[0], sizes[1:-1])]
    return list(chart.names), list(zip(chart.series, (one.sizes for one in kept.series), strict=True))


def _is_flat(sizes: Sequence[int | None]) -> bool:
    """Whether the parts would hardly be seen beside the wholes."""
    ends = max(abs(sizes[0] or 0), abs(sizes[-1] or 0))
    return 7 * max((abs(size or 0) for size in sizes[1:-1]), default=0) < ends


def _stairs(all_sizes: Sequence[int | None]) -> list[tuple[str, tuple[int | None, ...]]]:
    """Stairs as bars that stand on bars without colour: the floor, what stands whole, what comes, what goes."""
    sizes = [size or 0 for size in all_sizes]
    floor, whole, up, down = [], [], list[int | None](), list[int | None]()
    reached = 0
    for n, size in enumerate(sizes):
        is_whole = n in (0, len(sizes) - 1)
        start = 0 if is_whole else reached
        reached = start + size
        floor.append(0 if is_whole else min(start, reached))
        whole.append(size if is_whole else None)
        up.append(size if not is_whole and size > 0 else None)
        down.append(-size if not is_whole and size < 0 else None)
    return [("", tuple(floor)), (_("Whole"), tuple(whole)), (_("More"), tuple(up)), (_("Less"), tuple(down))]


def _axes(drawn: Any, *, is_lying: bool, sizes: Sequence[float]) -> None:
    """Quiet axes from zero; bars to the left get room for their figures beside the names."""
    values, names = drawn.value_axis, drawn.category_axis
    values.has_major_gridlines, values.visible = not is_lying, not is_lying
    if not is_lying:
        values.major_gridlines.format.line.color.rgb = LINE
        values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "#,##0", False
    least, most = min(sizes, default=0.0), max(sizes, default=0.0)
    if is_lying and least < 0:
        values.minimum_scale = least - 0.3 * max(-least, most)
        values.maximum_scale = max(most, 0.0) + 0.3 * max(-least, most)
    values.format.line.fill.background()
    names.format.line.color.rgb = LINE
    names.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.reverse_order = is_lying


def _lines(drawn: Any) -> None:
    for n, series in enumerate(drawn.plots[0].series):
        series.smooth = False
        series.format.line.width = Pt(2.5 if n == 0 else 1.5)
        series.format.line.color.rgb = BLUE if n == 0 else GREY
        series.marker.style = XL_MARKER_STYLE.NONE


def _bars(drawn: Any, sizes: Sequence[int | None]) -> None:
    """Bars with their figures; what fell in cinnabar where others rose."""
    plot = drawn.plots[0]
    plot.gap_width, plot.has_data_labels = 45, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "#,##0", False
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    _font(plot.data_labels.font, size=11)
    series = plot.series[0]
    series.invert_if_negative = False
    for n, size in enumerate(sizes):
        fill = series.points[n].format.fill
        fill.solid()
        fill.fore_color.rgb = RED if (size or 0) < 0 else BLUE


def _colour_stairs(drawn: Any) -> None:
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    floor, *shown = plot.series
    floor.format.fill.background()
    floor.format.line.fill.background()
    for series, colour in zip(shown, (BLUE, GREEN, RED), strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour


def _breadth(said: str) -> int:
    """How broad a text is in letters; a Chinese one counts twice."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in said)
