"""The step of the price that points pay for: layer 7, behind every offer and before postage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import queries
from zhanggui.growth.membership.rules import points as rules
from zhanggui.shop.checkout.rules import Adjustment, Draft, Part


def points(draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
    """What the points that the shopper chose to use take off the goods; nothing in another currency than the shop's.

    One statement, and none in a shop without points.

    source  goods 100.00, 2,345 points at 100 a yuan, at most half, all chosen -> -23.00
    """
    basket = draft.basket
    scheme = queries.scheme(basket.shop) if basket.person else None
    if scheme is None or basket.currency != shops.shop(basket.shop).currency:
        return []
    holding = queries.to_spend(basket.shop, basket.person, at=at)
    spent = rules.spent_on(draft, wanted=holding.wanted, has=holding.has, scheme=scheme) if holding else None
    if spent is None:
        return []
    return [
        Adjustment(
            step=rules.STEP,
            reason=rules.STEP,
            part=Part.GOODS,
            amount=-spent.money,
            shares=tuple(-share for share in spent.shares),
            source=rules.STEP,
        )
    ]
