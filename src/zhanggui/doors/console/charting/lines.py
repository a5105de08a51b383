"""Several parts of a figure over time, each as a line with its name at the end."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

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
    """

    at: date
    series: int
    name: str
    size: float | None
    when: str
    said: str


def lines(places: Sequence[Place], *, words: Words, step: Step, name: str) -> Spec:
    """The parts over time, at most MOST_SERIES of them.

    name  of what the lines show
    """
    rows = [{**asdict(one), "at": one.at.isoformat()} for one in places]
    sizes = [one.size for one in places if one.size is not None]
    ends = {one.series: (one.name, one.series, one.size) for one in places if one.size is not None}
    gap = (max(sizes, default=0.0) or 1.0) * charts.LABEL_GAP / charts.HEIGHT
    labels = charts.apart(list(ends.values()), gap=gap, at=rows[-1]["at"] if rows else "")
    said = {"NAME_NOW": name} | charts.times(words, step)
    return charts.filled(_lines_shape(), words, said, rows=rows, labels=labels)


@functools.cache
def _lines_shape() -> str:
    rows, labels = alt.NamedData("rows"), alt.NamedData("labels")
    x = alt.X("at:T", scale=alt.Scale(type="utc"), axis=charts.time_axis())
    y = alt.Y("size:Q", axis=charts.size_axis(), scale=alt.Scale(zero=True))
    kinds = list(range(MOST_SERIES))
    scale = alt.Scale(domain=kinds, range=[alt.expr(f"series{1 + kind}") for kind in kinds])
    colour = alt.Color("series:N", scale=scale, legend=None)
    tooltip = [
        alt.Tooltip("when:N", title="WORD_WHEN"),
        alt.Tooltip("name:N", title="WORD_NAME"),
        alt.Tooltip("said:N", title="NAME_NOW"),
    ]
    line = alt.Chart(rows).mark_line(strokeWidth=2).encode(x=x, y=y, color=colour)
    dot = alt.Chart(rows).mark_point(filled=True, size=60, opacity=0.01).encode(x=x, y=y, color=colour, tooltip=tooltip)
    return charts.shape(alt.layer(line, dot, charts.end_names(labels, colour=colour)))
