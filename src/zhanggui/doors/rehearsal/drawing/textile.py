"""Cloth for the home: folded, rolled, hung, laid out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover, emblem
from zhanggui.doors.rehearsal.drawing.scene import sprig
from zhanggui.doors.rehearsal.drawing.sketch import INK, WHITE, WOOD, Sketch, loop, oval, rounded
from zhanggui.doors.rehearsal.drawing.tones import mix

FLOOR = 650.0


def blanket(sketch: Sketch) -> None:
    """Folded blankets in a stack, the upper one with its fringe hanging."""
    wide, layers = sketch.vary(225, 255), 3 + sketch.pick(2)
    cx, tall = sketch.vary(385, 415), sketch.vary(62, 76)
    base = sketch.tone.base
    sketch.shadow(cx, FLOOR, wide + 60, 30)
    _stool(sketch, cx, wide)
    for step in range(layers):
        y = FLOOR - 96 - (step + 1) * tall
        colour = base if step % 2 == 0 else mix(base, (WHITE, sketch.tone.accent)[step // 2 % 2], 0.45)
        shift = sketch.vary(-10, 10)
        _fold(sketch, cx + shift, y, wide - step * 5, tall, colour)
    y = FLOOR - 96 - layers * tall
    drop = sketch.vary(150, 190)
    flap = f"M{cx - 84:.0f} {y + 4:.0f}q90-16 176 0l8 {drop:.0f}q-92 16-190 0Z"
    sketch.path(flap, sketch.fade(mix(base, WHITE, 0.18), base))
    cover(sketch, flap, sketch.tone.deep, scale=0.9, opacity=0.45)
    fringe = "".join(f"M{cx - 86 + step * 12:.0f} {y + drop + 6:.0f}v22" for step in range(16))
    sketch.line(fringe, mix(base, INK, 0.12), 4)


def cushion(sketch: Sketch) -> None:
    """A cushion: square, long for the back, or a flat seat pad with ties."""
    base = sketch.tone.base
    long, pad = sketch.mark == "wave", sketch.mark == "ring"
    wide, high = (270.0, 128.0) if long else (sketch.vary(215, 235), sketch.vary(205, 225))
    if pad:
        wide, high = 240.0, 96.0
    cx, cy = 400.0, FLOOR - high + 6
    sketch.shadow(cx, FLOOR, wide + 40, 32)
    if not long and not pad and sketch.pick(2):
        with sketch.moved(f"rotate(10 {cx:.0f} {cy:.0f}) translate(70 -34)"):
            sketch.path(_pillow(cx, cy, wide * 0.9, high * 0.9), sketch.flat(mix(sketch.tone.base, WHITE, 0.45)))
    with sketch.moved(f"rotate({sketch.vary(-4, 4):.1f} {cx:.0f} {cy:.0f})"):
        outline = _pillow(cx, cy, wide, high)
        sketch.path(outline, sketch.flat(base))
        if sketch.mark == "mountain":
            with sketch.inside(outline):
                _hills(sketch, cx, cy, wide, high)
        else:
            cover(
                sketch,
                outline,
                sketch.tone.deep if not pad else WHITE,
                scale=1.3,
                turn=90 if sketch.mark == "stripe" else 0,
                opacity=0.42,
            )
        sketch.path(outline, "none", stroke=mix(base, INK, 0.28), stroke_width=5, stroke_dasharray="12 7", opacity=0.55)
        sketch.path(
            f"M{cx - wide * 0.7:.0f} {cy - high * 0.76:.0f}Q{cx:.0f}"
            f" {cy - high * 0.5:.0f} {cx + wide * 0.6:.0f} {cy - high * 0.74:.0f}",
            stroke=WHITE,
            stroke_width=16,
            opacity=0.16,
        )
    if pad:
        for side in (-1, 1):
            sketch.line(
                f"M{cx + side * wide * 0.92:.0f} {cy - 30:.0f}q{side * 50}-10 {side * 60} 70", mix(base, INK, 0.2), 7
            )


def towels(sketch: Sketch) -> None:
    """Towels: rolled in a row, or hanging from a bar."""
    base = sketch.tone.base
    if sketch.tone.base in ("#9db8c9", "#6c7780"):
        _hanging(sketch)
        return
    count = 3 if sketch.mark == "stripe" else 5
    size = sketch.vary(84, 92) if count == 3 else sketch.vary(70, 78)
    rows = [count] if count == 3 else [3, 2]
    sketch.shadow(400, FLOOR, size * 3.4, 26)
    for row, many in enumerate(rows):
        for step in range(many):
            cx = 400 + (step - (many - 1) / 2) * size * 2.04
            cy = FLOOR - size - row * size * 1.76
            colour = mix(
                base,
                (WHITE, INK, sketch.tone.accent, WHITE, WHITE)[(step + row * 3) % 5],
                (0.0, 0.1, 0.3, 0.3, 0.5)[(step + row * 3) % 5],
            )
            _roll(sketch, cx, cy, size, colour)
    if count == 3:
        _fold(sketch, 400, FLOOR - size * 2 - 74, size * 2.1, 72, mix(base, WHITE, 0.3))
        sprig(sketch, 380, FLOOR - size * 2 - 78, scale=0.9, turn=60)


def bedding(sketch: Sketch) -> None:
    """A bed made up: headboard, pillows, duvet turned back; or a pillowcase alone."""
    base = sketch.tone.base
    if base == "#dcb6bd":
        _pillowcase(sketch)
        return
    head = sketch.vary(230, 262)
    sketch.shadow(400, FLOOR + 16, 330, 40)
    sketch.path(rounded(104, head, 592, 330, 40 if sketch.pick(2) else 8), sketch.flat(mix(WOOD, base, 0.2)))
    for x in (160, 420):
        outline = _pillow(x + 110, head + 130, 124, 78)
        sketch.path(outline, sketch.flat(mix(base, WHITE, 0.5)))
        front = _pillow(x + 104, head + 168, 116, 62)
        sketch.path(front, sketch.flat(mix(base, WHITE, 0.15)))
        cover(sketch, front, sketch.tone.deep, scale=0.8, opacity=0.3)
    top = head + 200
    duvet = (
        f"M92 {top + 40:.0f}Q110 {top:.0f} 160 {top:.0f}H640Q692 {top:.0f} 708 {top + 40:.0f}L736 {FLOOR:.0f}"
        f"Q560 {FLOOR + 30:.0f} 400 {FLOOR + 8:.0f}T64 {FLOOR:.0f}Z"
    )
    sketch.path(duvet, sketch.fade(base, mix(base, INK, 0.14)))
    cover(sketch, duvet, sketch.tone.deep, scale=1.4, turn=sketch.vary(-4, 4), opacity=0.32)
    for x in (210, 330, 470, 600):
        sketch.line(
            f"M{x} {top + 90:.0f}q{sketch.vary(-26, 26):.0f} 90 {sketch.vary(-30, 30):.0f} {FLOOR - top - 100:.0f}",
            mix(base, INK, 0.3),
            4,
            opacity=0.35,
        )
    turn = (
        f"M92 {top + 40:.0f}Q110 {top:.0f} 160 {top:.0f}H640Q692 {top:.0f} 708 {top + 40:.0f}l6 34"
        f"Q400 {top + 96:.0f} 84 {top + 74:.0f}Z"
    )
    sketch.path(turn, sketch.flat(mix(base, WHITE, 0.55)))


def rug(sketch: Sketch) -> None:
    """A rug lying on the floor in perspective, with its fringe."""
    base = sketch.tone.base
    near, far = sketch.vary(285, 305), sketch.vary(205, 225)
    top, foot = sketch.vary(380, 400), FLOOR + 10
    sketch.path(
        loop([(400 - far, top + 12), (400 + far, top + 12), (400 + near + 10, foot + 16), (400 - near - 6, foot + 16)]),
        "#3b2c1c",
        opacity=0.16,
    )
    outline = loop([(400 - far, top), (400 + far, top), (400 + near, foot), (400 - near, foot)])
    sketch.path(outline, sketch.fade(mix(base, WHITE, 0.14), base))
    if sketch.mark != "moon":
        cover(sketch, outline, sketch.tone.accent if sketch.mark != "stripe" else WHITE, scale=1.5, opacity=0.45)
    inner = loop(
        [
            (400 - far + 26, top + 16),
            (400 + far - 26, top + 16),
            (400 + near - 36, foot - 24),
            (400 - near + 36, foot - 24),
        ]
    )
    sketch.path(inner, "none", stroke=mix(base, INK, 0.4), stroke_width=5, opacity=0.7)
    if sketch.mark == "moon":
        for step in range(5):
            x = 400 + (step - 2) * 92
            sketch.ellipse(x, 520, 34, 26, "#f5eddc")
            sketch.ellipse(x + (step - 2) * 16, 520, 34, 26, mix(base, WHITE, 0.04), opacity=0 if step == 2 else 1)
    fringe = "".join(f"M{400 - near + step * (near * 2 / 38):.0f} {foot + 2:.0f}v20" for step in range(39))
    sketch.line(fringe, mix(base, WHITE, 0.35), 4)
    _chair_leg(sketch, 400 + far - 10, top)


def round_rug(sketch: Sketch) -> None:
    """A coiled round rug on the floor."""
    base = sketch.tone.base
    cx, cy, wide = 400.0, 520.0, sketch.vary(285, 300)
    sketch.ellipse(cx + 8, cy + 16, wide, wide * 0.48, "#3b2c1c", opacity=0.18)
    for step in range(9):
        r = wide * (1 - step * 0.108)
        colour = mix(base, (INK, WHITE, sketch.tone.accent)[step % 3], (0.08, 0.2, 0.22)[step % 3])
        sketch.ellipse(cx, cy, r, r * 0.48, colour)
        sketch.ellipse(
            cx,
            cy,
            r - 8,
            (r - 8) * 0.48,
            "none",
            stroke=mix(colour, INK, 0.3),
            stroke_width=3,
            stroke_dasharray="14 8",
            opacity=0.6,
        )
    _chair_leg(sketch, 560, 400)


def tablecloth(sketch: Sketch) -> None:
    """A cloth over a table, falling in folds, a plate and a twig on it."""
    base = sketch.tone.base
    sketch.shadow(400, FLOOR + 36, 320)
    for x in (170, 604):
        sketch.box(x, 420, 26, FLOOR - 384, mix(WOOD, INK, 0.15))
    fall = "M100 430H700V560q-40 22-80 0t-80 0t-80 0t-80 0t-80 0t-80 0t-80 0t-40 4Z"
    sketch.path(fall, sketch.fade(base, mix(base, INK, 0.2)))
    cover(sketch, fall, WHITE, scale=0.9, opacity=0.5)
    top = "M180 340H620L700 430H100Z"
    sketch.path(top, mix(base, WHITE, 0.25))
    cover(sketch, top, WHITE, scale=0.8, opacity=0.6)
    sketch.ellipse(400, 382, 84, 22, "#fbf7ee")
    sketch.ellipse(400, 378, 60, 14, mix(sketch.tone.accent, WHITE, 0.5))
    sprig(sketch, 470, 372, scale=sketch.vary(0.6, 0.8), turn=sketch.vary(10, 18))


def napkins(sketch: Sketch) -> None:
    """Four folded napkins fanned in a paper band."""
    base = sketch.tone.base
    for step in range(4):
        with sketch.moved(f"rotate({-9 + step * sketch.vary(5, 7):.1f} 400 470)"):
            outline = rounded(230, 300 + step * 6, 330, 330, 6)
            sketch.path(rounded(240, 312 + step * 6, 330, 330, 6), "#3b2c1c", opacity=0.14)
            colour = mix(base, (INK, WHITE, sketch.tone.accent, WHITE)[step], (0.15, 0.5, 0.4, 0.12)[step])
            sketch.path(outline, sketch.flat(colour))
            cover(sketch, outline, WHITE, scale=1.0, opacity=0.3)
    sketch.box(228, 448, 330, 44, sketch.tone.wall, 3, opacity=0.94, transform="rotate(9 400 470)")
    emblem(sketch, 400, 470, 16, sketch.tone.print)
    sprig(sketch, 620, 640, scale=1.0, turn=-30)


def runner(sketch: Sketch) -> None:
    """A long runner across a table seen from above, with two cups."""
    base = mix(sketch.tone.base, "#d9cfbd", 0.15)
    with sketch.moved(f"rotate({sketch.vary(-16, -9):.1f} 400 440)"):
        sketch.box(40, 342, 740, 220, "#3b2c1c", 4, opacity=0.15)
        cloth = rounded(30, 330, 740, 220, 3)
        sketch.path(cloth, sketch.flat(mix(base, "#cfc4b0", 0.72)))
        sketch.line("M30 356H770M30 524H770", base, 7)
        sketch.line("M30 370H770", sketch.tone.accent, 3)
        for x in (30, 770):
            sketch.line(
                "".join(f"M{x} {336 + step * 14}h{-22 if x < 400 else 22}" for step in range(15)),
                mix(base, "#cfc4b0", 0.6),
                3,
            )
    for x, y, r in ((300, 440, 64), (500, 410, 52)):
        sketch.ellipse(x + 8, y + 12, r, r, "#3b2c1c", opacity=0.2)
        sketch.ellipse(x, y, r, r, "#f4efe4")
        sketch.ellipse(x, y, r * 0.8, r * 0.8, "#b27a35")


def robe(sketch: Sketch) -> None:
    """A robe on a hanger, belted."""
    base = sketch.tone.base
    sketch.line("M400 168q-4-40 24-44t20 30", mix(WOOD, INK, 0.4), 6)
    sketch.line("M290 226L400 170L510 226", mix(WOOD, INK, 0.1), 13)
    hem = FLOOR + 20
    wide = sketch.vary(150, 172)
    body = (
        f"M316 214L400 250L484 214L{400 + wide * 0.66:.0f} 330L{400 + wide:.0f} {hem:.0f}"
        f"Q400 {hem + 26:.0f} {400 - wide:.0f} {hem:.0f}L{400 - wide * 0.66:.0f} 330Z"
    )
    for side in (-1, 1):
        sleeve = (
            f"M{400 + side * 84} 214q{side * 70} 30 {side * 108} 200l{side * -66} 22q{side * -22}-80 {side * -44}-110Z"
        )
        sketch.path(sleeve, sketch.flat(mix(base, INK, 0.1 if side > 0 else 0.02)))
        cover(sketch, sleeve, sketch.tone.deep, scale=0.7, opacity=0.3)
        sketch.line(f"M{400 + side * 192} 414l{side * -66} 22", mix(base, WHITE, 0.5), 12)
    sketch.path(body, sketch.fade(mix(base, WHITE, 0.12), mix(base, INK, 0.1)))
    cover(sketch, body, sketch.tone.deep, scale=0.8, opacity=0.3)
    sketch.path("M336 220L400 440L464 220L448 212L400 360L352 212Z", mix(base, WHITE, 0.45))
    sketch.line(f"M400 440V{hem + 8:.0f}", mix(base, INK, 0.35), 3)
    sketch.line(f"M{400 - wide * 0.74:.0f} 428Q400 452 {400 + wide * 0.74:.0f} 428", mix(base, INK, 0.22), 22)
    sketch.line("M400 444q-30 60-16 130M404 444q26 50 20 110", mix(base, INK, 0.3), 13)
    sketch.box(426, 500, 84, 92, mix(base, INK, 0.12), 6, opacity=0.7)


def _fold(sketch: Sketch, cx: float, y: float, wide: float, tall: float, colour: str) -> None:
    """One folded layer seen from the front: rounded fold on the left, open edges on the right."""
    r = tall / 2
    outline = (
        f"M{cx - wide + r:.0f} {y:.0f}H{cx + wide - 8:.0f}q14 {r:.0f} 0 {tall:.0f}H{cx - wide + r:.0f}"
        f"a{r:.0f} {r:.0f} 0 0 1 0 {-tall:.0f}Z"
    )
    sketch.path(outline, sketch.fade(mix(colour, WHITE, 0.22), mix(colour, INK, 0.16)))
    cover(sketch, outline, mix(colour, INK, 0.5), scale=0.8, opacity=0.3)
    sketch.line(f"M{cx - wide + r:.0f} {y + tall * 0.5:.0f}H{cx + wide - 4:.0f}", mix(colour, INK, 0.3), 3, opacity=0.6)


def _stool(sketch: Sketch, cx: float, wide: float) -> None:
    for x in (cx - wide * 0.7, cx + wide * 0.7):
        sketch.line(f"M{x:.0f} {FLOOR - 90:.0f}L{x + (x - cx) * 0.12:.0f} {FLOOR:.0f}", mix(WOOD, INK, 0.2), 18)
    sketch.box(
        cx - wide * 0.96, FLOOR - 98, wide * 1.92, 28, sketch.fade(mix(WOOD, WHITE, 0.2), mix(WOOD, INK, 0.15)), 10
    )


def _pillow(cx: float, cy: float, wide: float, high: float) -> str:
    """A square with drawn-out corners and full sides."""
    a, b = wide * 0.1, high * 0.1
    return (
        f"M{cx - wide:.0f} {cy - high:.0f}Q{cx:.0f} {cy - high + b * 1.8:.0f} {cx + wide:.0f} {cy - high:.0f}"
        f"Q{cx + wide - a * 1.6:.0f} {cy:.0f} {cx + wide:.0f} {cy + high:.0f}Q{cx:.0f} {cy + high - b * 1.2:.0f} "
        f"{cx - wide:.0f} {cy + high:.0f}Q{cx - wide + a * 1.6:.0f} {cy:.0f} {cx - wide:.0f} {cy - high:.0f}Z"
    )


def _hills(sketch: Sketch, cx: float, cy: float, wide: float, high: float) -> None:
    for step in range(3):
        y = cy - high * 0.1 + step * high * 0.34
        d = (
            f"M{cx - wide:.0f} {y + 40:.0f}q{wide * 0.4:.0f} {-130 + step * 20} {wide * 0.9:.0f}-20"
            f"t{wide * 1.2:.0f}-10V{cy + high:.0f}H{cx - wide:.0f}Z"
        )
        sketch.path(d, mix(sketch.tone.base, INK, 0.14 + step * 0.14), opacity=0.8)
    sketch.ellipse(cx + wide * 0.36, cy - high * 0.46, 34, 34, mix(sketch.tone.accent, WHITE, 0.35))


def _roll(sketch: Sketch, cx: float, cy: float, size: float, colour: str) -> None:
    sketch.ellipse(cx, cy, size, size, sketch.flat(colour))
    for step in range(4):
        r = size * (0.86 - step * 0.2)
        sketch.path(
            f"M{cx - r:.0f} {cy + 4:.0f}a{r:.0f} {r:.0f} 0 1 1 {r * 0.9:.0f} {r * 0.9:.0f}",
            stroke=mix(colour, INK, 0.28),
            stroke_width=4,
            stroke_linecap="round",
            opacity=0.7,
        )


def _hanging(sketch: Sketch) -> None:
    """A towel over a wooden bar, a second one behind it."""
    base, wide = sketch.tone.base, sketch.vary(150, 180) if sketch.mark == "grid" else sketch.vary(84, 96)
    sketch.line("M130 250H670", mix(WOOD, INK, 0.1), 22)
    for x in (150, 650):
        sketch.ellipse(x, 250, 20, 20, mix(WOOD, INK, 0.3))
    back = rounded(470, 246, 130, sketch.vary(250, 290), 6)
    sketch.path(back, sketch.fade(mix(base, WHITE, 0.5), mix(base, WHITE, 0.3)))
    cx, long = 350.0, sketch.vary(360, 400)
    front = rounded(cx - wide, 236, wide * 2, long, 10)
    sketch.path(rounded(cx - wide + 14, 250, wide * 2, long, 10), "#3b2c1c", opacity=0.14)
    sketch.path(front, sketch.fade(mix(base, WHITE, 0.1), base))
    cover(sketch, front, mix(base, INK, 0.5), scale=0.7, opacity=0.35)
    for shift in (46, 70):
        sketch.box(cx - wide, 236 + long - shift - 24, wide * 2, 12, mix(base, WHITE, 0.6), opacity=0.8)
    fringe = "".join(f"M{cx - wide + 8 + step * 14:.0f} {236 + long:.0f}v16" for step in range(int(wide / 7) - 1))
    sketch.line(fringe, mix(base, INK, 0.1), 5)
    sketch.box(cx + wide * 0.3, 250, 52, 34, "#f7efdf", 3)


def _pillowcase(sketch: Sketch) -> None:
    base = sketch.tone.base
    sketch.shadow(400, FLOOR + 4, 300, 30)
    back = _pillow(440, 450, 250, 150)
    sketch.path(back, sketch.flat(mix(base, INK, 0.14)))
    front = _pillow(370, 500, 256, 152)
    sketch.path(front, sketch.fade(mix(base, WHITE, 0.4), base))
    for x, bend in ((250, 40), (360, -30), (470, 36)):
        sketch.path(
            f"M{x} 380q{bend} 110 {-bend * 0.4:.0f} 240",
            stroke=WHITE,
            stroke_width=18,
            opacity=0.22,
            stroke_linecap="round",
        )
    sketch.path("M578 366q-22 140 0 272", stroke=mix(base, INK, 0.3), stroke_width=4, opacity=0.6)


def _chair_leg(sketch: Sketch, x: float, y: float) -> None:
    """The feet of a chair standing on the far edge, so that a rug reads as a floor."""
    for shift in (0, 96):
        sketch.line(f"M{x + shift - 60:.0f} {y - 210:.0f}L{x + shift - 50:.0f} {y + 40:.0f}", mix(WOOD, INK, 0.2), 15)
    sketch.path(oval(x, y - 214, 92, 26), sketch.flat(mix(WOOD, WHITE, 0.1)))


LYING = frozenset({"napkins", "runner"})
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "blanket": blanket,
    "cushion": cushion,
    "towels": towels,
    "bedding": bedding,
    "rug": rug,
    "round_rug": round_rug,
    "tablecloth": tablecloth,
    "napkins": napkins,
    "runner": runner,
    "robe": robe,
}
