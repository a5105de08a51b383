"""How hard a law is tried: with a few examples, the same in every run of the tests, and with many new ones by `make
prove`.

Whoever changes something else should not be the one whom a rare example stops.
"""

from __future__ import annotations

import os

_STORIES = int(os.environ.get("ZHANGGUI_PROVE_STORIES", "0"))
IS_PROVING = _STORIES > 0


def examples(few: int) -> int:
    """So many examples, and with 1000 stories to prove fifty times as many as with 20."""
    return max(few, few * _STORIES // 20)
