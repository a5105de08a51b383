"""What stands around the goods: wall, table, light, and a quiet companion."""

from __future__ import annotations

from zhanggui.doors.rehearsal.drawing.sketch import WHITE, Sketch
from zhanggui.doors.rehearsal.drawing.tones import mix


def tabletop(sketch: Sketch) -> None:
    """The table seen from above, for what lies flat, with light falling across it."""
    tone = sketch.tone
    sketch.box(0, 0, 800, 800, sketch.fade(mix(tone.table, WHITE, sketch.vary(0.35, 0.6)), tone.table))
    if sketch.pick(3):
        _window(sketch)


def room(sketch: Sketch) -> None:
    """A wall and a deep floor, for what lies on the ground."""
    backdrop(sketch, horizon=sketch.vary(270, 300))


def backdrop(sketch: Sketch, *, horizon: float = 0) -> None:
    """Wall, table edge and one shape of light, different from picture to picture.

    horizon  where the table meets the wall; the picture's own choice if 0
    """
    tone = sketch.tone
    sketch.box(0, 0, 800, 800, sketch.fade(mix(tone.wall, WHITE, 0.35), tone.wall))
    horizon = horizon or sketch.vary(548, 596)
    kind = sketch.pick(5)
    if kind == 0:
        _window(sketch)
    elif kind == 1:
        sketch.ellipse(sketch.vary(330, 470), sketch.vary(300, 350), 250, 250, mix(tone.wall, tone.base, 0.16))
    elif kind == 2:
        _arch(sketch)
    elif kind == 3:
        sketch.ellipse(sketch.vary(520, 590), sketch.vary(190, 240), 120, 120, mix(tone.wall, WHITE, 0.75))
    sketch.box(0, horizon, 800, 800 - horizon, sketch.fade(tone.table, mix(tone.table, "#fff8ea", 0.35)))
    sketch.box(0, horizon, 800, 3, mix(tone.table, "#6b5136", 0.16))


def sprig(sketch: Sketch, x: float, y: float, *, scale: float = 1.0, turn: float = 0.0) -> None:
    """A small branch lying or standing beside the goods."""
    colour = mix("#6f7d52", sketch.tone.wall, 0.25)
    with sketch.moved(f"translate({x:.0f} {y:.0f}) rotate({turn:.0f}) scale({scale:.2f})"):
        sketch.line("M0 0C10-60-6-120 14-190", mix(colour, "#4a3b28", 0.4), 4)
        for at, side in ((-40, 1), (-75, -1), (-110, 1), (-145, -1), (-180, 1)):
            with sketch.moved(f"translate(4 {at}) rotate({side * 52})"):
                sketch.path("M0 0C-13-14-12-40 0-56C12-40 13-14 0 0Z", colour)


def _window(sketch: Sketch) -> None:
    light = mix(sketch.tone.wall, WHITE, 0.7)
    left, lean = sketch.vary(80, 260), sketch.vary(70, 150)
    for column in (0, 1):
        x = left + column * 160
        sketch.path(f"M{x:.0f} 60l140 0l{lean:.0f} 250h-140Z", light)
        sketch.path(f"M{x + lean * 1.06:.0f} 325h140l{lean * 0.9:.0f} 230h-140Z", light, opacity=0.8)


def _arch(sketch: Sketch) -> None:
    wide = sketch.vary(250, 310)
    top = sketch.vary(120, 190)
    d = f"M{400 - wide:.0f} 640V{top + wide:.0f}A{wide:.0f} {wide:.0f} 0 0 1 {400 + wide:.0f} {top + wide:.0f}V640Z"
    sketch.path(d, mix(sketch.tone.wall, sketch.tone.base, 0.13))
