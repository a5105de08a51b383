"""Somebody who signed in before the walk begins. How one signs in, at the shop and at the console, other walks show."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import BrowserContext

from tests.journeys.shopper import Shopper
from tests.shop import made
from zhanggui.base import ids
from zhanggui.base.accounts import actions as accounts
from zhanggui.base.accounts.rules import Handle, Way
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.rules import NEEDED
from zhanggui.spine.log.rules import Trail

OPERATORS, SHOPPERS = settings.AUTHENTICATION_BACKENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who walks, and how."""

    walk: Trail
    customer_id: UUID

    @property
    def who(self) -> tuple[Trail, UUID]:
        """As the small factories take them."""
        return self.walk, self.customer_id


def as_member(someone: Shopper, email: str) -> Member:
    """A shopper whose mail address is proved and who has agreed to the terms."""
    handle, browser = Handle(way=Way.EMAIL, value=email), f"v-{ids.uuid7()}"
    account_id = accounts.open_for(handle=handle)
    accounts.prove(account_id=account_id, handle=handle)
    walk = made.a_walk(browser)
    welcomed = customers.welcome(
        account_id=account_id, phone="", email=email, visitor_id=browser, trail=walk, by=made.by(walk)
    )
    member = Member(walk=made.a_walk(welcomed.person), customer_id=welcomed.customer_id)
    for purpose in NEEDED:
        customers.consent(
            customer_id=member.customer_id,
            purpose=purpose,
            is_given=True,
            language="en",
            how="sign_in",
            trail=member.walk,
            by=made.by(member.walk),
        )
    someone.is_known_as(browser)
    _carries(someone.context, settings.SHOP_SESSION_COOKIE, account_id, SHOPPERS, someone.address)
    return member


def as_operator(context: BrowserContext, address: str, operator_id: int) -> None:
    """Somebody at the console who was taken in before."""
    _carries(context, settings.SESSION_COOKIE_NAME, operator_id, OPERATORS, address)


def _carries(context: BrowserContext, cookie: str, account_id: int, backend: str, address: str) -> None:
    """The cookie that signing in leaves."""
    client = Client()
    client.force_login(get_user_model().objects.get(pk=account_id), backend=backend)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": cookie, "value": session, "url": address}])
