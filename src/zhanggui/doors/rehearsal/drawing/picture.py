"""The picture of a goods: one square drawing, the same every time for the same SKU."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from html import escape

import numpy as np

from zhanggui.doors.rehearsal.catalogue import Goods
from zhanggui.doors.rehearsal.drawing import (
    bags,
    camp,
    ceramics,
    kitchen,
    pantry,
    pocket,
    shelter,
    skincare,
    stationery,
    tea,
    textile,
)
from zhanggui.doors.rehearsal.drawing.scene import backdrop, room, tabletop
from zhanggui.doors.rehearsal.drawing.sketch import Sketch
from zhanggui.doors.rehearsal.drawing.tones import TONES

_SHELVES = (tea, ceramics, kitchen, pantry, textile, stationery, bags, pocket, skincare, shelter, camp)
SHAPES: Mapping[str, Callable[[Sketch], None]] = {name: draw for s in _SHELVES for name, draw in s.SHAPES.items()}
_LYING = frozenset(name for shelf in _SHELVES for name in shelf.LYING)
_ON_THE_GROUND = frozenset({"rug", "round_rug", "mat"})

# Shapes are drawn on a floor at 650; this brings them nearer, so that they fill the square.
_NEARER = "translate(-76 -104) scale(1.19)"
_WIDE = frozenset({"cabin_tent", "tunnel_tent", "dome_tent", "pyramid_tent", "tarp", "hammock", "bedding"})
_WHOLE = "translate(-16 4) scale(1.04)"


def picture(item: Goods) -> str:
    """An SVG document, 1:1, under 6 kB, with the Chinese title for those who cannot see it.

    refuses  KeyError for a shape or a tone that nobody has drawn
    """
    seed = zlib.crc32(item.sku.encode())
    sketch = Sketch(key=f"z{seed:x}", tone=TONES[item.look.tone], mark=item.look.mark, rng=np.random.default_rng(seed))
    _surround(sketch, item.look.shape)
    with sketch.moved(_WHOLE if item.look.shape in _WIDE else _NEARER):
        SHAPES[item.look.shape](sketch)
    return sketch.svg(title=escape(item.title.zh))


def _surround(sketch: Sketch, shape: str) -> None:
    if shape in _LYING:
        tabletop(sketch)
    elif shape in _ON_THE_GROUND:
        room(sketch)
    else:
        backdrop(sketch)
