"""What a pantry keeps and grinds, and the wooden tools of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover, emblem
from zhanggui.doors.rehearsal.drawing.sketch import BRASS, INK, METAL, WHITE, WOOD, Sketch, rounded, turned
from zhanggui.doors.rehearsal.drawing.tones import mix

FLOOR = 650.0


def jar_set(sketch: Sketch) -> None:
    """Three lidded seasoning jars on a wooden tray."""
    base = sketch.tone.base
    sketch.shadow(400, FLOOR + 6, 320)
    sketch.path(rounded(100, FLOOR - 34, 600, 40, 14), sketch.fade(mix(WOOD, WHITE, 0.2), mix(WOOD, INK, 0.2)))
    wide, high = sketch.vary(82, 92), sketch.vary(170, 210)
    for step, cx in enumerate((205.0, 400.0, 595.0)):
        foot, colour = FLOOR - 34, mix(base, (WHITE, sketch.tone.accent, INK)[step], (0.1, 0.4, 0.3)[step])
        body = turned(
            [(foot - high, wide * 0.8), (foot - high + 30, wide * 0.92), (foot - 24, wide), (foot, wide * 0.84)], cx
        )
        sketch.path(body, sketch.round(colour))
        cover(sketch, body, WHITE, scale=0.7, opacity=0.18)
        sketch.path(turned([(foot - high - 26, wide * 0.76), (foot - high + 6, wide * 0.84)], cx), sketch.round(WOOD))
        sketch.ellipse(cx, foot - high - 26, wide * 0.76, wide * 0.11, mix(WOOD, WHITE, 0.3))
        sketch.ellipse(cx, foot - high - 36, 15, 12, mix(WOOD, INK, 0.1))
        sketch.words(cx, foot - high * 0.36, "盐糖椒"[step], 44, "#f7efdf" if step else sketch.tone.print)


def rice_box(sketch: Sketch) -> None:
    """A wooden box with a sliding lid and a scoop of rice."""
    wide, high, base = sketch.vary(170, 190), sketch.vary(270, 310), sketch.tone.base
    x, y = 190.0, FLOOR - high
    sketch.shadow(x + wide + 20, FLOOR, wide + 70)
    sketch.path(f"M{x + wide * 2:.0f} {y:.0f}l80-40V{FLOOR - 40:.0f}l-80 40Z", sketch.flat(mix(base, INK, 0.3)))
    sketch.path(f"M{x - 8:.0f} {y:.0f}l80-46H{x + wide * 2 + 92:.0f}l-80 46Z", sketch.flat(mix(base, WHITE, 0.35)))
    face = rounded(x, y, wide * 2, high, 4)
    sketch.path(face, sketch.flat(base))
    cover(sketch, face, sketch.tone.accent, scale=1.6, opacity=0.4)
    sketch.box(x - 8, y - 4, wide * 2 + 16, 26, mix(base, INK, 0.16), 4)
    sketch.box(x + wide - 62, y + high * 0.36, 124, 124, "#f7efdf", 4, opacity=0.92)
    sketch.words(x + wide, y + high * 0.36 + 90, "米", 80, sketch.tone.print)
    sketch.shadow(640, FLOOR + 34, 84, 14)
    sketch.path(turned([(FLOOR - 50, 70), (FLOOR + 32, 58)], 640), sketch.round(WOOD))
    sketch.ellipse(640, FLOOR - 50, 70, 16, mix(WOOD, INK, 0.3))
    sketch.path(f"M574 {FLOOR - 52:.0f}q66-66 132 0q-66 26-132 0Z", "#fbf8ef")


def crock(sketch: Sketch) -> None:
    """A pickling crock with its water ring."""
    wide, high, base = sketch.vary(165, 185), sketch.vary(320, 350), sketch.tone.base
    cx, top = 390.0, FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 50)
    body = turned(
        [
            (top, wide * 0.62),
            (top + 40, wide * 0.56),
            (top + high * 0.36, wide),
            (top + high * 0.66, wide * 0.96),
            (FLOOR, wide * 0.62),
        ],
        cx,
    )
    sketch.path(body, sketch.round(base, gloss=0.55))
    with sketch.inside(body):
        sketch.path(
            f"M150 300V{top + high * 0.5:.0f}q60 60 110 10t100 20t90-24t110 10V300Z", mix(base, INK, 0.4), opacity=0.55
        )
    sketch.path(turned([(top - 16, wide * 0.84), (top + 12, wide * 0.72)], cx), sketch.round(mix(base, INK, 0.15)))
    sketch.ellipse(cx, top - 16, wide * 0.84, wide * 0.12, "#c6d6d4")
    sketch.path(
        turned([(top - 76, wide * 0.3), (top - 54, wide * 0.52), (top - 14, wide * 0.56)], cx),
        sketch.round(base, gloss=0.5),
    )
    sketch.ellipse(cx, top - 88, 22, 18, sketch.tone.deep)
    sketch.line(f"M{cx - wide * 0.66:.0f} {top + high * 0.34:.0f}q-16 60 6 110", WHITE, 12, opacity=0.45)
    for x, y, r in ((630, FLOOR + 16, 34), (690, FLOOR + 2, 26)):
        sketch.ellipse(x, y, r, r * 0.8, "#b8372a")
        sketch.line(f"M{x} {y - r * 0.7:.0f}q4-16 16-18", "#5f6f45", 6)


def mill(sketch: Sketch) -> None:
    """A turned pepper mill and a few peppercorns."""
    base, wide, high = sketch.tone.base, sketch.vary(74, 86), sketch.vary(390, 430)
    cx, top = sketch.vary(370, 410), FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 40)
    sketch.path(
        turned(
            [
                (top + 110, wide * 0.66),
                (top + 170, wide * 0.5),
                (top + 260, wide * 0.8),
                (FLOOR - 20, wide * 1.05),
                (FLOOR, wide),
            ],
            cx,
        ),
        sketch.round(base),
    )
    sketch.path(
        turned([(top, wide * 0.44), (top + 40, wide * 0.86), (top + 84, wide * 0.6), (top + 112, wide * 0.72)], cx),
        sketch.round(mix(base, WHITE, 0.06)),
    )
    sketch.box(cx - wide * 0.7, top + 106, wide * 1.4, 12, BRASS, 5)
    sketch.ellipse(cx, top - 10, 18, 16, BRASS)
    for _ in range(12):
        sketch.ellipse(
            cx + wide + sketch.vary(30, 190), FLOOR + sketch.vary(-6, 34), 8, 8, mix(INK, WOOD, sketch.vary(0, 0.4))
        )


def grinder(sketch: Sketch) -> None:
    """A hand coffee grinder with a folding crank."""
    base, wide, high = sketch.tone.base, sketch.vary(84, 94), sketch.vary(330, 360)
    cx, top = 380.0, FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 40)
    sketch.line(f"M{cx:.0f} {top - 20:.0f}L{cx + 180:.0f} {top - 60:.0f}", METAL, 14)
    sketch.ellipse(cx + 184, top - 84, 26, 36, sketch.round(WOOD))
    body = turned([(top, wide), (FLOOR, wide)], cx)
    sketch.path(body, sketch.round(base, gloss=0.6))
    cover(
        sketch, turned([(top + high * 0.46, wide), (top + high * 0.74, wide)], cx), INK, scale=0.4, turn=45, opacity=0.4
    )
    sketch.path(turned([(top - 14, wide * 0.9), (top + 8, wide)], cx), sketch.round(METAL))
    sketch.ellipse(cx, top - 14, wide * 0.9, wide * 0.12, "#dedcd5")
    sketch.line(
        f"M{cx - wide:.0f} {top + high * 0.4:.0f}a{wide:.0f} {wide * 0.14:.0f} 0 0 0 {wide * 2:.0f} 0", METAL, 5
    )
    for _ in range(11):
        x, y = cx + wide + sketch.vary(40, 190), FLOOR + sketch.vary(-8, 34)
        sketch.ellipse(x, y, 14, 9, "#5a3a24", transform=f"rotate({sketch.pick(90)} {x:.0f} {y:.0f})")


def mortar(sketch: Sketch) -> None:
    """A stone mortar with its pestle and garlic."""
    base, wide, high = mix(sketch.tone.base, "#8d8a84", 0.6), sketch.vary(160, 180), sketch.vary(220, 250)
    cx, top = 370.0, FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 30)
    sketch.ellipse(cx, top, wide, wide * 0.18, mix(base, INK, 0.35))
    sketch.line(f"M{cx - 20:.0f} {top + 10:.0f}L{cx + 150:.0f} {top - 190:.0f}", mix(base, INK, 0.2), 50)
    sketch.line(f"M{cx - 26:.0f} {top + 2:.0f}L{cx + 140:.0f} {top - 192:.0f}", mix(base, WHITE, 0.25), 18)
    body = turned([(top, wide), (top + high * 0.4, wide * 0.94), (FLOOR - 40, wide * 0.6), (FLOOR, wide * 0.66)], cx)
    sketch.path(body.replace("0 0 1", "0 0 0"), sketch.round(base, gloss=0.2))
    cover(sketch, body.replace("0 0 1", "0 0 0"), INK, scale=0.5, turn=30, opacity=0.25)
    for x, y in ((610, FLOOR + 6), (680, FLOOR + 22)):
        sketch.path(f"M{x} {y - 62}q10 16 34 26t-8 44h-52q-32-34-8-44t34-26Z", "#f4eee0")
        sketch.line(f"M{x} {y - 58}v60M{x - 4} {y - 50}q-24 24-14 48", "#d6c9b8", 3)


def chopsticks(sketch: Sketch) -> None:
    """Pairs of chopsticks in a lined box."""
    base = sketch.tone.base
    sketch.box(150, 220, 520, 400, "#3b2c1c", 14, opacity=0.2)
    sketch.path(rounded(136, 204, 520, 400, 14), sketch.flat(mix(sketch.tone.accent, "#7a2b22", 0.7)))
    sketch.path(rounded(160, 228, 472, 352, 8), sketch.flat("#f1e6d0"))
    count = 8
    for step in range(count):
        y = 256 + step * 39
        sketch.line(f"M190 {y}H604", mix(base, INK, 0.25), 17)
        sketch.line(f"M190 {y - 3}H604", mix(base, WHITE, 0.12), 6)
        sketch.line(f"M190 {y}h{sketch.vary(44, 50):.0f}", BRASS, 17)
    sketch.box(360, 216, 66, 376, "#f7efdf", 3, opacity=0.94)
    emblem(sketch, 393, 404, 24, sketch.tone.print)


def spatulas(sketch: Sketch) -> None:
    """Wooden tools standing in a crock."""
    base, cx = sketch.tone.base, 400.0
    sketch.shadow(cx, FLOOR, 170)
    for step, lean in enumerate((-30, -15, 1, 16, 31)):
        colour = mix(base, (WHITE, INK)[step % 2], sketch.vary(0.06, 0.2))
        with sketch.moved(f"translate({cx + (step - 2) * 26:.0f} 480) rotate({lean + sketch.vary(-3, 3):.0f})"):
            sketch.box(-9, -190, 18, 210, colour, 9)
            head = (
                "M-34-190q-6-96 34-104q40 8 34 104q-34 22-68 0Z",
                "M-30-186V-290h60v104q-30 20-60 0Z",
                "M-36-240a36 54 0 1 1 72 0a36 54 0 1 1-72 0Z",
            )[step % 3]
            sketch.path(head, sketch.flat(colour))
            if step % 3 == 1:
                sketch.line("M-12-270v64M12-270v64", sketch.tone.wall, 8)
    wide = sketch.vary(108, 124)
    sketch.path(turned([(440, wide), (FLOOR - 14, wide * 0.94), (FLOOR, wide * 0.88)], cx), sketch.round("#efe7d8"))
    sketch.line(f"M{cx - wide:.0f} 478a{wide:.0f} {wide * 0.14:.0f} 0 0 0 {wide * 2:.0f} 0", sketch.tone.deep, 5)
    emblem(sketch, cx, 560, 34, sketch.tone.print)


def spoons(sketch: Sketch) -> None:
    """Four long spoons fanned out on the table."""
    base = sketch.tone.base
    for step, turn in enumerate((-36, -13, 12, 35)):
        colour = mix(base, (WHITE, WOOD, INK, WHITE)[step], 0.18)
        head = sketch.vary(44, 56)
        for shift, fill, opacity in ((12, "#3b2c1c", 0.18), (0, sketch.flat(colour), 1.0)):
            with sketch.moved(f"translate({400 + shift} {690 + shift}) rotate({turn})"):
                sketch.path("M-9 0Q-14-260-10-320H10Q14-260 9 0Q0 14-9 0Z", fill, opacity=opacity)
                sketch.ellipse(0, -376, head, head * 1.3, fill, opacity=opacity)
        with sketch.moved(f"translate(400 690) rotate({turn})"):
            sketch.ellipse(0, -374, head * 0.72, head * 1.0, mix(colour, INK, 0.2))


LYING = frozenset({"chopsticks", "spoons"})
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "jar_set": jar_set,
    "rice_box": rice_box,
    "crock": crock,
    "mill": mill,
    "grinder": grinder,
    "mortar": mortar,
    "chopsticks": chopsticks,
    "spatulas": spatulas,
    "spoons": spoons,
}
