"""A till at a provider: the adapter with its SDK, the sandbox as its process, and one attempt to pay."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.a_sandbox import Sandbox, ShopServer
from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.config import payments
from zhanggui.shop.payments.providers import alipay, stripe, wechat
from zhanggui.shop.payments.rules import Doorway, Intent, Message, Notice, Payment, Provider, Refund, RefundState, State

CHINA = ZoneInfo("Asia/Shanghai")
# Shorter than an answer that hangs, longer than any other.
PATIENCE_S = 1.5
NUMBER = "261122-00000-00001"
DUE = Money(7190, "CNY")


@dataclass
class Till:
    """One attempt to pay 71.90, at a provider, by a shop that listens."""

    name: str
    provider: Provider
    sandbox: Sandbox
    shop: ShopServer
    payment: Payment
    intent: Intent

    def begin(self, **changes: Any) -> Doorway:
        """Open the attempt, and let the shopper come to the provider's page."""
        doorway = self.provider.begin(replace(self.intent, **changes))
        self.payment = replace(self.payment, reference=doorway.reference or self.payment.reference)
        if self.name == "alipay":  # Alipay hears of a trade when its page is opened
            httpx.get(doorway.address, follow_redirects=True, trust_env=False).raise_for_status()
        return doorway

    def pay(self, choice: str = "pay") -> None:
        self.sandbox.decide(self.name, self.payment.id, choice)

    def paid(self, choice: str = "pay") -> Notice:
        """Begin, pay, and hear of it."""
        self.begin()
        self.pay(choice)
        notice = self.read(self.shop.hears()[0])
        self.payment = replace(self.payment, transaction_id=notice.transaction_id, state=State.SETTLED)
        return notice

    def read(self, message: Message, *, at: datetime | None = None) -> Notice:
        return self.provider.read(message, at=at or clock.now())

    def refund(self, minor: int, *, id: str = "") -> Refund:
        """A refund of a part, as the adapter gets it."""
        amount = Money(minor, "CNY")
        return Refund(
            id=id or str(ids.uuid7()),
            shop="tea",
            order_number=NUMBER,
            payment_id=self.payment.id,
            provider=self.name,
            transaction_id=self.payment.transaction_id,
            amount=amount,
            by_provider=amount,
            state=RefundState.ASKED,
            reason="changed_mind",
            reference="r-1",
            is_stray=False,
            lines=(),
            started_at=clock.now(),
            ended_at=None,
        )

    def spoil(self, call: str, trouble: str, *, times: int = 1) -> None:
        self.sandbox.spoil(self.name, call, trouble, payment_id=self.payment.id, times=times)

    def known(self) -> dict[str, list[dict[str, Any]]]:
        return self.sandbox.known(self.name, self.payment.id)

    @property
    def today(self) -> date:
        """The provider's day."""
        return clock.now().astimezone(UTC if self.name == "stripe" else CHINA).date()


def opened(name: str, *, provider: Provider, sandbox: Sandbox, shop: ShopServer, amount: Money = DUE) -> Till:
    """A till at the provider of that name, with an attempt that nobody has begun."""
    now = clock.now()
    payment = Payment(
        id=str(ids.uuid7()),
        shop="tea",
        order_number=NUMBER,
        provider=name,
        amount=amount,
        state=State.STARTED,
        transaction_id="",
        started_at=now,
        ended_at=None,
    )
    intent = Intent(
        payment_id=payment.id,
        order_number=NUMBER,
        amount=amount,
        expires_at=now + timedelta(minutes=30),
        return_to="http://127.0.0.1/back/",
        notify_to=shop.address,
        language="en",
    )
    return Till(name=name, provider=provider, sandbox=sandbox, shop=shop, payment=payment, intent=intent)


@contextmanager
def adapters() -> Iterator[dict[str, Provider]]:
    """The adapters as the house plugs them in; what they ask is given up after a second and a half."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (stripe, alipay, wechat):
            patch.setattr(module, "connect", functools.partial(module.connect, patience_s=PATIENCE_S))
        made: dict[str, Any] = payments.providers()
        for one in made.values():
            assert one.merchant  # an adapter is made when it is first asked
    yield made
    made["alipay"].client._web.close()
    made["stripe"].client._requestor._client.close()
