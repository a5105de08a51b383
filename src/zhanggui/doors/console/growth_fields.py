"""What the fields of growth's facts are called in the timeline."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

FIELDS: Final[dict[str, Promise]] = {
    "arm": lazy("Side of the trial"),
    "promotion_id": lazy("Promotion number"),
    "coupon_id": lazy("Coupon number"),
    "batch_id": lazy("Batch of coupons"),
    "way": lazy("How it is given out"),
    "codes": lazy("Codes"),
    "kind": lazy("Kind"),
    "funded_by": lazy("Who pays for it"),
    "budget_minor": lazy("Budget"),
    "given_minor": lazy("Given away"),
    "was_given_minor": lazy("Given away, as it stood before"),
    "units": lazy("Pieces"),
    "sale_id": lazy("Flash sale number"),
    "quota_units": lazy("Pieces set aside"),
    "taken_units": lazy("Pieces taken"),
    "returned_units": lazy("Pieces given back"),
    "to": lazy("Where they went"),
    "presale_id": lazy("Presale number"),
    "reservation_id": lazy("Reservation number"),
    "reserved_units": lazy("Pieces reserved"),
    "price_minor": lazy("Price"),
    "first_minor": lazy("Paid first"),
    "credit_minor": lazy("Worth later"),
    "deposit_minor": lazy("Paid before"),
    "prepayment_minor": lazy("Prepayment"),
    "doubled_minor": lazy("Paid on top by the shop"),
    "offer_id": lazy("Offer number"),
    "team_id": lazy("Team number"),
    "size": lazy("People in a team"),
    "paid_seats": lazy("Paid seats"),
    "points": lazy("Points"),
    "owed_points": lazy("Points owed"),
    "reference": lazy("Reference"),
    "use": lazy("Used for"),
    "tier": lazy("Tier"),
    "was": pgettext_lazy("tier", "Tier before"),
    "growth": lazy("Growth value"),
    "days": lazy("Days"),
    "redemption": lazy("Redemption number"),
    "reward_id": lazy("Reward number"),
    "item": lazy("Recycling number"),
    "grade": lazy("Grade"),
    "referral_id": lazy("Referral number"),
    "level": lazy("Level"),
    "coupon_batch": lazy("Coupons as the reward"),
    "welcome_batch": lazy("Coupons of welcome"),
    "message_id": lazy("Message number"),
    "step": lazy("Step"),
    "coupon": lazy("Coupon number"),
    "cost_minor": lazy("Cost"),
}
