"""Chinese cut into the words of a dictionary, which is loaded with the first text: it is dear, and few ever cut."""

from __future__ import annotations

from functools import cache
from types import ModuleType


def cut(text: str) -> list[str]:
    """The words of a text in their order: 白瓷茶杯 -> 白瓷, 茶杯."""
    words: list[str] = _dictionary().cut(text)
    return words


def cut_for_search(text: str) -> list[str]:
    """The words of a text, and the shorter ones within them."""
    words: list[str] = _dictionary().cut_for_search(text)
    return words


@cache
def _dictionary() -> ModuleType:
    import rjieba  # noqa: PLC0415 - every process would wait for it at its start

    return rjieba
