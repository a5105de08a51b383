"""A small open shop, and somebody who walks into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.doors.storefront.walker import Walker
from tests.shop import made
from zhanggui.doors.storefront.throttle import brake


@pytest.fixture(autouse=True)
def released_brake() -> Iterator[None]:
    """Nobody has asked for anything yet."""
    brake.forget()
    yield
    brake.forget()


@pytest.fixture
def shelves(db: None, settings: Settings) -> None:
    """Our shop with two cups and a tea; ten pieces of each."""
    settings.OWN_SHOP = made.SHOP
    made.shelves()


@pytest.fixture
def walker(shelves: None) -> Walker:
    """A shopper with an English browser."""
    return Walker(Client(enforce_csrf_checks=True, headers={"Accept-Language": "en-GB,en;q=0.9,zh;q=0.6"}))


@pytest.fixture
def another(shelves: None) -> Callable[..., Walker]:
    """More shoppers, each with the headers that are given."""
    return lambda **headers: Walker(Client(enforce_csrf_checks=True, headers=headers))
