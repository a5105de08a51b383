"""Charts of a briefing in PowerPoint's own kinds: whoever gets the slides can open the numbers behind them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from zhanggui.base.money import exponent
from zhanggui.doors.console import words
from zhanggui.doors.console.briefings.faces import BLUE, GREEN, GREY, LINE, RED, SOFT, letter
from zhanggui.doors.console.briefings.telling import ToldChart
from zhanggui.steer.briefings.rules import Shape, Sort, Unit

# So many days have their names side by side below an axis; of more, one of each week has.
_MOST_DAYS: Final = 14
_WEEK: Final = 7
# Room for the figure of a bar to the left, in parts of the longest bar.
_ROOM: Final = 0.4


def plot(slide: Any, chart: ToldChart, currency: str, *, x: Emu, y: Emu, width: Emu, height: Emu) -> None:
    """Draw a chart on a slide, its numbers in a workbook behind it."""
    kept, scale = chart.kept, 10 ** exponent(currency) if chart.kept.unit is Unit.MONEY else 1
    is_stairs = kept.shape is Shape.STAIRS and not _is_flat(kept.series[0].sizes)
    is_lying = kept.shape is not Shape.LINE and not is_stairs
    names, series = _columns(chart, is_stairs=is_stairs)
    data = CategoryChartData(number_format="#,##0.00" if kept.unit is Unit.MONEY else "#,##0")
    is_dated = kept.shape is Shape.LINE and kept.at[0].sort is Sort.DAY and len(names) > _MOST_DAYS
    data.categories = [date.fromisoformat(one.code) for one in kept.at] if is_dated else names
    for name, sizes in series:
        data.add_series(name, [None if size is None else size / scale for size in sizes])
    kind = (
        XL_CHART_TYPE.COLUMN_STACKED if is_stairs else XL_CHART_TYPE.BAR_CLUSTERED if is_lying else XL_CHART_TYPE.LINE
    )
    frame = slide.shapes.add_chart(kind, x, y, width, height, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", _in_words(chart))
    drawn = frame.chart
    letter(drawn.font, size=12, colour=SOFT)
    drawn.has_title = False
    drawn.has_legend = kept.shape is Shape.LINE and len(kept.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _axes(
        drawn,
        is_lying=is_lying,
        sizes=[size / scale for _name, sizes in series for size in sizes if size is not None],
    )
    if is_dated:
        _name_weeks(drawn.category_axis)
    if is_lying:
        _bars(drawn, series[0][1], chart.said[1:-1] if kept.shape is Shape.STAIRS else chart.said)
    elif is_stairs:
        _colour_stairs(drawn)
    else:
        _lines(drawn)


def _in_words(chart: ToldChart) -> str:
    """What a screen reader says in place of the picture: the finding, and each figure by its name."""
    return f"{chart.title} {'; '.join(f'{name} {said}' for name, said in zip(chart.names, chart.said, strict=True))}"


def _columns(chart: ToldChart, *, is_stairs: bool) -> tuple[list[str], list[tuple[str, tuple[int | None, ...]]]]:
    """The names and sizes that are drawn; of stairs that are flat only the parts between the two wholes."""
    kept, sizes = chart.kept, chart.kept.series[0].sizes
    if is_stairs:
        return [f"{name}\n{said}" for name, said in zip(chart.names, chart.said, strict=True)], _stairs(sizes)
    if kept.shape is Shape.STAIRS:
        return list(chart.names[1:-1]), [(chart.series[0], sizes[1:-1])]
    # Of many hours the names are numbers; else they would be broken into three lines.
    names = [name.removesuffix(":00") for name in chart.names] if len(chart.names) > _MOST_DAYS else list(chart.names)
    return names, list(zip(chart.series, (one.sizes for one in kept.series), strict=True))


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
    """Quiet axes from zero, names level; bars to the left get room for their figures beside the names."""
    values, names = drawn.value_axis, drawn.category_axis
    values.has_major_gridlines, values.visible = not is_lying, not is_lying
    if not is_lying:
        values.major_gridlines.format.line.color.rgb = LINE
        values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "#,##0", False
    least, most = min(sizes, default=0.0), max(sizes, default=0.0)
    if is_lying and least < 0:
        values.minimum_scale = least - _ROOM * max(-least, most)
        values.maximum_scale = max(most, 0.0) + _ROOM * max(-least, most)
    values.format.line.fill.background()
    names.format.line.color.rgb = LINE
    names.has_major_gridlines, names.major_tick_mark = False, XL_TICK_MARK.NONE
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.reverse_order = is_lying
    letter(names.tick_labels.font, size=12 if is_lying else 11, colour=SOFT)
    names._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "0")


def _name_weeks(axis: Any) -> None:
    """One day of each week has its name; else they would stand on their heads."""
    form = 'm"月"d"日"' if words.language().startswith("zh") else "[$-409]mmm d"
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False
    for tag, said in (("c:majorTimeUnit", "days"), ("c:majorUnit", str(_WEEK))):
        for old in axis._element.findall(qn(tag)):
            axis._element.remove(old)
        axis._element.find(qn("c:baseTimeUnit")).addnext(axis._element.makeelement(qn(tag), {"val": said}))


def _lines(drawn: Any) -> None:
    for n, series in enumerate(drawn.plots[0].series):
        series.smooth = False
        series.format.line.width = Pt(2.5 if n == 0 else 1.5)
        series.format.line.color.rgb = BLUE if n == 0 else GREY
        series.marker.style = XL_MARKER_STYLE.NONE


def _bars(drawn: Any, sizes: Sequence[int | None], said: Sequence[str]) -> None:
    """Bars with their figures in few signs; what fell in cinnabar where others rose."""
    bars = drawn.plots[0]
    bars.gap_width = 45
    series = bars.series[0]
    series.invert_if_negative = False
    for n, size in enumerate(sizes):
        fill = series.points[n].format.fill
        fill.solid()
        fill.fore_color.rgb = RED if (size or 0) < 0 else BLUE
        label = series.points[n].data_label
        label.position = XL_LABEL_POSITION.OUTSIDE_END
        run = label.text_frame.paragraphs[0].add_run()
        run.text = said[n]
        letter(run.font, size=12)


def _colour_stairs(drawn: Any) -> None:
    bars = drawn.plots[0]
    bars.gap_width, bars.overlap = 40, 100
    floor, *shown = bars.series
    floor.format.fill.background()
    floor.format.line.fill.background()
    for series, colour in zip(shown, (BLUE, GREEN, RED), strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour
