"""Who calls: a shopper with a token that we signed, or a program with a key of the back office.

A guest's token says who they are by itself; that of somebody who has signed in names a session, so that it can end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from ninja.security import HttpBearer

from zhanggui.base import clock, ids
from zhanggui.base.accounts.rules import SIGNED_IN_FOR, Right
from zhanggui.base.keys import actions as keyring
from zhanggui.base.keys import queries as keys
from zhanggui.base.keys.rules import Key
from zhanggui.base.operation.rules import Actor, customer, partner
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.api.errors import NotKnown, RightMissing, SignInNeeded
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Shopper
from zhanggui.shop.orders.rules import Order
from zhanggui.spine.log.rules import Trail

GOOD_FOR: Final = timedelta(days=365)
CHANNEL: Final = "api"
_LONGEST: Final = 300
_SIGNED_IN: Final = "in."
_signer: Final = signing.TimestampSigner(salt="api.visitor")
_session_signer: Final = signing.TimestampSigner(salt="api.session")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A shopper, known by what was signed for them: nobody else's cart or orders open with it.

    person   who owns the cart and the orders of today
    shopper  who is signed in; None for a guest
    session  key of the session that ends with the sign-out; empty for a guest
    """

    shop: Shop
    person: str
    shopper: Shopper | None = None
    session: str = ""

    @property
    def name(self) -> str:
        """Whose calls are counted and kept together."""
        return f"visitor:{self.person}"

    @property
    def persons(self) -> tuple[str, ...]:
        """All under whom this shopper ever walked, `person` first; one for a guest."""
        return self.shopper.persons if self.shopper else (self.person,)

    @property
    def by(self) -> Actor:
        """The shopper as the doer of an operation."""
        return customer(self.person)

    @property
    def trail(self) -> Trail:
        """What goes along with a fact that a call brings about."""
        return Trail(shop=self.shop.code, person=self.person, channel=CHANNEL)

    def trail_of(self, order: Order) -> Trail:
        """What goes along with a fact about an order of theirs, placed as a guest perhaps."""
        return replace(self.trail, person=order.person)

    def customer(self) -> Shopper:
        """Who is signed in.

        refuses  SignInNeeded
        """
        if self.shopper is None:
            raise SignInNeeded
        return self.shopper

    def theirs(self, orders: Iterable[Order]) -> tuple[Order, ...]:
        """Those of these orders that this shopper placed: where many share a browser a later guest is somebody else.

        One statement for somebody who is signed in.
        """
        if self.shopper is None:
            return tuple(orders)
        own = customers.ids(self.shopper.customer_id)
        return tuple(order for order in orders if order.customer_id in own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program with a key."""

    key: Key

    @property
    def name(self) -> str:
        """Whose calls are counted and kept together."""
        return f"key:{self.key.id}"

    @property
    def shop(self) -> str:
        """The shop that the key is for."""
        return self.key.shop

    @property
    def by(self) -> Actor:
        """The program as the doer of an operation."""
        return partner(f"key:{self.key.id}")

    @property
    def trail(self) -> Trail:
        """What goes along with a fact that a call brings about."""
        return Trail(shop=self.key.shop)


class ApiRequest(HttpRequest):
    """A call, for the type checker: it carries who makes it."""

    visitor: Visitor
    program: Program


class VisitorToken(HttpBearer):
    """A token of `POST /api/shop/visitors` or `POST /api/shop/session`."""

    def __call__(self, request: HttpRequest) -> Any:
        """Let the call pass if it says who makes it."""
        return self.authenticate(request, bearer_of(request))

    def authenticate(self, request: HttpRequest, token: str) -> Visitor:
        """Know the shopper.

        refuses  NotKnown
        """
        return visitor_of(request, token)


class OfficeKey(HttpBearer):
    """A key that was made in the console under System, API keys; each call needs one of its rights."""

    def __init__(self, right: Right) -> None:
        super().__init__()
        self.right = right

    def __call__(self, request: HttpRequest) -> Any:
        """Let the call pass if its key may do that."""
        return self.authenticate(request, bearer_of(request))

    def authenticate(self, request: HttpRequest, token: str) -> Program:
        """Know the program.

        refuses  NotKnown, RightMissing
        """
        found = program_of(request, token)
        if not found.key.may(self.right):
            raise RightMissing(right=self.right)
        return found


def bearer_of(request: HttpRequest) -> str:
    """The token or key of a call.

    refuses  NotKnown if there is none
    """
    scheme, _gap, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= _LONGEST:
        raise NotKnown
    return token.strip()


def new_visitor(shop: Shop, *, at: datetime) -> tuple[Visitor, str, datetime]:
    """Somebody who was never here before, the token to come back with, and until when it is good."""
    visitor = Visitor(shop=shop, person=str(ids.uuid7()))
    return visitor, _signer.sign(visitor.person), at + GOOD_FOR


def session_token(session_key: str) -> str:
    """The token of a session in which somebody has just signed in."""
    return _SIGNED_IN + _session_signer.sign(session_key)


def visitor_of(request: HttpRequest, token: str) -> Visitor:
    """The shopper whom a token was made for, asked once in a call. One statement for somebody who is signed in.

    refuses  NotKnown, also once the session has ended
    """
    known: Visitor | None = getattr(request, "visitor", None)
    if known is not None:
        return known
    shop = shops.shop(settings.OWN_SHOP)
    if not token.startswith(_SIGNED_IN):
        found = Visitor(shop=shop, person=_unsigned(_signer, token, good_for=GOOD_FOR))
    else:
        session = _unsigned(_session_signer, token.removeprefix(_SIGNED_IN), good_for=SIGNED_IN_FOR)
        shopper = customers.signed_in(shop.code, session)
        if shopper is None:
            raise NotKnown
        found = Visitor(shop=shop, person=shopper.person, shopper=shopper, session=session)
    request.visitor = found  # type: ignore[attr-defined]
    return found


def program_of(request: HttpRequest, secret: str) -> Program:
    """The program whose key that is; asked once in a call. One statement.

    refuses  NotKnown
    """
    known: Program | None = getattr(request, "program", None)
    if known is not None:
        return known
    now = clock.now()
    key = keys.key_of(secret, at=now)
    if key is None:
        raise NotKnown
    keyring.note_use(key, at=now)
    found = Program(key=key)
    request.program = found  # type: ignore[attr-defined]
    return found


def _unsigned(signer: signing.TimestampSigner, signed: str, *, good_for: timedelta) -> str:
    try:
        return signer.unsign(signed, max_age=good_for)
    except signing.BadSignature as forged:
        raise NotKnown from forged
