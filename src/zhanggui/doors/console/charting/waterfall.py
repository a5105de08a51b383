"""From one amount to another, part by part."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import altair as alt

from zhanggui.doors.console import charts
from zhanggui.doors.console.charts import Spec, Words

LINE_HEIGHT: Final = 32


class Turn(StrEnum):
    """What a bar is: an amount that stands from zero, or a part that comes to it or goes."""

    WHOLE = "whole"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stair:
    """An amount, or a part of the change between two amounts.

    said  signed, so that no colour stands alone
    """

    name: str
    size: float
    turn: Turn
    said: str


def waterfall(stairs: Sequence[Stair], *, words: Words, name: str) -> Spec:
    """Amounts and the parts between them from top to bottom; each part begins where the one before it ends.

    name  of what the bars show
    """
    rows, reached = list[dict[str, str | float]](), 0.0
    for stair in stairs:
        start = 0.0 if stair.turn is Turn.WHOLE else reached
        reached = start + stair.size
        row: dict[str, str | float] = {"start": start, "end": reached, "edge": max(start, reached)}
        rows.append({"name": stair.name, "turn": stair.turn, "said": stair.said, **row})
    spec = charts.filled(_waterfall_shape(), words, {"NAME_NOW": name}, rows=rows)
    spec["height"] = max(1, len(rows)) * LINE_HEIGHT
    return spec


@functools.cache
def _waterfall_shape() -> str:
    rows = alt.NamedData("rows")
    axis = alt.Axis(title=None, domain=False, ticks=False, labelLimit=170, labelPadding=8)
    y = alt.Y("name:N", sort=None, axis=axis)
    # As of plain bars: the room beside the longest is as wide as its figure only if the scale ends there.
    x = alt.X("start:Q", axis=None, scale=alt.Scale(zero=True, nice=False))
    colours = [alt.expr("series1"), alt.expr("series3"), alt.expr("series2")]
    colour = alt.Color("turn:N", scale=alt.Scale(domain=[str(turn) for turn in Turn], range=colours), legend=None)
    tooltip = [alt.Tooltip("name:N", title="WORD_NAME"), alt.Tooltip("said:N", title="NAME_NOW")]
    bar = alt.Chart(rows).mark_bar(height=16).encode(x=x, x2="end:Q", y=y, color=colour, tooltip=tooltip)
    text = alt.Chart(rows).mark_text(align="left", dx=6, fontSize=12, color=alt.expr("ink"))
    return charts.shape(alt.layer(bar, text.encode(x="edge:Q", y=y, text="said:N")))
