"""Who may write a sentence more smoothly; `config/wiring.py` fills it, with nobody by default."""

from __future__ import annotations

from typing import Protocol


class Polisher(Protocol):
    """A port: better prose. What comes back is taken only if all figures, names and links stand in it as they did."""

    def __call__(self, sentence: str, *, language: str) -> str:
        """The sentence in other words, in the same language; called outside any transaction.

        refuses  Unreachable where it cannot answer: the sentence stays as it is
        """
        ...


polishers: list[Polisher] = []
