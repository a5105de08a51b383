"""What a camp is furnished with: seats, tables, lamps, flasks, stoves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover, emblem
from zhanggui.doors.rehearsal.drawing.scene import sprig
from zhanggui.doors.rehearsal.drawing.sketch import BRASS, INK, METAL, WHITE, WOOD, Sketch, loop, oval, rounded, turned
from zhanggui.doors.rehearsal.drawing.tones import mix

FLOOR = 650.0
GLOW = "#f6d58a"


def chair(sketch: Sketch) -> None:
    """A canvas chair with wooden arms."""
    base = sketch.tone.base
    sketch.shadow(400, FLOOR, 220)
    rear, front = mix(WOOD, INK, 0.35), mix(WOOD, INK, 0.08)
    sketch.line(f"M560 500L290 {FLOOR - 14:.0f}M272 500L560 {FLOOR - 14:.0f}", rear, 15)
    back = "M254 250Q400 286 556 250L566 440Q410 470 250 440Z"
    sketch.path(back, sketch.fade(mix(base, WHITE, 0.2), base))
    sketch.line("M250 236V512M562 236V512", front, 17)
    sketch.path(
        "M236 470Q400 520 576 470L604 540Q400 590 206 540Z", sketch.fade(mix(base, WHITE, 0.1), mix(base, INK, 0.2))
    )
    sketch.line("M214 540L606 540", mix(front, INK, 0.1), 15)
    sketch.line(f"M226 528L540 {FLOOR:.0f}M590 528L268 {FLOOR:.0f}", front, 19)
    for x in (226, 588):
        sketch.line(f"M{x} 406V540", front, 17)
        sketch.path(rounded(x - 36, 386, 72, 26, 13), sketch.fade(mix(WOOD, WHITE, 0.3), WOOD))
    sketch.ellipse(408, 590, 10, 10, BRASS)


def moon_chair(sketch: Sketch) -> None:
    """A sling chair with a high back on a light frame."""
    base = sketch.tone.base
    sketch.shadow(400, FLOOR, 190)
    sketch.line(
        f"M300 500L250 {FLOOR:.0f}M500 500L556 {FLOOR:.0f}M330 560L470 {FLOOR - 30:.0f}M470 560L330 {FLOOR - 30:.0f}",
        "#4d4a46",
        13,
    )
    sling = "M270 170Q400 130 530 170Q570 330 560 430Q620 480 600 540Q400 620 200 540Q180 480 240 430Q230 330 270 170Z"
    sketch.path(sling, sketch.fade(mix(base, WHITE, 0.25), mix(base, INK, 0.16)))
    sketch.path(
        "M240 430Q400 520 560 430Q620 480 600 540Q400 620 200 540Q180 480 240 430Z", mix(base, INK, 0.2), opacity=0.75
    )
    sketch.path("M290 190Q400 160 510 190L524 280Q400 300 276 280Z", sketch.tone.accent, opacity=0.85)
    sketch.line("M400 160V540", mix(base, INK, 0.35), 3, stroke_dasharray="10 8")
    for x, y in ((272, 172), (528, 172), (202, 538), (598, 538)):
        sketch.path(rounded(x - 20, y - 16, 40, 32, 8), mix(base, INK, 0.45))


def stool(sketch: Sketch) -> None:
    """A folding stool with a striped seat."""
    base = sketch.tone.base
    sketch.shadow(400, FLOOR, 190)
    for dark, d in (
        (0.35, f"M300 400L560 {FLOOR - 20:.0f}M560 400L270 {FLOOR - 20:.0f}"),
        (0.05, f"M240 420L500 {FLOOR:.0f}M500 420L210 {FLOOR:.0f}"),
    ):
        sketch.line(d, mix(WOOD, INK, dark), 20)
    seat = "M206 410Q360 470 512 410L590 372Q440 420 290 372Z"
    sketch.path(seat, sketch.flat(base))
    cover(sketch, seat, sketch.tone.accent, scale=0.8, opacity=0.8)
    sketch.line("M206 410L290 372M512 410L590 372", mix(WOOD, WHITE, 0.1), 22)
    sketch.ellipse(356, 528, 9, 9, BRASS)


def table(sketch: Sketch) -> None:
    """A slatted folding table with a kettle on it."""
    base, slats = sketch.tone.base, 9
    metal = sketch.mark == "plain"
    leg = METAL if metal else mix(WOOD, INK, 0.15)
    sketch.shadow(400, FLOOR, 300)
    sketch.line(f"M180 470L600 {FLOOR:.0f}M620 470L200 {FLOOR:.0f}", leg, 17)
    sketch.line(f"M240 440L640 {FLOOR - 40:.0f}M560 440L160 {FLOOR - 40:.0f}", mix(leg, INK, 0.3), 13)
    top = base if metal else mix(WOOD, base, 0.4)
    for step in range(slats):
        left, right = 120 + (slats - step) * 6, 680 - (slats - step) * 6
        y = 396 + step * 9.5
        sketch.path(
            loop([(left, y), (right, y), (right + 5, y + 8), (left - 5, y + 8)]), mix(top, (WHITE, INK)[step % 2], 0.14)
        )
    sketch.box(110, 482, 580, 22, sketch.fade(mix(top, WHITE, 0.1), mix(top, INK, 0.25)), 5)
    sketch.path(
        turned([(322, 44), (360, 62), (432, 56)], 300), sketch.round("#5b5a57" if metal else "#4f8388", gloss=0.5)
    )
    sketch.line("M262 330q38-70 76 0", INK, 7)
    sketch.path("M244 360l-40-22l8-8l40 10Z", "#4f5a5c")
    for x, colour in ((470, "#efe6d4"), (548, sketch.tone.accent)):
        sketch.path(turned([(384, 30), (440, 26)], x), sketch.round(colour))
        sketch.path(oval(x, 384, 30, 6), mix(colour, INK, 0.3))


def lantern(sketch: Sketch) -> None:
    """A storm lantern with its glass alight, or a shaded lamp."""
    base = sketch.tone.base
    sketch.ellipse(400, 440, 260, 260, GLOW, opacity=0.2)
    sketch.shadow(400, FLOOR, 150)
    if sketch.mark == "mountain":
        _shade_lamp(sketch)
        return
    wide = sketch.vary(112, 124)
    sketch.line(
        f"M{400 - wide:.0f} 330C{390 - wide:.0f} 120 {410 + wide:.0f} 120 {400 + wide:.0f} 330", mix(base, INK, 0.4), 9
    )
    for side in (-1, 1):
        sketch.line(f"M{400 + side * wide * 0.5:.0f} 270H{400 + side * (wide + 8):.0f}V560", mix(base, INK, 0.15), 18)
    sketch.path(turned([(330, 66), (420, 92), (480, 88), (536, 60)], 400), sketch.fade("#fbe9bb", GLOW), opacity=0.95)
    sketch.path("M400 380q34 50 0 104q-34-54 0-104Z", "#e8973a")
    sketch.path("M400 420q16 30 0 60q-16-30 0-60Z", "#fff3cf")
    sketch.line("M352 340Q318 430 352 532M448 340Q482 430 448 532", mix(base, INK, 0.3), 5)
    sketch.path(turned([(214, 30), (240, 62), (300, 84), (334, 78)], 400), sketch.round(base, gloss=0.5))
    sketch.path(
        turned([(534, 70), (560, wide), (FLOOR - 16, wide * 1.06), (FLOOR, wide)], 400), sketch.round(base, gloss=0.5)
    )
    sketch.ellipse(400, 604, 22, 22, sketch.round(BRASS))


def headlamp(sketch: Sketch) -> None:
    """A headlamp with its strap and a beam."""
    base = sketch.tone.base
    sketch.path("M330 500L10 350V690Z", GLOW, opacity=0.28)
    sketch.shadow(440, FLOOR, 230)
    for colour, width in ((mix(base, INK, 0.3), 54), (mix(base, WHITE, 0.22), 42)):
        sketch.ellipse(520, 500, 190, 110, "none", stroke=colour, stroke_width=width)
    sketch.ellipse(520, 500, 190, 110, "none", stroke=sketch.tone.accent, stroke_width=6, stroke_dasharray="20 14")
    sketch.path(rounded(300, 410, 170, 180, 44), sketch.fade(mix(base, WHITE, 0.3), base))
    sketch.ellipse(350, 500, 66, 70, sketch.round(METAL, gloss=0.7))
    sketch.ellipse(344, 500, 50, 54, "#fdf3cf")
    sketch.ellipse(340, 498, 22, 24, WHITE)
    sketch.box(430, 450, 20, 40, sketch.tone.accent, 8)


def flask(sketch: Sketch) -> None:
    """An insulated bottle: with a loop, a tumbler, or a soft folding one."""
    base = sketch.tone.base
    if sketch.mark == "wave":
        _soft_flask(sketch)
        return
    tumbler = sketch.mark == "stripe"
    wide, high = sketch.vary(98, 108), 330.0 if tumbler else 400.0
    cx, top = sketch.vary(380, 420), FLOOR - high
    sketch.shadow(cx, FLOOR, wide + 44)
    sprig(sketch, cx + wide + 74, FLOOR + 4, scale=1.2, turn=sketch.vary(4, 20))
    shape = (
        [(top, wide * 1.08), (FLOOR - 60, wide * 0.86), (FLOOR, wide * 0.8)]
        if tumbler
        else [(top, wide * 0.66), (top + 60, wide), (FLOOR, wide)]
    )
    body = turned(shape, cx, tilt=0.1)
    sketch.path(body, sketch.round(base, gloss=0.3))
    if tumbler:
        sketch.path(
            turned([(top - 34, wide * 0.98), (top + 6, wide * 1.12)], cx, tilt=0.1), sketch.round(mix(base, INK, 0.35))
        )
        sketch.path(oval(cx, top - 34, wide * 0.98, wide * 0.09), mix(base, INK, 0.2))
        sketch.box(cx - 26, top - 60, 66, 24, mix(base, INK, 0.5), 8)
        sketch.line(
            f"M{cx - wide:.0f} {top + 120:.0f}q{wide:.0f} 18 {wide * 1.98:.0f} 0", sketch.tone.accent, 12, opacity=0.8
        )
    else:
        sketch.path(
            turned([(top - 78, wide * 0.6), (top + 4, wide * 0.68)], cx, tilt=0.1), sketch.round(METAL, gloss=0.6)
        )
        sketch.path(oval(cx, top - 78, wide * 0.6, wide * 0.06), "#dedcd6")
        sketch.line(
            f"M{cx - wide * 0.5:.0f} {top - 64:.0f}C{cx - wide * 0.7:.0f}"
            f" {top - 190:.0f} {cx + wide * 0.7:.0f} {top - 190:.0f} {cx + wide * 0.5:.0f} {top - 64:.0f}",
            sketch.tone.accent,
            19,
        )
    emblem(sketch, cx, top + high * 0.52, 36, mix(base, WHITE, 0.6))
    sketch.line(f"M{cx - wide * 0.7:.0f} {top + 90:.0f}v{high * 0.5:.0f}", WHITE, 11, opacity=0.4)


def cookset(sketch: Sketch) -> None:
    """Pots nested and stacked with folding handles, or a pour-over kit."""
    base = sketch.tone.base
    sketch.shadow(400, FLOOR, 290)
    if sketch.mark == "stripe":
        _pour_over(sketch)
        return
    for cx, wide, high in ((310.0, 150.0, 200.0), (560.0, 112.0, 120.0)):
        top = FLOOR - high
        sketch.line(f"M{cx - wide + 6:.0f} {top + 40:.0f}q-64 10-60 90", "#b8623a", 13)
        sketch.path(
            turned([(top, wide), (FLOOR - 20, wide * 0.98), (FLOOR, wide * 0.88)], cx), sketch.round(base, gloss=0.5)
        )
        sketch.path(oval(cx, top, wide, wide * 0.14), sketch.flat(mix(base, WHITE, 0.4)))
        sketch.path(oval(cx, top + 6, wide * 0.92, wide * 0.11), mix(base, INK, 0.25))
        for step in range(3):
            sketch.line(f"M{cx - 10:.0f} {top + 60 + step * 26:.0f}h{30 - step % 2 * 12}", mix(base, WHITE, 0.55), 3)
    lid = sketch.vary(4, 12)
    with sketch.moved(f"rotate({-lid:.0f} 310 440)"):
        sketch.path(turned([(416, 60), (430, 140), (444, 154)], 310), sketch.round(mix(base, WHITE, 0.15), gloss=0.5))
        sketch.path(turned([(392, 18), (416, 16)], 310), sketch.round(INK))
    sketch.line(f"M640 {FLOOR + 22:.0f}L740 {FLOOR - 10:.0f}", METAL, 9)
    sketch.ellipse(634, FLOOR + 24, 26, 13, METAL)


def stove(sketch: Sketch) -> None:
    """A small gas burner on its cartridge with a blue flame."""
    base = sketch.tone.base
    sketch.shadow(400, FLOOR, 170)
    sketch.path(
        turned([(470, 90), (500, 136), (FLOOR - 20, 140), (FLOOR, 126)], 400),
        sketch.round(sketch.tone.accent, gloss=0.5),
    )
    sketch.box(268, 560, 264, 40, "#f3ecdf", opacity=0.9)
    emblem(sketch, 400, 580, 16, INK)
    sketch.path(turned([(420, 30), (472, 46)], 400), sketch.round(METAL, gloss=0.6))
    sketch.box(390, 330, 20, 96, METAL)
    sketch.line("M410 400H520", METAL, 9)
    sketch.path(rounded(512, 380, 62, 38, 12), BRASS)
    sketch.path(turned([(296, 66), (340, 40)], 400), sketch.round(base, gloss=0.4))
    sketch.line("M400 350L268 300V262M400 350L532 300V262M400 350V258", mix(base, WHITE, 0.2), 13)
    for x, tall in ((-44, 50), (-22, 70), (0, 84), (22, 68), (44, 48)):
        sketch.path(
            f"M{400 + x} {294 - tall}q18 {tall * 0.6:.0f} 0 {tall}q-18-{tall * 0.4:.0f} 0-{tall}Z",
            "#5b8fc4",
            opacity=0.75,
        )


def _shade_lamp(sketch: Sketch) -> None:
    base = sketch.tone.base
    sketch.line("M400 236C320 130 480 130 400 236", mix(INK, base, 0.3), 8)
    shade = turned([(236, 70), (300, 130), (470, 150)], 400, tilt=0.1)
    sketch.path(shade, sketch.fade("#fdf3d4", GLOW))
    with sketch.inside(shade):
        sketch.path("M220 500L310 360L360 420L430 330L520 470L600 500Z", mix(GLOW, "#8a6a3a", 0.45), opacity=0.7)
    sketch.path(turned([(468, 60), (600, 66), (FLOOR, 92)], 400, tilt=0.1), sketch.round(base))
    sketch.ellipse(400, 560, 14, 14, "#d9a441")


def _soft_flask(sketch: Sketch) -> None:
    base = sketch.tone.base
    sketch.shadow(400, FLOOR, 140)
    body = f"M350 300Q282 330 286 450T300 {FLOOR - 20:.0f}Q400 {FLOOR + 16:.0f} 500 {FLOOR - 20:.0f}T514 450T450 300Z"
    sketch.path(body, sketch.round(base, gloss=0.6), opacity=0.86)
    with sketch.inside(body):
        sketch.path(f"M270 430q40 20 80 0t80 0t100 6V{FLOOR + 20:.0f}H270Z", mix(base, "#33507c", 0.35), opacity=0.5)
        for y in (380, 470, 560):
            sketch.line(f"M280 {y}q120 26 240 0", mix(base, INK, 0.25), 4, opacity=0.6)
    sketch.path(turned([(250, 54), (306, 58)], 400, tilt=0.1), sketch.round(INK))
    sketch.path(turned([(206, 26), (250, 34)], 400, tilt=0.1), sketch.round(sketch.tone.accent))
    sketch.line("M448 276q70 30 40 120", INK, 9)
    sketch.path(rounded(600, FLOOR - 70, 110, 76, 36), sketch.round(mix(base, WHITE, 0.1)), opacity=0.9)


def _pour_over(sketch: Sketch) -> None:
    base = sketch.tone.base
    sketch.path(turned([(FLOOR - 250, 92), (FLOOR, 100)], 230), sketch.round(base))
    sketch.path(oval(230, FLOOR - 250, 92, 13), mix(base, WHITE, 0.3))
    sketch.line(f"M140 {FLOOR - 90:.0f}q90 20 184 0", sketch.tone.accent, 12)
    sketch.path(
        turned([(FLOOR - 150, 84), (FLOOR - 20, 96), (FLOOR, 88)], 460), sketch.round("#dfe6e4", gloss=0.6), opacity=0.8
    )
    sketch.path(turned([(FLOOR - 70, 88), (FLOOR - 20, 90), (FLOOR - 6, 84)], 460), "#5a3620", opacity=0.85)
    sketch.path(turned([(FLOOR - 262, 104), (FLOOR - 172, 40), (FLOOR - 152, 34)], 460), sketch.round(METAL, gloss=0.6))
    sketch.path(oval(460, FLOOR - 262, 104, 16), "#f4efe2")
    sketch.path(oval(460, FLOOR - 258, 70, 9), "#6b4429")
    sketch.line("M560 410q40-50 80-20", METAL, 9)
    sketch.path(turned([(FLOOR - 170, 40), (FLOOR, 42)], 650), sketch.round("#5c6166"))
    sketch.line(f"M650 {FLOOR - 176:.0f}l70-24", METAL, 9)
    sketch.ellipse(724, FLOOR - 210, 13, 17, WOOD)


LYING: frozenset[str] = frozenset()
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "chair": chair,
    "moon_chair": moon_chair,
    "stool": stool,
    "table": table,
    "lantern": lantern,
    "headlamp": headlamp,
    "flask": flask,
    "cookset": cookset,
    "stove": stove,
}
