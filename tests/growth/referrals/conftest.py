"""Fixtures of referrals' tests."""

from __future__ import annotations

import pytest

from tests.growth.membership.made import a_shop_with_points
from tests.growth.referrals.made import a_scheme
from tests.shop.conftest import wait
from tests.shop.made import a_product
from tests.worlds import made_once

__all__ = ["wait"]


@pytest.fixture
@made_once
def shop(db: None) -> None:
    """A shop that rewards who brings somebody with 500 points."""
    a_shop_with_points()
    a_product(units=100)
    a_scheme()


@pytest.fixture
@made_once
def busy_shop(transactional_db: None) -> None:
    """The same for many at once."""
    a_shop_with_points()
    a_product(units=100)
    a_scheme()
