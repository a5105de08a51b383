"""Fixtures of the messages' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.shop.conftest import wait
from tests.shop.made import a_shop
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox.rules import Channel

__all__ = ["wait"]


@pytest.fixture
def shop(db: None, carried: None) -> None:
    a_shop()


@pytest.fixture
def busy_shop(transactional_db: None, carried: None) -> None:
    """A shop that many use at once."""
    a_shop()


@pytest.fixture
def carried(settings: Settings) -> Iterator[None]:
    """Somebody carries mails and text messages."""
    settings.PUBLIC_URL = "https://tea.example"
    before = dict(mailing.senders)
    mailing.senders.update({channel: lambda message: None for channel in Channel})
    yield
    mailing.senders.clear()
    mailing.senders.update(before)
