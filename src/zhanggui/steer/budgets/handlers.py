"""What budgets do when money was spent: book it, once per fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.membership.rules.points import money_of
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.relay.rules import Reader
from zhanggui.steer.budgets import actions, rules
from zhanggui.steer.budgets.rules import Kind, Posting, Undone

_UNDONE: Final = "growth.promotion_undone"
_SPENT: Final = frozenset(
    {
        "insight.spend_recorded",
        "growth.promotion_redeemed",
        "growth.message_sent",
        "growth.points_earned",
    }
)
_SAVED: Final = frozenset({"growth.flash_taken", "growth.group_joined", "growth.balance_paid"})
_NOT_SAVED: Final = frozenset({"growth.flash_returned", "growth.group_failed", "growth.deposit_returned"})
_WRITTEN_OFF: Final = "supply.stock_written_off"


def book(facts: Sequence[Envelope]) -> None:
    """Book what was spent, then what came back of it: an order's discount is told before it is undone."""
    for shop, told in groupby(sorted(facts, key=lambda fact: fact.shop), key=lambda fact: fact.shop):
        here = tuple(told)
        costs = _costs(here)
        spent = [one for fact in here if (one := _booked(fact, costs)) and one.amount]
        actions.book(shop=shop, postings=spent)
        actions.book_back(shop=shop, undone=[_undone(fact) for fact in here if fact.name == _UNDONE])
        back = [_not_saved(fact) for fact in here if fact.name in _NOT_SAVED]
        actions.book_part_back(shop=shop, undone=back)


def _booked(fact: Envelope, costs: Mapping[str, Money]) -> Posting | None:
    if fact.name in _SPENT:
        return _posting(fact)
    if fact.name in _SAVED:
        return _saving(fact)
    return _written_off(fact, costs) if fact.name == _WRITTEN_OFF else None


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


def _saving(fact: Envelope) -> Posting | None:
    """What an order saved by a flash sale, a team or a presale; nothing where the fact was told without it."""
    body: dict[str, Any] = msgspec.json.decode(fact.body)
    match fact.name:
        case "growth.flash_taken":
            kind, reference = Kind.FLASH, rules.taken_of(body["sale_id"], body["sku"])
            minor, units = body["amount_minor"], body["quantity"]
        case "growth.group_joined":
            kind, reference, minor, units = Kind.GROUP, body["team_id"], body.get("saved_minor", 0), 1
        case _:
            kind, reference = Kind.PRESALE, body["reservation_id"]
            minor, units = body.get("saved_minor", 0), body["quantity"]
    if not minor:
        return None
    return rules.saving(
        fact.id,
        on=clock.day_of(fact.at, shops.shop(fact.shop).zone),
        kind=kind,
        reference=reference,
        order_number=body["order_number"],
        units=units,
        amount=Money(minor, body["currency"]),
    )


def _not_saved(fact: Envelope) -> Undone:
    """What of a saving nobody has after all; a deposit that goes back before its balance was paid had saved nothing."""
    body: dict[str, Any] = msgspec.json.decode(fact.body)
    on = clock.day_of(fact.at, shops.shop(fact.shop).zone)
    match fact.name:
        case "growth.flash_returned":
            reference = rules.taken_of(body["sale_id"], body["sku"])
            number, units = body["order_number"], body["quantity"]
        case "growth.group_failed":
            reference, number, units = body["team_id"], "", None
        case _:
            reference, number, units = body["reservation_id"], "", body["quantity"]
    return Undone(fact=fact.id, on=on, order_number=number, reference=reference, units=units)


def _costs(facts: Sequence[Envelope]) -> dict[str, Money]:
    """What one piece of each SKU costs us that was written off, as far as somebody said so. One statement, or none."""
    skus = {msgspec.json.decode(fact.body)["sku"] for fact in facts if fact.name == _WRITTEN_OFF}
    return {sku: card.cost for sku, card in catalogue.products(skus).items()} if skus else {}


def _written_off(fact: Envelope, costs: Mapping[str, Money]) -> Posting | None:
    body: dict[str, Any] = msgspec.json.decode(fact.body)
    return rules.written_off(
        fact.id,
        on=clock.day_of(fact.at, shops.shop(fact.shop).zone),
        sku=body["sku"],
        units=body["quantity"],
        cost=costs.get(body["sku"]),
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
    names=_SPENT | _SAVED | _NOT_SAVED | {_UNDONE, _WRITTEN_OFF},
)
