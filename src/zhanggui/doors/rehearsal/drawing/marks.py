"""Marks: small emblems for labels, and repeating patterns for cloth and glaze."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.sketch import Sketch


def emblem(sketch: Sketch, cx: float, cy: float, size: float, colour: str) -> None:
    """The picture's mark as an emblem within a circle; a plain mark is a seal."""
    draw = _EMBLEMS.get(sketch.mark, _seal)
    with sketch.moved(f"translate({cx:.0f} {cy:.0f}) scale({size / 50:.2f})"):
        draw(sketch, colour)


def pattern(sketch: Sketch, colour: str, *, scale: float = 1.0, turn: float = 0.0) -> str | None:
    """The picture's mark as a repeating fill, or None if it is plain."""
    drawn = _PATTERNS.get(sketch.mark)
    if drawn is None:
        return None
    (wide, high), content = drawn(scale, colour)
    return sketch.tile(f"{sketch.mark}{scale * 10:.0f}{turn:.0f}", (wide, high), content, turn=turn)


def cover(sketch: Sketch, d: str, colour: str, *, scale: float = 1.0, turn: float = 0.0, opacity: float = 0.5) -> None:
    """Lay the picture's pattern over an outline; nothing if it is plain."""
    fill = pattern(sketch, colour, scale=scale, turn=turn)
    if fill:
        sketch.path(d, fill, opacity=opacity)


def _leaf(sketch: Sketch, colour: str) -> None:
    for turn in (-38, 0, 38):
        with sketch.moved(f"rotate({turn} 0 40)"):
            sketch.path("M0 40C-22 10-16-24 0-46C16-24 22 10 0 40Z", colour, opacity=0.92 if turn == 0 else 0.6)
    sketch.line("M0 50V-20", colour, 3, opacity=0.5)


def _mountain(sketch: Sketch, colour: str) -> None:
    sketch.path("M-50 36L-14-26L6 6L18-8L50 36Z", colour, opacity=0.9)
    sketch.path("M-50 36L-26 2L4 36Z", colour, opacity=0.55)
    sketch.ellipse(28, -28, 10, 10, colour, opacity=0.7)


def _wave(sketch: Sketch, colour: str) -> None:
    for y in (-22, 0, 22):
        sketch.line(f"M-46 {y}Q-34 {y - 20}-23 {y}T0 {y}T23 {y}T46 {y}", colour, 6)


def _moon(sketch: Sketch, colour: str) -> None:
    sketch.path("M18-40A44 44 0 1 0 18 40A50 50 0 0 1 18-40Z", colour)
    sketch.ellipse(24, -4, 6, 6, colour)


def _bamboo(sketch: Sketch, colour: str) -> None:
    sketch.line("M-12 48V18M-12 12V-18M-12-24V-48", colour, 9)
    for x, y, turn in ((-8, -20, 60), (-8, 14, 75), (-8, -22, 115), (-14, 12, -60)):
        with sketch.moved(f"translate({x} {y}) rotate({turn})"):
            sketch.path("M0 0C-9-14-7-34 0-46C7-34 9-14 0 0Z", colour, opacity=0.85)


def _plum(sketch: Sketch, colour: str) -> None:
    for turn in range(0, 360, 72):
        with sketch.moved(f"rotate({turn})"):
            sketch.ellipse(0, -26, 19, 22, colour, opacity=0.8)
    sketch.ellipse(0, 0, 9, 9, "#f6e7c1")


def _cloud(sketch: Sketch, colour: str) -> None:
    sketch.line("M-46 22H30A18 18 0 0 0 30-14A26 26 0 0 0-16-24A20 20 0 0 0-40 2A12 12 0 0 0-16 4", colour, 7)


def _pine(sketch: Sketch, colour: str) -> None:
    for y, wide in ((-22, 26), (2, 38), (28, 48)):
        sketch.path(f"M{-wide} {y}Q0 {y - 52} {wide} {y}Q0 {y - 12} {-wide} {y}Z", colour, opacity=0.85)
    sketch.line("M0 26V48", colour, 6)


def _dots(sketch: Sketch, colour: str) -> None:
    for x, y in ((0, -32), (-28, -16), (28, -16), (-28, 16), (28, 16), (0, 32), (0, 0)):
        sketch.ellipse(x, y, 9, 9, colour)


def _grid(sketch: Sketch, colour: str) -> None:
    sketch.line("M-34-34H34V34H-34ZM-34 0H34M0-34V34", colour, 5)


def _petal(sketch: Sketch, colour: str) -> None:
    for turn in (-60, -30, 0, 30, 60):
        with sketch.moved(f"rotate({turn} 0 34)"):
            sketch.path("M0 34C-18 6-12-22 0-42C12-22 18 6 0 34Z", "none", stroke=colour, stroke_width=5)


def _seal(sketch: Sketch, colour: str) -> None:
    sketch.path("M-34-34H34V34H-34Z", "none", stroke=colour, stroke_width=5)
    sketch.line("M-16-16H16M0-16V18M-18 18H18M-14 2H14", colour, 5)


_EMBLEMS: Mapping[str, Callable[[Sketch, str], None]] = {
    "leaf": _leaf,
    "mountain": _mountain,
    "wave": _wave,
    "moon": _moon,
    "bamboo": _bamboo,
    "plum": _plum,
    "cloud": _cloud,
    "pine": _pine,
    "dots": _dots,
    "grid": _grid,
    "petal": _petal,
}

Tile = tuple[tuple[float, float], str]


def _strokes(size: tuple[float, float], d: str, width: float) -> Callable[[float, str], Tile]:
    """A pattern of strokes; size and path in tile units before scaling."""

    def tile(scale: float, colour: str) -> Tile:
        inner = f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'
        return (size[0] * scale, size[1] * scale), f'<g transform="scale({scale:g})">{inner}</g>'

    return tile


def _shapes(size: tuple[float, float], d: str) -> Callable[[float, str], Tile]:
    """A pattern of filled shapes; size and path in tile units before scaling."""

    def tile(scale: float, colour: str) -> Tile:
        return (size[0] * scale, size[1] * scale), f'<path transform="scale({scale:g})" d="{d}" fill="{colour}"/>'

    return tile


_LEAF_AT = "M14 34C4 24 6 12 14 4C22 12 24 24 14 34ZM44 66C34 56 36 44 44 36C52 44 54 56 44 66Z"
_PLUM_AT = (
    "M20 8a6 6 0 1 1 .1 0ZM31 16a6 6 0 1 1 .1 0ZM27 29a6 6 0 1 1 .1 0ZM13 29a6 6 0 1 1 .1 0ZM9 16a6 6 0 1 1 .1 0Z"
    "M60 56a5 5 0 1 1 .1 0ZM52 62a5 5 0 1 1 .1 0ZM66 64a5 5 0 1 1 .1 0Z"
)
_PATTERNS: Mapping[str, Callable[[float, str], Tile]] = {
    "stripe": _strokes((34, 34), "M0 17H34", 9),
    "wave": _strokes((48, 28), "M0 14Q12 0 24 14T48 14", 4),
    "grid": _strokes((36, 36), "M0 18H36M18 0V36", 3.4),
    "dots": _shapes((36, 36), "M9 5a5 5 0 1 1-.1 0ZM27 23a5 5 0 1 1-.1 0Z"),
    "plum": _shapes((80, 80), _PLUM_AT),
    "leaf": _shapes((58, 70), _LEAF_AT),
    "mountain": _shapes((96, 52), "M0 52L28 16L44 36L56 26L80 52Z"),
    "cloud": _strokes((84, 48), "M8 34H52A10 10 0 0 0 52 14A14 14 0 0 0 26 10A11 11 0 0 0 14 26", 4),
    "petal": _strokes(
        (60, 52), "M30 52C12 36 18 14 30 4C42 14 48 36 30 52M0 26C12 10 18-12 30-22M60 26C48 10 42-12 30-22", 3
    ),
    "bamboo": _strokes((40, 60), "M20 0V26M20 32V60M20 30L36 18M20 32L6 22", 4),
    "moon": _shapes((90, 90), "M40 14A20 20 0 1 0 40 50A24 24 0 0 1 40 14ZM74 62a6 6 0 1 1-.1 0Z"),
    "weave": _strokes((24, 24), "M0 6H12M12 18H24M6 12V24M18 0V12", 7),
    "ring": _strokes((90, 90), "M45 5A40 40 0 1 1 44.9 5M45 25A20 20 0 1 1 44.9 25", 5),
    "quilt": _strokes((56, 56), "M0 0L56 56M56 0L0 56", 3),
    "grain": _strokes((120, 44), "M0 10C30 2 60 20 120 10M0 24C40 34 80 16 120 26M0 38C30 32 70 44 120 38", 2.4),
    "herringbone": _strokes((40, 26), "M0 0L20 13L40 0M0 13L20 26L40 13", 4),
    "knit": _strokes((26, 26), "M2 2C10 8 12 16 13 24C14 16 16 8 24 2", 6),
    "check": _strokes((60, 60), "M0 15H60M15 0V60M0 45H60", 15),
    "rib": _strokes((26, 26), "M13 0V26", 5),
    "crackle": _strokes(
        (90, 90), "M0 20L34 34L60 10L90 24M34 34L28 66L0 78M28 66L62 90M60 10L72 52L90 60M72 52L28 66", 1.6
    ),
    "pine": _strokes((48, 48), "M24 44V18M24 18L8 30M24 18L40 30M24 8L12 18M24 8L36 18", 3),
}
