"""A briefing as one file of HTML that needs nothing else: words, tables, charts as pictures, made to be printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from zhanggui.doors.console import charts, words
from zhanggui.doors.console.briefings import drawing
from zhanggui.doors.console.briefings.telling import Chapter, Told, ToldChart

_STYLES = ("look/tokens.css", "console/briefings.css")
_WIDTH = 680


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart as a picture, and the same numbers to read."""

    title: str
    picture: SafeString
    rows: tuple[tuple[str, str], ...]


def paper(told: Told) -> bytes:
    """The briefing as a .html; the same briefing gives the same bytes."""
    said = {
        "told": told,
        "language": "zh-Hans" if words.language().startswith("zh") else "en",
        "styles": mark_safe("".join(_styles())),  # noqa: S308 -- our own files
        "chapters": [(chapter, [_drawn(chart, told) for chart in chapter.charts]) for chapter in told.chapters],
    }
    return render_to_string("console/briefings/paper.html", said).encode()


def shown(told: Told) -> list[tuple[Chapter, list[tuple[str, charts.Spec, tuple[tuple[str, str], ...]]]]]:
    """The chapters with the specifications of their charts, for a page that draws them."""
    return [
        (chapter, [(f"chart-{chart.kept.key}", drawing.spec(chart, told), _rows(chart)) for chart in chapter.charts])
        for chapter in told.chapters
    ]


def _drawn(chart: ToldChart, told: Told) -> Drawn:
    spec = drawing.spec(chart, told)
    spec["title"] = ""
    picture = charts.picture(spec, width=_WIDTH)
    return Drawn(title=chart.title, picture=mark_safe(picture), rows=_rows(chart))  # noqa: S308 -- drawn by us


def _rows(chart: ToldChart) -> tuple[tuple[str, str], ...]:
    return tuple(zip(chart.names, chart.said, strict=True))


def _styles() -> Iterator[str]:
    for name in _STYLES:
        path = finders.find(name)
        if path:
            with open(path, encoding="utf-8") as file:
                yield file.read()
