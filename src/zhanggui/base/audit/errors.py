"""What an audit refuses to pass over."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class BooksDisagree(Refused):
    """Books that must agree do not; run `zhanggui audit` for the whole list."""

    found: list[str]
