"""The palettes of the pictures: one body colour each, with the paper and the table it looks well on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """A palette; colours as #rrggbb.

    base    the body;  accent  the second colour of labels, cords and lids
    wall    the paper behind;  table  what the goods stand on
    """

    base: str
    accent: str
    wall: str
    table: str

    @property
    def deep(self) -> str:
        """The body in shade."""
        return mix(self.base, "#1c1b19", 0.38)

    @property
    def print(self) -> str:
        """The body's colour as ink on a pale label, dark enough to read."""
        brightness = sum(bytes.fromhex(self.base[1:])) / 765
        return self.base if brightness < 0.52 else mix(self.base, "#2a2622", (brightness - 0.3) * 1.25)

    @property
    def pale(self) -> str:
        """The body in light."""
        return mix(self.base, "#fffaf0", 0.42)


def _tone(base: str, accent: str, wall: str, table: str) -> Tone:
    return Tone(base=base, accent=accent, wall=wall, table=table)


TONES: Mapping[str, Tone] = {
    "moss": _tone("#7d8a56", "#d9b46a", "#f1ebdc", "#e3d9c2"),
    "celadon": _tone("#a3bfae", "#6f7f5f", "#f4eee3", "#e6dac6"),
    "pine": _tone("#3f6653", "#d3a95f", "#efe9dc", "#ddd2bd"),
    "teal": _tone("#4f8388", "#e0b07a", "#f3ece0", "#e2d5c0"),
    "sky": _tone("#9db8c9", "#c98d63", "#f5efe6", "#e8dcc9"),
    "indigo": _tone("#33507c", "#c9a063", "#f0eae0", "#dfd3bf"),
    "slate": _tone("#6c7780", "#c58a5a", "#f2ede5", "#e1d8ca"),
    "ink": _tone("#3a3835", "#b8372a", "#efe9de", "#dcd1be"),
    "walnut": _tone("#7a5439", "#d8b27c", "#f3ebdd", "#e4d6be"),
    "clay": _tone("#b2694a", "#efd3ad", "#f0e9dc", "#e0d3bd"),
    "ochre": _tone("#c9953f", "#7a4a2b", "#f4ecdb", "#e6d8bc"),
    "sand": _tone("#d2b88f", "#7f6446", "#f1ece2", "#e2d6c2"),
    "oat": _tone("#e2d6bd", "#9a7b55", "#ece7dc", "#d9ceb9"),
    "cream": _tone("#f3ece0", "#b08a5c", "#e4ddd0", "#d2c6b1"),
    "rose": _tone("#d49a94", "#8f4d4a", "#f5eee5", "#e9dccb"),
    "lotus": _tone("#dcb6bd", "#7c8a6b", "#f3eee6", "#e5dacb"),
    "plum": _tone("#7b4560", "#d9b389", "#f2ebe2", "#e2d5c6"),
    "cinnabar": _tone("#b8372a", "#ecd3a0", "#f3ebdd", "#e5d6bf"),
}


def mix(one: str, other: str, part: float) -> str:
    """The colour `part` of the way from one to the other.

    part     0 gives the first, 1 the second
    source   #000000 and #ffffff at 0.5 -> #808080
    """
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{int(a + (b - a) * part + 0.5):02x}" for a, b in pairs)
