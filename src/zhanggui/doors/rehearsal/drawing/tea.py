"""How tea is packed: tins, pouches, cakes, jars, boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover, emblem
from zhanggui.doors.rehearsal.drawing.scene import sprig
from zhanggui.doors.rehearsal.drawing.sketch import WHITE, WOOD, Sketch, loop, rounded, turned
from zhanggui.doors.rehearsal.drawing.tones import mix

FLOOR = 650.0
LEAF_HEAP = "#4b4a2f"


def caddy(sketch: Sketch) -> None:
    """A round tin with a paper label."""
    wide, high = sketch.vary(118, 150), sketch.vary(290, 380)
    cx, top = sketch.vary(360, 400), FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 40)
    if sketch.pick(2):
        sprig(sketch, cx + wide + 60, FLOOR + 4, scale=sketch.vary(0.9, 1.2), turn=sketch.vary(8, 24))
    else:
        _heap(sketch, cx + wide + 90, FLOOR + 22)
    base = sketch.tone.base
    sketch.path(turned([(top, wide), (FLOOR, wide)], cx), sketch.round(base))
    label_high = high * sketch.vary(0.44, 0.54)
    label = [(top + high * 0.3, wide + 1), (top + high * 0.3 + label_high, wide + 1)]
    sketch.path(turned(label, cx).replace("0 0 1", "0 0 0"), sketch.round("#f5eddc", gloss=0.1))
    emblem(sketch, cx, top + high * 0.34 + label_high * 0.42, wide * 0.42, sketch.tone.print)
    sketch.line(f"M{cx - 40:.0f} {top + high * 0.36 + label_high * 0.82:.0f}h80", sketch.tone.print, 3)
    lid = high * sketch.vary(0.17, 0.23)
    sketch.path(turned([(top - 6, wide + 4), (top - 6 + lid, wide + 4)], cx), sketch.round(sketch.tone.deep))
    sketch.ellipse(cx, top - 6, wide + 4, (wide + 4) * 0.14, sketch.fade(base, mix(base, WHITE, 0.22)))
    if sketch.pick(2):
        knob = sketch.round(sketch.tone.accent)
        sketch.path(turned([(top - 34, 20), (top - 22, 24), (top - 8, 14)], cx), knob)


def square_tin(sketch: Sketch) -> None:
    """A square tin seen from its corner, with a band around it."""
    wide, high = sketch.vary(118, 146), sketch.vary(270, 340)
    cx, top = sketch.vary(370, 410), FLOOR - high
    rise = wide * 0.24
    base = sketch.tone.base
    sketch.shadow(cx, FLOOR - 4, wide * 1.5, 26)
    _heap(sketch, cx + wide + 100, FLOOR + 26)
    left = [(cx - wide, top), (cx, top + rise), (cx, FLOOR), (cx - wide, FLOOR - rise)]
    right = [(cx, top + rise), (cx + wide, top), (cx + wide, FLOOR - rise), (cx, FLOOR)]
    sketch.path(loop(left), sketch.flat(mix(base, WHITE, 0.1)))
    sketch.path(loop(right), sketch.flat(mix(base, "#1c1b19", 0.24)))
    cover(sketch, loop(right), sketch.tone.accent, scale=0.8, opacity=0.22)
    sketch.path(
        loop([(cx - wide, top), (cx, top - rise), (cx + wide, top), (cx, top + rise)]), sketch.flat(sketch.tone.pale)
    )
    seam = high * 0.24
    for shift, colour in ((seam, sketch.tone.deep), (seam + 5, mix(base, WHITE, 0.3))):
        d = f"M{cx - wide:.0f} {top + shift:.0f}L{cx:.0f} {top + rise + shift:.0f}L{cx + wide:.0f} {top + shift:.0f}"
        sketch.line(d, colour, 3)
    with sketch.moved(f"translate({cx - wide / 2:.0f} {top + high * 0.62:.0f}) skewY(13.5)"):
        sketch.box(-wide * 0.34, -high * 0.17, wide * 0.68, high * 0.34, "#f5eddc", 4)
        emblem(sketch, 0, 0, wide * 0.24, sketch.tone.print)


def pouch(sketch: Sketch) -> None:
    """A stand-up paper pouch with a folded top."""
    wide, high = sketch.vary(135, 165), sketch.vary(350, 410)
    cx, top = sketch.vary(370, 420), FLOOR - high
    kraft = mix("#cfae7f", sketch.tone.base, sketch.vary(0.08, 0.2))
    sketch.shadow(cx, FLOOR, wide + 36)
    sprig(sketch, cx - wide - 44, FLOOR + 6, scale=sketch.vary(0.8, 1.1), turn=sketch.vary(-26, -8))
    body = (
        f"M{cx - wide + 14:.0f} {top:.0f}H{cx + wide - 14:.0f}C{cx + wide - 4:.0f} {top + high * 0.3:.0f} "
        f"{cx + wide + 6:.0f} {FLOOR - 120:.0f} {cx + wide:.0f} {FLOOR - 8:.0f}Q{cx:.0f} {FLOOR + 22:.0f} "
        f"{cx - wide:.0f} {FLOOR - 8:.0f}C{cx - wide - 6:.0f} {FLOOR - 120:.0f} {cx - wide + 4:.0f} "
        f"{top + high * 0.3:.0f} {cx - wide + 14:.0f} {top:.0f}Z"
    )
    sketch.path(body, sketch.round(kraft, gloss=0.22))
    sketch.box(cx - wide + 8, top - 8, wide * 2 - 16, 46, sketch.round(mix(kraft, "#1c1b19", 0.08), gloss=0.2), 4)
    sketch.line(f"M{cx - wide + 14:.0f} {top + 38:.0f}H{cx + wide - 14:.0f}", mix(kraft, "#1c1b19", 0.3), 2)
    sketch.box(cx - wide - 2, top + 4, 26, 20, sketch.tone.deep, 3)
    sketch.box(cx + wide - 24, top + 4, 26, 20, sketch.tone.deep, 3)
    label = rounded(cx - wide * 0.62, top + high * 0.3, wide * 1.24, high * 0.46, 8)
    sketch.path(label, sketch.tone.base)
    cover(sketch, label, WHITE, scale=0.9, opacity=0.18)
    emblem(sketch, cx, top + high * 0.48, wide * 0.34, "#f7efdf")
    sketch.line(
        f"M{cx - 46:.0f} {top + high * 0.68:.0f}h92M{cx - 26:.0f} {top + high * 0.72:.0f}h52", "#f7efdf", 3, opacity=0.8
    )
    sketch.line(
        f"M{cx - wide + 12:.0f} {FLOOR - 24:.0f}Q{cx:.0f} {FLOOR - 54:.0f} {cx + wide - 12:.0f} {FLOOR - 24:.0f}",
        mix(kraft, "#1c1b19", 0.22),
        2,
    )


def cake(sketch: Sketch) -> None:
    """A pressed cake of tea in its wrapper, leaning, with one broken off."""
    size = sketch.vary(205, 240)
    cx, cy = sketch.vary(370, 410), FLOOR - size + 8
    paper = mix("#f1e6d0", sketch.tone.base, 0.06)
    sketch.shadow(cx, FLOOR + 4, size * 0.9, 30)
    sketch.ellipse(cx + 16, cy + 4, size, size, mix(paper, "#1c1b19", 0.3))
    sketch.ellipse(cx, cy, size, size, sketch.round(paper, gloss=0.2))
    for turn in range(int(sketch.vary(0, 40)), 360, 45):
        with sketch.moved(f"rotate({turn} {cx:.0f} {cy:.0f})"):
            d = f"M{cx:.0f} {cy - size + 4:.0f}q{sketch.vary(-14, 14):.0f} 20 {sketch.vary(-6, 6):.0f} {size * 0.2:.0f}"
            sketch.line(d, mix(paper, "#6b5136", 0.4), 2, opacity=0.6)
    ring = sketch.tone.print
    sketch.ellipse(cx, cy, size * 0.72, size * 0.72, "none", stroke=ring, stroke_width=5)
    if sketch.pick(2):
        sketch.ellipse(cx, cy, size * 0.66, size * 0.66, "none", stroke=ring, stroke_width=2)
    else:
        sketch.ellipse(cx, cy, size * 0.45, size * 0.45, mix(ring, paper, 0.8))
    emblem(sketch, cx, cy, size * 0.36, ring)
    _heap(sketch, cx + size * 0.86, FLOOR + 36)


def gift_box(sketch: Sketch) -> None:
    """A lidded gift box with two tins before it."""
    wide, high = sketch.vary(215, 250), sketch.vary(210, 260)
    cx, top = 390.0, FLOOR - 60 - high
    base = sketch.tone.base
    sketch.shadow(cx, FLOOR - 52, wide + 60, 34)
    face = rounded(cx - wide, top, wide * 2, high, 6)
    sketch.path(face, sketch.flat(base))
    cover(sketch, face, sketch.tone.accent, scale=sketch.vary(1.0, 1.5), opacity=0.26)
    sketch.path(
        loop([(cx - wide, top), (cx - wide + 40, top - 44), (cx + wide - 16, top - 44), (cx + wide, top)]),
        sketch.tone.pale,
    )
    band = sketch.tone.accent
    sketch.box(cx - 30, top, 60, high, band)
    sketch.path(
        loop([(cx - 30, top), (cx - 18, top - 44), (cx + 34, top - 44), (cx + 30, top)]), mix(band, WHITE, 0.25)
    )
    sketch.box(cx - 62, top + high * 0.2, 124, 124, "#f7efdf", 4)
    emblem(sketch, cx, top + high * 0.2 + 62, 42, sketch.tone.print)
    for step, x in enumerate((cx + wide * 0.42, cx + wide * 0.42 + sketch.vary(118, 134))):
        tin, tall = sketch.vary(46, 54), sketch.vary(120, 150)
        colour = (sketch.tone.deep, sketch.tone.accent)[step]
        sketch.shadow(x, FLOOR, tin + 16)
        sketch.path(turned([(FLOOR - tall, tin), (FLOOR, tin)], x), sketch.round(colour))
        sketch.ellipse(x, FLOOR - tall, tin, tin * 0.16, mix(colour, WHITE, 0.35))
        sketch.line(
            f"M{x - tin:.0f} {FLOOR - tall + 34:.0f}a{tin:.0f} {tin * 0.16:.0f} 0 0 0 {tin * 2:.0f} 0",
            mix(colour, WHITE, 0.4),
            2,
        )


def glass_jar(sketch: Sketch) -> None:
    """A glass jar with a wooden lid, filled with what is sold."""
    wide, high = sketch.vary(130, 160), sketch.vary(280, 350)
    cx, top = sketch.vary(370, 420), FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 40)
    outline = turned(
        [(top, wide * 0.8), (top + 26, wide * 0.86), (top + 70, wide), (FLOOR - 20, wide), (FLOOR, wide * 0.9)], cx
    )
    sketch.path(outline, "#f7f3ea", opacity=0.75)
    fill_top = FLOOR - high * sketch.vary(0.58, 0.72)
    with sketch.inside(outline):
        base = sketch.tone.base
        sketch.box(
            cx - wide, fill_top, wide * 2, FLOOR - fill_top + 30, sketch.round(mix(base, "#1c1b19", 0.12), gloss=0.2)
        )
        for shade in (WHITE, "#2a2622", sketch.tone.accent, WHITE):
            sketch.line(_scatter(sketch, cx, wide, fill_top), mix(base, shade, sketch.vary(0.22, 0.42)), 19)
    sketch.path(outline, "none", stroke="#8f8a7c", stroke_width=3, opacity=0.55)
    sketch.line(f"M{cx - wide + 22:.0f} {top + 92:.0f}V{FLOOR - 46:.0f}", WHITE, 12, opacity=0.55)
    sketch.path(turned([(top - 44, wide * 0.86), (top + 8, wide * 0.86)], cx), sketch.round(WOOD))
    sketch.ellipse(cx, top - 44, wide * 0.86, wide * 0.12, mix(WOOD, WHITE, 0.35))
    label = rounded(cx - 58, FLOOR - high * 0.46, 116, 96, 6)
    sketch.path(label, "#f7efdf")
    emblem(sketch, cx, FLOOR - high * 0.46 + 48, 32, sketch.tone.deep)


def sachets(sketch: Sketch) -> None:
    """A carton with a row of single servings in front."""
    wide, high = sketch.vary(170, 205), sketch.vary(240, 290)
    cx, top = sketch.vary(340, 370), FLOOR - 26 - high
    base, side = sketch.tone.base, 66
    sketch.shadow(cx + 20, FLOOR - 22, wide + 70, 28)
    sketch.path(
        loop([(cx + wide, top), (cx + wide + side, top - 30), (cx + wide + side, FLOOR - 60), (cx + wide, FLOOR - 26)]),
        sketch.flat(sketch.tone.deep),
    )
    sketch.path(
        loop([(cx - wide, top), (cx - wide + side, top - 30), (cx + wide + side, top - 30), (cx + wide, top)]),
        sketch.tone.pale,
    )
    face = rounded(cx - wide, top, wide * 2, high, 3)
    sketch.path(face, sketch.flat(base))
    band = rounded(cx - wide, top + high * 0.52, wide * 2, high * 0.34, 2)
    sketch.path(band, "#f7efdf")
    cover(sketch, band, base, scale=0.8, opacity=0.4)
    emblem(sketch, cx, top + high * 0.27, high * 0.17, "#f7efdf")
    count = 2 + sketch.pick(2)
    for step in range(count):
        with sketch.moved(
            f"translate({cx - 30 + step * 104:.0f} {FLOOR + 8 + step * 10:.0f}) rotate({-10 + step * 9})"
        ):
            sketch.box(-40, -108, 84, 112, "#3b2c1c", 4, opacity=0.18)
            sketch.box(-44, -112, 84, 112, sketch.flat(mix(base, WHITE, 0.5)), 4)
            sketch.line("M-44-98H40M-44-14H40", base, 2, stroke_dasharray="5 5")
            emblem(sketch, -2, -56, 22, base)


def _scatter(sketch: Sketch, cx: float, wide: float, top: float) -> str:
    """Short strokes all over the inside of a jar."""
    spots = ((sketch.vary(cx - wide, cx + wide), sketch.vary(top, FLOOR + 8)) for _ in range(17))
    return "".join(f"M{x:.0f} {y:.0f}l{sketch.vary(-9, 9):.0f} {sketch.vary(2, 9):.0f}" for x, y in spots)


def _heap(sketch: Sketch, x: float, y: float) -> None:
    """A little heap of dry leaf on a round dish."""
    sketch.shadow(x, y + 4, 84, 16)
    sketch.ellipse(x, y - 4, 82, 22, "#efe6d4")
    sketch.ellipse(x, y - 8, 68, 16, "#ddd0b8")
    colour = mix(LEAF_HEAP, sketch.tone.base, 0.3)
    for _ in range(16):
        dx = sketch.vary(-46, 46)
        lift = sketch.vary(4, max(6, 30 - abs(dx) * 0.5))
        sketch.line(
            f"M{x + dx:.0f} {y - lift:.0f}q{sketch.vary(-8, 8):.0f}-7 {sketch.vary(8, 18):.0f}-2",
            mix(colour, WHITE, sketch.vary(0, 0.25)),
            5,
        )


LYING: frozenset[str] = frozenset()
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "caddy": caddy,
    "square_tin": square_tin,
    "pouch": pouch,
    "cake": cake,
    "gift_box": gift_box,
    "glass_jar": glass_jar,
    "sachets": sachets,
}
