"""The size of a finding."""

from __future__ import annotations

from typing import Protocol

from zhanggui.steer.signals.rules.values import Size


class Sized(Protocol):
    """What is worth something between two bounds, in minor units."""

    @property
    def low_minor(self) -> int:
        """At the least."""
        ...

    @property
    def expected_minor(self) -> int:
        """Most likely."""
        ...

    @property
    def high_minor(self) -> int:
        """At the most."""
        ...


def size_of(found: Sized, currency: str) -> Size:
    """The size of a finding; what is expected lies within its bounds, whatever was rounded."""
    low, high = max(0, found.low_minor), max(0, found.low_minor, found.high_minor)
    return Size(
        low_minor=low, expected_minor=min(max(found.expected_minor, low), high), high_minor=high, currency=currency
    )
