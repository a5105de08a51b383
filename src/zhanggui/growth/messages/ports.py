"""The addresses that stand in a letter; `config/wiring.py` fills the list."""

from __future__ import annotations

from zhanggui.growth.messages.rules import Links

links: list[Links] = []
