"""The proof's own provider in the place of the sandbox."""

from __future__ import annotations

import pytest

from tests.prove.gateway import Gateway
from zhanggui.shop.payments import ports


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Gateway:
    """A provider with a book of its own."""
    mine = Gateway()
    monkeypatch.setitem(ports.providers, "sandbox", mine)
    return mine
