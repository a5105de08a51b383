"""Refusals of retention."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class RetentionUnfit(Refused):
    """Cohorts are asked for that cannot be counted.

    reason  step (a day, a week or a month), columns (1 to 40, none beyond 125 cells), event (one has to be named),
            split (not of every event), filter (by what is not known of a beginning)
    """

    reason: str
