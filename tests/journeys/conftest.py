"""A browser, and a shop that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.a_sandbox import Sandbox, eventually
from tests.journeys.clerk import Clerk
from tests.journeys.shopper import Screen, Shopper
from tests.shop import made
from tests.threshold import Threshold
from tests.worlds import made_once
from zhanggui.doors.storefront.throttle import brake
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.fulfilment import ports as parcels
from zhanggui.spine.log.rules import Trail

PICTURE = "<svg xmlns='http://www.w3.org/2000/svg'><title>cup</title></svg>"


@pytest.fixture
def open_shop(
    transactional_db: None,
    live_server: LiveServer,
    threshold: Threshold,
    lake_folder: Path,
    settings: Settings,
    sandbox: Sandbox,
) -> Iterator[str]:
    """The address of a shop with two shelves, thirty goods and ten pieces of three of them; its till is open."""
    settings.OWN_SHOP = made.SHOP
    settings.PUBLIC_URL = live_server.url
    brake.forget()
    _thirty_goods()
    yield str(live_server.url)
    # What the shop heard after its tables were emptied would stand in the next test's.
    eventually(lambda: sandbox.is_silent(live_server.url), seconds=10)
    threshold.close()


@made_once
def _thirty_goods() -> None:
    made.shelves()
    # One picture for all: a shelf asks for it once.
    goods = [
        replace(made.a_new_product(f"CUP-{n:02}", price=1990 + n * 100, title=f"白瓷杯 {n:02}"), picture_svg=PICTURE)
        for n in range(27)
    ]
    catalogue.list_products(products=goods, trail=Trail(shop=made.SHOP), by=made.CLERK)


@pytest.fixture
def carrier(open_shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox carrier answers at the shop's own address."""
    usual = parcels.carriers["sandbox"]
    monkeypatch.setitem(parcels.carriers, "sandbox", replace(usual, gateway=f"{open_shop}/carrier"))  # type: ignore[type-var]


@pytest.fixture
def clerk(browser: Browser, open_shop: str, settings: Settings) -> Iterator[Callable[[Screen], Clerk]]:
    """Somebody with a screen signs in at the console; whatever the browser complains about fails the test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    working: list[Clerk] = []

    def sit_down(screen: Screen) -> Clerk:
        working.append(Clerk(browser, screen, open_shop))
        return working[-1]

    yield sit_down
    for one in working:
        one.leave()


@pytest.fixture
def shopper(browser: Browser, open_shop: str) -> Iterator[Callable[[Screen], Shopper]]:
    """Somebody with a screen walks in; whatever the browser complains about fails the test."""
    walking: list[Shopper] = []

    def walk_in(screen: Screen) -> Shopper:
        walking.append(Shopper(browser, screen, open_shop))
        return walking[-1]

    yield walk_in
    for one in walking:
        one.leave()
