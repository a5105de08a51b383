"""Which page of a long list is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_MOST: Final = 10_000
_LONGEST: Final = 6


def page_asked(said: Mapping[str, str], *, most: int = _MOST) -> int:
    """The page that an address asks for, 1 to `most`; the first one if it says no number."""
    page = said.get("page", "")
    is_number = page.isascii() and page.isdigit() and len(page) <= _LONGEST
    return min(max(int(page), 1), most) if is_number else 1
