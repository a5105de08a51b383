"""The verbs of promotions and coupons."""

from zhanggui.growth.promotions.actions.coupons import (
    choose,
    claim,
    expire,
    export_codes,
    holds_until,
    merge,
    offer,
    put_in_hand,
    take_back,
    type_in,
)
from zhanggui.growth.promotions.actions.handing import (
    give,
    give_on_occasion,
    give_some,
    give_to_group,
    of_the_day,
    target,
    welcome,
)
from zhanggui.growth.promotions.actions.planning import approve, send_back, set_floor, start, stop, write
from zhanggui.growth.promotions.actions.repairs import repair
from zhanggui.growth.promotions.actions.telling import tell
from zhanggui.growth.promotions.actions.trying import run_trial, try_out
from zhanggui.growth.promotions.actions.using import redeem, undo

__all__ = [
    "approve",
    "choose",
    "claim",
    "expire",
    "export_codes",
    "give",
    "give_on_occasion",
    "give_some",
    "give_to_group",
    "holds_until",
    "merge",
    "of_the_day",
    "offer",
    "put_in_hand",
    "redeem",
    "repair",
    "run_trial",
    "send_back",
    "set_floor",
    "start",
    "stop",
    "take_back",
    "target",
    "tell",
    "try_out",
    "type_in",
    "undo",
    "welcome",
    "write",
]
