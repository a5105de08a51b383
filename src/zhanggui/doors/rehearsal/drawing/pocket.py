"""Small things for the pocket: wallets, purses, pouches."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhanggui.doors.rehearsal.drawing.marks import cover, emblem
from zhanggui.doors.rehearsal.drawing.sketch import BRASS, INK, WHITE, Sketch, rounded
from zhanggui.doors.rehearsal.drawing.tones import mix

FLOOR = 650.0
STITCH = "11 8"


def wallet(sketch: Sketch) -> None:
    """A small leather fold, lying open a little, cards looking out."""
    base = sketch.tone.base
    wide, high = sketch.vary(370, 400), sketch.vary(270, 300)
    tall = sketch.mark == "moon"
    if tall:
        wide, high = 290.0, 400.0
    x, y = 400 - wide / 2, 440 - high / 2
    with sketch.moved(f"rotate({sketch.vary(-12, -5):.1f} 400 440)"):
        sketch.path(rounded(x + 16, y + 22, wide, high, 20), "#3b2c1c", opacity=0.22)
        sketch.path(rounded(x, y - 14, wide, high, 20), sketch.flat(mix(base, INK, 0.3)))
        for step, colour in enumerate((mix(sketch.tone.accent, WHITE, 0.2), "#8fa6a0", "#f4ead6")):
            sketch.path(rounded(x + 26 + step * 12, y - 66 + step * 19, wide - 70, 120, 10), sketch.flat(colour))
        front = rounded(x, y, wide, high, 20)
        sketch.path(front, sketch.flat(base))
        cover(sketch, front, mix(base, WHITE, 0.4), scale=1.2, turn=90, opacity=0.2)
        sketch.path(
            rounded(x + 12, y + 12, wide - 24, high - 24, 13),
            "none",
            stroke=mix(base, WHITE, 0.5),
            stroke_width=3,
            stroke_dasharray=STITCH,
        )
        if tall:
            emblem(sketch, 400, 440, 66, BRASS)
        elif sketch.mark == "stripe":
            sketch.line(f"M{x + 20:.0f} {y + 34:.0f}h{wide - 40:.0f}", BRASS, 6, stroke_dasharray="5 5")
            sketch.box(x + wide - 60, y + 28, 14, 60, BRASS, 7)
        else:
            sketch.line(f"M{x + wide / 2:.0f} {y + 6:.0f}v{high - 12:.0f}", mix(base, INK, 0.35), 5, opacity=0.7)
            emblem(sketch, x + wide * 0.78, y + high * 0.76, 20, mix(base, INK, 0.45))


def purse(sketch: Sketch) -> None:
    """A round purse with a kiss lock."""
    base, wide = sketch.tone.base, sketch.vary(185, 205)
    sketch.shadow(400, FLOOR, wide)
    body = (
        f"M{400 - wide * 0.8:.0f} 380C{400 - wide * 1.5:.0f}"
        f" 520 {400 - wide * 0.9:.0f} {FLOOR:.0f} 400 {FLOOR:.0f}"
        f"S{400 + wide * 1.5:.0f} 520 {400 + wide * 0.8:.0f} 380Z"
    )
    sketch.path(body, sketch.round(base, gloss=0.3))
    cover(sketch, body, sketch.tone.accent, scale=1.3, opacity=0.5)
    for shift in (-90, -40, 14, 66, 110):
        sketch.line(
            f"M{400 + shift * 0.9:.0f} 396q{shift * 0.3:.0f} 40 {shift * 0.4:.0f} 90",
            mix(base, INK, 0.35),
            4,
            opacity=0.5,
        )
    frame = f"M{400 - wide * 0.84:.0f} 396Q{400 - wide * 0.86:.0f} 300 400 296T{400 + wide * 0.84:.0f} 396"
    sketch.line(frame, mix(BRASS, INK, 0.25), 26)
    sketch.line(frame, mix(BRASS, WHITE, 0.2), 14)
    sketch.ellipse(384, 280, 20, 20, sketch.round(BRASS, gloss=0.7))
    sketch.ellipse(418, 274, 20, 20, sketch.round(BRASS, gloss=0.7))


def zip_pouch(sketch: Sketch) -> None:
    """A zipped pouch that stands; several nested when sold as a set."""
    base, wide = sketch.tone.base, sketch.vary(220, 240)
    high = sketch.vary(230, 270) * (0.86 if sketch.mark == "petal" else 1.0)
    sketch.shadow(400, FLOOR, wide + 50)
    if sketch.mark == "grid":
        for step, (x, size) in enumerate(((-70, 0.82), (90, 0.92))):
            w, h = wide * size, high * (1.34 - step * 0.16)
            block = rounded(400 + x - w, FLOOR - 20 - h, w * 2, h, 24)
            sketch.path(block, sketch.flat(mix(base, (INK, WHITE)[step], 0.25)))
            sketch.line(
                f"M{400 + x - w + 24:.0f} {FLOOR + 10 - h:.0f}h{w * 2 - 48:.0f}", BRASS, 4, stroke_dasharray="5 5"
            )
    top = FLOOR - high
    bulge = 70 if sketch.mark == "petal" else 24
    body = (
        f"M{400 - wide + 34:.0f} {top:.0f}Q400 {top - bulge:.0f} {400 + wide - 34:.0f} {top:.0f}"
        f"q40 6 {34 + bulge * 0.2:.0f} 60L{400 + wide:.0f} {FLOOR - 40:.0f}q-2 40-44 40H{400 - wide + 44:.0f}"
        f"q-42 0-44-40L{400 - wide - bulge * 0.2:.0f} {top + 60:.0f}q0-54 {34 + bulge * 0.2:.0f}-60Z"
    )
    sketch.path(body, sketch.fade(mix(base, WHITE, 0.26), mix(base, INK, 0.12)))
    cover(sketch, body, mix(base, INK, 0.5), scale=1.1, opacity=0.32)
    zip_line = f"M{400 - wide + 20:.0f} {top + 44:.0f}Q400 {top + 44 - bulge:.0f} {400 + wide - 20:.0f} {top + 44:.0f}"
    sketch.line(zip_line, mix(base, INK, 0.42), 14)
    sketch.line(zip_line, BRASS, 4, stroke_dasharray="5 5")
    sketch.box(400 + wide * 0.56, top + 34 - bulge * 0.2, 18, 62, BRASS, 8)
    sketch.box(400 - wide - 14, top + 66, 30, 60, mix(base, INK, 0.3), 8)
    sketch.box(360, FLOOR - high * 0.42, 80, 50, mix(base, INK, 0.22), 5)
    emblem(sketch, 400, FLOOR - high * 0.42 + 25, 17, mix(base, WHITE, 0.6))


LYING = frozenset({"wallet"})
SHAPES: Mapping[str, Callable[[Sketch], None]] = {
    "wallet": wallet,
    "purse": purse,
    "zip_pouch": zip_pouch,
}
