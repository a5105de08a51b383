"""Fixtures of group buying's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.growth.membership.made import a_shop_with_points
from tests.shop.conftest import wait
from zhanggui.growth.promotions import ports as promotion_ports
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.teams import actions, queries
from zhanggui.shop.checkout import ports, rules
from zhanggui.shop.fulfilment import ports as parcels

__all__ = ["wait"]


@pytest.fixture
def plugged() -> Iterator[None]:
    """The price with group prices in it, and nothing else of growth, whatever is wired."""
    plugs = [ports.price_steps, ports.claims, promotion_ports.prices, parcels.waits]
    standing = [list(plug) for plug in plugs]
    ports.price_steps[:] = [rules.list_price, promotions.offers, rules.delivery, rules.tax]
    ports.claims[:] = [actions.claim_seat]
    promotion_ports.prices[:] = [queries.prices]
    parcels.waits[:] = [queries.waits]
    yield
    for plug, before in zip(plugs, standing, strict=True):
        plug[:] = before  # type: ignore[index]


@pytest.fixture
def shop(db: None, plugged: None) -> None:
    a_shop_with_points()


@pytest.fixture
def busy_shop(transactional_db: None, plugged: None) -> None:
    """A shop that many use at once."""
    a_shop_with_points()
