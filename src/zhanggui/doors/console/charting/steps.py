"""A funnel as steps: each as high as those who came so far, and what is lost on the way to it.

Drawn on the server, upright where steps stand side by side and lying where they stand one below the other: what is said
of a step is text beside its picture, so that it links, wraps and is read aloud.
"""

from __future__ import annotations

from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

# How much of a step's picture leads to it from the step before, of 100.
_SLOPE: Final = 28


def step(level: float, before: float) -> SafeString:
    """A step's picture, both ways; the style sheet shows the one that fits.

    level, before  how many came so far and to the step before, in hundredths of the first step; the first has itself
                   before it
    """
    return format_html("{}{}", _upright(level, before), _lying(level, before))


def _upright(level: float, before: float) -> SafeString:
    top, top_before = 100 - level, 100 - before
    return _picture(
        "is-upright",
        way=f"0,100 0,{top_before:.1f} {_SLOPE},{top:.1f} {_SLOPE},100",
        whole=(_SLOPE, top, 100 - _SLOPE, level),
        lost=(_SLOPE, top_before, 100 - _SLOPE, before - level),
    )


def _lying(level: float, before: float) -> SafeString:
    return _picture(
        "is-lying",
        way=f"0,0 {before:.1f},0 {level:.1f},{_SLOPE} 0,{_SLOPE}",
        whole=(0, _SLOPE, level, 100 - _SLOPE),
        lost=(level, _SLOPE, before - level, 100 - _SLOPE),
    )


def _picture(way_it_stands: str, *, way: str, whole: tuple[float, ...], lost: tuple[float, ...]) -> SafeString:
    return format_html(
        '<svg class="stair-picture {}" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon class="stair-way" points="{}"/>{}{}</svg>',
        way_it_stands,
        way,
        _box("stair-lost", *lost),
        _box("stair-whole", *whole),
    )


def _box(kind: str, x: float, y: float, width: float, height: float) -> SafeString:
    return format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        kind,
        *(f"{max(0.0, size):.1f}" for size in (x, y, width, height)),
    )
