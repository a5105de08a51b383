"""What stands and lies on a desk: notebooks, pens, inks, paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover, emblem
from zhanggui.doors.rehearsal.drawing.scene import sprig
from zhanggui.doors.rehearsal.drawing.sketch import BRASS, INK, METAL, WHITE, WOOD, Sketch, loop, rounded, turned
from zhanggui.doors.rehearsal.drawing.tones import mix

FLOOR = 650.0
PAPER = "#f7f1e3"


def notebook(sketch: Sketch) -> None:
    """A bound book lying at an angle, a pen beside it; several fanned when sold in a set."""
    base = sketch.tone.base
    wide, high = sketch.vary(300, 330), sketch.vary(420, 450)
    turn = sketch.vary(-14, -7)
    with sketch.moved(f"rotate({turn:.1f} 400 430)"):
        x, y = 400 - wide / 2, 430 - high / 2
        for step in range(4 if sketch.mark == "grid" else 0, 0, -1):
            colour = (sketch.tone.accent, "#8fa07a", "#c98f87", "#d9b46a")[step - 1]
            sketch.path(rounded(x + step * 26, y + step * 5, wide, high, 10), sketch.flat(colour))
        sketch.path(rounded(x + 14, y + 18, wide, high, 12), "#3b2c1c", opacity=0.2)
        sketch.path(rounded(x + 8, y + 7, wide, high, 8), PAPER)
        sketch.line(
            "".join(f"M{x + wide + step * 2:.0f} {y + 12:.0f}v{high - 12:.0f}" for step in range(1, 4)), "#d8ccb4", 1
        )
        outline = rounded(x, y, wide, high, 10)
        sketch.path(outline, sketch.flat(base))
        _cover(sketch, x, y, wide, high, outline)
    _loose_pen(sketch, 640, 640, 360, turn=sketch.vary(-34, -24))


def pen(sketch: Sketch) -> None:
    """A pen lying across its box, cap beside it, or open over a written line."""
    base = sketch.tone.base
    turn = sketch.vary(-38, -26)
    sketch.path(rounded(150, 480, 460, 130, 14), "#3b2c1c", opacity=0.1)
    sketch.path(rounded(140, 470, 460, 130, 14), sketch.flat(PAPER))
    for step in range(3):
        sketch.line(
            f"M180 {505 + step * 30}q40-16 80 0t80 0t80 0t{60 + step * 20} 0", sketch.tone.print, 3, opacity=0.35
        )
    with sketch.moved(f"translate(186 560) rotate({turn:.1f})"):
        long, thick = sketch.vary(500, 540), sketch.vary(21, 27)
        sketch.box(20, 24, long, thick * 1.5, "#3b2c1c", thick, opacity=0.16)
        _nib(sketch, thick)
        barrel = sketch.fade(mix(base, WHITE, 0.4), mix(base, INK, 0.3))
        sketch.path(
            f"M58 {-thick * 0.66:.0f}L110 {-thick * 0.9:.0f}V{thick * 0.9:.0f}L58 {thick * 0.66:.0f}Z",
            sketch.fade("#6b6660", "#2f2c29"),
        )
        sketch.path(
            f"M118 {-thick:.0f}H{long - 40:.0f}q40 2 40 {thick:.0f}q0 {thick - 2:.0f}-40 {thick:.0f}H118Z", barrel
        )
        _rings(sketch, long, thick)
        sketch.line(f"M130 {-thick * 0.5:.0f}H{long - 50:.0f}", WHITE, 5, opacity=0.45)


def ink(sketch: Sketch) -> None:
    """A bottle of ink, its box, and a stroke of the colour on paper."""
    base, wide, high = sketch.tone.base, sketch.vary(120, 140), sketch.vary(180, 210)
    cx, foot = 330.0, FLOOR - 16
    top = foot - high
    sketch.path(loop([(420, FLOOR - 70), (720, FLOOR - 76), (760, FLOOR + 36), (440, FLOOR + 44)]), PAPER)
    sketch.line(f"M480 {FLOOR + 2:.0f}q40-60 80-12t60-16t70 4", base, 17, opacity=0.9)
    sketch.line(f"M490 {FLOOR + 26:.0f}q60-20 190-8", mix(base, PAPER, 0.4), 8)
    tall = high + sketch.vary(90, 120)
    sketch.shadow(520, FLOOR - 80, 110)
    box = rounded(440, FLOOR - 84 - tall, 170, tall, 4)
    sketch.path(box, sketch.flat(mix(base, WHITE, 0.12)))
    cover(sketch, box, WHITE, scale=1.0, opacity=0.2)
    sketch.box(476, FLOOR - 84 - tall * 0.7, 98, 120, PAPER, 3)
    emblem(sketch, 525, FLOOR - 24 - tall * 0.7, 32, sketch.tone.print)
    sketch.shadow(cx, foot, wide + 30)
    glass = rounded(cx - wide, top, wide * 2, high, 26)
    sketch.path(glass, "#f3f1ea", opacity=0.85)
    with sketch.inside(glass):
        level = top + high * sketch.vary(0.2, 0.34)
        sketch.box(cx - wide, level, wide * 2, high, sketch.round(mix(base, INK, 0.3), gloss=0.3))
        sketch.box(cx - wide, level, wide * 2, 9, mix(base, WHITE, 0.3))
    sketch.path(glass, "none", stroke="#8c887e", stroke_width=3, opacity=0.6)
    sketch.line(f"M{cx - wide + 20:.0f} {top + 34:.0f}V{foot - 36:.0f}", WHITE, 11, opacity=0.6)
    sketch.box(cx - 58, top - 22, 116, 26, "#e9e5da", 4)
    sketch.path(turned([(top - 86, 66), (top - 20, 68)], cx, tilt=0.1), sketch.round(INK, gloss=0.3))
    sketch.ellipse(cx, top - 86, 66, 8, "#5c5750")
    sketch.box(cx - 62, top + high * 0.36, 124, high * 0.44, PAPER, 4)
    emblem(sketch, cx, top + high * 0.58, 30, sketch.tone.print)


def inkstone(sketch: Sketch) -> None:
    """An ink stone with its stick, a brush on a rest."""
    base = mix(sketch.tone.base, "#4b4a48", 0.4)
    sketch.path(rounded(142, 300, 330, 300, 36), "#3b2c1c", opacity=0.2)
    stone = rounded(130, 282, 330, 300, 36)
    sketch.path(stone, sketch.flat(base))
    sketch.path(rounded(160, 312, 270, 240, 28), mix(base, INK, 0.35))
    sketch.path(f"M172 330Q295 {sketch.vary(360, 390):.0f} 418 330V430Q295 470 172 430Z", "#1d1b1a")
    sketch.line("M200 350q60 22 120 14", "#6d6a66", 7, opacity=0.8)
    with sketch.moved(f"rotate({sketch.vary(14, 30):.0f} 380 420)"):
        sketch.path(rounded(346, 250, 62, 196, 6), sketch.fade("#4a4744", "#262422"))
        emblem(sketch, 377, 320, 22, BRASS)
    if sketch.mark == "bamboo":
        sketch.path(loop([(480, 520), (730, 500), (752, 640), (500, 664)]), PAPER)
        sketch.line("M560 556q30-14 60 0M590 540v80M556 590q40-8 76 0", INK, 11)
    for step in range(2 if sketch.mark == "bamboo" else 1):
        _brush(sketch, 560 + step * 70, 610 - step * 60, 400, turn=sketch.vary(8, 16))


def brushes(sketch: Sketch) -> None:
    """Three brushes side by side on a cloth."""
    base = sketch.tone.base
    sketch.path(rounded(170, 190, 470, 440, 8), "#3b2c1c", opacity=0.1)
    cloth = rounded(160, 178, 470, 440, 8)
    sketch.path(cloth, sketch.flat(mix(sketch.tone.wall, WHITE, 0.5)))
    sketch.path(rounded(176, 194, 438, 408, 4), "none", stroke=sketch.tone.accent, stroke_width=3, opacity=0.5)
    water = base == "#4f8388"
    for step in range(3):
        x, long = 270 + step * 126, sketch.vary(330, 366)
        if water:
            _water_brush(sketch, x, 236 + step * 8, long * 0.94, 1 + (2 - step) * 0.3)
        else:
            _brush(sketch, x, 596 - step * 10, long, turn=sketch.vary(-3, 3))


def pencils(sketch: Sketch) -> None:
    """A tin or a box of pencils, open."""
    base = sketch.tone.base
    many = sketch.mark == "plain"
    hues = (
        "#b8372a",
        "#d0803a",
        "#d9b44a",
        "#7d8a56",
        "#3f6653",
        "#4f8388",
        "#33507c",
        "#7b4560",
        "#d49a94",
        "#7a5439",
        "#3a3835",
        "#9db8c9",
    )
    sketch.path(rounded(140, 250, 540, 350, 18), "#3b2c1c", opacity=0.2)
    sketch.path(rounded(126, 234, 540, 350, 18), sketch.flat(METAL if many else mix(base, INK, 0.2)))
    sketch.path(rounded(146, 254, 500, 310, 8), mix("#efe8da", INK, 0.06))
    places = [
        (168 + step * 39.5, 250 + (0 if many else sketch.vary(-14, 8)), hues[step] if many else base)
        for step in range(12)
    ]
    for x, long, colour in places:
        sketch.box(x, 300, 30, long, colour, 3)
        sketch.path(f"M{x + 10:.0f} 274l5-14l5 14Z", colour if many else INK)
    sketch.path("".join(f"M{x:.0f} 302l10-28h10l10 28Z" for x, _, _ in places), "#e7cda3")
    sketch.path("".join(f"M{x + 20:.0f} 302h10v{long - 6:.0f}h-10Z" for x, long, _ in places), INK, opacity=0.2)
    sketch.line("".join(f"M{x + 8:.0f} 306v{long - 12:.0f}" for x, long, _ in places), WHITE, 4, opacity=0.3)
    if not many:
        sketch.path("".join(f"M{x:.0f} {260 + long:.0f}h30v16h-30Z" for x, long, _ in places), BRASS)
    sketch.path(rounded(126, 600, 540, 46, 10), sketch.flat(base))
    emblem(sketch, 396, 623, 16, "#f7efdf")


def envelope(sketch: Sketch) -> None:
    """Letter paper and envelopes, one sealed with wax."""
    base = sketch.tone.base
    paper = mix(base, PAPER, 0.55) if sketch.mark != "plain" else base
    count = 3 + sketch.pick(3)
    for step in range(count):
        with sketch.moved(f"rotate({-14 + step * sketch.vary(5, 8):.1f} 380 420)"):
            sketch.path(rounded(170, 260, 420, 290, 6), "#3b2c1c", opacity=0.12)
            colour = paper if step == count - 1 else mix(paper, (PAPER, sketch.tone.accent)[step % 2], 0.35)
            face = rounded(160, 246, 420, 290, 6)
            sketch.path(face, sketch.flat(colour))
            if step == count - 1:
                cover(sketch, face, sketch.tone.print, scale=1.1, opacity=0.2)
                sketch.path("M162 250L370 424L578 250", "none", stroke=mix(colour, INK, 0.3), stroke_width=4)
                sketch.path("M162 248L370 422L578 248Z", mix(colour, INK, 0.07))
                sketch.ellipse(370, 414, 40, 38, sketch.round("#a9362b"))
                emblem(sketch, 370, 414, 20, "#e9b5a4")
    sprig(sketch, 640, 640, scale=sketch.vary(0.9, 1.2), turn=sketch.vary(-50, -30))


def calendar(sketch: Sketch) -> None:
    """A desk calendar on a wooden stand, or a long one on the wall."""
    base = sketch.tone.base
    if sketch.mark == "moon":
        _wall_calendar(sketch)
        return
    sketch.shadow(400, FLOOR, 270)
    sketch.path(rounded(150, FLOOR - 44, 500, 46, 10), sketch.fade(mix(WOOD, WHITE, 0.2), mix(WOOD, INK, 0.2)))
    high = sketch.vary(300, 330)
    y = FLOOR - 34 - high
    sketch.path(rounded(196, y + 6, 416, high, 6), mix(PAPER, INK, 0.14))
    sketch.path(rounded(190, y, 416, high, 6), PAPER)
    art = rounded(206, y + 16, 180, high - 32, 4)
    sketch.path(art, sketch.flat(base))
    cover(sketch, art, WHITE, scale=1.2, opacity=0.22)
    emblem(sketch, 296, y + high * 0.46, 58, "#f7efdf")
    sketch.words(500, y + 86, ("立春", "谷雨", "小满", "白露")[sketch.pick(4)], 58, sketch.tone.print)
    _days(sketch, 416, y + 128, 25, 26)


def tape(sketch: Sketch) -> None:
    """Rolls of paper tape in many colours, and a strip pulled off."""
    base = sketch.tone.base
    hues = (base, sketch.tone.accent, "#8fa07a", "#d9b46a", "#9db8c9", "#b2694a")
    for step, (x, y) in enumerate(
        ((250.0, 560.0), (400.0, 580.0), (550.0, 556.0), (322.0, 440.0), (474.0, 446.0), (398.0, 326.0))
    ):
        x, y, r = x + sketch.vary(-8, 8), y + sketch.vary(-8, 8), sketch.vary(70, 78)
        colour = mix(hues[step], PAPER, 0.18)
        sketch.ellipse(x + 8, y + 12, r, r, "#3b2c1c", opacity=0.16)
        sketch.ellipse(x, y, r, r, sketch.flat(colour))
        sketch.ellipse(x, y, r * 0.8, r * 0.8, "none", stroke=mix(colour, INK, 0.22), stroke_width=3)
        sketch.ellipse(x, y, r * 0.6, r * 0.6, "#e9dcc4")
        sketch.ellipse(x, y, r * 0.48, r * 0.48, mix(sketch.tone.table, WHITE, 0.3))
    strip = loop([(470, 660), (700, 620), (706, 652), (474, 692)])
    sketch.path(strip, mix(base, PAPER, 0.3))
    cover(sketch, strip, WHITE, scale=0.6, opacity=0.7)


def dispenser(sketch: Sketch) -> None:
    """A cast tape dispenser shaped like a little whale."""
    base = sketch.tone.base
    sketch.shadow(390, FLOOR, 280)
    body = f"M130 {FLOOR:.0f}q-20-150 120-190q170-50 260 60q60 60 150-40q10 60-30 100q30 20 20 70Z"
    sketch.path(body, sketch.fade(mix(base, WHITE, 0.2), mix(base, INK, 0.3)))
    sketch.path(f"M132 {FLOOR:.0f}q0-50 60-60q150 50 300 30q80-8 158 30Z", mix(base, WHITE, 0.45))
    sketch.ellipse(204, 556, 9, 9, INK)
    sketch.ellipse(330, 452, 92, 92, sketch.flat("#efe3c6"))
    sketch.ellipse(330, 452, 52, 52, mix(base, INK, 0.2))
    sketch.ellipse(330, 452, 20, 20, BRASS)
    sketch.path("M238 460q-60 10-112 60l14 22q40-40 100-44Z", "#efe3c6", opacity=0.9)


def roll_case(sketch: Sketch) -> None:
    """A canvas roll opened to show its pens."""
    base = sketch.tone.base
    sketch.path(rounded(116, 270, 590, 330, 8), "#3b2c1c", opacity=0.14)
    sketch.path(rounded(104, 256, 590, 330, 8), sketch.flat(base))
    hues = (sketch.tone.accent, INK, "#b8372a", "#3f6653", "#c9953f", "#33507c", "#b2694a", "#7b4560", "#4f8388")
    for step, colour in enumerate(hues):
        x, y = 150 + step * 58, sketch.vary(276, 316)
        sketch.box(x, y, 26, 250, sketch.fade(mix(colour, WHITE, 0.2), colour), 12)
        sketch.box(x, y + 60, 26, 7, BRASS)
    pocket = rounded(104, 420, 590, 166, 8)
    sketch.path(pocket, sketch.flat(mix(base, INK, 0.08)))
    cover(sketch, pocket, WHITE, scale=0.9, turn=90, opacity=0.25)
    sketch.line(
        "".join(f"M{134 + step * 58} 424v158" for step in range(11)), mix(base, INK, 0.3), 3, stroke_dasharray="8 6"
    )
    sketch.line("M694 420q60-20 70 40t-40 120", mix(WOOD, INK, 0.3), 9)


def _cover(sketch: Sketch, x: float, y: float, wide: float, high: float, outline: str) -> None:
    """What is on a notebook's cover: spine, title plate, mark, strap."""
    base = sketch.tone.base
    sketch.box(x, y, 38, high, mix(base, INK, 0.22), 8)
    if sketch.mark == "strap":
        sketch.path(outline, "none", stroke=mix(base, INK, 0.4), stroke_width=4, stroke_dasharray="11 8")
        sketch.box(x + wide * 0.72, y, 26, high, mix(base, INK, 0.3))
        sketch.ellipse(x + wide * 0.72 + 13, y + high * 0.5, 16, 16, BRASS)
        return
    if sketch.mark == "mountain":
        with sketch.inside(outline):
            for step in range(3):
                d = (
                    f"M{x + 38:.0f} {y + high * 0.66 + step * 46:.0f}q60-{110 - step * 20} 120-30t90-20t120 10"
                    f"v200h-330Z"
                )
                sketch.path(d, mix(base, WHITE, 0.34 - step * 0.1))
            sketch.ellipse(x + wide * 0.68, y + high * 0.3, 34, 34, sketch.tone.accent)
        return
    cover(sketch, outline, sketch.tone.accent, scale=1.0, opacity=0.2)
    sketch.box(x + wide * 0.3, y + high * 0.2, wide * 0.5, high * 0.24, PAPER, 3)
    emblem(sketch, x + wide * 0.55, y + high * 0.32, 34, sketch.tone.print)
    sketch.box(x + wide - 44, y - 3, 12, high + 16, sketch.tone.accent)


def _loose_pen(sketch: Sketch, x: float, y: float, long: float, *, turn: float) -> None:
    with sketch.moved(f"translate({x:.0f} {y:.0f}) rotate({turn:.0f})"):
        sketch.box(8, -long + 12, 24, long, "#3b2c1c", 12, opacity=0.15)
        sketch.box(-11, -long, 23, long, sketch.round(mix(sketch.tone.accent, INK, 0.12), gloss=0.5), 11)
        sketch.box(-11, -long * 0.62, 23, 8, BRASS)
        sketch.box(8, -long + 16, 6, 110, BRASS, 3)


def _nib(sketch: Sketch, thick: float) -> None:
    if sketch.mark == "grain" or sketch.tone.base == "#d2b88f":
        sketch.path(f"M10 0L60 {-thick * 0.66:.0f}V{thick * 0.66:.0f}Z", sketch.fade("#e6e2d8", "#8e8b84"))
        return
    sketch.path(
        f"M0 0C24-{thick * 0.5:.0f} 40-{thick * 0.7:.0f} 66-{thick * 0.6:.0f}V{thick * 0.6:.0f}"
        f"C40 {thick * 0.7:.0f} 24 {thick * 0.5:.0f} 0 0Z",
        sketch.fade("#f0dfae", "#b28a3c"),
    )
    sketch.line("M6 0H44", mix(BRASS, INK, 0.5), 2)
    sketch.ellipse(46, 0, 4, 4, mix(BRASS, INK, 0.6))


def _rings(sketch: Sketch, long: float, thick: float) -> None:
    """Bands, bamboo joints, clip: what tells one barrel from another."""
    base = sketch.tone.base
    joints = {"bamboo": (170, 240, 320, 410), "stripe": (200, 214, 228, 330), "grain": (160,), "plain": (long * 0.56,)}
    for at in joints.get(sketch.mark, (200,)):
        if sketch.mark == "bamboo":
            sketch.box(at, -thick - 4, 12, thick * 2 + 8, sketch.fade(mix(base, WHITE, 0.5), mix(base, INK, 0.3)), 5)
        else:
            sketch.box(at, -thick - 1, 8, thick * 2 + 2, BRASS)
    if sketch.mark != "bamboo":
        sketch.box(long * 0.62, -thick - 7, long * 0.26, 10, BRASS if base != "#9db8c9" else METAL, 5)
    if base == "#9db8c9":
        sketch.box(150, -7, long * 0.36, 14, mix("#33507c", WHITE, 0.1), 7, opacity=0.7)


def _brush(sketch: Sketch, x: float, y: float, long: float, *, turn: float) -> None:
    """A writing brush, tip down."""
    with sketch.moved(f"translate({x:.0f} {y:.0f}) rotate({turn:.1f})"):
        sketch.box(0, -long + 10, 20, long - 76, "#3b2c1c", 8, opacity=0.14)
        sketch.path("M0 0C-16-30-17-56-13-84H13C17-56 16-30 0 0Z", sketch.fade("#efe3c9", "#5b3d26"))
        sketch.box(-14, -100, 28, 22, mix(BRASS, INK, 0.2), 3)
        sketch.box(-11, -long, 22, long - 96, sketch.round(mix(WOOD, sketch.tone.accent, 0.25), gloss=0.4), 5)
        sketch.path(f"M0 {-long:.0f}q-18-34 0-44q18 10 0 44", stroke="#b8372a", stroke_width=4)


def _water_brush(sketch: Sketch, x: float, y: float, long: float, width: float) -> None:
    sketch.path(
        f"M{x - 10 * width:.0f} {y + long * 0.8:.0f}h{20 * width:.0f}q0 40-{10 * width:.0f} {56 * width:.0f}"
        f"q-{10 * width:.0f}-20-{10 * width:.0f}-{56 * width:.0f}Z",
        "#efe3c9",
    )
    sketch.box(x - 15 * width, y + long * 0.66, 30 * width, long * 0.16, sketch.fade("#444", "#222"), 6)
    sketch.box(x - 20, y, 40, long * 0.68, mix("#cfe0e0", sketch.tone.base, 0.2), 14, opacity=0.9)
    sketch.box(x - 20, y + long * 0.3, 40, long * 0.38, mix(sketch.tone.base, WHITE, 0.3), 10)
    sketch.line(f"M{x - 9:.0f} {y + 20:.0f}v{long * 0.5:.0f}", WHITE, 6, opacity=0.7)


def _days(sketch: Sketch, x: float, y: float, wide: float, high: float) -> None:
    """A month as small figures: dots are enough to read it as a calendar."""
    marked = sketch.pick(28)
    dots = "".join(f"M{x + day % 7 * wide:.0f} {y + day // 7 * high:.0f}h.1" for day in range(30) if day != marked)
    sketch.line(dots, "#6d665c", 9)
    sketch.ellipse(x + marked % 7 * wide, y + marked // 7 * high, 10, 10, "#b8372a")


def _wall_calendar(sketch: Sketch) -> None:
    base, wide = sketch.tone.base, sketch.vary(140, 155)
    x, y, high = 400 - wide, 150.0, 510.0
    sketch.path(rounded(x + 12, y + 14, wide * 2, high, 4), "#3b2c1c", opacity=0.16)
    sketch.path(rounded(x, y, wide * 2, high, 4), sketch.flat(base))
    sketch.box(x - 10, y - 8, wide * 2 + 20, 20, sketch.fade(mix(WOOD, WHITE, 0.2), mix(WOOD, INK, 0.2)), 6)
    sketch.line(
        f"M{x + 40:.0f} {y - 4:.0f}L400 {y - 60:.0f}L{x + wide * 2 - 40:.0f} {y - 4:.0f}", mix(WOOD, INK, 0.4), 3
    )
    sketch.ellipse(400, y + 140, 84, 84, "#e9e6df")
    sketch.ellipse(400 + sketch.vary(20, 44), y + 130, 78, 78, base, opacity=0.9)
    for step in range(28):
        sketch.ellipse(
            x + 50 + step % 7 * (wide * 2 - 100) / 6,
            y + 290 + step // 7 * 54,
            12,
            12,
            mix(base, "#e9e6df", abs(step - 14) / 14),
        )


LYING = frozenset({"notebook", "pen", "brushes", "pencils", "envelope", "tape", "roll_case", "inkstone"})
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "notebook": notebook,
    "pen": pen,
    "ink": ink,
    "inkstone": inkstone,
    "brushes": brushes,
    "pencils": pencils,
    "envelope": envelope,
    "calendar": calendar,
    "tape": tape,
    "dispenser": dispenser,
    "roll_case": roll_case,
}
