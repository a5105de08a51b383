"""What an order's price used up, read off its adjustments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zhanggui.base.money import Money
from zhanggui.shop.checkout.rules import Adjustment

# The step's name in the pipeline, and how an adjustment says what it came from.
STEP: Final = "promotion"
PROMOTION: Final = "promotion:"
COUPON: Final = "coupon:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One promotion that an order used.

    promotion, coupon  one of them is named: a coupon knows its promotion
    amount             what it took off, above zero
    """

    kind: str
    promotion: str = ""
    coupon: str = ""
    amount: Money
    funded_by: str = "shop"


def uses(adjustments: Iterable[Adjustment]) -> tuple[Use, ...]:
    """The promotions and coupons among the adjustments of a quote, in their order; the rest is somebody else's."""
    return tuple(
        Use(
            kind=took.reason,
            promotion=took.source.removeprefix(PROMOTION) if took.source.startswith(PROMOTION) else "",
            coupon=took.source.removeprefix(COUPON) if took.source.startswith(COUPON) else "",
            amount=-took.amount,
            funded_by=took.funded_by,
        )
        for took in adjustments
        if took.step == STEP and took.source.startswith((PROMOTION, COUPON))
    )
