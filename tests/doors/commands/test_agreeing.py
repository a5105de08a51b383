"""Whether the lake and the shop's own tables say the same of every order."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from tests.insight.metrics.events import a_shop, line, paid, placed, refunded, remember, utc

from zhanggui.base import clock
from zhanggui.doors.commands import agreeing
from zhanggui.shop.orders.models import Order
from zhanggui.shop.orders.rules import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]

TEA = line("tea", 1, 1000)


@pytest.fixture(autouse=True)
def a_june_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: utc("2026-06-10T01:00"))


def kept(number: str, at: str, *, total_minor: int = 1000, currency: str = "CNY", rate: str = "1") -> None:
    """An order as the shop keeps it, placed and paid at once."""
    moment = utc(at)
    Order.objects.create(
        number=number,
        shop="acme",
        person="ann",
        customer_id=uuid4(),
        state=State.PAID,
        currency=currency,
        discount_minor=0,
        goods_minor=total_minor,
        shipping_minor=0,
        tax_minor=0,
        total_minor=total_minor,
        book_currency="CNY",
        book_rate=rate,
        book_rate_on=date(2026, 6, 1),
        placed_fact=uuid4(),
        placed_at=moment,
        expires_at=moment,
        paid_at=moment,
        ended_at=moment,
    )


def test_a_shop_whose_lake_knows_every_order_agrees():
    shop = a_shop()
    kept("T1", "2026-06-08T04:00")
    kept("T2", "2026-06-08T04:00", total_minor=899, currency="EUR", rate="8")
    remember(
        shop,
        [
            step(number, "2026-06-08T04:00", line("tea", 1, minor))
            for number, minor in (("T1", 1000), ("T2", 7192))
            for step in (placed, paid)
        ],
        paid("imported", "2026-06-08T04:00", TEA),
    )
    assert agreeing.audit() == ()


def test_what_is_missing_or_differs_by_a_cent_is_named():
    shop = a_shop()
    kept("T1", "2026-06-08T04:00")
    kept("T2", "2026-06-08T04:00")
    remember(
        shop,
        placed("T1", "2026-06-08T04:00", TEA),
        paid("T1", "2026-06-08T04:00", line("tea", 1, 1001)),
        placed("T2", "2026-06-08T04:00", TEA),
    )
    found = [(one.order_number, one.happened, one.shop_says, one.lake_says) for one in agreeing.audit()]
    assert found == [("T1", "paid", 1000, 1001), ("T2", "paid", 1000, 0)]


def test_today_is_not_looked_at_for_its_facts_are_on_their_way():
    a_shop()
    kept("T1", "2026-06-10T00:30")
    assert agreeing.audit() == ()


def test_an_order_that_is_twice_in_the_lake_does_not_agree():
    shop = a_shop()
    kept("T1", "2026-06-08T04:00")
    remember(shop, [step("T1", at, TEA) for at in ("2026-06-08T04:00", "2026-06-08T05:00") for step in (placed, paid)])
    assert [(one.happened, one.lake_says) for one in agreeing.audit()] == [("paid", 2000), ("placed", 2)]


def test_a_refund_that_only_the_lake_knows_does_not_agree():
    shop = a_shop()
    kept("T1", "2026-06-08T04:00")
    remember(
        shop,
        placed("T1", "2026-06-08T04:00", TEA),
        paid("T1", "2026-06-08T04:00", TEA),
        refunded("T1", "2026-06-09T04:00", TEA),
    )
    assert [(one.happened, one.shop_says, one.lake_says) for one in agreeing.audit()] == [("refunded", 0, 1000)]
