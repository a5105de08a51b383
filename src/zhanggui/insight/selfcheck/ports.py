"""Whose published figures are checked besides those of insight; `config/wiring.py` fills the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhanggui.insight.selfcheck.rules import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A shelf above that has published figures to be held against.

    book      what was published; keys are its own
    work_out  our figures by key, worked out now without reading anything of a shop
    """

    book: tuple[Published, ...]
    work_out: Callable[[], Mapping[str, Sequence[float | int | Decimal]]]


others: list[Other] = []
