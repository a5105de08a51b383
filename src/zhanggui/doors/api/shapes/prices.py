"""What a price is made of, as the storefront says it."""

from __future__ import annotations

from zhanggui.doors.api.shapes.common import Amount, Said, Words


class QuoteLine(Said):
    """What a line costs, for all its pieces."""

    sku: str
    title: Words
    variant: Words
    destination: int
    quantity: int
    list_price: Amount
    discount: Amount
    amount: Amount


class Adjustment(Said):
    """What a step of the price did, and why."""

    step: str
    reason: str
    part: str
    amount: Amount


class AppliedOffer(Said):
    """A promotion or coupon that took something off.

    promotion  its id; empty for the catalogue's own sale
    coupon     id of the shopper's coupon that brought it, or empty
    """

    promotion: str
    name: Words
    kind: str
    coupon: str
    amount: Amount


class RejectedOffer(Said):
    """A promotion or coupon that took nothing off, and what would have to be otherwise.

    reason  such as below_threshold, too_few_pieces, sign_in, better_one, excluded
    missing, missing_units  how much more, or how many pieces more, it asks for
    by      the promotion that stands in its way, or list_price
    """

    promotion: str
    name: Words
    kind: str
    coupon: str
    reason: str
    missing: Amount | None
    missing_units: int
    by: str


class GiftOffered(Said):
    """Pieces of a SKU that cost nothing once they lie in the cart."""

    promotion: str
    sku: str
    units: int
