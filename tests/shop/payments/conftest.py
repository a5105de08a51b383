"""Fixtures of the payments' tests."""

from __future__ import annotations

import pytest

from tests.shop.made import a_product, a_shop
from tests.shop.payments.bank import Bank
from tests.worlds import made_once
from zhanggui.shop.payments import ports


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """A provider that the test decides about, plugged in as `bank`."""
    made = Bank()
    monkeypatch.setitem(ports.providers, "bank", made)
    return made


@pytest.fixture
@made_once
def cups(db: None) -> None:
    """A shop with cups at 59.90; delivery costs 12.00."""
    a_shop()
    a_product("CUP", price=5990, units=200)
