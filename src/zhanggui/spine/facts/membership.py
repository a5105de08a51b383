"""What membership tells: points that come and go, tiers, rewards and what is handed in. The person says whose."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="growth.points_earned")
class PointsEarned:
    """A member has more points than before. Told for an order once its goods are kept, not when it is paid.

    source  order, birthday, recycling, referral or by_hand; points that come back are PointsReturned
    points  that were granted; some of them may make up at once for points that were owed
    reason  a colleague's words for points by hand, empty otherwise
    """

    points: int
    source: str
    order_number: str = ""
    reference: str = ""
    reason: str = ""


@fact(name="growth.points_spent")
class PointsSpent:
    """A member used points. Not told for points that expire, or that are taken back.

    use  order, for a part of an order's price, or reward
    """

    points: int
    use: str
    order_number: str = ""
    reference: str = ""


@fact(name="growth.points_returned")
class PointsReturned:
    """Points that were spent are the member's again, because the order or the reward did not stand."""

    points: int
    use: str
    order_number: str = ""
    reference: str = ""


@fact(name="growth.points_taken_back")
class PointsTakenBack:
    """Points left a member because their order was refunded, or a colleague took them.

    points       that left
    owed_points  that were spent before and come off what is earned next
    """

    points: int
    owed_points: int = 0
    order_number: str = ""
    reason: str = ""


@fact(name="growth.points_expired")
class PointsExpired:
    """Points of a member ran out. Told once for all that ran out together."""

    points: int


@fact(name="growth.tier_changed")
class TierChanged:
    """A member has another tier from now on. Not told for the first tier, which everybody has.

    reason  growth, period_end, paid, paid_ended or joined
    growth  what was bought and kept in the last twelve months, in whole units of the books' money
    """

    was: str
    tier: str
    reason: str
    growth: int


@fact(name="growth.reward_redeemed")
class RewardRedeemed:
    """A member has a reward for points.

    kind  goods, merchandise, class or event
    """

    redemption: str
    reward_id: str
    kind: str
    sku: str = ""
    points: int


@fact(name="growth.reward_cancelled")
class RewardCancelled:
    """A reward was called off before it was sent; its points went back."""

    redemption: str
    reward_id: str
    points: int


@fact(name="growth.membership_started")
class MembershipStarted:
    """Somebody paid for membership, or for more of it. Told once per order line."""

    order_number: str
    sku: str
    tier: str
    days: int


@fact(name="growth.membership_ended")
class MembershipEnded:
    """Paid membership is over before its time, because its money went back. Not told when its days are over."""

    order_number: str
    sku: str = ""
    tier: str


@fact(name="growth.item_recycled")
class ItemRecycled:
    """Something that a member handed in was graded and brought points. Not told for what was refused.

    grade  A, B or C
    """

    item: str
    kind: str
    grade: str
    points: int
