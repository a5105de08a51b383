"""A browser, and a shop that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.journeys.shopper import Screen, Shopper
from tests.shop import made
from zhanggui.doors.ingest import intake
from zhanggui.doors.storefront.throttle import brake
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.spine.log.rules import Trail


@pytest.fixture
def open_shop(transactional_db: None, live_server: LiveServer, lake_folder: Path, settings: Settings) -> Iterator[str]:
    """The address of a shop with two shelves, thirty goods and ten pieces of three of them."""
    settings.OWN_SHOP = made.SHOP
    settings.PUBLIC_URL = live_server.url
    brake.forget()
    made.a_shop()
    for sku, category in (("CUP", "cups"), ("BOWL", "cups"), ("LONGJING", "tea")):
        made.a_product(sku, category=category)
    goods = [made.a_new_product(f"CUP-{n:02}", price=1990 + n * 100, title=f"白瓷杯 {n:02}") for n in range(27)]
    catalogue.list_products(products=goods, trail=Trail(shop=made.SHOP), by=made.CLERK)
    yield str(live_server.url)
    intake.shut()


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
