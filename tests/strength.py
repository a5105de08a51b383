"""How hard a law is tried: a little in every run of the tests, a lot by `make prove`."""

from __future__ import annotations

import os

_STORIES = int(os.environ.get("ZHANGGUI_PROVE_STORIES", "0"))


def examples(few: int) -> int:
    """So many examples, and with 1000 stories to prove fifty times as many as with 20."""
    return max(few, few * _STORIES // 20)
