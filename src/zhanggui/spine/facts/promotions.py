"""What promotions and coupons tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="growth.promotion_started")
class PromotionStarted:
    """An operator let a promotion go live; it holds from its own start on. Told again when a paused one goes on."""

    promotion_id: str
    kind: str
    budget_minor: int | None = None
    currency: str


@fact(name="growth.promotion_stopped")
class PromotionStopped:
    """A promotion no longer holds: paused or ended by an operator, or its budget was spent.

    Not told when its period is merely over.
    """

    promotion_id: str
    reason: str
    given_minor: int
    currency: str


@fact(name="growth.promotion_redeemed")
class PromotionRedeemed:
    """An order was placed that a promotion made cheaper. Told per promotion; amount: what it took off, above zero."""

    order_number: str
    promotion_id: str
    kind: str
    coupon_id: str = ""
    funded_by: str = "shop"
    amount_minor: int
    currency: str


@fact(name="growth.promotion_undone")
class PromotionUndone:
    """An order came to nothing, so what a promotion had given is back in its budget and not counted as a use."""

    order_number: str
    promotion_id: str
    amount_minor: int
    currency: str


@fact(name="growth.coupon_issued")
class CouponIssued:
    """A shopper holds a coupon: claimed, given or typed in."""

    coupon_id: str
    promotion_id: str
    way: str


@fact(name="growth.coupon_redeemed")
class CouponRedeemed:
    """A coupon was used for an order."""

    coupon_id: str
    promotion_id: str
    order_number: str
    amount_minor: int
    currency: str


@fact(name="growth.coupon_returned")
class CouponReturned:
    """A used coupon is in the shopper's hands again, because its order came to nothing or was refunded whole."""

    coupon_id: str
    promotion_id: str
    order_number: str


@fact(name="growth.coupon_codes_exported")
class CouponCodesExported:
    """Somebody took the codes of a batch out of the house, as a file; whoever reads them may spend them."""

    batch_id: str
    promotion_id: str
    codes: int


@fact(name="growth.coupons_taken_back")
class CouponsTakenBack:
    """The shop gives out no more of a batch, and what nobody had used is void."""

    batch_id: str
    promotion_id: str
    units: int


@fact(name="growth.budget_repaired")
class BudgetRepaired:
    """What a promotion gave of its budget was set to what its uses add up to, because they disagreed."""

    promotion_id: str
    given_minor: int
    was_given_minor: int
    currency: str
