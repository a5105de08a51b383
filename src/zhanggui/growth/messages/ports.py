"""The addresses that stand in a letter, how it looks, and who is no longer meant; `config/wiring.py` fills the lists.

A look is the letter as HTML, for those who can see it; without one a letter is plain text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import Protocol

from zhanggui.growth.messages.rules import Links, Shown


class Gone(Protocol):
    """A port: for whom what a step is about no longer holds, asked when it is about to leave."""

    def __call__(self, shop: str, step: str, persons: Sequence[str], *, at: datetime) -> Set[str]:
        """Those of these people who are not to get it any more; nobody of a step that is somebody else's."""
        ...


gone: list[Gone] = []
links: list[Links] = []
looks: list[Callable[[Shown], str]] = []
