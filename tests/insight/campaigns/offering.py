"""Small factories: what offers tell, and a shop of which the truth is known."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from tests.insight.metrics.events import a_shop, an_event, bought, line, listed, remember
from zhanggui.insight.campaigns.rules import Goods, Kind, Offer

# Of a shop in Shanghai: four in the morning in Greenwich is noon there.
NOON = time(4)
WEEKDAYS = (1.0, 0.9, 0.9, 1.0, 1.1, 1.5, 1.4)


def redeemed(number, at, promotion, minor, *, funded_by="shop", **fields):
    body = {"promotion_id": promotion, "kind": "threshold", "funded_by": funded_by, "amount_minor": minor}
    return an_event(
        "growth.promotion_redeemed", at, order_number=number, amount_minor=minor, body=body, currency="CNY", **fields
    )


def undone(number, at, promotion, minor):
    body = {"promotion_id": promotion, "amount_minor": minor}
    return an_event("growth.promotion_undone", at, order_number=number, amount_minor=minor, body=body, currency="CNY")


def taken(number, at, sale, sku, units, minor):
    return an_event(
        "growth.flash_taken",
        at,
        order_number=number,
        sku=sku,
        quantity=units,
        amount_minor=minor,
        currency="CNY",
        body={"sale_id": sale},
    )


def gave_back(number, at, sale, sku, units):
    return an_event(
        "growth.flash_returned", at, order_number=number, sku=sku, quantity=units, body={"sale_id": sale, "to": "stock"}
    )


def deposit(at, reservation, *, presale="pre", minor=5000, prepayment=0):
    return an_event(
        "growth.deposit_paid",
        at,
        order_number=f"D/{reservation}",
        sku="pot",
        quantity=1,
        amount_minor=minor,
        currency="CNY",
        subject=f"reservation:{reservation}",
        body={"presale_id": presale, "prepayment_minor": prepayment},
    )


def balance(at, reservation, *, presale="pre", minor=40000, deposit_minor=5000, name="growth.balance_paid"):
    return an_event(
        name,
        at,
        order_number=f"B/{reservation}",
        sku="pot",
        quantity=1,
        amount_minor=minor,
        currency="CNY",
        subject=f"reservation:{reservation}",
        body={"presale_id": presale, "deposit_minor": deposit_minor},
    )


def at(day, hour=4):
    return datetime.combine(day, time(hour)).isoformat()


def an_offer(id="sale", *, start, end, skus=("tea",), is_all=False):
    goods = Goods(is_all=is_all, skus=frozenset(() if is_all else skus))
    return Offer(kind=Kind.PROMOTION, id=id, name_zh="春茶", name_en="Spring tea", start=start, end=end, goods=goods)


def a_world(
    *,
    lift=0.0,
    stolen=0.0,
    hastened=0.0,
    start=date(2026, 5, 1),
    days=10,
    orders=60,
    is_costed=False,
    used=("tea",),
):
    """A tea shop over fifteen weeks, with a promotion on tea whose true effect is known. The promotion.

    lift      how much more tea is sold while it is on, 0.3 is 30 %
    stolen    how much less of the cup, of the same category
    hastened  how much less tea in the ten days after
    orders    of tea on an ordinary Monday, on average
    used      whose orders use a promotion: `sale` is that on tea, `cups` another one
    """
    shop, rng = a_shop(), random.Random(1)
    end, told = start + timedelta(days=days), []
    first = start - timedelta(days=70)
    told.append(
        an_event(
            "supply.stock_received",
            at(first),
            sku="tea",
            quantity=10_000,
            amount_minor=20_000_000 if is_costed else None,
            currency="CNY",
        )
    )
    told += [listed(sku, at(first), sku, category="leaf") for sku in ("tea", "cup")]
    for n in range(70 + days + 12):
        day = first + timedelta(days=n)
        is_on, is_after = start <= day < end, end <= day < end + timedelta(days=10)
        tea = 1 + lift * is_on - hastened * is_after
        for sku, factor, each in (("tea", tea, 3000), ("cup", 1 - stolen * is_on, 1000)):
            mean = orders * WEEKDAYS[day.weekday()] * factor * (1 + 0.002 * n)
            pieces = max(round(rng.gauss(mean, mean**0.5)), 0)
            number = f"{sku}/{day}"
            told += bought(number, at(day), line(sku, max(pieces, 1), pieces * each, "leaf"), person="ann")
            if is_on and sku in used:
                told.append(redeemed(number, at(day), "sale" if sku == "tea" else "cups", 10_000))
    remember(shop, told)
    return an_offer(start=start, end=end)
