"""Several figures of each name as dots on one line, so that they can be held against each other."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

import altair as alt

from zhanggui.doors.console import charts
from zhanggui.doors.console.charts import Spec, Words

LINE_HEIGHT: Final = 36
_HEAD: Final = 56
_MOST_SERIES: Final = 7
_SIGNS: Final = ("circle", "diamond", "square", "triangle-up", "cross", "triangle-down", "triangle-right")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A figure of a name.

    series  its place among the names of the series
    """

    name: str
    series: int
    of: str
    size: float
    said: str


def dots(figures: Sequence[Dot], *, words: Words, series: Sequence[str]) -> Spec:
    """Names from top to bottom in the order of their first dot, each series with a colour and a sign of its own."""
    names = f"{json.dumps(list(series), ensure_ascii=False)}[datum.value]"
    spec = charts.filled(_dots_shape(), words, {"SERIES": names}, rows=[asdict(one) for one in figures])
    lines = dict.fromkeys(one.name for one in figures)
    spec["height"] = max(1, len(lines)) * LINE_HEIGHT + _HEAD
    shown = list(range(len(series)))
    for channel in ("color", "shape"):
        spec["layer"][1]["encoding"][channel]["legend"]["values"] = shown
    return spec


@functools.cache
def _dots_shape() -> str:
    rows = alt.NamedData("rows")
    axis = alt.Axis(title=None, domain=False, ticks=False, labelLimit=180, labelPadding=8)
    y = alt.Y("name:N", sort=None, axis=axis)
    x = alt.X("size:Q", axis=charts.size_axis(), scale=alt.Scale(zero=True))
    legend = alt.Legend(
        title=None,
        orient="top",
        labelExpr="SERIES",
        labelColor=alt.expr("ink"),
        labelFontSize=12,
        columns=alt.expr("narrow ? 1 : 4"),
        values=[],
    )
    kinds = list(range(_MOST_SERIES))
    colours = [alt.expr(f"series{1 + kind % 6}") for kind in kinds]
    colour = alt.Color("series:N", scale=alt.Scale(domain=kinds, range=colours), legend=legend)
    sign = alt.Shape("series:N", scale=alt.Scale(domain=kinds, range=list(_SIGNS)), legend=legend)
    tooltip = [
        alt.Tooltip("name:N", title="WORD_NAME"),
        alt.Tooltip("of:N", title=" "),
        alt.Tooltip("said:N", title="="),
    ]
    span = alt.Chart(rows).mark_line(color=alt.expr("line"), strokeWidth=2)
    dot = alt.Chart(rows).mark_point(filled=True, size=90, opacity=0.9)
    layers = (span.encode(x=x, y=y, detail="name:N"), dot.encode(x=x, y=y, color=colour, shape=sign, tooltip=tooltip))
    return charts.shape(alt.layer(*layers))
