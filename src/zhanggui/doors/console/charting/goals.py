"""A goal's course: what came, what was due by the shop's own season, and what is to be expected within its band."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import altair as alt
from django.utils.translation import gettext as _

from zhanggui.doors.console import charts
from zhanggui.doors.console.charts import HEIGHT, LABEL_GAP, Spec, Words
from zhanggui.insight.metrics.rules import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A day of a goal, all numbers since the period began, as they are drawn.

    actual              None for days to come
    forecast, low, high  None where nothing is said; on the last day that is over, what came
    when, said, wanted, hoped  what a person reads on hover
    """

    at: date
    due: float
    actual: float | None
    forecast: float | None
    low: float | None
    high: float | None
    when: str
    said: str
    wanted: str
    hoped: str


def course(marks: Sequence[Mark], *, words: Words) -> Spec:
    """Days from left to right: what was due dashed and quiet, what came before it, and lighter what is to be expected
    with its band.
    """
    rows = [{**asdict(mark), "at": mark.at.isoformat()} for mark in marks]
    ahead = [row for row in rows if row["forecast"] is not None]
    said: dict[str, str | float] = {"WORD_CAME": _("Came"), "WORD_DUE": _("Due"), "WORD_HOPED": _("Expected")}
    said |= charts.times(words, Step.DAY)
    parts = {"rows": rows, "labels": _labels(marks)} | ({"ahead": ahead} if ahead else {})
    return charts.filled(_shape(is_over=not ahead), words, said, **parts)


def _labels(marks: Sequence[Mark]) -> list[dict[str, object]]:
    """Each line's name at its end, moved apart where they lie close together."""
    ends = [(_("Due"), 1, marks[-1].due)]
    if marks[-1].forecast is not None and marks[-1].actual is None:
        ends.append((_("Expected"), 0, marks[-1].forecast))
    else:
        ends += [(_("Came"), 0, one.actual) for one in marks[-1:] if one.actual is not None]
    most = max((mark.high or mark.due for mark in marks), default=1.0) or 1.0
    return charts.apart(ends, gap=most * LABEL_GAP / HEIGHT, at=marks[-1].at.isoformat())


@functools.cache
def _shape(*, is_over: bool) -> str:
    """The layers; where nothing lies ahead there is none of it, whose axis would have no ends."""
    rows, ahead, labels = alt.NamedData("rows"), alt.NamedData("ahead"), alt.NamedData("labels")
    x = alt.X("at:T", scale=alt.Scale(type="utc"), axis=charts.time_axis())
    y = alt.Y("due:Q", axis=charts.size_axis(), scale=alt.Scale(zero=True, nice=True))
    main, quiet = alt.expr("series1"), alt.expr("series6")
    tooltip = [
        alt.Tooltip("when:N", title="WORD_WHEN"),
        alt.Tooltip("said:N", title="WORD_CAME"),
        alt.Tooltip("wanted:N", title="WORD_DUE"),
        alt.Tooltip("hoped:N", title="WORD_HOPED"),
    ]
    colour = alt.Color("series:N", scale=alt.Scale(domain=[0, 1], range=[main, quiet]), legend=None)
    band = alt.Chart(ahead).mark_area(color=main, opacity=0.16).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    hoped = alt.Chart(ahead).mark_line(color=main, strokeWidth=2, strokeDash=[4, 4]).encode(x=x, y="forecast:Q")
    return charts.shape(
        alt.layer(
            *([] if is_over else [band]),
            alt.Chart(rows).mark_line(color=quiet, strokeWidth=1.5, strokeDash=[2, 3]).encode(x=x, y=y),
            *([] if is_over else [hoped]),
            alt.Chart(rows).mark_line(color=main, strokeWidth=2.5).encode(x=x, y="actual:Q"),
            charts.end_names(labels, colour=colour),
            alt.Chart(rows)
            .mark_rule(color=alt.expr("ink"), opacity=0.001, strokeWidth=14)
            .encode(x=x, tooltip=tooltip),
        )
    )
