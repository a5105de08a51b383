"""What segments tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="insight.segment_frozen")
class SegmentFrozen:
    """People were kept as a list under a name: from now on who is in it does not change.

    Not told when a live segment is named, renamed or forgotten.
    """

    segment_id: str
    kind: str
    people: int
