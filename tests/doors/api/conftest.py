"""A small open shop, and programs that call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from tests.doors.api.caller import Caller
from tests.shop import made
from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.keys import actions as keys
from zhanggui.doors.api.brake import brake


@pytest.fixture(autouse=True)
def released_brake() -> Iterator[None]:
    """Nobody has called yet."""
    brake.forget()
    yield
    brake.forget()


@pytest.fixture
def shelves(db: None, settings: Settings) -> None:
    """Our shop with two cups and a tea; ten pieces of each."""
    settings.OWN_SHOP = made.SHOP
    made.shelves()


@pytest.fixture
def shopper(shelves: None) -> Caller:
    """Somebody with a token."""
    return a_shopper()


@pytest.fixture
def office(shelves: None) -> Callable[..., Caller]:
    """A program with a key for these rights."""
    return an_office


def a_shopper() -> Caller:
    return Caller(Caller("").post("/api/shop/visitors", {}).json()["token"])


def an_office(*rights: Right, shop: str = made.SHOP, name: str = "erp") -> Caller:
    granted = rights or (Right.RUN_SHOP, Right.SEE_PEOPLE)
    return Caller(
        keys.make(
            shop=shop,
            name=name,
            rights=granted,
            makers=list(Right),
            expires_at=clock.now() + timedelta(days=1),
            by=made.CLERK,
        )
    )
