"""Fixtures of the promotions' tests."""

from __future__ import annotations

import pytest

from tests.shop.conftest import wait
from tests.shop.made import a_product, a_shop
from tests.worlds import made_once

__all__ = ["wait"]


@pytest.fixture
def shop(db: None) -> None:
    """A shop with cups at 59.90 and pots at 168.00."""
    _stocked()


@pytest.fixture
def busy_shop(transactional_db: None) -> None:
    """The same shop, used by many at once."""
    _stocked()


@made_once
def _stocked() -> None:
    a_shop()
    a_product("CUP", price=5990, units=500)
    a_product("POT", price=16800, units=500, category="tea")
