"""What group buying and referrals tell."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="growth.group_opened")
class GroupOpened:
    """A shopper opened a team. It may still come to nothing: no order of it is paid yet."""

    team_id: str
    offer_id: str
    sku: str
    size: int
    price_minor: int
    currency: str


@fact(name="growth.group_joined")
class GroupJoined:
    """An order of a team was paid, so its seat counts. Not told of a seat that was only taken.

    paid_seats  that count in the team now, this one included
    saved       what the order costs less than at the list price; 0 where that is not known
    """

    team_id: str
    offer_id: str
    sku: str
    order_number: str
    paid_seats: int
    size: int
    saved_minor: int = 0
    currency: str = ""


@fact(name="growth.group_formed")
class GroupFormed:
    """Every seat of a team is paid: its orders leave."""

    team_id: str
    offer_id: str
    sku: str
    size: int


@fact(name="growth.group_failed")
class GroupFailed:
    """The time of a team was over, or its offer was stopped, before every seat was paid: all money goes back.

    reason  time or stopped
    """

    team_id: str
    offer_id: str
    sku: str
    size: int
    paid_seats: int
    reason: str


@fact(name="growth.referral_made")
class ReferralMade:
    """Somebody new paid a first order after coming by a member's link. The reward waits until the goods are kept.

    level  1: the link was the referrer's own; 2: it was that of somebody whom the referrer had brought
    """

    referral_id: str
    order_number: str
    referrer: str
    level: int


@fact(name="growth.referral_refused")
class ReferralRefused:
    """A referral brings no reward. Told once for each, whether at the first order or when the reward was due.

    reason  a word, such as same_device or returned
    """

    referral_id: str
    order_number: str
    referrer: str
    level: int
    reason: str


@fact(name="growth.referral_rewarded")
class ReferralRewarded:
    """The referrer of somebody who kept a first order got the reward.

    points  that were given; 0 if it was a coupon
    """

    referral_id: str
    order_number: str
    referrer: str
    level: int
    points: int = 0
    coupon_batch: str = ""
    welcome_batch: str = ""
