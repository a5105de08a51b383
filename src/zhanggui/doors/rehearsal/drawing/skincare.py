"""Bottles, tubes and jars of the bathroom shelf."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover, emblem
from zhanggui.doors.rehearsal.drawing.scene import sprig
from zhanggui.doors.rehearsal.drawing.sketch import INK, METAL, WHITE, WOOD, Sketch, oval, rounded, turned
from zhanggui.doors.rehearsal.drawing.tones import mix

FLOOR = 650.0
LABEL = "#faf5ea"


def dropper(sketch: Sketch) -> None:
    """A glass bottle with a pipette, on a stone."""
    wide, high = sketch.vary(98, 122), sketch.vary(230, 270)
    cx, foot, base = sketch.vary(360, 400), FLOOR - 60, sketch.tone.base
    top = foot - high
    _stone(sketch, cx, foot)
    sprig(sketch, cx + 190, FLOOR, scale=sketch.vary(1.0, 1.3), turn=sketch.vary(6, 22))
    body = turned(
        [(top, wide * 0.42), (top + 24, wide * 0.5), (top + 56, wide), (foot - 70, wide), (foot, wide * 0.98)],
        cx,
        tilt=0.1,
    )
    sketch.path(body, sketch.round(base, gloss=0.5), opacity=0.94)
    _label(sketch, cx, foot - high * 0.6, wide * 0.86, high * 0.46)
    sketch.path(
        turned([(top - 56, wide * 0.46), (top + 4, wide * 0.48)], cx, tilt=0.1),
        sketch.round(mix(sketch.tone.accent, WHITE, 0.1)),
    )
    sketch.path(
        turned([(top - 146, wide * 0.2), (top - 130, wide * 0.3), (top - 54, wide * 0.28)], cx, tilt=0.1),
        sketch.round("#efe9dc", gloss=0.3),
    )
    _streak(sketch, cx - wide * 0.74, top + 80, high * 0.5)


def pump(sketch: Sketch) -> None:
    """A tall bottle with a pump head."""
    wide, high = sketch.vary(104, 130), sketch.vary(330, 380)
    cx, base = sketch.vary(370, 410), sketch.tone.base
    top = FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 44)
    sprig(sketch, cx - wide - 60, FLOOR + 4, scale=sketch.vary(0.9, 1.2), turn=sketch.vary(-20, -6))
    shoulder = sketch.vary(30, 90)
    body = turned(
        [
            (top, wide * 0.4),
            (top + shoulder * 0.5, wide * 0.8),
            (top + shoulder + 20, wide),
            (FLOOR - 90, wide),
            (FLOOR, wide * 0.98),
        ],
        cx,
        tilt=0.1,
    )
    sketch.path(body, sketch.round(base, gloss=0.4))
    _label(sketch, cx, top + high * 0.36, wide * 0.8, high * 0.48)
    _pump_head(sketch, cx, top, wide)
    _streak(sketch, cx - wide * 0.78, top + shoulder + 50, high * 0.5)


def bottle(sketch: Sketch) -> None:
    """A plain tall bottle with a cap, and a cotton pad."""
    wide, high = sketch.vary(96, 112), sketch.vary(340, 370)
    cx, base = sketch.vary(370, 400), sketch.tone.base
    top = FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 40)
    body = turned([(top, wide * 0.6), (top + 20, wide * 0.92), (top + 46, wide), (FLOOR, wide)], cx, tilt=0.1)
    sketch.path(body, sketch.round(mix(base, WHITE, 0.15), gloss=0.7), opacity=0.92)
    with sketch.inside(body):
        level = top + high * sketch.vary(0.18, 0.28)
        sketch.box(cx - wide, level, wide * 2, high, mix(base, WHITE, 0.05), opacity=0.5)
        sketch.path(oval(cx, level, wide, wide * 0.1), mix(base, WHITE, 0.4), opacity=0.8)
    _label(sketch, cx, top + high * 0.36, wide * 0.78, high * 0.44)
    sketch.path(
        turned([(top - 84, wide * 0.52), (top + 4, wide * 0.54)], cx, tilt=0.1),
        sketch.round(WOOD if sketch.pick(2) else "#efe9dc"),
    )
    sketch.path(oval(cx, top - 84, wide * 0.52, wide * 0.05), mix(WOOD, WHITE, 0.5), opacity=0.5)
    for step in range(3):
        sketch.ellipse(cx + 210, FLOOR + 12 - step * 15, 74, 22, mix("#f6f1e6", INK, 0.05 * (2 - step)))
    _streak(sketch, cx - wide * 0.74, top + 90, high * 0.5)


def spray(sketch: Sketch) -> None:
    """A slim mist bottle with its nozzle and droplets."""
    wide, high = sketch.vary(84, 94), sketch.vary(330, 350)
    cx, base = 430.0, sketch.tone.base
    top = FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 36)
    sketch.path(
        turned([(top, wide * 0.5), (top + 40, wide), (FLOOR, wide)], cx, tilt=0.1), sketch.round(base, gloss=0.6)
    )
    _label(sketch, cx, top + high * 0.36, wide * 0.78, high * 0.44)
    sketch.path(turned([(top - 30, wide * 0.5), (top + 4, wide * 0.52)], cx, tilt=0.1), sketch.round(METAL, gloss=0.7))
    sketch.path(turned([(top - 90, wide * 0.36), (top - 30, wide * 0.38)], cx, tilt=0.1), sketch.round("#f3efe6"))
    sketch.box(cx - wide * 0.36 - 16, top - 72, 22, 16, "#e4ddcf", 3)
    reach = [sketch.vary(30, 230) for _ in range(26)]
    mist = (f"M{cx - wide * 0.4 - far:.0f} {top - 64 + sketch.vary(-0.3, 0.3) * far:.0f}h.1" for far in reach)
    sketch.line("".join(mist), mix(base, WHITE, 0.35), 9, opacity=0.8)
    _streak(sketch, cx - wide * 0.7, top + 80, high * 0.5)


def tube(sketch: Sketch) -> None:
    """A squeeze tube standing on its cap; four small ones in the gift set."""
    many = sketch.tone.base == "#d49a94"
    hues = (sketch.tone.base, "#d9b46a", "#a3bfae", "#dcb6bd") if many else (sketch.tone.base,)
    for step, colour in enumerate(hues):
        cx = 400 + (step - (len(hues) - 1) / 2) * 152
        size = 0.62 if many else 1.0
        _tube(sketch, cx, size, colour)
    if many:
        sketch.path(rounded(84, FLOOR - 96, 632, 110, 8), sketch.flat(mix(WOOD, WHITE, 0.2)))
        emblem(sketch, 400, FLOOR - 42, 34, sketch.tone.accent)
    else:
        _label(sketch, 400, FLOOR - 330, 76, 168)
        sketch.path(f"M560 {FLOOR + 8:.0f}q40-40 96-30t40 30q-70 20-136 0Z", "#fbf7ee")
        sketch.path(f"M584 {FLOOR:.0f}q40-20 80-8", stroke=mix("#fbf7ee", INK, 0.14), stroke_width=5)


def cream_jar(sketch: Sketch) -> None:
    """A low jar, its lid leaning beside it, cream within."""
    wide, high = sketch.vary(165, 185), sketch.vary(150, 185)
    cx, base = sketch.vary(300, 325), sketch.tone.base
    top = FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 30)
    lid = sketch.round(sketch.tone.accent if sketch.pick(2) else WOOD)
    sketch.shadow(cx + wide + 120, FLOOR + 6, 110, 16)
    with sketch.moved(f"rotate({sketch.vary(58, 70):.0f} {cx + wide + 84:.0f} {FLOOR - 90:.0f})"):
        sketch.path(turned([(FLOOR - 126, wide * 0.74), (FLOOR - 66, wide * 0.76)], cx + wide + 84, tilt=0.2), lid)
        sketch.path(
            oval(cx + wide + 84, FLOOR - 126, wide * 0.74, wide * 0.15),
            mix(sketch.tone.accent, WHITE, 0.35),
            opacity=0.7,
        )
    sketch.path(turned([(top, wide), (FLOOR - 16, wide), (FLOOR, wide * 0.94)], cx), sketch.round(base, gloss=0.5))
    sketch.path(turned([(top - 26, wide * 0.9), (top + 2, wide * 0.9)], cx), sketch.round(mix(base, WHITE, 0.3)))
    sketch.path(oval(cx, top - 26, wide * 0.9, wide * 0.13), mix(base, INK, 0.2))
    sketch.path(oval(cx, top - 24, wide * 0.84, wide * 0.11), "#fdf9f0")
    swirl = (
        f"M{cx - wide * 0.5:.0f} {top - 26:.0f}q{wide * 0.4:.0f}-70 {wide * 0.7:.0f}-10"
        f"q{wide * 0.16:.0f} 22-{wide * 0.26:.0f} 18"
    )
    sketch.path(swirl, "#fffdf7", stroke=mix("#fdf9f0", INK, 0.14), stroke_width=4)
    _label(sketch, cx, top + high * 0.26, wide * 0.62, high * 0.56)
    _streak(sketch, cx - wide * 0.84, top + 34, high * 0.5)


def sachet(sketch: Sketch) -> None:
    """Flat sachets fanned out, one in front."""
    base = sketch.tone.base
    slim = sketch.mark == "grid"
    wide, high = (130.0, 380.0) if slim else (sketch.vary(250, 275), sketch.vary(330, 360))
    count = 5 if slim else 4
    for step in range(count):
        turn = -26 + step * sketch.vary(11, 15)
        with sketch.moved(f"rotate({turn:.0f} 400 720)"):
            x, y = 400 - wide / 2, 640 - high - 40
            sketch.path(rounded(x + 10, y + 12, wide, high, 8), "#3b2c1c", opacity=0.14)
            colour = mix(base, (WHITE, INK)[step % 2], 0.22 if step < count - 1 else 0.0)
            outline = rounded(x, y, wide, high, 8)
            sketch.path(outline, sketch.flat(colour))
            sketch.line(
                f"M{x + 8:.0f} {y + 20:.0f}h{wide - 16:.0f}M{x + 8:.0f} {y + high - 20:.0f}h{wide - 16:.0f}",
                mix(colour, WHITE, 0.5),
                3,
                stroke_dasharray="5 5",
            )
            if step == count - 1:
                cover(sketch, outline, WHITE, scale=1.2, opacity=0.22)
                sketch.box(400 - wide * 0.32, y + high * 0.2, wide * 0.64, high * 0.4, LABEL, 4)
                emblem(sketch, 400, y + high * 0.4, wide * 0.18, sketch.tone.print)


def balm(sketch: Sketch) -> None:
    """A lip balm with its cap off."""
    base, wide = sketch.tone.base, sketch.vary(58, 66)
    sketch.shadow(340, FLOOR, 90)
    sketch.path(
        turned([(FLOOR - 296, wide * 0.7), (FLOOR - 260, wide * 0.82), (FLOOR - 200, wide * 0.82)], 340),
        sketch.round("#f1dcae"),
    )
    sketch.path(
        f"M{340 - wide * 0.7:.0f} {FLOOR - 296:.0f}L{340 + wide * 0.7:.0f} {FLOOR - 330:.0f}V{FLOOR - 280:.0f}"
        f"H{340 - wide * 0.7:.0f}Z",
        "#f7e8c4",
    )
    sketch.path(turned([(FLOOR - 214, wide * 0.94), (FLOOR - 196, wide * 0.94)], 340), sketch.round(METAL))
    sketch.path(turned([(FLOOR - 196, wide), (FLOOR, wide)], 340), sketch.round(base))
    emblem(sketch, 340, FLOOR - 100, 28, "#f7efdf")
    sketch.shadow(510, FLOOR + 14, 90)
    sketch.path(turned([(FLOOR - 170, wide * 1.04), (FLOOR + 14, wide * 1.06)], 510), sketch.round(mix(base, INK, 0.1)))
    sketch.path(oval(510, FLOOR - 170, wide * 1.04, wide * 0.14), mix(base, WHITE, 0.3))
    sprig(sketch, 640, FLOOR + 6, scale=0.9, turn=16)


def balm_tin(sketch: Sketch) -> None:
    """A flat round tin, open, balm within."""
    base, size = sketch.tone.base, sketch.vary(170, 185)
    for x, y, colour in ((520, 360, mix(METAL, WHITE, 0.1)), (310, 510, METAL)):
        sketch.ellipse(x + 12, y + 18, size, size, "#3b2c1c", opacity=0.2)
        sketch.ellipse(x, y, size, size, sketch.flat(colour))
    sketch.ellipse(520, 360, size * 0.93, size * 0.93, sketch.flat(base))
    cover(sketch, oval(520, 360, size * 0.93, size * 0.93), sketch.tone.accent, scale=0.9, opacity=0.25)
    sketch.ellipse(520, 360, size * 0.5, size * 0.5, LABEL)
    emblem(sketch, 520, 360, size * 0.3, sketch.tone.print)
    sketch.ellipse(310, 510, size * 0.88, size * 0.88, "#efe2bd")
    sketch.path("M230 470q60-50 130-10", stroke=WHITE, stroke_width=16, stroke_linecap="round", opacity=0.6)
    sketch.path("M270 560q60 30 110-20", stroke=mix("#efe2bd", INK, 0.14), stroke_width=9, stroke_linecap="round")


def soap(sketch: Sketch) -> None:
    """Bars of soap, stacked, with a paper band and foam."""
    base = sketch.tone.base
    many = sketch.mark == "petal"
    sketch.shadow(400, FLOOR, 260)
    sketch.path(rounded(150, FLOOR - 34, 500, 34, 8), sketch.fade(mix(WOOD, WHITE, 0.2), mix(WOOD, INK, 0.2)))
    for x in range(180, 640, 60):
        sketch.box(x, FLOOR - 34, 10, 34, mix(WOOD, INK, 0.3))
    wide, high = sketch.vary(190, 205), sketch.vary(96, 110)
    for step in range(3 if many else 1):
        y = FLOOR - 34 - high - step * (high + 2)
        left = 400 - wide + sketch.vary(-16, 16)
        colour = mix(base, (WHITE, "#dfc79c", "#d8b9b4")[step], 0.0 if step == 0 else 0.5)
        bar = rounded(left, y, wide * 2, high, 30)
        sketch.path(bar, sketch.fade(mix(colour, WHITE, 0.3), mix(colour, INK, 0.16)))
        cover(sketch, bar, mix(colour, INK, 0.4), scale=0.9, opacity=0.35)
    stack = (high + 2) * (3 if many else 1)
    sketch.box(328, FLOOR - 37 - stack, 144, stack + 5, LABEL, 3)
    emblem(sketch, 400, FLOOR - 34 - stack / 2, 44 if many else 30, sketch.tone.print)
    for x, y, r in ((610, 20, 30), (650, 30, 22), (580, 34, 20), (668, 4, 15), (632, -14, 18)):
        sketch.ellipse(x, FLOOR + y - 6, r, r, WHITE, opacity=0.85, stroke="#cfd8d6", stroke_width=2)


def _tube(sketch: Sketch, cx: float, size: float, colour: str) -> None:
    wide, high = 108 * size * sketch.vary(0.96, 1.06), 390 * size * sketch.vary(0.96, 1.04)
    foot = FLOOR
    top = foot - high - 50 * size
    sketch.shadow(cx, foot, wide)
    body = (
        f"M{cx - wide * 1.12:.0f} {top:.0f}H{cx + wide * 1.12:.0f}"
        f"C{cx + wide * 1.06:.0f} {top + high * 0.5:.0f} {cx + wide:.0f}"
        f" {foot - 110 * size:.0f} {cx + wide * 0.9:.0f} {foot - 56 * size:.0f}H{cx - wide * 0.9:.0f}"
        f"C{cx - wide:.0f} {foot - 110 * size:.0f} {cx - wide * 1.06:.0f}"
        f" {top + high * 0.5:.0f} {cx - wide * 1.12:.0f} {top:.0f}Z"
    )
    sketch.path(body, sketch.round(colour, gloss=0.4))
    sketch.box(cx - wide * 1.12, top - 8, wide * 2.24, 34 * size, mix(colour, INK, 0.12), 3)
    sketch.line(
        "".join(f"M{cx - wide + step * wide * 0.2:.0f} {top - 2:.0f}v{22 * size:.0f}" for step in range(11)),
        mix(colour, INK, 0.32),
        2,
    )
    sketch.path(
        turned([(foot - 58 * size, wide * 0.86), (foot, wide * 0.8)], cx, tilt=0.08), sketch.round("#efe9dc", gloss=0.3)
    )
    if size == 1:
        _streak(sketch, cx - wide * 0.84, top + 70, high * 0.5)


def _label(sketch: Sketch, cx: float, y: float, half: float, high: float) -> None:
    """A paper label with the mark and two lines of print."""
    sketch.box(cx - half, y, half * 2, high, LABEL, 4)
    size = min(half * 0.5, high * 0.26)
    emblem(sketch, cx, y + high * 0.4, size, sketch.tone.print)
    sketch.line(
        f"M{cx - half * 0.5:.0f} {y + high * 0.76:.0f}h{half:.0f}M{cx - half * 0.3:.0f} {y + high * 0.86:.0f}"
        f"h{half * 0.6:.0f}",
        sketch.tone.print,
        3,
        opacity=0.7,
    )


def _streak(sketch: Sketch, x: float, y: float, long: float) -> None:
    sketch.line(f"M{x:.0f} {y:.0f}v{long:.0f}", WHITE, 9, opacity=0.45)


def _stone(sketch: Sketch, cx: float, top: float) -> None:
    sketch.shadow(cx + 10, FLOOR, 200)
    d = f"M{cx - 190:.0f} {FLOOR:.0f}q-20-44 50-56q140-20 270 0q90 10 84 56q-200 20-404 0Z"
    sketch.path(d, sketch.fade("#dcd5c8", "#b9b0a0"))


def _pump_head(sketch: Sketch, cx: float, top: float, wide: float) -> None:
    pale = "#efe9dc" if sketch.pick(2) else mix(sketch.tone.accent, INK, 0.1)
    sketch.path(turned([(top - 38, wide * 0.42), (top + 4, wide * 0.44)], cx, tilt=0.1), sketch.round(pale, gloss=0.3))
    sketch.box(cx - 9, top - 96, 18, 62, mix(pale, INK, 0.12))
    sketch.path(
        f"M{cx - 34:.0f} {top - 116:.0f}h{wide * 0.9:.0f}q22 0 22 34l-16 2q-2-14-16-14H{cx - 34:.0f}Z",
        sketch.fade(pale, mix(pale, INK, 0.18)),
    )


LYING = frozenset({"sachet", "balm_tin"})
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "dropper": dropper,
    "pump": pump,
    "bottle": bottle,
    "spray": spray,
    "tube": tube,
    "cream_jar": cream_jar,
    "sachet": sachet,
    "balm": balm,
    "balm_tin": balm_tin,
    "soap": soap,
}
