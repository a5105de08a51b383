"""Effects as dots with their intervals about a line of nothing: what came on top, and between which ends it lies."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

import altair as alt
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhanggui.doors.console import charts
from zhanggui.doors.console.charts import Spec, Words
from zhanggui.doors.console.exporting import Table

LINE_HEIGHT: Final = 40
_HEAD: Final = 40
# A figure in words stands above its dot as far as it fits; on a narrow screen it ends where the picture does.
_BESIDE: Final = "narrow ? width : clamp(scale('x', datum.size), 120, max(120, width - 120))"
_ALIGN: Final = "narrow ? 'right' : 'center'"


class Proof(StrEnum):
    """What an effect rests on; each has a colour, a sign and a stroke of its own.

    FINAL    people were held out, and the play is over
    RUNNING  people were held out, and it still runs
    WEAKER   everybody was treated: it is held against the weeks before
    """

    FINAL = "final"
    RUNNING = "running"
    WEAKER = "weaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An effect of a name.

    low, high  infinite where nothing is known yet: its line then runs to the edge
    said       the effect with its interval, as a person reads it
    """

    name: str
    size: float
    low: float
    high: float
    proof: Proof
    said: str


def intervals(effects: Sequence[Interval], *, words: Words, name: str) -> Spec:
    """Effects from top to bottom in the order given, the figure in words above each line.

    name  of what the dots show
    """
    least, most = _reach(effects)
    rows = [
        {
            "name": one.name,
            "size": one.size,
            "low": max(one.low, least),
            "high": min(one.high, most),
            "proof": one.proof.value,
            "said": one.said,
        }
        for one in effects
    ]
    kinds = json.dumps(dict(zip(Proof, proofs(), strict=True)), ensure_ascii=False)
    said: dict[str, str | float] = {"NAME_NOW": name, "LEAST": least, "MOST": most, "PROOFS": f"{kinds}[datum.value]"}
    spec = charts.filled(_intervals_shape(), words, said, rows=rows)
    shown = [proof for proof in Proof if any(one.proof is proof for one in effects)]
    for layer, channel in ((1, "color"), (1, "strokeDash"), (2, "color"), (2, "shape")):
        spec["layer"][layer]["encoding"][channel]["legend"]["values"] = shown
    spec["height"] = max(1, len(rows)) * LINE_HEIGHT + _HEAD
    return spec


def proofs() -> tuple[str, str, str]:
    """What the three kinds are called, in the order of Proof."""
    return (_("Against a hold-out"), _("Still running"), _("Weaker: against the weeks before"))


def table(effects: Sequence[Interval], *, file: str, heads: tuple[str, str]) -> Table:
    """The same numbers as a table; an end that is not known is empty.

    heads  what the names are, and what the sizes are, with the unit
    """
    named = dict(zip(Proof, proofs(), strict=True))
    return Table(
        name=file,
        heads=(*heads, pgettext("interval", "From"), pgettext("interval", "To"), pgettext("interval", "Evidence")),
        rows=[(one.name, _end(one.size), _end(one.low), _end(one.high), named[one.proof]) for one in effects],
    )


def _end(size: float) -> Decimal | None:
    return Decimal(str(size)) if math.isfinite(size) else None


def _reach(effects: Sequence[Interval]) -> tuple[float, float]:
    """The ends of the axis: nothing is always on it, and every end that is known."""
    ends = [size for one in effects for size in (one.low, one.size, one.high) if math.isfinite(size)]
    least, most = min([0.0, *ends]), max([0.0, *ends])
    room = (most - least) * 0.04 or 1.0
    return least - room, most + room


@functools.cache
def _intervals_shape() -> str:
    rows = alt.NamedData("rows")
    axis = alt.Axis(title=None, domain=False, ticks=False, labelLimit=180, labelPadding=8)
    y = alt.Y("name:N", sort=None, axis=axis)
    x = alt.X("low:Q", axis=charts.size_axis(), scale=alt.Scale(domain=["LEAST", "MOST"], nice=False))
    kinds = [proof.value for proof in Proof]
    legend = alt.Legend(
        title=None,
        orient="top",
        labelExpr="PROOFS",
        labelColor=alt.expr("ink"),
        labelFontSize=12,
        labelLimit=240,
        columns=1,
        values=[],
        symbolStrokeWidth=0,
        symbolOpacity=1,
    )
    colours = [alt.expr(name) for name in ("series1", "series2", "series6")]
    colour = alt.Color("proof:N", scale=alt.Scale(domain=kinds, range=colours), legend=legend)
    sign = alt.Shape("proof:N", scale=alt.Scale(domain=kinds, range=["circle", "square", "diamond"]), legend=legend)
    strokes = alt.StrokeDash("proof:N", scale=alt.Scale(domain=kinds, range=[[1, 0], [5, 3], [2, 3]]), legend=legend)
    tooltip = [alt.Tooltip("name:N", title="WORD_NAME"), alt.Tooltip("said:N", title="NAME_NOW")]
    # Lines without words of their own are not read out; the dots are, and a table stands below.
    nothing = alt.Chart(rows).mark_rule(aria=False, color=alt.expr("ink"), strokeWidth=1, opacity=0.45)
    span = alt.Chart(rows).mark_rule(aria=False, strokeWidth=3, opacity=0.75)
    dot = alt.Chart(rows).mark_point(filled=True, size=110, opacity=1)
    text = alt.Chart(rows).mark_text(
        x=alt.expr(_BESIDE), align=alt.expr(_ALIGN), dy=-13, fontSize=12, color=alt.expr("ink"), limit=340
    )
    layers = (
        nothing.encode(x=alt.datum(0)),
        span.encode(
            x=x,
            x2="high:Q",
            y=y,
            color=colour,
            strokeDash=strokes,
            tooltip=tooltip,
        ),
        dot.encode(x="size:Q", y=y, color=colour, shape=sign, tooltip=tooltip),
        text.encode(y=y, text="said:N"),
    )
    return charts.shape(alt.layer(*layers))
