"""Charts: one Vega-Lite specification each, drawn in the page by the browser and on paper by `picture`.

A shape is declared once with altair and kept; a chart is its shape filled with rows and words. Colours are parameters
of the specification, so that the page gives it those of its own light or dark.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import altair as alt
import vl_convert
from django.utils.translation import gettext as _

from zhanggui.base.look import apps as look
from zhanggui.insight.metrics.rules import Step

Spec = dict[str, Any]

HEIGHT: Final = 240
BAR_HEIGHT: Final = 28
LABEL_GAP: Final = 15
# Whether there is little room: names then stand above their line and not beside it.
_ROOM: Final[dict[str, Any]] = {"narrow": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands around a chart.

    title     the finding
    subtitle  the metric, its unit, the period and the zone
    """

    title: str
    subtitle: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A cell of time on a line.

    size, before   drawn; None leaves a gap
    when, said, said_before  what a person reads on hover
    is_open        the cell is not over, or only a part of it lies in the period
    """

    at: date
    size: float | None
    before: float | None
    when: str
    said: str
    said_before: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A part of a whole."""

    name: str
    size: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a stacked bar in a cell of time."""

    at: date
    series: int
    name: str
    size: float
    when: str
    said: str


def line(points: Sequence[Point], *, words: Words, step: Step, names: tuple[str, str]) -> Spec:
    """A figure over time and, lighter, the period before; what is not over is dashed.

    names  what the two lines are called
    """
    rows = [_line_row(points, n) for n in range(len(points))]
    labels = _line_labels(points, names)
    sizes = [size for point in points for size in (point.size, point.before) if size is not None]
    said: dict[str, str | float] = {
        "NAME_NOW": names[0],
        "NAME_BEFORE": names[1] or "–",
        "LEAST": min([0.0, *sizes]),
        "MOST": max([0.0, *sizes]) or 1.0,
    }
    return filled(_line_shape(), words, said | times(words, step), rows=rows, labels=labels)


def bars(parts: Sequence[Bar], *, words: Words, name: str) -> Spec:
    """Parts of a whole, in the order given, each with its own figure beside it.

    name  of what the bars show
    """
    rows = [{"name": part.name, "size": part.size, "said": part.said} for part in parts]
    spec = filled(_bars_shape(), words, {"NAME_NOW": name}, rows=rows)
    spec["height"] = max(1, len(rows)) * BAR_HEIGHT
    return spec


def stacks(pieces: Sequence[Piece], *, words: Words, step: Step, name: str) -> Spec:
    """Parts that make up each cell of time, the first series at the bottom, named at the right of the last cell.

    name  of what the bars show
    """
    rows = [{**asdict(piece), "at": piece.at.isoformat()} for piece in pieces]
    return filled(
        _stacks_shape(), words, {"NAME_NOW": name} | times(words, step), rows=rows, labels=_stack_labels(pieces)
    )


def picture(spec: Spec, *, width: int = 720) -> str:
    """The same chart as SVG, for paper and slides."""
    svg: str = vl_convert.vegalite_to_svg({**spec, "width": width})
    return svg


def _line_row(points: Sequence[Point], n: int) -> dict[str, Any]:
    """A point as the two lines want it: the dashed one begins at the last point that is over."""
    point = points[n]
    around = points[max(0, n - 1) : n + 2]
    return {
        "at": point.at.isoformat(),
        "before": point.before,
        "done": None if point.is_open else point.size,
        "open": point.size if any(near.is_open for near in around) else None,
        "when": point.when,
        "said": point.said,
        "said_before": point.said_before,
    }


def _line_labels(points: Sequence[Point], names: tuple[str, str]) -> list[dict[str, Any]]:
    """Each line's name at its right end, moved apart where the ends lie close together."""
    sizes = [size for point in points for size in (point.size, point.before) if size is not None]
    most = max(sizes, default=0.0) or 1.0
    ends = [
        (names[0], 0, next((p.size for p in reversed(points) if p.size is not None), None)),
        (names[1], 2, next((p.before for p in reversed(points) if p.before is not None), None)),
    ]
    found = [(name, series, end) for name, series, end in ends if name and end is not None]
    return apart(found, gap=most * LABEL_GAP / HEIGHT, at=points[-1].at.isoformat() if points else "")


def _stack_labels(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """Each series' name at the middle of its piece of the last cell, moved apart where they lie close together."""
    cells: dict[date, float] = {}
    for piece in pieces:
        cells[piece.at] = cells.get(piece.at, 0.0) + piece.size
    most = max(cells.values(), default=0.0) or 1.0
    floor, places = 0.0, []
    for piece in pieces:
        if piece.at == pieces[-1].at:
            places.append((piece.name, piece.series, floor + piece.size / 2))
            floor += piece.size
    return apart(places, gap=most * LABEL_GAP / HEIGHT, at="")


def apart(labels: Sequence[tuple[str, int, float]], *, gap: float, at: str) -> list[dict[str, Any]]:
    """Names of series beside their places, moved so far that none covers another."""
    rows: list[dict[str, Any]] = []
    lowest = -gap
    for name, series, place in sorted(labels, key=lambda label: label[2]):
        lowest = max(place, lowest + gap)
        rows.append({"name": name, "series": series, "place": lowest, "at": at})
    return rows


def filled(shape: str, words: Words, said: Mapping[str, str | float], **rows: list[dict[str, Any]]) -> Spec:
    """A shape with its rows, and its words in place of the names that the shape has for them."""
    whole: dict[str, str | float] = {
        "WHEN": "",
        "WORD_WHEN": _("When"),
        "WORD_NAME": _("Which"),
        "SHORT": _short(words.language),
        **said,
    }
    for name, word in whole.items():
        shape = shape.replace(json.dumps(name), json.dumps(word))
    spec: Spec = json.loads(shape)
    spec["datasets"] = rows
    spec["title"] |= {"text": words.title, "subtitle": words.subtitle}
    return spec


def times(words: Words, step: Step) -> dict[str, str | float]:
    """How a cell of time is written at the axis."""
    is_chinese = words.language.startswith("zh")
    month, day = ("%Y年%-m月", "%-m月%-d日") if is_chinese else ("%b %Y", "%b %-d")
    form = {Step.HOUR: f"{day} %H:%M", Step.MONTH: month, Step.QUARTER: month, Step.YEAR: "%Y"}.get(step, day)
    return {"WHEN": f"utcFormat(toDate(datum.value), '{form}')"}


def _short(language: str) -> str:
    """An expression for the short form of an axis's figures: 12万, 120k."""
    units = ((1e8, "亿"), (1e4, "万")) if language.startswith("zh") else ((1e9, "B"), (1e6, "M"), (1e3, "k"))
    tail = "format(datum.value, ',.3~r')"
    for size, sign in reversed(units):
        tail = f"abs(datum.value) >= {size:.0f} ? format(datum.value / {size:.0f}, ',.3~r') + '{sign}' : {tail}"
    return tail


@functools.cache
def _line_shape() -> str:
    rows, labels = alt.NamedData("rows"), alt.NamedData("labels")
    x = alt.X("at:T", scale=alt.Scale(type="utc"), axis=time_axis())
    # The range is given: some of the lines may be without any figure.
    y = alt.Y("before:Q", axis=size_axis(), scale=alt.Scale(domain=["LEAST", "MOST"], nice=True))
    main = alt.expr("series1")
    layers = [
        alt.Chart(rows).mark_line(color=alt.expr("series6"), strokeWidth=1.5).encode(x=x, y=y),
        alt.Chart(rows).mark_line(color=main, strokeWidth=2.5).encode(x=x, y="done:Q"),
        alt.Chart(rows).mark_line(color=main, strokeWidth=2.5, strokeDash=[4, 4]).encode(x=x, y="open:Q"),
        end_names(labels, colour=_colour_of_series("series1", "series1", "series6")),
        alt.Chart(rows)
        .mark_rule(color=alt.expr("ink"), opacity=0.001, strokeWidth=14)
        .encode(
            x=x,
            tooltip=[
                alt.Tooltip("when:N", title="WORD_WHEN"),
                alt.Tooltip("said:N", title="NAME_NOW"),
                alt.Tooltip("said_before:N", title="NAME_BEFORE"),
            ],
        ),
    ]
    return shape(alt.layer(*layers))


@functools.cache
def _bars_shape() -> str:
    rows = alt.NamedData("rows")
    axis = alt.Axis(title=None, domain=False, ticks=False, labelLimit=180, labelPadding=8)
    y = alt.Y("name:N", sort=None, axis=axis)
    # The scale ends with the longest bar, not at a round figure: only then is the room beside it as wide as its figure.
    x = alt.X("size:Q", axis=None, scale=alt.Scale(zero=True, nice=False))
    tooltip = [alt.Tooltip("name:N", title="WORD_NAME"), alt.Tooltip("said:N", title="NAME_NOW")]
    bar = alt.Chart(rows).mark_bar(color=alt.expr("series1"), height=14).encode(x=x, y=y, tooltip=tooltip)
    text = alt.Chart(rows).mark_text(align="left", dx=6, fontSize=12, color=alt.expr("ink"))
    return shape(alt.layer(bar, text.encode(x=x, y=y, text="said:N")))


@functools.cache
def _stacks_shape() -> str:
    rows, labels = alt.NamedData("rows"), alt.NamedData("labels")
    x = alt.X("at:O", axis=time_axis(), scale=alt.Scale(paddingInner=0.25))
    y = alt.Y("size:Q", axis=size_axis(), stack="zero", scale=alt.Scale(zero=True))
    colour = _colour_of_series("series1", "series4", "series6")
    tooltip = [
        alt.Tooltip("when:N", title="WORD_WHEN"),
        alt.Tooltip("name:N", title="WORD_NAME"),
        alt.Tooltip("said:N", title="NAME_NOW"),
    ]
    bar = alt.Chart(rows).mark_bar().encode(x=x, y=y, color=colour, order="series:Q", tooltip=tooltip)
    text = alt.Chart(labels).mark_text(align="left", dx=6, fontSize=12)
    return shape(alt.layer(bar, text.encode(x=alt.value("width"), y="place:Q", text="name:N", color=colour)))


def shape(chart: alt.LayerChart | alt.FacetChart) -> str:
    """A chart as JSON, with its colours as parameters and everything else as the look wants it."""
    quiet = {"labelColor": alt.expr("inksoft"), "labelFontSize": 12, "gridColor": alt.expr("line"), "domain": False}
    whole = (
        chart.add_params(*(alt.param(name=name, value=value) for name, value in (_colours() | _ROOM).items()))
        .properties(
            width="container",
            height=HEIGHT,
            title=alt.TitleParams("", anchor="start", color=alt.expr("ink"), subtitleColor=alt.expr("inksoft")),
            padding={"left": 0, "top": 6, "right": 16, "bottom": 0},
        )
        .configure(
            font=_tokens()["font"],
            background="transparent",
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
        .configure_view(stroke=None)
        .configure_axis(**quiet)
    )
    return json.dumps(whole.to_dict())


def end_names(labels: alt.NamedData, *, colour: alt.Color) -> alt.LayerChart:
    """The name of each line at its end: beside it or, where there is little room, above it on a ground of its own.

    A long one is cut short, so that it lies neither over the lines nor takes their room; whoever points at a line, and
    the table, says all of it.
    """

    def named(**drawn: Any) -> alt.Chart:
        mark = alt.Chart(labels).mark_text(
            align=alt.expr("narrow ? 'right' : 'left'"),
            dx=alt.expr("narrow ? 0 : 6"),
            dy=alt.expr("narrow ? -10 : 0"),
            fontSize=12,
            limit=alt.expr("narrow ? width * 0.45 : 200"),
            **drawn,
        )
        return mark.encode(x="at:T", y="place:Q", text="name:N")

    raised = alt.expr("raised")
    ground = named(color=raised, stroke=raised, strokeWidth=alt.expr("narrow ? 5 : 0"), strokeJoin="round")
    return alt.layer(ground, named().encode(color=colour))


def time_axis() -> alt.Axis:
    """The axis of cells of time."""
    return alt.Axis(
        title=None,
        grid=False,
        tickCount=6,
        labelExpr="WHEN",
        labelAngle=0,
        labelOverlap="greedy",
        labelSeparation=10,
        labelPadding=8,
        ticks=False,
    )


def size_axis() -> alt.Axis:
    """The axis of amounts and counts, its figures in few signs."""
    return alt.Axis(title=None, tickCount=4, labelExpr="SHORT", ticks=False, labelPadding=6)


def _colour_of_series(*names: str) -> alt.Color:
    shown = alt.Scale(domain=list(range(len(names))), range=[alt.expr(name) for name in names])
    return alt.Color("series:N", scale=shown, legend=None)


def _tokens() -> dict[str, str]:
    """The light tokens of the look, by name."""
    path = Path(look.__file__).with_name("static") / "look" / "tokens.css"
    return dict(re.findall(r"--([\w-]+): ([^;]+);", path.read_text().split("}")[0]))


def _colours() -> dict[str, str]:
    """Colours by name, without the signs that an expression would take for a minus, and as every drawer knows them."""
    wanted = {
        name: colour for name, colour in _tokens().items() if re.fullmatch(r"series-\d|ink|ink-soft|line|raised", name)
    }
    share = re.compile(r"rgb\((\d+) (\d+) (\d+) / (\d+)%\)")
    return {
        name.replace("-", ""): share.sub(lambda m: f"rgba({m[1]}, {m[2]}, {m[3]}, {int(m[4]) / 100})", colour)
        for name, colour in wanted.items()
    }
