"""The sheet a picture is drawn on: 800 by 800, light from the upper left, shadow to the lower right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from zhanggui.doors.rehearsal.drawing.tones import Tone, mix

Point = tuple[float, float]
WHITE = "#fffdf8"
INK = "#2a2622"
WOOD = "#c39a6b"
METAL = "#b9b6ae"
BRASS = "#c8a45c"


class Sketch:
    """Collects the elements of one picture.

    key  makes the ids of gradients unique when several pictures stand in one page
    """

    def __init__(self, *, key: str, tone: Tone, mark: str, rng: np.random.Generator) -> None:
        self.tone = tone
        self.mark = mark
        self._key = key
        self._rng = rng
        self._defs: dict[str, str] = {}
        self._body: list[str] = []

    def svg(self, *, title: str) -> str:
        """The whole picture as one document."""
        defs = "".join(self._defs.values())
        body = "".join(self._body)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800" role="img">'
            f"<title>{title}</title><defs>{defs}</defs>{body}</svg>"
        )

    def vary(self, low: float, high: float) -> float:
        """A proportion between two bounds, this picture's own."""
        return float(self._rng.uniform(low, high))

    def pick(self, choices: int) -> int:
        """One of so many variants, from 0."""
        return int(self._rng.integers(choices))

    def path(self, d: str, fill: str = "none", **style: float | str) -> None:
        """A filled or stroked path; style keys as in SVG, with _ for -."""
        self._body.append(f'<path d="{d}" fill="{fill}"{_attributes(style)}/>')

    def line(self, d: str, colour: str, width: float, **style: float | str) -> None:
        """A stroke with round ends."""
        self.path(
            d, "none", stroke=colour, stroke_width=width, stroke_linecap="round", stroke_linejoin="round", **style
        )

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, fill: str, **style: float | str) -> None:
        """An ellipse by centre and half axes."""
        at = f'cx="{_n(cx)}" cy="{_n(cy)}" rx="{_n(rx)}" ry="{_n(ry)}"'
        self._body.append(f'<ellipse {at} fill="{fill}"{_attributes(style)}/>')

    def box(self, x: float, y: float, w: float, h: float, fill: str, r: float = 0, **style: float | str) -> None:
        """A rectangle by its upper left corner, with rounded corners."""
        at = f'x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}"' + (f' rx="{_n(r)}"' if r else "")
        self._body.append(f'<rect {at} fill="{fill}"{_attributes(style)}/>')

    def words(self, x: float, y: float, text: str, size: float, colour: str, **style: float | str) -> None:
        """A short centred inscription in a serif face."""
        face = f'font-family="Noto Serif CJK SC,Songti SC,serif" font-size="{_n(size)}" text-anchor="middle"'
        self._body.append(f'<text x="{_n(x)}" y="{_n(y)}" {face} fill="{colour}"{_attributes(style)}>{text}</text>')

    @contextmanager
    def moved(self, transform: str) -> Iterator[None]:
        """Everything drawn inside is moved, turned or scaled."""
        self._body.append(f'<g transform="{transform}">')
        yield
        self._body.append("</g>")

    @contextmanager
    def inside(self, d: str) -> Iterator[None]:
        """Everything drawn inside is cut off at the outline."""
        name = self._name(f"c{len(self._defs)}")
        self._defs[name] = f'<clipPath id="{name}"><path d="{d}"/></clipPath>'
        self._body.append(f'<g clip-path="url(#{name})">')
        yield
        self._body.append("</g>")

    def round(self, colour: str, *, gloss: float = 0.35) -> str:
        """A fill that makes an outline look turned: lit on the left, in shade on the right.

        gloss  0 matt, 1 polished
        """
        stops = (
            (0, mix(colour, INK, 0.16)),
            (0.24, mix(colour, WHITE, gloss)),
            (0.55, colour),
            (1, mix(colour, INK, 0.34)),
        )
        return self._gradient(f"r{colour[1:]}{int(gloss * 10)}", 'x2="1" y2="0"', stops)

    def fade(self, upper: str, lower: str) -> str:
        """A fill from one colour at the top to another at the foot."""
        return self._gradient(f"f{upper[1:]}{lower[1:]}", 'x2="0" y2="1"', ((0, upper), (1, lower)))

    def flat(self, colour: str) -> str:
        """A fill for flat things: hardly lighter at the upper left."""
        stops = ((0, mix(colour, WHITE, 0.16)), (1, mix(colour, INK, 0.12)))
        return self._gradient(f"l{colour[1:]}", 'x2="1" y2="1"', stops)

    def shadow(self, cx: float, cy: float, rx: float, ry: float = 0, *, depth: float = 0.42) -> None:
        """The soft shadow where something stands; centre on the floor line."""
        name = self._name("s")
        self._defs[name] = (
            f'<radialGradient id="{name}"><stop stop-color="#3b2c1c" stop-opacity="1"/>'
            '<stop offset=".55" stop-color="#3b2c1c" stop-opacity=".42"/>'
            '<stop offset="1" stop-color="#3b2c1c" stop-opacity="0"/></radialGradient>'
        )
        self.ellipse(cx + rx * 0.1, cy + 3, rx * 1.16, ry or max(14, rx * 0.13), f"url(#{name})", opacity=depth)

    def tile(self, name: str, size: Point, content: str, *, turn: float = 0) -> str:
        """A repeating fill; content is drawn once per tile of the given size."""
        key = self._name("t" + name)
        turned = f' patternTransform="rotate({_n(turn)})"' if turn else ""
        self._defs[key] = (
            f'<pattern id="{key}" width="{_n(size[0])}" height="{_n(size[1])}" '
            f'patternUnits="userSpaceOnUse"{turned}>{content}</pattern>'
        )
        return f"url(#{key})"

    def _gradient(self, name: str, axis: str, stops: Sequence[tuple[float, str]]) -> str:
        key = self._name(name)
        marks = "".join(f'<stop offset="{_n2(at)}" stop-color="{colour}"/>' for at, colour in stops)
        self._defs[key] = f'<linearGradient id="{key}" {axis}>{marks}</linearGradient>'
        return f"url(#{key})"

    def _name(self, suffix: str) -> str:
        return self._key + suffix


def turned(profile: Sequence[Point], cx: float, *, tilt: float = 0.14) -> str:
    """The outline of something made on a wheel or a lathe, seen from slightly above.

    profile  (y, half width) from the rim down to the foot
    tilt     how much of the top is seen: height of an ellipse by its width
    """
    left = [(cx - r, y) for y, r in profile]
    right = [(cx + r, y) for y, r in reversed(profile)]
    top, foot = profile[0][1], profile[-1][1]
    return (
        f"M{_n(left[0][0])} {_n(left[0][1])}{smooth(left)}"
        f"A{_n(foot)} {_n(foot * tilt)} 0 0 0 {_n(right[0][0])} {_n(right[0][1])}"
        f"{smooth(right)}A{_n(top)} {_n(top * tilt)} 0 0 0 {_n(left[0][0])} {_n(left[0][1])}Z"
    )


def smooth(points: Sequence[Point]) -> str:
    """Curves through the points after the first one, as path commands (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    curves = []
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        curves.append("C" + " ".join(f"{_n(x)} {_n(y)}" for x, y in (one, two, end)))
    return "".join(curves)


def loop(points: Sequence[Point]) -> str:
    """A straight-sided closed outline."""
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points) + "Z"


def oval(cx: float, cy: float, rx: float, ry: float) -> str:
    """The outline of an ellipse."""
    wide, high = round(rx), round(ry)
    half = f"a{wide} {high} 0 1 0 "
    return f"M{_n(cx - wide)} {_n(cy)}{half}{2 * wide} 0{half}{-2 * wide} 0Z"


def rounded(x: float, y: float, w: float, h: float, r: float) -> str:
    """The outline of a rectangle with round corners."""
    return (
        f"M{_n(x + r)} {_n(y)}h{_n(w - 2 * r)}a{_n(r)} {_n(r)} 0 0 1 {_n(r)} {_n(r)}v{_n(h - 2 * r)}"
        f"a{_n(r)} {_n(r)} 0 0 1 {_n(-r)} {_n(r)}h{_n(2 * r - w)}a{_n(r)} {_n(r)} 0 0 1 {_n(-r)} {_n(-r)}"
        f"v{_n(2 * r - h)}a{_n(r)} {_n(r)} 0 0 1 {_n(r)} {_n(-r)}Z"
    )


def _attributes(style: dict[str, float | str]) -> str:
    return "".join(
        f' {key.replace("_", "-")}="{value if isinstance(value, str) else _n2(value)}"' for key, value in style.items()
    )


def _n(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}".rstrip("0").rstrip(".")


def _n2(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
