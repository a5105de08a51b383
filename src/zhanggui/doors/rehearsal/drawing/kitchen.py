"""What a cook works with: blades, pans, boards, steamers, kettles."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover
from zhanggui.doors.rehearsal.drawing.scene import sprig
from zhanggui.doors.rehearsal.drawing.sketch import BRASS, INK, METAL, WHITE, WOOD, Sketch, oval, rounded, turned
from zhanggui.doors.rehearsal.drawing.tones import mix

FLOOR = 650.0
STEEL = "#c9cbc9"


def knife(sketch: Sketch) -> None:
    """A blade lying on a board: cleaver, short knife or bread knife."""
    board = mix(WOOD, sketch.tone.base, 0.12)
    sketch.box(150, 250, 510, 350, "#3b2c1c", 26, opacity=0.18)
    slab = rounded(140, 236, 510, 350, 26)
    sketch.path(slab, sketch.flat(mix(board, WHITE, 0.25)))
    for y in range(262, 580, 40):
        sketch.line(
            f"M150 {y}Q300 {y + sketch.vary(-12, 12):.0f} 400 {y}T640 {y}", mix(board, INK, 0.14), 2, opacity=0.5
        )
    handle = sketch.tone.base
    long, deep = {"plain": (330.0, 150.0), "wave": (260.0, 62.0), "stripe": (370.0, 52.0)}.get(
        sketch.mark, (300.0, 80.0)
    )
    deep *= sketch.vary(0.94, 1.08)
    with sketch.moved(f"translate(160 430) rotate({sketch.vary(-24, -14):.1f})"):
        _blade(sketch, long, deep)
        grip = sketch.vary(150, 172)
        d = f"M{long:.0f} 4h{grip:.0f}q16 2 14 22q-2 20-20 18L{long:.0f} 40Z"
        sketch.path(d, sketch.fade(mix(handle, WHITE, 0.25), mix(handle, INK, 0.25)))
        for step in (36, 78, 120):
            sketch.ellipse(long + step, 24, 5, 5, BRASS)
        sketch.box(long - 8, 2, 18, 42, sketch.fade("#e8e4da", "#9d9a92"), 3)
    _scallion(sketch)


def skillet(sketch: Sketch) -> None:
    """A pan from above with its handle; square for rolled omelettes."""
    base, size = sketch.tone.base, sketch.vary(195, 222)
    cx, cy = 345.0, 440.0
    sketch.ellipse(cx + 20, cy + 30, size, size, "#3b2c1c", opacity=0.2)
    turn = sketch.vary(-40, -24)
    with sketch.moved(f"rotate({turn:.0f} {cx:.0f} {cy:.0f})"):
        wooden = sketch.tone.accent if base != "#e2d6bd" else WOOD
        sketch.box(cx + size - 12, cy - 22, 62, 44, sketch.flat(mix(base, INK, 0.2)), 8)
        sketch.box(cx + size + 40, cy - 25, 190, 50, sketch.fade(mix(wooden, WHITE, 0.25), mix(wooden, INK, 0.2)), 24)
        sketch.ellipse(cx + size + 204, cy, 9, 9, mix(wooden, INK, 0.5))
        if sketch.tone.accent == "#9a7b55":
            sketch.path(rounded(cx - size, cy - size * 0.8, size * 2, size * 1.6, 30), sketch.flat(base))
            sketch.path(
                rounded(cx - size + 24, cy - size * 0.8 + 24, size * 2 - 48, size * 1.6 - 48, 18),
                sketch.flat("#3d3b38"),
            )
            _omelette(sketch, cx, cy, size)
            return
    sketch.ellipse(cx, cy, size, size, sketch.flat(mix(base, WHITE, 0.12)))
    sketch.ellipse(cx, cy, size * 0.93, size * 0.93, mix(base, INK, 0.35))
    sketch.ellipse(cx, cy, size * 0.84, size * 0.84, sketch.flat(mix(base, INK, 0.12)))
    sketch.path(
        f"M{cx - size * 0.6:.0f} {cy - size * 0.2:.0f}A{size * 0.66:.0f}"
        f" {size * 0.66:.0f} 0 0 1 {cx:.0f} {cy - size * 0.64:.0f}",
        stroke=WHITE,
        stroke_width=9,
        stroke_linecap="round",
        opacity=0.28,
    )
    if sketch.pick(2):
        _egg(sketch, cx + sketch.vary(-40, 30), cy + sketch.vary(-10, 40))
    else:
        sprig(sketch, cx - 40, cy + 96, scale=0.9, turn=sketch.vary(24, 60))


def pot(sketch: Sketch) -> None:
    """A lidded pot with two ears; the milk pan has one long handle and no lid."""
    wide, high = sketch.vary(190, 215), sketch.vary(170, 205)
    cx, top = 400.0, FLOOR - high
    base = sketch.tone.base
    sketch.shadow(cx, FLOOR, wide + 40)
    if sketch.mark == "stripe":
        _milk_pan(sketch, cx - 40, top - 10, wide * 0.8)
        return
    for side in (-1, 1):
        d = f"M{cx + side * (wide - 8):.0f} {top + 44:.0f}c{side * 60} -20 {side * 60} 46 0 34"
        sketch.line(d, sketch.tone.deep, 20)
        sketch.line(d, base, 11)
    clay = base == "#b2694a"
    body = [
        (top, wide),
        (top + high * 0.55, wide * (1.04 if clay else 1.0)),
        (FLOOR - 22, wide * 0.86),
        (FLOOR, wide * 0.72),
    ]
    sketch.path(turned(body, cx, tilt=0.1), sketch.round(base, gloss=0.5))
    sketch.line(
        f"M{cx - wide * 0.98:.0f} {top + 30:.0f}a{wide:.0f} {wide * 0.1:.0f} 0 0 0 {wide * 1.96:.0f} 0",
        mix(base, INK, 0.3),
        3,
        opacity=0.6,
    )
    lid = [(top - 64, wide * 0.3), (top - 40, wide * 0.74), (top + 2, wide * 1.02)]
    sketch.path(turned(lid, cx, tilt=0.1), sketch.round(mix(base, WHITE, 0.08), gloss=0.5))
    knob = BRASS if not clay else sketch.tone.deep
    sketch.path(turned([(top - 104, 30), (top - 88, 32), (top - 66, 14)], cx), sketch.round(knob))
    sketch.line(f"M{cx - wide * 0.6:.0f} {top + 50:.0f}q-10 40 6 84", WHITE, 12, opacity=0.4)
    for shift in (-34, 10):
        sketch.line(f"M{cx + shift:.0f} {top - 124:.0f}q-20-34 0-62t2-56", WHITE, 8, opacity=0.5)


def board(sketch: Sketch) -> None:
    """A cutting board standing against the wall, or a round block lying."""
    base = sketch.tone.base
    if sketch.mark == "ring":
        _block(sketch)
        return
    wide, high = sketch.vary(200, 250), sketch.vary(400, 440)
    x, y = sketch.vary(230, 270), FLOOR - high
    sketch.shadow(x + wide / 2 + 24, FLOOR, wide * 0.72)
    with sketch.moved(f"rotate({sketch.vary(2, 6):.1f} {x + wide / 2:.0f} {FLOOR:.0f})"):
        outline = rounded(x, y + 70, wide, high - 70, 26)
        sketch.path(rounded(x + 12, y + 74, wide, high - 74, 26), mix(base, INK, 0.42))
        sketch.path(rounded(x + wide / 2 - 30, y - 16, 60, 110, 28), sketch.flat(base))
        sketch.path(outline, sketch.flat(base))
        cover(sketch, outline, sketch.tone.deep, scale=1.5, turn=90, opacity=0.5)
        sketch.ellipse(x + wide / 2, y + 16, 11, 11, sketch.tone.wall)
        if wide < 228:
            sketch.path(
                rounded(x + 20, y + 92, wide - 40, high - 112, 16),
                "none",
                stroke=sketch.tone.deep,
                stroke_width=5,
                opacity=0.6,
            )
    _bread(sketch, x + wide + 130, FLOOR + 8)


def steamer(sketch: Sketch) -> None:
    """Bamboo tiers with a woven lid."""
    base = mix("#d8b271", sketch.tone.base, 0.4)
    small = sketch.tone.accent == "#7f6446"
    tiers, wide = (4, sketch.vary(150, 162)) if small else (2, sketch.vary(198, 214))
    tall = 74 if small else 104
    cx = sketch.vary(385, 415)
    sketch.shadow(cx, FLOOR, wide + 40)
    for step in range(tiers):
        foot = FLOOR - step * tall
        ring = turned([(foot - tall + 8, wide), (foot, wide)], cx, tilt=0.12)
        sketch.path(ring, sketch.round(base))
        for band in (18, tall - 20):
            sketch.line(
                f"M{cx - wide:.0f} {foot - band:.0f}a{wide:.0f} {wide * 0.12:.0f} 0 0 0 {wide * 2:.0f} 0",
                mix(base, INK, 0.32),
                4,
            )
        sketch.line(f"M{cx - 20:.0f} {foot - tall + 28:.0f}v{tall - 18}m18 0v{-(tall - 18)}", mix(base, INK, 0.4), 5)
    top = FLOOR - tiers * tall
    lid = turned([(top - 44, wide * 0.5), (top - 26, wide * 0.9), (top + 10, wide * 1.03)], cx, tilt=0.12)
    sketch.path(lid, sketch.round(mix(base, WHITE, 0.12)))
    sketch.ellipse(cx, top - 20, wide * 0.88, wide * 0.13, mix(base, WHITE, 0.3))
    cover(sketch, oval(cx, top - 20, wide * 0.88, wide * 0.13), mix(base, INK, 0.4), scale=0.7, opacity=0.7)
    sketch.line(f"M{cx - 34:.0f} {top - 24:.0f}q34-54 68 0", mix(base, INK, 0.35), 9)
    for shift in (-90, -10, 60):
        sketch.line(f"M{cx + shift:.0f} {top - 70:.0f}q-18-30 0-56t2-50", WHITE, 8, opacity=0.55)


def kettle(sketch: Sketch) -> None:
    """A kettle: whistling, gooseneck, or cast iron with an overhead handle."""
    wide, high = sketch.vary(150, 172), sketch.vary(190, 225)
    cx, top = 420.0, FLOOR - high
    base = sketch.tone.base
    sketch.shadow(cx, FLOOR, wide + 50)
    slim = base == "#3a3835"
    if slim:
        neck = f"M{cx - wide * 0.7:.0f} {FLOOR - 44:.0f}c-150-10-70-150-170-190"
        sketch.line(neck, mix(base, INK, 0.3), 24)
        sketch.line(neck, mix(base, WHITE, 0.2), 10)
        grip = f"M{cx + wide * 0.7:.0f} {top + 26:.0f}c110-30 130 40 96 150"
        sketch.line(grip, sketch.tone.deep, 20)
        sketch.line(f"M{cx + wide * 0.7 + 90:.0f} {top + 50:.0f}q16 50 2 108", WOOD, 26)
    else:
        spout = (
            f"M{cx - wide * 0.66:.0f} {FLOOR - high * 0.36:.0f}L{cx - wide * 1.5:.0f} {top + 26:.0f}l36-16"
            f"L{cx - wide * 0.6:.0f} {top + high * 0.36:.0f}Z"
        )
        sketch.path(spout, sketch.fade(mix(base, WHITE, 0.2), sketch.tone.deep))
        d = (
            f"M{cx - wide * 0.7:.0f} {top + 40:.0f}C{cx - wide * 0.8:.0f}"
            f" {top - 170:.0f} {cx + wide * 0.8:.0f} {top - 170:.0f} {cx + wide * 0.7:.0f} {top + 40:.0f}"
        )
        sketch.line(d, mix(METAL if sketch.mark == "plain" else base, INK, 0.2), 16)
        sketch.line(
            f"M{cx - wide * 0.36:.0f} {top - 104:.0f}Q{cx:.0f} {top - 128:.0f} {cx + wide * 0.36:.0f} {top - 104:.0f}",
            WOOD if sketch.mark == "plain" else sketch.tone.deep,
            28,
        )
    waist = 0.7 if slim else 0.62
    body = turned(
        [
            (top, wide * waist),
            (top + high * 0.3, wide * (0.84 if slim else 0.96)),
            (FLOOR - 40, wide * 1.02),
            (FLOOR, wide * 0.94),
        ],
        cx,
    )
    sketch.path(body, sketch.round(base, gloss=0.6 if sketch.mark == "plain" else 0.2))
    cover(sketch, body, mix(base, INK, 0.45), scale=0.9, opacity=0.55)
    sketch.path(
        turned([(top - 22, wide * 0.2), (top - 12, wide * 0.46), (top + 4, wide * waist)], cx),
        sketch.round(mix(base, WHITE, 0.1)),
    )
    sketch.path(
        turned([(top - 52, 15), (top - 40, 20), (top - 22, 12)], cx), sketch.round(WOOD if slim else sketch.tone.accent)
    )
    sketch.line(f"M{cx - wide * 0.62:.0f} {top + high * 0.4:.0f}q-8 40 2 {high * 0.36:.0f}", WHITE, 11, opacity=0.42)


def _blade(sketch: Sketch, long: float, deep: float) -> None:
    steel = sketch.fade("#e9e9e4", STEEL)
    if sketch.mark == "plain":
        sketch.path(
            f"M{long:.0f} 0H14Q0 0 2 14L8 {deep:.0f}Q{long * 0.5:.0f} {deep + 10:.0f} {long:.0f} {deep - 6:.0f}Z", steel
        )
        sketch.path(
            f"M8 {deep:.0f}Q{long * 0.5:.0f} {deep + 10:.0f} {long:.0f} {deep - 6:.0f}V{deep - 30:.0f}"
            f"Q{long * 0.5:.0f} {deep - 16:.0f} 6 {deep - 26:.0f}Z",
            "#f7f7f3",
        )
        sketch.ellipse(36, 30, 9, 9, mix(WOOD, WHITE, 0.2))
        return
    sketch.path(f"M{long:.0f} 0H60Q10 4 0 {deep * 0.8:.0f}Q{long * 0.4:.0f} {deep:.0f} {long:.0f} {deep:.0f}Z", steel)
    if sketch.mark == "stripe":
        teeth = "".join("q9 14 18 0" for _ in range(int(long / 18) - 1))
        sketch.path(f"M6 {deep * 0.84:.0f}{teeth}", "none", stroke="#8f928f", stroke_width=4)
    else:
        sketch.line(f"M20 {deep * 0.62:.0f}q30-14 60 0t60 0t60 0", "#a4a7a4", 3)


def _scallion(sketch: Sketch) -> None:
    for step in range(4):
        x, y = 470 + step * 30, 540 - step * 10
        sketch.ellipse(x, y, 14, 14, "#8fa868")
        sketch.ellipse(x, y, 7, 7, "#e8eccf")


def _egg(sketch: Sketch, x: float, y: float) -> None:
    sketch.path(f"M{x - 78:.0f} {y:.0f}q-10-60 50-66t96 30t-10 88t-92 6t-44-58Z", "#fdf9ef")
    sketch.ellipse(x, y, 32, 31, sketch.round("#eaa83c"))


def _omelette(sketch: Sketch, cx: float, cy: float, size: float) -> None:
    sketch.box(cx - size * 0.6, cy - 58, size * 1.1, 116, sketch.fade("#f6d684", "#e0a94c"), 46)
    sketch.line(
        f"M{cx - size * 0.5:.0f} {cy - 10:.0f}h{size * 0.86:.0f}M{cx - size * 0.46:.0f} {cy + 22:.0f}h{size * 0.7:.0f}",
        "#c98d36",
        4,
        opacity=0.6,
    )


def _milk_pan(sketch: Sketch, cx: float, top: float, wide: float) -> None:
    sketch.box(cx + wide - 10, top + 26, 230, 30, sketch.fade(mix(WOOD, WHITE, 0.25), mix(WOOD, INK, 0.2)), 15)
    body = turned([(top, wide * 1.04), (top + 20, wide), (FLOOR - 20, wide * 0.96), (FLOOR, wide * 0.86)], cx)
    sketch.path(body, sketch.round(sketch.tone.base, gloss=0.6))
    sketch.ellipse(cx, top, wide * 1.04, wide * 0.15, sketch.fade("#a9a9a4", "#e2e0da"))
    sketch.ellipse(cx, top + 8, wide * 0.86, wide * 0.1, "#fdfaf2")
    for step in range(4):
        sketch.line(f"M{cx - 20:.0f} {top + 70 + step * 30:.0f}h{34 if step % 2 else 54}", WHITE, 4, opacity=0.8)


def _block(sketch: Sketch) -> None:
    base, wide = sketch.tone.base, sketch.vary(215, 235)
    cx, top = 400.0, FLOOR - sketch.vary(120, 140)
    sketch.shadow(cx, FLOOR, wide + 30)
    sketch.path(turned([(top, wide), (FLOOR, wide)], cx, tilt=0.3), sketch.round(mix(base, INK, 0.18)))
    for step in range(5):
        r = wide * (1 - step * 0.2)
        sketch.ellipse(cx + step * 4, top, r, r * 0.3, sketch.flat(mix(base, WHITE if step % 2 else INK, 0.14)))
    sketch.box(cx - wide, top + 46, wide * 0.04, 6, INK)
    sprig(sketch, cx - 60, top + 20, scale=1.0, turn=70)


def _bread(sketch: Sketch, x: float, y: float) -> None:
    sketch.shadow(x, y, 110, 18)
    sketch.path(f"M{x - 110:.0f} {y:.0f}q-20-92 110-96t112 96q-110 18-222 0Z", sketch.fade("#dca763", "#a86a31"))
    for step in (-50, 0, 50):
        sketch.line(f"M{x + step - 10:.0f} {y - 76:.0f}q26 20 20 52", "#f3d9a8", 9)


LYING = frozenset({"knife", "skillet"})
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "knife": knife,
    "skillet": skillet,
    "pot": pot,
    "board": board,
    "steamer": steamer,
    "kettle": kettle,
}
