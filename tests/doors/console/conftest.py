"""A small shop with a week of events, and operators who look at it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.insight.metrics.events import a_tea_week, utc
from zhanggui.base import clock
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.base.shops.rules import Shop

PASSWORD = "a-long-enough-passphrase"
WEEK = "shop=acme&period=custom&from=2026-05-01&to=2026-05-07&compare=previous"


@pytest.fixture
def quick_passwords(settings: Settings) -> None:
    """Passwords are kept as quickly as they are wrong."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def acme(db: None, lake_folder: object) -> Shop:
    return a_tea_week()


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon of 7 May 2026 in Shanghai."""
    monkeypatch.setattr(clock, "now", lambda: utc("2026-05-07T04:00"))


@pytest.fixture
def signed_in(db: None) -> Callable[..., Client]:
    """A browser in which somebody of a role is signed in, reading English."""

    def as_role(role: Role = Role.OWNER, **headers: str) -> Client:
        email = f"{role}@example.com"
        someone, _is_new = Operator.objects.get_or_create(
            email=email, defaults={"role": role, "joined_at": clock.now(), "password": "!"}
        )
        client = Client(headers={"Accept-Language": "en", **headers})
        client.force_login(someone)
        return client

    return as_role


@pytest.fixture
def owner(signed_in: Callable[..., Client]) -> Client:
    return signed_in(Role.OWNER)
