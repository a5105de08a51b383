"""Bags and cases to carry: totes, backpacks, satchels, suitcases."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover, emblem
from zhanggui.doors.rehearsal.drawing.sketch import BRASS, INK, METAL, WHITE, Sketch, oval, rounded, turned
from zhanggui.doors.rehearsal.drawing.tones import mix

FLOOR = 650.0
STITCH = "11 8"


def tote(sketch: Sketch) -> None:
    """An open bag with two handles."""
    wide, high = sketch.vary(190, 225), sketch.vary(300, 350)
    cx, top = 400.0, FLOOR - high
    base, flare = sketch.tone.base, sketch.vary(-14, 26)
    sketch.shadow(cx, FLOOR, wide + 50)
    grip, reach = wide * 0.46, sketch.vary(130, 190)
    strap = sketch.tone.accent if sketch.mark in ("stripe", "petal") else mix(base, INK, 0.25)
    back = (
        f"M{cx - grip:.0f} {top + 20:.0f}C{cx - grip:.0f} {top - reach:.0f}"
        f" {cx + grip:.0f} {top - reach:.0f} {cx + grip:.0f} {top + 20:.0f}"
    )
    with sketch.moved("translate(14 -14)"):
        sketch.line(back, mix(strap, INK, 0.35), 15)
    sketch.path(oval(cx, top, wide + flare, 20), mix(base, INK, 0.5))
    body = (
        f"M{cx - wide - flare:.0f} {top:.0f}Q{cx:.0f} {top + 26:.0f} {cx + wide + flare:.0f} {top:.0f}"
        f"L{cx + wide:.0f} {FLOOR - 14:.0f}q-2 16-20 16H{cx - wide + 20:.0f}q-18 0-20-16Z"
    )
    sketch.path(body, sketch.flat(base))
    if sketch.mark == "stripe":
        with sketch.inside(body):
            for shift in (0.5, 0.6, 0.7):
                sketch.box(cx - 300, top + high * shift, 600, high * 0.05, sketch.tone.accent, opacity=0.85)
    else:
        cover(sketch, body, sketch.tone.accent, scale=1.1, opacity=0.32)
    front = back.replace(f"{top + 20:.0f}", f"{top + 84:.0f}")
    sketch.line(front, strap, 16)
    for side in (-1, 1):
        sketch.box(cx + side * grip - 15, top + 66, 30, 52, strap, 5)
        sketch.ellipse(cx + side * grip, top + 82, 5, 5, BRASS)
        sketch.ellipse(cx + side * grip, top + 102, 5, 5, BRASS)
    sketch.line(
        f"M{cx - wide - flare + 10:.0f} {top + 16:.0f}Q{cx:.0f}"
        f" {top + 42:.0f} {cx + wide + flare - 10:.0f} {top + 16:.0f}",
        mix(base, INK, 0.35),
        3,
        stroke_dasharray=STITCH,
    )
    sketch.box(cx - 42, FLOOR - 96, 84, 40, mix(base, INK, 0.3), 4)
    emblem(sketch, cx, FLOOR - 76, 13, mix(base, WHITE, 0.6))


def backpack(sketch: Sketch) -> None:
    """A backpack from the front: plain, rolled top, flap with a buckle, or a child's."""
    wide, high = sketch.vary(160, 180), sketch.vary(400, 430)
    cx, top = 400.0, FLOOR - high
    base = sketch.tone.base
    sketch.shadow(cx, FLOOR, wide + 46)
    for side in (-1, 1):
        d = f"M{cx + side * wide * 0.5:.0f} {top + 40:.0f}q{side * 170} 110 {side * 94} 330"
        sketch.line(d, mix(base, INK, 0.4), 26)
        sketch.box(cx + side * (wide - 8) - 28, FLOOR - 180, 56, 160, mix(base, INK, 0.25), 20)
    sketch.line(f"M{cx - 40:.0f} {top + 12:.0f}q40-64 80 0", mix(base, INK, 0.4), 14)
    body = rounded(cx - wide, top, wide * 2, high, 30 if sketch.mark == "roll" else wide * 0.52)
    sketch.path(body, sketch.round(base, gloss=0.22))
    cover(sketch, body, sketch.tone.accent, scale=1.2, opacity=0.5)
    {"roll": _rolled_top, "flap": _flap}.get(sketch.mark, _zipped)(sketch, cx, top, wide, high)


def satchel(sketch: Sketch) -> None:
    """A crossbody bag with a flap and a long strap."""
    wide, high = sketch.vary(215, 240), sketch.vary(250, 280)
    cx, top = 400.0, FLOOR - high
    base = sketch.tone.base
    sketch.shadow(cx, FLOOR, wide + 40)
    strap = (
        f"M{cx - wide + 24:.0f} {top + 30:.0f}C{cx - wide - 20:.0f}"
        f" {top - 290:.0f} {cx + wide + 60:.0f} {top - 280:.0f} {cx + wide - 24:.0f} {top + 30:.0f}"
    )
    sketch.line(strap, mix(base, INK, 0.42), 18)
    sketch.line(strap, mix(base, INK, 0.15), 10)
    body = rounded(cx - wide, top, wide * 2, high, 26)
    sketch.path(body, sketch.flat(mix(base, INK, 0.12)))
    flap_high = high * sketch.vary(0.56, 0.7)
    flap = (
        f"M{cx - wide:.0f} {top + 30:.0f}q0-34 34-34H{cx + wide - 34:.0f}q34 0 34 34"
        f"V{top + flap_high - 46:.0f}q0 46-46 46H{cx - wide + 46:.0f}q-46 0-46-46Z"
    )
    sketch.path(flap, "#3b2c1c", opacity=0.2, transform="translate(0 10)")
    sketch.path(flap, sketch.fade(mix(base, WHITE, 0.2), base))
    cover(sketch, flap, INK, scale=0.6, opacity=0.22)
    sketch.path(
        flap,
        "none",
        stroke=mix(base, WHITE, 0.45),
        stroke_width=3,
        stroke_dasharray=STITCH,
        transform=f"translate({cx * 0.05:.0f} {top * 0.05 + 6:.0f}) scale(.95)",
    )
    for side in (-1, 1) if sketch.mark == "plain" else (0,):
        x = cx + side * wide * 0.5
        sketch.box(x - 17, top + flap_high - 66, 34, 120, mix(base, INK, 0.25), 6)
        sketch.box(x - 23, top + flap_high - 22, 46, 38, BRASS, 6)
        sketch.box(x - 13, top + flap_high - 12, 26, 18, mix(base, INK, 0.25), 3)


def halfmoon(sketch: Sketch) -> None:
    """A soft half-moon bag with a zip along its straight side."""
    wide, base = sketch.vary(235, 255), sketch.tone.base
    cx, top, high = 400.0, 360.0, sketch.vary(270, 292)
    sketch.shadow(cx, FLOOR, wide * 0.8)
    strap = (
        f"M{cx - wide + 14:.0f} {top + 26:.0f}C{cx - wide + 40:.0f}"
        f" {top - 240:.0f} {cx + wide - 40:.0f} {top - 240:.0f} {cx + wide - 14:.0f} {top + 26:.0f}"
    )
    sketch.line(strap, mix(base, INK, 0.4), 26)
    sketch.line(strap, base, 17)
    body = (
        f"M{cx - wide:.0f} {top + 30:.0f}Q{cx:.0f} {top + sketch.vary(0, 26):.0f}"
        f" {cx + wide:.0f} {top + 30:.0f}C{cx + wide + 6:.0f}"
        f" {top + high * 0.84:.0f} {cx + wide * 0.5:.0f} {FLOOR:.0f} {cx:.0f} {FLOOR:.0f}"
        f"S{cx - wide - 6:.0f} {top + high * 0.84:.0f} {cx - wide:.0f} {top + 30:.0f}Z"
    )
    sketch.path(body, sketch.fade(mix(base, WHITE, 0.25), mix(base, INK, 0.16)))
    cover(sketch, body, mix(base, INK, 0.5), scale=1.3, opacity=0.5)
    sketch.line(
        f"M{cx - wide + 22:.0f} {top + 46:.0f}Q{cx:.0f} {top + 36:.0f} {cx + wide - 22:.0f} {top + 46:.0f}",
        mix(base, INK, 0.45),
        9,
    )
    sketch.line(
        f"M{cx - wide + 22:.0f} {top + 46:.0f}Q{cx:.0f} {top + 36:.0f} {cx + wide - 22:.0f} {top + 46:.0f}",
        BRASS,
        3,
        stroke_dasharray="4 5",
    )
    sketch.box(cx + wide * 0.5, top + 40, 15, 52, BRASS, 7)
    for side in (-1, 1):
        sketch.ellipse(cx + side * (wide - 14), top + 24, 15, 15, "none", stroke=BRASS, stroke_width=7)
    sketch.path(
        f"M{cx - wide * 0.7:.0f} {top + 110:.0f}q20 80 80 110",
        stroke=WHITE,
        stroke_width=13,
        opacity=0.24,
        stroke_linecap="round",
    )


def suitcase(sketch: Sketch) -> None:
    """A shell case on wheels with its handle drawn out."""
    size = {"rib": 1.0, "stripe": 1.12, "plain": 0.82}.get(sketch.mark, 1.0)
    wide, high = 150 * size * sketch.vary(0.97, 1.04), 360 * size
    cx, foot, base = sketch.vary(385, 415), FLOOR - 24, sketch.tone.base
    top = foot - high
    sketch.shadow(cx, FLOOR, wide + 40)
    for x in (-46.0, 46.0):
        sketch.line(f"M{cx + x * size:.0f} {top + 10:.0f}V{top - 108 * size:.0f}", METAL, 11)
    sketch.line(f"M{cx - 60 * size:.0f} {top - 112 * size:.0f}h{120 * size:.0f}", mix(INK, WHITE, 0.15), 24)
    for x in (-wide * 0.72, wide * 0.72):
        sketch.ellipse(cx + x, foot + 16, 19, 19, "#3a3733")
        sketch.ellipse(cx + x, foot + 16, 8, 8, METAL)
    body = rounded(cx - wide, top, wide * 2, high, 40)
    sketch.path(body, sketch.round(base, gloss=0.4))
    with sketch.inside(body):
        if sketch.mark == "stripe":
            sketch.box(cx - wide, top + high * 0.36, wide * 2, 14, mix(base, INK, 0.4))
            sketch.box(cx - wide, top + high * 0.36 - 8, wide * 2, 6, METAL)
        for step in range(7):
            rib = cx - wide + (step + 0.5) * wide * 2 / 7
            sketch.line(f"M{rib:.0f} {top:.0f}V{foot:.0f}", mix(base, INK, 0.3), 5, opacity=0.5)
            sketch.line(f"M{rib + 5:.0f} {top:.0f}V{foot:.0f}", WHITE, 3, opacity=0.3)
    sketch.path(body, "none", stroke=mix(base, INK, 0.45), stroke_width=6)
    sketch.box(cx - 50, top - 10, 100, 18, mix(INK, base, 0.3), 8)
    sketch.box(cx + wide - 14, top + high * 0.46, 22, 64, METAL, 5)
    sketch.box(cx - 34, top + high * 0.74, 68, 26, METAL, 5)


def duffel(sketch: Sketch) -> None:
    """A long bag with two handles and round ends."""
    wide, high = sketch.vary(245, 265), sketch.vary(215, 250)
    cx, top, base = 400.0, FLOOR - high, sketch.tone.base
    strap = sketch.tone.accent if sketch.mark != "plain" else mix(base, INK, 0.4)
    sketch.shadow(cx, FLOOR, wide + 30, 30)
    reach = sketch.vary(150, 190)
    handle = (
        f"M{cx - 92:.0f} {top + 30:.0f}C{cx - 92:.0f} {top - reach:.0f}"
        f" {cx + 92:.0f} {top - reach:.0f} {cx + 92:.0f} {top + 30:.0f}"
    )
    with sketch.moved("translate(16 -10)"):
        sketch.line(handle, mix(strap, INK, 0.4), 14)
    body = (
        f"M{cx - wide + 60:.0f} {top:.0f}H{cx + wide - 60:.0f}q60 0 64 70L{cx + wide + 8:.0f} {FLOOR - 40:.0f}"
        f"q0 40-44 40H{cx - wide + 36:.0f}q-44 0-44-40L{cx - wide - 4:.0f} {top + 70:.0f}q4-70 64-70Z"
    )
    sketch.path(body, sketch.fade(mix(base, WHITE, 0.22), mix(base, INK, 0.18)))
    if sketch.mark == "stripe":
        with sketch.inside(body):
            sketch.box(100, top + high * 0.5, 600, 22, sketch.tone.accent, opacity=0.8)
    sketch.line(f"M{cx - wide + 40:.0f} {top + 26:.0f}H{cx + wide - 40:.0f}", mix(base, INK, 0.45), 9)
    sketch.line(f"M{cx - wide + 40:.0f} {top + 26:.0f}H{cx + wide - 40:.0f}", BRASS, 3, stroke_dasharray="5 5")
    for side in (-1, 1):
        end = (
            f"M{cx + side * (wide + 6):.0f} {top + 70:.0f}q{side * -64} 0 {side * -64} {high - 74:.0f}"
            f"h{side * 26}q{side * 44} 0 {side * 44}-44Z"
        )
        sketch.path(end, mix(base, INK, 0.22), opacity=0.9)
        sketch.line(f"M{cx + side * 92:.0f} {top + 30:.0f}V{FLOOR:.0f}", strap, 24)
        sketch.line(
            f"M{cx + side * 92:.0f} {top + 60:.0f}V{FLOOR - 8:.0f}", mix(strap, WHITE, 0.4), 2, stroke_dasharray=STITCH
        )
        sketch.box(cx + side * 92 - 18, top + 92, 36, 26, BRASS, 5)
    sketch.line(handle, strap, 17)
    sketch.line(f"M{cx - 40:.0f} {top + 30 - reach * 0.72:.0f}q40-12 80 0", mix(strap, INK, 0.3), 28)


def bucket(sketch: Sketch) -> None:
    """A woven bucket with a drawn mouth and a long strap."""
    base, wide, high = sketch.tone.base, sketch.vary(165, 180), sketch.vary(320, 345)
    cx, top = 400.0, FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 40)
    sketch.line(
        f"M{cx - wide + 20:.0f} {top + 40:.0f}C{cx - wide:.0f}"
        f" {top - 250:.0f} {cx + wide:.0f} {top - 250:.0f} {cx + wide - 20:.0f} {top + 40:.0f}",
        sketch.tone.accent,
        18,
    )
    body = turned(
        [
            (top, wide * 0.82),
            (top + 60, wide * 0.76),
            (top + 120, wide * 0.95),
            (FLOOR - 60, wide),
            (FLOOR, wide * 0.9),
        ],
        cx,
        tilt=0.12,
    )
    sketch.path(body, sketch.round(base))
    cover(sketch, body, mix(base, INK, 0.5), scale=1.2, opacity=0.5)
    sketch.path(oval(cx, top, wide * 0.82, wide * 0.12), mix(base, INK, 0.55))
    sketch.line(
        f"M{cx - wide * 0.76:.0f} {top + 60:.0f}q{wide * 0.76:.0f} 34 {wide * 1.52:.0f} 0", sketch.tone.accent, 9
    )
    sketch.line(
        f"M{cx - 6:.0f} {top + 78:.0f}q-40 60-26 120M{cx + 8:.0f} {top + 78:.0f}q30 70 10 140", sketch.tone.accent, 8
    )
    for x, y in ((-32, 204), (18, 224)):
        sketch.ellipse(cx + x, top + y, 13, 16, mix(sketch.tone.accent, INK, 0.2))


def _zipped(sketch: Sketch, cx: float, top: float, wide: float, high: float) -> None:
    base = sketch.tone.base
    arc = (
        f"M{cx - wide + 12:.0f} {top + high * 0.5:.0f}V{top + wide * 0.7:.0f}"
        f"q4-{wide * 0.58:.0f} {wide - 12:.0f}-{wide * 0.58:.0f}t{wide - 12:.0f} {wide * 0.58:.0f}"
        f"V{top + high * 0.5:.0f}"
    )
    sketch.line(arc, mix(base, INK, 0.4), 7)
    sketch.line(arc, sketch.tone.accent, 3, stroke_dasharray="5 5")
    pocket = rounded(cx - wide * 0.76, top + high * 0.5, wide * 1.52, high * 0.42, 26)
    sketch.path(pocket, sketch.flat(mix(base, INK, 0.1)))
    sketch.line(f"M{cx - wide * 0.7:.0f} {top + high * 0.56:.0f}h{wide * 1.4:.0f}", mix(base, INK, 0.5), 7)
    sketch.box(cx + wide * 0.34, top + high * 0.55, 13, 46, sketch.tone.accent, 6)
    sketch.box(cx - 36, top + high * 0.7, 72, 44, mix(base, WHITE, 0.2), 5)
    emblem(sketch, cx, top + high * 0.7 + 22, 15, mix(base, INK, 0.5))
    if sketch.mark == "dots":
        sketch.line(f"M{cx - wide * 0.9:.0f} {top + high * 0.44:.0f}h{wide * 1.8:.0f}", "#f2f0e4", 11, opacity=0.9)


def _rolled_top(sketch: Sketch, cx: float, top: float, wide: float, high: float) -> None:
    base = sketch.tone.base
    sketch.box(cx - wide - 8, top - 14, wide * 2 + 16, 84, sketch.fade(mix(base, WHITE, 0.3), mix(base, INK, 0.3)), 40)
    sketch.line(f"M{cx - wide + 20:.0f} {top + 28:.0f}h{wide * 2 - 40:.0f}", mix(base, INK, 0.4), 4)
    for side in (-1, 1):
        sketch.line(f"M{cx + side * wide * 0.66:.0f} {top - 10:.0f}V{top + high * 0.5:.0f}", mix(base, INK, 0.5), 17)
        sketch.box(cx + side * wide * 0.66 - 19, top + high * 0.28, 38, 46, sketch.tone.accent, 6)
    sketch.box(cx - wide * 0.6, top + high * 0.6, wide * 1.2, 10, mix(base, INK, 0.45))
    sketch.box(cx - wide * 0.6, top + high * 0.62, wide * 1.2, high * 0.26, mix(base, INK, 0.12), 12)


def _flap(sketch: Sketch, cx: float, top: float, wide: float, high: float) -> None:
    base = sketch.tone.base
    flap = (
        f"M{cx - wide - 6:.0f} {top + 60:.0f}q4-80 90-76h{wide * 2 - 168:.0f}q86-4 90 76"
        f"V{top + high * 0.42:.0f}q0 34-34 34H{cx - wide + 28:.0f}q-34 0-34-34Z"
    )
    sketch.path(flap, "#3b2c1c", opacity=0.2, transform="translate(0 10)")
    sketch.path(flap, sketch.fade(mix(base, WHITE, 0.24), base))
    leather = "#8a5a35"
    for side in (-1, 1):
        sketch.box(cx + side * 74 - 15, top + 60, 30, high * 0.52, leather, 6)
        sketch.box(cx + side * 74 - 21, top + high * 0.48, 42, 34, BRASS, 6)
        sketch.box(cx + side * 74 - 11, top + high * 0.48 + 9, 22, 16, leather, 3)
    sketch.path(rounded(cx - wide * 0.7, top + high * 0.66, wide * 1.4, high * 0.27, 18), mix(base, INK, 0.14))
    sketch.line(f"M{cx - wide + 6:.0f} {FLOOR - 14:.0f}h{wide * 2 - 12:.0f}", leather, 20)


LYING: frozenset[str] = frozenset()
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "tote": tote,
    "backpack": backpack,
    "satchel": satchel,
    "halfmoon": halfmoon,
    "suitcase": suitcase,
    "duffel": duffel,
    "bucket": bucket,
}
