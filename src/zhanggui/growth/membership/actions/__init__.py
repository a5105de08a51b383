"""The verbs of membership."""

from zhanggui.growth.membership.actions.closing import erase
from zhanggui.growth.membership.actions.following import follow_order, join
from zhanggui.growth.membership.actions.giving import give_by_hand, give_for_friend, say_birthday
from zhanggui.growth.membership.actions.recycling import (
    credit_item,
    grade_item,
    hand_in,
    keep_picture,
    receive_item,
    refuse_item,
)
from zhanggui.growth.membership.actions.redeeming import (
    cancel_reward,
    close_reward,
    put_reward,
    redeem,
    send_reward,
)
from zhanggui.growth.membership.actions.scheme import (
    open_membership,
    set_plan,
    set_recyclables,
    set_scheme,
    set_tiers,
)
from zhanggui.growth.membership.actions.spending import choose_points, spend_on_order
from zhanggui.growth.membership.actions.telling import tell
from zhanggui.growth.membership.actions.tending import (
    end_paid,
    end_years,
    expire_points,
    grant_kept,
    keep_birthdays,
    tell_ahead,
)

__all__ = [
    "cancel_reward",
    "choose_points",
    "close_reward",
    "credit_item",
    "end_paid",
    "end_years",
    "erase",
    "expire_points",
    "follow_order",
    "give_by_hand",
    "give_for_friend",
    "grade_item",
    "grant_kept",
    "hand_in",
    "join",
    "keep_birthdays",
    "keep_picture",
    "open_membership",
    "put_reward",
    "receive_item",
    "redeem",
    "refuse_item",
    "say_birthday",
    "send_reward",
    "set_plan",
    "set_recyclables",
    "set_scheme",
    "set_tiers",
    "spend_on_order",
    "tell",
    "tell_ahead",
]
