"""A number over time in the band of what is normal for it."""

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
    """A day's number and its band.

    size         None leaves a gap
    low, high    None where nothing is said of what is normal
    is_outside   marked with a sign of its own
    is_open      the day is not over
    when, said, normal  what a person reads on hover
    """

    at: date
    size: float | None
    low: float | None
    high: float | None
    is_outside: bool
    is_open: bool
    when: str
    said: str
    normal: str


def banded(marks: Sequence[Mark], *, words: Words, name: str) -> Spec:
    """Days from left to right: the band behind, the number before it, a diamond where it lies outside.

    name  of what the line shows
    """
    rows = [_row(marks, n) for n in range(len(marks))]
    sizes = [size for mark in marks for size in (mark.size, mark.low, mark.high) if size is not None]
    said: dict[str, str | float] = {
        "NAME_NOW": name,
        "WORD_NORMAL": _("Normal"),
        "LEAST": min([0.0, *sizes]),
        "MOST": max([0.0, *sizes]) or 1.0,
    }
    is_inside = not any(row["outside"] is not None for row in rows)
    return charts.filled(_banded_shape(is_inside=is_inside), words, said | _days(words), rows=rows)


def _row(marks: Sequence[Mark], n: int) -> dict[str, object]:
    """A mark as the layers want it: the dashed line begins at the last day that is over."""
    mark = marks[n]
    near = marks[max(0, n - 1) : n + 2]
    return {
        **asdict(mark),
        "at": mark.at.isoformat(),
        "done": None if mark.is_open else mark.size,
        "open": mark.size if any(one.is_open for one in near) else None,
        "outside": mark.size if mark.is_outside else None,
    }


def _days(words: Words) -> dict[str, str | float]:
    form = "%-m月%-d日" if words.language.startswith("zh") else "%b %-d"
    return {"WHEN": f"utcFormat(toDate(datum.value), '{form}')"}


@functools.cache
def _banded_shape(*, is_inside: bool) -> str:
    """The layers; where no day lies outside there are no signs, whose axis would have no ends and who had no name."""
    rows = alt.NamedData("rows")
    x = alt.X("at:T", scale=alt.Scale(type="utc"), axis=_day_axis())
    y = alt.Y("low:Q", axis=charts.size_axis(), scale=alt.Scale(domain=["LEAST", "MOST"], nice=True))
    main = alt.expr("series1")
    tooltip = [
        alt.Tooltip("when:N", title="WORD_WHEN"),
        alt.Tooltip("said:N", title="NAME_NOW"),
        alt.Tooltip("normal:N", title="WORD_NORMAL"),
    ]
    band = alt.Chart(rows).mark_area(color=alt.expr("series6"), opacity=0.18)
    done = alt.Chart(rows).mark_line(color=main, strokeWidth=2.5)
    running = alt.Chart(rows).mark_line(color=main, strokeWidth=2.5, strokeDash=[4, 4])
    outside = alt.Chart(rows).mark_point(shape="diamond", filled=True, size=110, color=alt.expr("series2"), opacity=1)
    rule = alt.Chart(rows).mark_rule(color=alt.expr("ink"), opacity=0.001, strokeWidth=14)
    return charts.shape(
        alt.layer(
            band.encode(x=x, y=y, y2="high:Q"),
            done.encode(x=x, y="done:Q"),
            running.encode(x=x, y="open:Q"),
            *([] if is_inside else [outside.encode(x=x, y="outside:Q")]),
            rule.encode(x=x, tooltip=tooltip),
        )
    )


def _day_axis() -> alt.Axis:
    return alt.Axis(title=None, grid=False, tickCount=6, labelExpr="WHEN", labelOverlap="greedy", ticks=False)
