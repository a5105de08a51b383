"""Refusals of paths."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class PathUnfit(Refused):
    """A path has 2 to 8 places."""

    reason: str
