"""The addresses that stand in a letter, and how it looks; `config/wiring.py` fills the lists.

A look is the letter as HTML, for those who can see it; without one a letter is plain text.
"""

from __future__ import annotations

from collections.abc import Callable

from zhanggui.growth.messages.rules import Links, Shown

links: list[Links] = []
looks: list[Callable[[Shown], str]] = []
