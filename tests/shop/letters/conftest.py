"""Fixtures of the letters' tests."""

from __future__ import annotations

from tests.growth.messages.conftest import busy_shop, carried, shop
from tests.shop.conftest import wait

__all__ = ["busy_shop", "carried", "shop", "wait"]
