"""Smaller renditions of a picture: which there are, and what they are called."""

from __future__ import annotations

import re
from typing import Final

# CSS pixels at one and two device pixels each: a card on a phone, a card on a desktop, the picture of a product's page.
WIDTHS: Final = (320, 640, 1280)
CONTENT_TYPE: Final = "image/webp"
# What a picture may unpack to, and how long a side may be: a file of a megabyte can say that it is gigapixels large.
MOST_PIXELS: Final = 30_000_000
MOST_SIDE: Final = 16_000
_NAME: Final = re.compile(r"([0-9a-f]{32}\.(?:jpg|png|webp|avif))-([0-9]{3,4})\.webp")
_ENDINGS: Final = (".jpg", ".png", ".webp", ".avif")


def names_of(name: str) -> dict[int, str]:
    """The renditions of a file by their width in pixels; none of a drawing, a film, a model or a paper.

    source   ab….jpg -> {320: ab….jpg-320.webp, 640: ab….jpg-640.webp, 1280: ab….jpg-1280.webp}
    """
    return {width: f"{name}-{width}.webp" for width in WIDTHS} if name.endswith(_ENDINGS) else {}


def asked(name: str) -> tuple[str, int] | None:
    """Of which picture, and how wide, a rendition of that name is; None if it is the name of none."""
    found = _NAME.fullmatch(name)
    return (found[1], int(found[2])) if found and int(found[2]) in WIDTHS else None
