"""Small factories: a budget, and facts that cost money."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tests.insight.metrics.events import an_event
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import operator
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.budgets import actions

SHOP = "acme"
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
DAY = date(2026, 5, 11)
TRAIL = Trail(shop=SHOP)
BY = operator("7")


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def a_budget(total: int = 100_000, *, period: Period = MAY) -> UUID:
    return actions.set_budget(shop=SHOP, period=period, total=cny(total), trail=TRAIL, by=BY)


def an_ad(
    minor: int, *, channel: str = "paid_search", campaign: str = "spring", at: str = "2026-05-10T16:00"
) -> Envelope:
    body = {"import_id": "f", "channel": channel, "campaign": campaign, "amount_minor": minor, "currency": "CNY"}
    return an_event("insight.spend_recorded", at, body=body)


def a_discount(
    minor: int, *, number: str = "O-1", promotion: str = "P-1", funded_by: str = "shop", coupon: str = ""
) -> Envelope:
    body = {
        "order_number": number,
        "promotion_id": promotion,
        "kind": "threshold",
        "coupon_id": coupon,
        "funded_by": funded_by,
        "amount_minor": minor,
        "currency": "CNY",
    }
    return an_event("growth.promotion_redeemed", "2026-05-11T04:00", body=body)


def undone(minor: int, *, number: str = "O-1", promotion: str = "P-1") -> Envelope:
    body = {"order_number": number, "promotion_id": promotion, "amount_minor": minor, "currency": "CNY"}
    return an_event("growth.promotion_undone", "2026-05-12T04:00", body=body)


def a_message(minor: int, *, campaign: str = "wake") -> Envelope:
    body = {
        "message_id": "m",
        "step": "s",
        "channel": "sms",
        "campaign": campaign,
        "coupon": "",
        "cost_minor": minor,
        "currency": "CNY",
    }
    return an_event("growth.message_sent", "2026-05-11T05:00", body=body)


def points(count: int, *, source: str = "referral") -> Envelope:
    body = {"points": count, "source": source, "order_number": "", "reference": "r-1", "reason": ""}
    return an_event("growth.points_earned", "2026-05-11T06:00", body=body)


def flash_taken(minor: int, *, units: int = 1, sku: str = "tea", number: str = "O-1") -> Envelope:
    body = {"sale_id": "S", "order_number": number, "sku": sku, "quantity": units}
    return an_event("growth.flash_taken", "2026-05-11T04:00", body=body | {"amount_minor": minor, "currency": "CNY"})


def flash_returned(units: int, *, sku: str = "tea", number: str = "O-1") -> Envelope:
    body = {"sale_id": "S", "order_number": number, "sku": sku, "quantity": units, "to": "stock"}
    return an_event("growth.flash_returned", "2026-05-12T04:00", body=body)


def group_joined(minor: int, *, number: str, team: str = "T") -> Envelope:
    body = {"team_id": team, "offer_id": "o", "sku": "tea", "order_number": number, "paid_seats": 1, "size": 3}
    return an_event("growth.group_joined", "2026-05-11T04:00", body=body | {"saved_minor": minor, "currency": "CNY"})


def group_failed(team: str = "T") -> Envelope:
    body = {"team_id": team, "offer_id": "o", "sku": "tea", "size": 3, "paid_seats": 2, "reason": "time"}
    return an_event("growth.group_failed", "2026-05-12T04:00", body=body)


def balance_paid(minor: int | None, *, units: int = 2) -> Envelope:
    body = {
        "reservation_id": "R",
        "presale_id": "P",
        "order_number": "O-9",
        "sku": "tea",
        "quantity": units,
        "amount_minor": 90_000,
        "deposit_minor": 10_000,
        "currency": "CNY",
    }
    told = body if minor is None else body | {"saved_minor": minor}
    return an_event("growth.balance_paid", "2026-05-11T04:00", body=told)


def deposit_returned(units: int) -> Envelope:
    body = {
        "reservation_id": "R",
        "presale_id": "P",
        "order_number": "O-8",
        "sku": "tea",
        "quantity": units,
        "reason": "order_refunded",
        "amount_minor": 5_000,
        "doubled_minor": 0,
        "currency": "CNY",
    }
    return an_event("growth.deposit_returned", "2026-05-12T04:00", body=body)


def written_off(units: int, *, sku: str) -> Envelope:
    body = {"sku": sku, "warehouse": "sh", "quantity": units, "was_sellable": False, "reason": "broken"}
    return an_event("supply.stock_written_off", "2026-05-11T04:00", body=body)
