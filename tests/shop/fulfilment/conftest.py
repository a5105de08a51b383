"""Fixtures of fulfilment's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.shop.fulfilment.made import Porter
from tests.shop.made import a_shop
from zhanggui.shop.fulfilment import ports


@pytest.fixture(autouse=True)
def porter() -> Iterator[Porter]:
    """Only the porter brings parcels."""
    usual = dict(ports.carriers)
    ports.carriers.clear()
    ports.carriers["porter"] = found = Porter()
    yield found
    ports.carriers.clear()
    ports.carriers.update(usual)


@pytest.fixture
def shop(db: None) -> None:
    a_shop()
