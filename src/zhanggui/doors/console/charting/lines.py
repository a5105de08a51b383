"""Several parts of a figure over time, each as a line with its name at the end."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import altair as alt

from zhanggui.doors.console import charts
from zhanggui.doors.console.charts import Spec, Words
from zhanggui.insight.metrics.rules import Step

MOST_SERIES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A part's figure in a cell of time.

    series  its place among the parts
    size    drawn; None leaves a gap
    is_open  the cell is not over, or only a part of it lies in the period
    """

    at: date
    series: int
    name: str
    size: float | None
    when: str
    said: str
    is_open: bool = False


def lines(places: Sequence[Place], *, words: Words, step: Step, name: str) -> Spec:
    """The parts over time, at most MOST_SERIES of them, each one's cells in a row; what is not over is dashed.

    name  of what the lines show
    """
    rows = [_row(places, n) for n in range(len(places))]
    sizes = [one.size for one in places if one.size is not None]
    ends = {one.series: (one.name, one.series, one.size) for one in places if one.size is not None}
    gap = (max(sizes, default=0.0) or 1.0) * charts.LABEL_GAP / charts.HEIGHT
    labels = charts.apart(list(ends.values()), gap=gap, at=rows[-1]["at"] if rows else "")
    said = {"NAME_NOW": name} | charts.times(words, step)
    return charts.filled(_lines_shape(), words, said, rows=rows, labels=labels)


def _row(places: Sequence[Place], n: int) -> dict[str, Any]:
    """A place as its two lines want it: the dashed one begins at the last place that is over."""
    one = places[n]
    around = (near for near in places[max(0, n - 1) : n + 2] if near.series == one.series)
    return {
        "at": one.at.isoformat(),
        "series": one.series,
        "name": one.name,
        "size": one.size,
        "done": None if one.is_open else one.size,
        "open": one.size if any(near.is_open for near in around) else None,
        "when": one.when,
        "said": one.said,
    }


@functools.cache
def _lines_shape() -> str:
    rows, labels = alt.NamedData("rows"), alt.NamedData("labels")
    x = alt.X("at:T", scale=alt.Scale(type="utc"), axis=charts.time_axis())
    y, done, still = (
        alt.Y(f"{name}:Q", axis=charts.size_axis(), scale=alt.Scale(zero=True)) for name in ("size", "done", "open")
    )
    kinds = list(range(MOST_SERIES))
    scale = alt.Scale(domain=kinds, range=[alt.expr(f"series{1 + kind}") for kind in kinds])
    colour = alt.Color("series:N", scale=scale, legend=None)
    tooltip = [
        alt.Tooltip("when:N", title="WORD_WHEN"),
        alt.Tooltip("name:N", title="WORD_NAME"),
        alt.Tooltip("said:N", title="NAME_NOW"),
    ]
    line = alt.Chart(rows).mark_line(strokeWidth=2).encode(x=x, y=done, color=colour)
    dashed = alt.Chart(rows).mark_line(strokeWidth=2, strokeDash=[4, 4]).encode(x=x, y=still, color=colour)
    dot = alt.Chart(rows).mark_point(filled=True, size=60, opacity=0.01).encode(x=x, y=y, color=colour, tooltip=tooltip)
    return charts.shape(alt.layer(line, dashed, dot, charts.end_names(labels, colour=colour)))
