"""What comes from the kiln: pots, cups, bowls, plates, vases."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover, emblem
from zhanggui.doors.rehearsal.drawing.scene import sprig
from zhanggui.doors.rehearsal.drawing.sketch import INK, WHITE, WOOD, Point, Sketch, oval, smooth, turned
from zhanggui.doors.rehearsal.drawing.tones import TONES, mix

FLOOR = 650.0


def teapot(sketch: Sketch) -> None:
    """A round teapot: body, lid, spout to the left, handle to the right or overhead."""
    wide, high = sketch.vary(150, 180), sketch.vary(190, 240)
    cx, top = 405.0, FLOOR - high
    base = _clay(sketch)
    overhead = sketch.mark == "drip"
    sketch.shadow(cx, FLOOR, wide * 0.9 + 40)
    spout = (
        f"M{cx - wide * 0.62:.0f} {FLOOR - high * 0.3:.0f}C{cx - wide * 1.3:.0f} {FLOOR - high * 0.34:.0f} "
        f"{cx - wide * 1.2:.0f} {top + high * 0.2:.0f} {cx - wide * 1.56:.0f} {top + 10:.0f}l34-8"
        f"C{cx - wide * 1.1:.0f} {top + high * 0.26:.0f} {cx - wide * 1.06:.0f} {top + high * 0.34:.0f} "
        f"{cx - wide * 0.5:.0f} {top + high * 0.3:.0f}Z"
    )
    if overhead:
        rise = sketch.vary(150, 180)
        d = (
            f"M{cx - wide * 0.66:.0f} {top + 34:.0f}C{cx - wide * 0.9:.0f}"
            f" {top - rise:.0f} {cx + wide * 0.9:.0f} {top - rise:.0f} {cx + wide * 0.66:.0f} {top + 34:.0f}"
        )
        sketch.line(d, mix(WOOD, INK, 0.25), 20)
        sketch.line(d, WOOD, 10)
    else:
        reach = sketch.vary(1.42, 1.62)
        d = (
            f"M{cx + wide * 0.8:.0f} {top + high * 0.2:.0f}C{cx + wide * reach:.0f}"
            f" {top - 10:.0f} {cx + wide * reach:.0f} {FLOOR - high * 0.16:.0f}"
            f" {cx + wide * 0.82:.0f} {FLOOR - high * 0.28:.0f}"
        )
        sketch.line(d, sketch.tone.deep, 26)
        sketch.line(d, base, 16)
    sketch.path(spout, sketch.fade(mix(base, WHITE, 0.2), sketch.tone.deep))
    belly = [
        (top, wide * 0.5),
        (top + high * 0.16, wide * 0.82),
        (top + high * sketch.vary(0.46, 0.56), wide),
        (top + high * 0.8, wide * 0.86),
        (FLOOR, wide * 0.58),
    ]
    _body(sketch, turned(belly, cx), scale=1.0)
    lid = [(top - 34, wide * 0.16), (top - 22, wide * 0.38), (top + 4, wide * 0.54)]
    sketch.path(turned(lid, cx), sketch.round(mix(base, WHITE, 0.08)))
    sketch.path(turned([(top - 62, 13), (top - 50, 19), (top - 34, 12)], cx), sketch.round(sketch.tone.deep))
    _gloss(sketch, cx - wide * 0.52, top + high * 0.3, high * 0.34)


def gaiwan(sketch: Sketch) -> None:
    """A lidded bowl on its saucer."""
    wide, high = sketch.vary(150, 176), sketch.vary(150, 180)
    cx, foot = sketch.vary(380, 420), FLOOR - 26
    top = foot - high
    base = _clay(sketch)
    sketch.shadow(cx, FLOOR, wide * 1.1 + 40)
    sketch.path(
        turned([(foot + 2, wide * 1.12), (foot + 20, wide * 0.8), (FLOOR, wide * 0.46)], cx, tilt=0.17),
        sketch.round(base),
    )
    sketch.ellipse(cx, foot + 2, wide * 1.12, wide * 0.17, mix(base, WHITE, 0.4))
    sketch.ellipse(cx, foot + 2, wide * 0.62, wide * 0.08, mix(base, INK, 0.14))
    bowl = turned(
        [(top, wide), (top + high * 0.16, wide * 0.86), (top + high * 0.6, wide * 0.64), (foot, wide * 0.36)], cx
    )
    _body(sketch, bowl, scale=0.9)
    sketch.ellipse(cx, top, wide, wide * 0.14, mix(base, WHITE, 0.55))
    lift = sketch.vary(-8, 4)
    with sketch.moved(f"rotate({sketch.vary(-4, 4):.1f} {cx:.0f} {top:.0f})"):
        lid = [(top - 62 + lift, wide * 0.2), (top - 44 + lift, wide * 0.56), (top - 4 + lift, wide * 0.84)]
        _body(sketch, turned(lid, cx, tilt=0.12), scale=0.8)
        knob = [(top - 92 + lift, wide * 0.24), (top - 74 + lift, wide * 0.16), (top - 58 + lift, wide * 0.2)]
        sketch.path(turned(knob, cx), sketch.round(base))
        sketch.ellipse(cx, top - 92 + lift, wide * 0.24, wide * 0.05, mix(base, WHITE, 0.5))
    _gloss(sketch, cx - wide * 0.62, top + 32, high * 0.32)


def cups(sketch: Sketch) -> None:
    """Handleless tea cups, two to four, one in front of the other."""
    wide, high = sketch.vary(98, 116), sketch.vary(118, 150)
    flare = sketch.vary(0.5, 0.72)
    alone = sketch.mark == "drip"
    if sketch.pick(2):
        sprig(sketch, 640, FLOOR - 40, scale=1.0, turn=18)
    pair = [(292, FLOOR - 46, 1.25, 0.2), (478, FLOOR + 4, 1.34, 0.0)]
    four = [
        (370, FLOOR - 110, 0.95, 0.5),
        (500, FLOOR - 66, 1.05, 0.34),
        (300, FLOOR - 40, 1.12, 0.18),
        (452, FLOOR + 6, 1.2, 0.0),
    ]
    places = [(400.0, FLOOR, 1.72, 0.0)] if alone else four if sketch.mark == "wave" else pair
    for cx, floor, size, light in places:
        _cup(sketch, cx, floor, wide * size, high * size, flare=flare, colour=mix(sketch.tone.base, WHITE, light))


def mug(sketch: Sketch) -> None:
    """A mug with a handle; one with a lid if it carries bamboo."""
    wide, high = sketch.vary(122, 150), sketch.vary(240, 300)
    cx, top = 370.0, FLOOR - high
    base, belly = sketch.tone.base, sketch.vary(0.96, 1.12)
    sketch.shadow(cx, FLOOR, wide + 46)
    grip = sketch.vary(84, 112)
    d = (
        f"M{cx + wide * 0.94:.0f} {top + high * 0.22:.0f}c{grip:.0f}-24"
        f" {grip + 14:.0f} {high * 0.56:.0f} 0 {high * 0.5:.0f}"
    )
    sketch.line(d, sketch.tone.deep, 32)
    sketch.line(d, base, 21)
    outline = turned(
        [(top, wide), (top + high * 0.5, wide * belly), (FLOOR - 16, wide * 0.94), (FLOOR, wide * 0.86)], cx
    )
    _body(sketch, outline, scale=1.1)
    if sketch.mark == "bamboo":
        sketch.path(turned([(top - 20, wide + 8), (top + 10, wide + 8)], cx), sketch.round(mix(base, WHITE, 0.12)))
        sketch.ellipse(cx, top - 20, wide + 8, wide * 0.15, mix(base, WHITE, 0.35))
        sketch.path(turned([(top - 54, 16), (top - 40, 24), (top - 22, 14)], cx), sketch.round(WOOD))
    else:
        sketch.ellipse(cx, top, wide, wide * 0.14, mix(base, WHITE, 0.5))
        sketch.ellipse(cx, top + 5, wide * 0.88, wide * 0.1, mix("#6b4226", base, 0.25))
        for shift in (-30, 16):
            sketch.line(f"M{cx + shift:.0f} {top - 40:.0f}q-22-36 0-66t2-60", WHITE, 7, opacity=0.55)
    _gloss(sketch, cx - wide * 0.66, top + 50, high * 0.46)


def vase(sketch: Sketch) -> None:
    """A vase with a branch: meiping, gourd, cylinder or jar."""
    kinds: tuple[list[Point], ...] = (
        [(0, 0.24), (0.06, 0.22), (0.14, 0.5), (0.3, 0.72), (0.62, 0.56), (0.94, 0.42), (1, 0.44)],
        [(0, 0.22), (0.08, 0.18), (0.24, 0.4), (0.36, 0.4), (0.5, 0.3), (0.74, 0.66), (0.92, 0.58), (1, 0.44)],
        [(0, 0.36), (0.1, 0.34), (0.5, 0.37), (0.95, 0.36), (1, 0.34)],
        [(0, 0.3), (0.12, 0.26), (0.34, 0.66), (0.66, 0.74), (0.95, 0.46), (1, 0.42)],
    )
    kind = {"stripe": 2, "drip": 3}.get(sketch.mark, 0 if sketch.tone.accent == "#c98d63" else 1)
    size = sketch.vary(205, 230)
    high = size * (1.28, 1.4, 1.5, 1.1)[kind]
    cx, top = sketch.vary(380, 420), FLOOR - high
    sketch.shadow(cx, FLOOR, size * 0.66)
    _branch(sketch, cx, top + 12, reach=sketch.vary(0.95, 1.15))
    profile = [(top + y * high, r * size) for y, r in kinds[kind]]
    _body(sketch, turned(profile, cx), scale=1.2)
    mouth = kinds[kind][0][1] * size
    sketch.ellipse(cx, top, mouth, mouth * 0.15, sketch.tone.deep)
    widest = max(r for _, r in kinds[kind]) * size
    _gloss(sketch, cx - widest * 0.56, top + high * 0.36, high * 0.26)


def plate(sketch: Sketch) -> None:
    """Round plates: one leaning behind, a stack lying before it."""
    size = sketch.vary(190, 215)
    cx, cy = sketch.vary(380, 420), FLOOR - 70 - size
    base = _clay(sketch)
    sketch.shadow(cx, FLOOR - 62, size * 0.86, 24)
    _face(sketch, cx, cy, size, size)
    stack = 2 + sketch.pick(3)
    for step in range(stack):
        y = FLOOR - 6 - step * 17
        if step == 0:
            sketch.shadow(cx, FLOOR + 4, size * 0.96, 26)
        sketch.path(turned([(y - 20, size * 0.94), (y, size * 0.5)], cx, tilt=0.13), sketch.round(base))
        sketch.ellipse(cx, y - 20, size * 0.94, size * 0.13, mix(base, WHITE, 0.28))
        sketch.ellipse(cx, y - 17, size * 0.72, size * 0.09, mix(base, WHITE, 0.1))


def oval_plate(sketch: Sketch) -> None:
    """A long oval plate seen from above, with chopsticks."""
    cx, cy, wide, high = 395.0, 430.0, sketch.vary(265, 285), sketch.vary(160, 178)
    sketch.ellipse(cx + 12, cy + 20, wide + 4, high + 4, "#3b2c1c", opacity=0.16)
    _face(sketch, cx, cy, wide, high)
    for shift in (0, 22):
        sketch.line(
            f"M{150 + shift} {FLOOR + 24 - shift * 0.2:.0f}L{660 + shift * 0.3:.0f} {FLOOR - 26:.0f}",
            mix(WOOD, INK, 0.3),
            9,
        )


def bowl(sketch: Sketch) -> None:
    """A bowl on its foot; a stack when the family shares them."""
    wide, high = sketch.vary(185, 215), sketch.vary(170, 205)
    cx = sketch.vary(380, 420)
    count = 3 if sketch.mark == "dots" else 1
    cone = sketch.mark == "drip"
    sketch.shadow(cx, FLOOR, wide * 0.62)
    for step in range(count):
        foot = FLOOR - step * 46
        top = foot - high
        mid = (top + high * 0.5, wide * (0.56 if cone else 0.82))
        body = [
            (top, wide),
            mid,
            (foot - 26, wide * (0.3 if cone else 0.42)),
            (foot - 22, wide * 0.34),
            (foot, wide * 0.32),
        ]
        _body(sketch, turned(body, cx, tilt=0.18), scale=1.2)
        sketch.ellipse(cx, top, wide, wide * 0.18, mix(_clay(sketch), WHITE, 0.45))
        sketch.ellipse(cx, top + 6, wide * 0.9, wide * 0.14, mix(_clay(sketch), INK, 0.1))
    _gloss(sketch, cx - wide * 0.62, FLOOR - count * 46 - high + 96, high * 0.3)
    for shift in (0, 26):
        y = FLOOR - (count - 1) * 46 - high + shift * 0.3
        sketch.line(f"M{cx - 30 + shift:.0f} {y - 6:.0f}L{cx + 236 + shift:.0f} {y - 150:.0f}", mix(WOOD, INK, 0.35), 9)


def pitcher(sketch: Sketch) -> None:
    """A jug with a pinched lip and a handle."""
    wide, high = sketch.vary(120, 140), sketch.vary(250, 310)
    cx, top = sketch.vary(380, 410), FLOOR - high
    base = _clay(sketch)
    sketch.shadow(cx, FLOOR, wide + 44)
    d = (
        f"M{cx + wide * 0.7:.0f} {top + high * 0.18:.0f}c{wide * 0.9:.0f}-40"
        f" {wide * 1.0:.0f} {high * 0.62:.0f} {wide * 0.12:.0f} {high * 0.5:.0f}"
    )
    sketch.line(d, sketch.tone.deep, 26)
    sketch.line(d, base, 16)
    lip = (
        f"M{cx - wide * 0.7:.0f} {top - 4:.0f}L{cx - wide * 1.18:.0f} {top - 22:.0f}"
        f"Q{cx - wide * 0.86:.0f} {top + 40:.0f} {cx - wide * 0.74:.0f} {top + 70:.0f}Z"
    )
    sketch.path(lip, mix(base, WHITE, 0.15))
    _body(
        sketch,
        turned(
            [
                (top, wide * 0.78),
                (top + high * 0.26, wide * 0.74),
                (top + high * 0.68, wide),
                (FLOOR - 14, wide * 0.84),
                (FLOOR, wide * 0.74),
            ],
            cx,
        ),
        scale=1.0,
    )
    mouth = [
        (cx - wide * 1.18, top - 22),
        (cx - wide * 0.3, top - 15),
        (cx + wide * 0.78, top),
        (cx - wide * 0.2, top + 15),
        (cx - wide * 1.18, top - 22),
    ]
    sketch.path(f"M{mouth[0][0]:.0f} {mouth[0][1]:.0f}{smooth(mouth)}Z", mix(base, INK, 0.3))
    _gloss(sketch, cx - wide * 0.56, top + high * 0.4, high * 0.3)


def _is_blue_and_white(sketch: Sketch) -> bool:
    """Whether the piece is painted in blue on white porcelain rather than glazed in its tone."""
    return sketch.tone is TONES["indigo"]


def _clay(sketch: Sketch) -> str:
    """The colour of the body under its decoration."""
    return "#eef0ec" if _is_blue_and_white(sketch) else sketch.tone.base


def _body(sketch: Sketch, outline: str, *, scale: float) -> None:
    """A glazed surface: the tone, lit as if turned, with the mark as decoration or as running glaze."""
    sketch.path(outline, sketch.round(_clay(sketch), gloss=0.5))
    if sketch.mark == "drip":
        with sketch.inside(outline):
            _run(sketch)
    else:
        cover(sketch, outline, sketch.tone.print, scale=scale, opacity=0.75 if _is_blue_and_white(sketch) else 0.3)


def _run(sketch: Sketch) -> None:
    """Glaze that ran down in the fire."""
    level = sketch.vary(450, 500)
    points = [(x, level + sketch.vary(-26, 40)) for x in range(120, 720, 46)]
    d = f"M100 200V{level:.0f}L120 {points[0][1]:.0f}{smooth(points)}V200Z"
    sketch.path(d, mix(sketch.tone.accent, WHITE, 0.2), opacity=0.42)


def _face(sketch: Sketch, cx: float, cy: float, wide: float, high: float) -> None:
    """A plate's upper side: rim, well, decoration."""
    base = _clay(sketch)
    sketch.ellipse(cx + 6, cy + 8, wide, high, sketch.tone.deep)
    sketch.ellipse(cx, cy, wide, high, sketch.flat(mix(base, WHITE, 0.2)))
    rim = oval(cx, cy, wide, high)
    cover(sketch, rim, sketch.tone.print, scale=1.0, opacity=0.7 if _is_blue_and_white(sketch) else 0.3)
    sketch.ellipse(cx, cy, wide * 0.7, high * 0.7, sketch.flat(mix(base, WHITE, 0.45)))
    sketch.ellipse(cx, cy, wide * 0.7, high * 0.7, "none", stroke=sketch.tone.deep, stroke_width=2, opacity=0.4)
    emblem(sketch, cx, cy, high * 0.3, sketch.tone.print)


def _cup(sketch: Sketch, cx: float, foot: float, wide: float, high: float, *, flare: float, colour: str) -> None:
    top = foot - high
    sketch.shadow(cx, foot, wide * 0.76)
    outline = turned(
        [(top, wide), (top + high * 0.5, wide * (flare + 0.3)), (foot - 14, wide * flare), (foot, wide * flare * 0.9)],
        cx,
    )
    sketch.path(outline, sketch.round(colour, gloss=0.5))
    if sketch.mark == "drip":
        with sketch.inside(outline):
            _run(sketch)
    else:
        cover(sketch, outline, sketch.tone.print, scale=1.0, opacity=0.28)
    sketch.ellipse(cx, top, wide, wide * 0.15, mix(colour, WHITE, 0.5))
    sketch.ellipse(cx, top + wide * 0.03, wide * 0.86, wide * 0.105, mix("#a8702f", colour, 0.35))
    _gloss(sketch, cx - wide * 0.62, top + 34, high * 0.34)


def _gloss(sketch: Sketch, x: float, y: float, length: float) -> None:
    """A streak of light on glaze."""
    sketch.line(f"M{x:.0f} {y:.0f}q-10 {length / 2:.0f} 4 {length:.0f}", WHITE, 11, opacity=0.5)


def _branch(sketch: Sketch, x: float, y: float, *, reach: float) -> None:
    """A flowering branch rising from a mouth."""
    with sketch.moved(f"translate({x:.0f} {y:.0f}) scale({reach:.2f})"):
        sketch.line("M0 10C-10-80 40-110 20-200M14-110Q60-140 78-190M6-60Q-40-90-52-140", "#6b4f39", 6)
        blossom = mix("#d98d86", sketch.tone.wall, 0.1 if sketch.pick(2) else 0.6)
        for dx, dy, r in (
            (20, -204, 15),
            (78, -194, 13),
            (-52, -144, 14),
            (34, -158, 10),
            (52, -150, 9),
            (-26, -104, 10),
            (10, -84, 9),
        ):
            sketch.ellipse(dx, dy, r, r, blossom)
            sketch.ellipse(dx, dy, r * 0.35, r * 0.35, "#f6e3b4")


def dishes(sketch: Sketch) -> None:
    """Four small dishes from above, in four shades."""
    size = sketch.vary(112, 122)
    for step, (x, y) in enumerate(((270.0, 330.0), (520.0, 340.0), (290.0, 570.0), (535.0, 575.0))):
        colour = mix(sketch.tone.base, (WHITE, WHITE, INK, sketch.tone.accent)[step], (0.05, 0.5, 0.25, 0.35)[step])
        x, y = x + sketch.vary(-12, 12), y + sketch.vary(-12, 12)
        sketch.ellipse(x + 10, y + 14, size, size, "#3b2c1c", opacity=0.18)
        sketch.ellipse(x, y, size, size, sketch.flat(colour))
        sketch.ellipse(x, y, size * 0.78, size * 0.78, sketch.flat(mix(colour, INK, 0.1)))
        for _ in range(5):
            sketch.ellipse(x + sketch.vary(-66, 66), y + sketch.vary(-66, 66), 3, 3, INK, opacity=0.35)


LYING = frozenset({"oval_plate", "dishes"})
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "teapot": teapot,
    "gaiwan": gaiwan,
    "cups": cups,
    "mug": mug,
    "vase": vase,
    "plate": plate,
    "oval_plate": oval_plate,
    "dishes": dishes,
    "bowl": bowl,
    "pitcher": pitcher,
}
