"""Refusals of funnels."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class FunnelUnfit(Refused):
    """A funnel has 2 to 8 steps, each with an event, and a window of a minute to 90 days.

    reason  steps, event or window
    """

    reason: str
