"""Fixtures of presales' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.growth.membership.made import a_shop_with_points
from tests.shop.conftest import wait
from tests.shop.made import a_product
from tests.worlds import made_once
from zhanggui.growth.presale import actions, queries
from zhanggui.growth.promotions import ports as promotion_ports
from zhanggui.growth.promotions import queries as promotions
from zhanggui.shop.checkout import ports, rules
from zhanggui.shop.orders import ports as order_ports

__all__ = ["wait"]


@pytest.fixture
def plugged() -> Iterator[None]:
    """The checkout with presales in it, and nothing else of growth, whatever is wired."""
    lists = (ports.price_steps, ports.claims, ports.set_aside, promotion_ports.prices, order_ports.lets_go)
    standing = [list(each) for each in lists]
    ports.price_steps[:] = [rules.list_price, promotions.offers, rules.delivery, promotions.postage, rules.tax]
    ports.claims[:] = [actions.claim]
    ports.set_aside[:] = [queries.set_aside]
    promotion_ports.prices[:] = [queries.prices]
    order_ports.lets_go[:] = [actions.take_over]
    yield
    for each, was in zip(lists, standing, strict=True):
        each[:] = was


@pytest.fixture
@made_once
def shop(db: None, plugged: None) -> None:
    """A shop with a cup at 500 that ten pieces lie in stock of."""
    a_shop_with_points()
    a_product("CUP", price=50000, units=10)


@pytest.fixture
@made_once
def busy_shop(transactional_db: None, plugged: None) -> None:
    """The same, used by many at once."""
    a_shop_with_points()
    a_product("CUP", price=50000, units=200)
