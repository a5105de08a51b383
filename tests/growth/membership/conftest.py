"""Fixtures of membership's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.growth.membership.made import a_shop_with_points
from tests.shop.conftest import wait
from zhanggui.growth.membership import actions, steps
from zhanggui.shop.checkout import ports, rules

__all__ = ["wait"]


@pytest.fixture
def plugged() -> Iterator[None]:
    """The price with points in it, and nothing else of growth, whatever is wired."""
    standing, claims = list(ports.price_steps), list(ports.claims)
    ports.price_steps[:] = [rules.list_price, rules.sale_price, steps.points, rules.delivery, rules.tax]
    ports.claims[:] = [actions.spend_on_order]
    yield
    ports.price_steps[:], ports.claims[:] = standing, claims


@pytest.fixture
def shop(db: None, plugged: None) -> None:
    a_shop_with_points()


@pytest.fixture
def busy_shop(transactional_db: None, plugged: None) -> None:
    """A shop that many use at once."""
    a_shop_with_points()
