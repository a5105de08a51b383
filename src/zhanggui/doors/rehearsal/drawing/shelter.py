"""What one sleeps under and on: tents, tarps, hammocks, sleeping bags, mats."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover
from zhanggui.doors.rehearsal.drawing.sketch import BRASS, INK, METAL, WHITE, WOOD, Sketch, loop, oval, rounded, turned
from zhanggui.doors.rehearsal.drawing.tones import mix

FLOOR = 650.0
GLOW = "#f6d58a"


def cabin_tent(sketch: Sketch) -> None:
    """A small house of cotton with a door rolled up."""
    base = sketch.tone.base
    _ground(sketch)
    eave, ridge = sketch.vary(400, 420), sketch.vary(240, 262)
    sketch.path(
        loop([(400, ridge), (690, ridge + 26), (736, eave + 6), (720, FLOOR - 26), (460, FLOOR)]),
        sketch.flat(mix(base, INK, 0.22)),
    )
    sketch.path(
        loop([(250, ridge - 10), (690, ridge + 26), (742, eave + 8), (450, eave)]), sketch.flat(mix(base, INK, 0.08))
    )
    front = loop([(250, ridge - 10), (450, eave), (458, FLOOR), (88, FLOOR - 12), (76, eave - 6)])
    sketch.path(front, sketch.fade(mix(base, WHITE, 0.3), base))
    sketch.path(loop([(200, FLOOR - 4), (206, 440), (330, 440), (344, FLOOR)]), mix(INK, base, 0.25))
    sketch.path(loop([(212, FLOOR - 6), (216, 520), (324, 520), (334, FLOOR - 4)]), GLOW, opacity=0.22)
    sketch.path(rounded(196, 424, 146, 28, 14), mix(base, INK, 0.2))
    sketch.path(rounded(540, eave + 54, 96, 76, 6), mix(INK, base, 0.3), opacity=0.7)
    sketch.line(
        f"M250 {ridge - 10:.0f}L76 {eave - 6:.0f}M250 {ridge - 10:.0f}L450 {eave:.0f}L742 {eave + 8:.0f}",
        mix(base, INK, 0.4),
        5,
    )
    for x, y, ex in ((76, eave - 6, 30), (742, eave + 8, 776)):
        sketch.line(f"M{x} {y:.0f}L{ex} {FLOOR + 6:.0f}", mix(base, INK, 0.45), 3)


def tunnel_tent(sketch: Sketch) -> None:
    """Three hoops in a row, the porch open."""
    base = sketch.tone.base
    _ground(sketch)
    body = f"M120 {FLOOR:.0f}C110 420 170 330 270 330H560C660 350 720 470 724 {FLOOR:.0f}Z"
    sketch.path(body, sketch.fade(mix(base, WHITE, 0.22), mix(base, INK, 0.22)))
    for x, top in ((270, 330), (420, 328), (560, 330)):
        sketch.line(
            f"M{x - 150} {FLOOR:.0f}C{x - 156} 440 {x - 90} {top} {x} {top}", mix(base, INK, 0.3), 7, opacity=0.55
        )
    door = f"M150 {FLOOR:.0f}C146 480 190 390 262 380C330 392 366 500 372 {FLOOR:.0f}Z"
    sketch.path(door, mix(INK, base, 0.3))
    sketch.path(f"M190 {FLOOR:.0f}C190 540 220 470 262 460C300 470 326 540 332 {FLOOR:.0f}Z", GLOW, opacity=0.25)
    sketch.path(
        f"M262 380C330 392 366 500 372 {FLOOR:.0f}h44C410 470 350 372 262 380Z", sketch.tone.accent, opacity=0.9
    )
    sketch.path(rounded(520, 470, 110, 60, 26), mix(INK, base, 0.4), opacity=0.5)
    for x, ex in ((150, 56), (700, 780)):
        sketch.line(f"M{x} 440L{ex} {FLOOR + 10:.0f}", mix(base, INK, 0.5), 3)


def dome_tent(sketch: Sketch) -> None:
    """A light dome with crossed poles."""
    base = sketch.tone.base
    _ground(sketch)
    body = f"M96 {FLOOR:.0f}Q150 300 400 290T704 {FLOOR:.0f}Z"
    sketch.path(body, sketch.fade(mix(base, WHITE, 0.25), mix(base, INK, 0.14)))
    sketch.path(f"M400 290Q650 300 704 {FLOOR:.0f}H470Q470 420 400 290Z", mix(base, INK, 0.18))
    sketch.path(f"M210 {FLOOR:.0f}Q270 400 400 380Q440 520 440 {FLOOR:.0f}Z", mix(INK, base, 0.28))
    sketch.path(f"M250 {FLOOR:.0f}Q290 460 392 440Q410 540 410 {FLOOR:.0f}Z", GLOW, opacity=0.28)
    sketch.line(
        f"M96 {FLOOR:.0f}Q240 300 470 310T640 470M704 {FLOOR:.0f}Q560 300 330 312T150 480", sketch.tone.accent, 7
    )
    for x, y, ex in ((170, 470, 50), (640, 470, 770)):
        sketch.line(f"M{x} {y}L{ex} {FLOOR + 12:.0f}", mix(base, INK, 0.5), 3)


def pyramid_tent(sketch: Sketch) -> None:
    """A pyramid on one pole with its door tied back."""
    base = sketch.tone.base
    _ground(sketch)
    tip = sketch.vary(196, 216)
    sketch.path(loop([(410, tip), (92, FLOOR - 14), (330, FLOOR + 8)]), sketch.fade(mix(base, WHITE, 0.3), base))
    sketch.path(loop([(410, tip), (330, FLOOR + 8), (726, FLOOR - 20)]), sketch.flat(mix(base, INK, 0.16)))
    sketch.path(loop([(410, tip + 70), (352, FLOOR + 6), (560, FLOOR - 6)]), mix(INK, base, 0.25))
    sketch.path(loop([(410, tip + 160), (380, FLOOR + 2), (520, FLOOR - 4)]), GLOW, opacity=0.3)
    sketch.path(
        f"M410 {tip + 70:.0f}Q470 {tip + 240:.0f} 592 {FLOOR - 8:.0f}h-40Q452 {tip + 260:.0f} 410 {tip + 70:.0f}Z",
        mix(base, WHITE, 0.35),
    )
    sketch.line(f"M404 {tip + 90:.0f}L432 {FLOOR - 2:.0f}", METAL, 8)
    sketch.line(f"M250 {tip + 230:.0f}L60 {FLOOR + 4:.0f}M560 {tip + 230:.0f}L770 {FLOOR:.0f}", mix(base, INK, 0.5), 3)


def tarp(sketch: Sketch) -> None:
    """A sail over two poles, a chair in its shade."""
    base = sketch.tone.base
    _ground(sketch)
    lift = sketch.vary(-16, 16)
    for x, lean in ((226, -8), (596, 8)):
        sketch.line(f"M{x} {250 + lift * (x - 400) / 200:.0f}L{x + lean} {FLOOR - 20:.0f}", METAL, 10)
    wing = (
        f"M226 {250 - lift:.0f}Q400 {322 + lift:.0f} 596 {250 + lift:.0f}Q640 340 752 400"
        f"Q560 376 400 {440 + lift:.0f}Q240 380 52 404Q170 340 226 {250 - lift:.0f}Z"
    )
    sketch.path(wing, sketch.fade(mix(base, WHITE, 0.3), mix(base, INK, 0.1)))
    cover(sketch, wing, sketch.tone.accent, scale=1.8, opacity=0.3)
    sketch.path(
        f"M226 {250 - lift:.0f}Q400 {322 + lift:.0f} 596 {250 + lift:.0f}Q400 {380 + lift:.0f} 226 {250 - lift:.0f}Z",
        mix(base, INK, 0.22),
        opacity=0.55,
    )
    sketch.line(f"M52 404L16 {FLOOR - 30:.0f}M752 404L790 {FLOOR - 34:.0f}", mix(base, INK, 0.5), 3)
    sketch.shadow(400, FLOOR - 18, 150)
    sketch.line("M340 520L440 634M440 520L340 634", mix(WOOD, INK, 0.2), 11)
    sketch.path("M330 440q60 20 116 0l6 96q-64 20-128 0Z", sketch.flat(mix(sketch.tone.accent, WHITE, 0.15)))


def sleeping_bag(sketch: Sketch) -> None:
    """A sleeping bag laid open at the head, its sack beside it."""
    base = sketch.tone.base
    mummy = sketch.mark == "rib"
    with sketch.moved(f"rotate({sketch.vary(-16, -9):.0f} 400 420)"):
        body = (
            "M110 420C110 300 220 262 330 276C500 296 640 330 676 372"
            "Q706 424 676 474C640 512 500 548 330 564C220 578 110 540 110 420Z"
            if mummy
            else rounded(100, 290, 580, 270, 34)
        )
        sketch.path(body, "#3b2c1c", opacity=0.18, transform="translate(14 20)")
        sketch.path(body, sketch.fade(mix(base, WHITE, 0.22), base))
        with sketch.inside(body):
            for step in range(9):
                sketch.line(f"M{150 + step * 62} 250q26 170 0 340", mix(base, INK, 0.32), 5, opacity=0.55)
            if not mummy:
                sketch.path("M80 280H300Q250 420 250 580H80Z", sketch.flat(mix(sketch.tone.accent, WHITE, 0.3)))
        if mummy:
            sketch.ellipse(206, 420, 76, 104, sketch.flat(mix(sketch.tone.accent, WHITE, 0.2)))
            sketch.ellipse(206, 420, 52, 78, mix(base, INK, 0.45))
        sketch.line("M300 420H660", mix(base, INK, 0.4), 6, stroke_dasharray="7 5")
        sketch.box(640, 404, 14, 40, BRASS, 6)
    sketch.path(rounded(500, 590, 210, 104, 50), sketch.round(mix(base, INK, 0.15)))
    sketch.line("M540 592v100M664 592v100", sketch.tone.accent, 9)


def mat(sketch: Sketch) -> None:
    """A mat spread on the ground, or an air bed with its tubes; a basket or a roll beside it."""
    base = sketch.tone.base
    picnic = sketch.mark == "check"
    far, near = sketch.vary(210, 226), sketch.vary(296, 306)
    top, foot = 372.0, FLOOR
    thick = 0 if picnic else 36
    sketch.path(
        loop(
            [
                (400 - near, foot + thick + 8),
                (400 + near + 16, foot + thick + 14),
                (400 + far + 10, top + 10),
                (400 - far, top + 10),
            ]
        ),
        "#3b2c1c",
        opacity=0.16,
    )
    if thick:
        sketch.path(
            loop([(400 - near, foot), (400 + near, foot), (400 + near, foot + thick), (400 - near, foot + thick)]),
            mix(base, INK, 0.34),
        )
    surface = loop([(400 - far, top), (400 + far, top), (400 + near, foot), (400 - near, foot)])
    sketch.path(surface, sketch.fade(mix(base, WHITE, 0.2), base))
    cover(sketch, surface, WHITE if picnic else INK, scale=1.6, opacity=0.45 if picnic else 0.22)
    if picnic:
        sketch.path(turned([(440, 92), (520, 84)], 470), sketch.round("#c39a6b"))
        sketch.line("M384 440q86-130 172 0", mix(WOOD, INK, 0.2), 12)
        sketch.path(oval(470, 440, 92, 14), mix(WOOD, INK, 0.35))
        for x, colour in ((300, "#b8372a"), (330, "#d9b46a"), (276, "#7d8a56")):
            sketch.ellipse(x, 540, 22, 20, colour)
    else:
        sketch.ellipse(400 + far - 14, top + 34, 15, 9, BRASS)
        sketch.path(turned([(300, 60), (372, 60)], 240, tilt=0.2), sketch.round(mix(base, INK, 0.2)))
        sketch.path(_cushion(290, 372, 92, 22), mix(base, WHITE, 0.35))


def fold_mat(sketch: Sketch) -> None:
    """An egg-crate foam mat half unfolded."""
    base = sketch.tone.base
    sketch.shadow(400, FLOOR, 300)
    panels, x = 6, 120.0
    for step in range(panels):
        up = step % 2 == 0
        colour = mix(base, INK, 0.0 if up else 0.2)
        wide, rise = 96.0, sketch.vary(250, 270)
        lean = 46 if up else -6
        panel = loop(
            [
                (x, FLOOR - 10 + (0 if up else 14)),
                (x + lean, FLOOR - rise),
                (x + lean + wide, FLOOR - rise),
                (x + wide, FLOOR - 10 + (0 if up else 14)),
            ]
        )
        sketch.path(panel, sketch.fade(mix(colour, WHITE, 0.2), colour))
        cover(sketch, panel, INK, scale=0.8, opacity=0.22)
        sketch.path(panel, "none", stroke=mix(base, INK, 0.3), stroke_width=4, opacity=0.6)
        x += wide - 6
    sketch.line(f"M150 {FLOOR - 90:.0f}h540", sketch.tone.accent, 13, opacity=0.85)


def hammock(sketch: Sketch) -> None:
    """A hammock between two trees."""
    base = sketch.tone.base
    _ground(sketch)
    for x in (66, 734):
        sketch.box(x - 34, 60, 68, FLOOR - 70, sketch.round(mix(WOOD, INK, 0.45), gloss=0.15), 20)
        sketch.box(x - 37, 300, 74, 20, sketch.tone.accent, 4)
    sketch.line("M100 310L190 400M100 310L206 430M700 310L610 400M700 310L594 430", mix(WOOD, INK, 0.2), 4)
    bed = "M186 392Q400 560 614 392L596 436Q400 640 204 436Z"
    sketch.path("M186 392Q400 520 614 392Q400 600 186 392Z", mix(base, INK, 0.4))
    sketch.path(bed, sketch.fade(mix(base, WHITE, 0.3), base))
    cover(sketch, bed, sketch.tone.accent, scale=0.8, turn=90, opacity=0.45)
    sketch.line("M186 388L206 440M614 388L594 440", mix(WOOD, WHITE, 0.1), 13)
    sketch.path(_cushion(300, 458, 62, 26), mix(sketch.tone.accent, WHITE, 0.4))
    sketch.shadow(400, FLOOR + 20, 190, depth=0.25)


def _ground(sketch: Sketch) -> None:
    """Meadow and far hills instead of a table."""
    hill = mix(sketch.tone.wall, "#7f8f6a", 0.4)
    sketch.path(f"M-70 560Q120 {sketch.vary(430, 470):.0f} 330 530T780 480V900H-70Z", mix(hill, WHITE, 0.35))
    sketch.path("M-70 590Q250 540 480 580T780 570V900H-70Z", hill)
    sketch.path("M-70 640Q300 600 780 632V900H-70Z", mix(hill, "#6b7a52", 0.35))
    sketch.shadow(400, FLOOR + 2, 330, 30)


def _cushion(x: float, y: float, wide: float, high: float) -> str:
    return rounded(x - wide, y - high, wide * 2, high * 2, high)


LYING = frozenset({"sleeping_bag"})
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "cabin_tent": cabin_tent,
    "tunnel_tent": tunnel_tent,
    "dome_tent": dome_tent,
    "pyramid_tent": pyramid_tent,
    "tarp": tarp,
    "sleeping_bag": sleeping_bag,
    "mat": mat,
    "fold_mat": fold_mat,
    "hammock": hammock,
}
