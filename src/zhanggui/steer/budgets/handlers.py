"""What budgets do when money was spent: book it, once per fact."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.membership.rules.points import money_of
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.relay.rules import Reader
from zhanggui.steer.budgets import actions, rules
from zhanggui.steer.budgets.rules import Posting, Undone

_UNDONE: Final = "growth.promotion_undone"


def book(facts: Sequence[Envelope]) -> None:
    """Book what was spent, then what came back of it: an order's discount is told before it is undone."""
    for shop, told in groupby(sorted(facts, key=lambda fact: fact.shop), key=lambda fact: fact.shop):
        here = tuple(told)
        spent = [one for fact in here if fact.name != _UNDONE and (one := _posting(fact)) and one.amount]
        actions.book(shop=shop, postings=spent)
        actions.book_back(shop=shop, undone=[_undone(fact) for fact in here if fact.name == _UNDONE])


def _posting(fact: Envelope) -> Posting | None:
    own = shops.shop(fact.shop)
    on = clock.day_of(fact.at, own.zone)
    body: dict[str, Any] = msgspec.json.decode(fact.body)
    match fact.name:
        case "insight.spend_recorded":
            return rules.advertising(
                fact.id,
                on=on,
                channel=body["channel"],
                campaign=body.get("campaign", ""),
                amount=Money(body["amount_minor"], body["currency"]),
            )
        case "growth.promotion_redeemed":
            return rules.discount(
                fact.id,
                on=on,
                promotion=body["promotion_id"],
                kind=body["kind"],
                coupon=body.get("coupon_id", ""),
                funded_by=body.get("funded_by", "shop"),
                order_number=body["order_number"],
                amount=Money(body["amount_minor"], body["currency"]),
            )
        case "growth.message_sent":
            return rules.message(
                fact.id,
                on=on,
                channel=body["channel"],
                campaign=body.get("campaign", ""),
                amount=Money(body["cost_minor"], body["currency"]),
            )
        case _:
            scheme = membership.scheme(fact.shop)
            if scheme is None:
                return None
            return rules.commission(
                fact.id,
                on=on,
                source=body["source"],
                reference=body.get("reference", ""),
                amount=money_of(body["points"], worth=scheme.worth, currency=own.currency),
            )


def _undone(fact: Envelope) -> Undone:
    body = msgspec.json.decode(fact.body)
    return Undone(
        fact=fact.id,
        on=clock.day_of(fact.at, shops.shop(fact.shop).zone),
        order_number=body["order_number"],
        reference=body["promotion_id"],
    )


reader = Reader(
    name="steer.budgets.book",
    take=book,
    names=frozenset(
        {
            "insight.spend_recorded",
            "growth.promotion_redeemed",
            _UNDONE,
            "growth.message_sent",
            "growth.points_earned",
        }
    ),
)
