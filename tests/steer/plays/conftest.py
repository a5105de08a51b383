"""Fixtures of the plays' tests."""

from __future__ import annotations

import pytest

from tests.growth.messages.conftest import carried
from tests.shop.conftest import wait
from tests.shop.made import a_product, a_shop
from tests.steer.plays.made import named
from tests.worlds import made_once
from zhanggui.insight.segments import ports as segments
from zhanggui.steer.signals import ports as detecting

__all__ = ["carried", "wait"]


@pytest.fixture(autouse=True)
def plugged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody finds people by name, and no detector looks by itself."""
    monkeypatch.setitem(segments.people, "named", named)
    monkeypatch.setattr(detecting, "detectors", {})


@pytest.fixture
def shop(db: None, lake_folder: object, carried: None, wait: object) -> None:
    """A shop with cups at 59.90, at noon of a day in November."""
    _with_cups()


@pytest.fixture
def busy_shop(transactional_db: None, lake_folder: object, carried: None, wait: object) -> None:
    """The same shop, used by many at once."""
    _with_cups()


@made_once
def _with_cups() -> None:
    a_shop()
    a_product("CUP", price=5990, units=500)
