"""Fixtures of the flash sales' tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.shop.conftest import wait
from tests.shop.made import a_shop
from zhanggui.growth.flash import actions, queries
from zhanggui.growth.promotions import ports as prices
from zhanggui.growth.promotions import queries as promotions
from zhanggui.shop.checkout import ports, rules

__all__ = ["wait"]


@pytest.fixture
def plugged() -> Iterator[None]:
    """The checkout with promotions' prices and flash sales, and nothing else of growth, whatever is wired."""
    lists: list[list[Any]] = [ports.price_steps, ports.claims, ports.set_aside, prices.prices]
    standing = [list(each) for each in lists]
    ports.price_steps[:] = [rules.list_price, promotions.offers, rules.delivery, rules.tax]
    ports.claims[:] = [actions.claim]
    ports.set_aside[:] = [queries.set_aside]
    prices.prices[:] = [queries.prices]
    yield
    for each, was in zip(lists, standing, strict=True):
        each[:] = was


@pytest.fixture
def shop(db: None, plugged: None) -> None:
    a_shop()


@pytest.fixture
def busy_shop(transactional_db: None, plugged: None) -> None:
    """A shop that many use at once."""
    a_shop()
