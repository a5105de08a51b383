"""Charts of a briefing by the one specification of the house, for the page and for paper."""

from __future__ import annotations

from datetime import date

from zhanggui.doors.console import charts, words
from zhanggui.doors.console.briefings import naming
from zhanggui.doors.console.briefings.telling import Told, ToldChart
from zhanggui.doors.console.charting.waterfall import Stair, Turn, waterfall
from zhanggui.doors.console.charts import Spec
from zhanggui.insight.metrics.rules import Step
from zhanggui.steer.briefings.rules import Number, Shape, Sort, Unit


def spec(chart: ToldChart, told: Told) -> Spec:
    """A chart whose title is the finding and whose subtitle says unit, days and zone."""
    unit = told.kept.currency if chart.kept.unit is Unit.MONEY else chart.series[0]
    said = charts.Words(
        title=chart.title, subtitle=f"{unit} · {told.days} · {told.kept.zone}", language=words.language()
    )
    if chart.kept.shape is Shape.LINE and chart.kept.at[0].sort in (Sort.DAY, Sort.MONTH):
        return _line(chart, told, said)
    if chart.kept.shape is Shape.STAIRS:
        return waterfall(_stairs(chart, told), words=said, name=chart.series[0])
    return waterfall(_bars(chart, told), words=said, name=chart.series[0])


def _line(chart: ToldChart, told: Told, said: charts.Words) -> Spec:
    now, *others = chart.kept.series
    step = Step.MONTH if chart.kept.at[0].sort is Sort.MONTH else Step.DAY
    before = others[0].sizes if others else (None,) * len(now.sizes)
    points = [
        charts.Point(
            at=date.fromisoformat(thing.code),
            size=_drawn(size, told, chart),
            before=_drawn(other, told, chart),
            when=naming.thing(thing),
            said=_said(size, told, chart),
            said_before=_said(other, told, chart),
            is_open=date.fromisoformat(thing.code) >= told.kept.until,
        )
        for thing, size, other in zip(chart.kept.at, now.sizes, before, strict=True)
    ]
    return charts.line(points, words=said, step=step, names=(chart.series[0], chart.series[1] if others else ""))


def _stairs(chart: ToldChart, told: Told) -> list[Stair]:
    sizes = chart.kept.series[0].sizes
    ends = (0, len(sizes) - 1)
    return [
        Stair(
            name=chart.names[n],
            size=_drawn(size, told, chart) or 0.0,
            turn=Turn.WHOLE if n in ends else Turn.UP if (size or 0) >= 0 else Turn.DOWN,
            said=chart.said[n],
        )
        for n, size in enumerate(sizes)
    ]


def _bars(chart: ToldChart, told: Told) -> list[Stair]:
    """Bars from zero, to the left where something fell."""
    sizes = chart.kept.series[0].sizes
    return [
        Stair(name=chart.names[n], size=_drawn(size, told, chart) or 0.0, turn=Turn.WHOLE, said=chart.said[n])
        for n, size in enumerate(sizes)
    ]


def _drawn(size: int | None, told: Told, chart: ToldChart) -> float | None:
    if size is None:
        return None
    return float(naming.major(size, told.kept.currency)) if chart.kept.unit is Unit.MONEY else float(size)


def _said(size: int | None, told: Told, chart: ToldChart) -> str:
    if size is None:
        return "—"
    return naming.figure(Number(name="now", unit=chart.kept.unit, numerator=size), told.kept.currency)
