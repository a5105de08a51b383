"""Fixtures of the shop's tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from zhanggui.base import clock

NOON = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], datetime]:
    """A clock that stands at noon in Shanghai and moves only when it is told to."""
    now = [NOON]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def move(by: timedelta) -> datetime:
        now[0] += by
        return now[0]

    return move
