"""A number over time before the band that was expected of it, with the days of something marked behind."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import altair as alt
from django.utils.translation import gettext as _

from zhanggui.doors.console import charts
from zhanggui.doors.console.charts import Spec, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A day's number and what was expected of it.

    expected, low, high    None where nothing was
    when, said, wanted     what a person reads on hover
    """

    at: date
    size: float
    expected: float | None
    low: float | None
    high: float | None
    is_open: bool
    when: str
    said: str
    wanted: str


def windowed(marks: Sequence[Mark], *, words: Words, name: str, window: tuple[date, date], called: str) -> Spec:
    """Days from left to right: the window shaded, the band and the dashed expectation, the number before them.

    window  its first day and the day after its last, named by `called` at the top
    """
    rows = [{**asdict(mark), "at": mark.at.isoformat(), "done": None if mark.is_open else mark.size} for mark in marks]
    top = max((size for mark in marks for size in (mark.size, mark.high) if size is not None), default=1.0)
    said = {"NAME_NOW": name, "WORD_EXPECTED": _("Expected"), "WHEN": _day_form(words)}
    shaded = [{"start": window[0].isoformat(), "end": window[1].isoformat(), "name": called, "top": top, "zero": 0}]
    return charts.filled(_windowed_shape(), words, said, rows=rows, windows=shaded)


def _day_form(words: Words) -> str:
    form = "%-m月%-d日" if words.language.startswith("zh") else "%b %-d"
    return f"utcFormat(toDate(datum.value), '{form}')"


@functools.cache
def _windowed_shape() -> str:
    rows, windows = alt.NamedData("rows"), alt.NamedData("windows")
    scale = alt.Scale(type="utc")
    axis = alt.Axis(title=None, grid=False, tickCount=6, labelExpr="WHEN", labelOverlap="greedy", ticks=False)
    x = alt.X("at:T", scale=scale, axis=axis)
    y = alt.Y("low:Q", axis=charts.size_axis(), scale=alt.Scale(zero=True, nice=True))
    tooltip = [
        alt.Tooltip("when:N", title="WORD_WHEN"),
        alt.Tooltip("said:N", title="NAME_NOW"),
        alt.Tooltip("wanted:N", title="WORD_EXPECTED"),
    ]
    main = alt.expr("series1")
    days = alt.Chart(windows).mark_rect(color=alt.expr("series4"), opacity=0.12)
    label = alt.Chart(windows).mark_text(align="left", baseline="top", dx=4, fontSize=12, color=alt.expr("ink"))
    band = alt.Chart(rows).mark_area(color=alt.expr("series6"), opacity=0.22)
    expected = alt.Chart(rows).mark_line(color=alt.expr("series6"), strokeWidth=1.5, strokeDash=[4, 4])
    done = alt.Chart(rows).mark_line(color=main, strokeWidth=2.5, point=False)
    rule = alt.Chart(rows).mark_rule(color=alt.expr("ink"), opacity=0.001, strokeWidth=14)
    start = alt.X("start:T", scale=scale, axis=axis)
    return charts.shape(
        alt.layer(
            days.encode(x=start, x2="end:T", y=alt.Y("zero:Q"), y2="top:Q"),
            band.encode(x=x, y=y, y2="high:Q"),
            expected.encode(x=x, y="expected:Q"),
            done.encode(x=x, y="done:Q"),
            label.encode(x=start, y=alt.Y("top:Q"), text="name:N"),
            rule.encode(x=x, tooltip=tooltip),
        )
    )
