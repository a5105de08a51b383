"""The verbs of fulfilment. A state changes only by `update ... where state in`: of two at once, one finds no row."""

from zhanggui.shop.fulfilment.actions.batches import Outcome, each
from zhanggui.shop.fulfilment.actions.desk import pack, pick, scan
from zhanggui.shop.fulfilment.actions.keeping import complete_delivered, flag_late
from zhanggui.shop.fulfilment.actions.leaving import call_off, give_label_back, hand_over, ship
from zhanggui.shop.fulfilment.actions.planning import deliver_at_once, merge, plan, split
from zhanggui.shop.fulfilment.actions.tracking import deliver, hear, lose, pull, return_to_sender, take_in

__all__ = [
    "Outcome",
    "call_off",
    "complete_delivered",
    "deliver",
    "deliver_at_once",
    "each",
    "flag_late",
    "give_label_back",
    "hand_over",
    "hear",
    "lose",
    "merge",
    "pack",
    "pick",
    "plan",
    "pull",
    "return_to_sender",
    "scan",
    "ship",
    "split",
    "take_in",
]
