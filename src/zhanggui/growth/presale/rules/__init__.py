"""What presales are and decide, as values and pure functions."""

from zhanggui.growth.presale.rules.claims import (
    DEPOSIT_LINE,
    HELD,
    PREPAYMENT_LINE,
    SOURCE,
    Claimed,
    claimed,
    held_as,
    is_whole,
    spread,
)
from zhanggui.growth.presale.rules.figures import BASELINE, Figures
from zhanggui.growth.presale.rules.reminders import Step, due, moments
from zhanggui.growth.presale.rules.states import (
    ENDINGS,
    ENDS,
    FOLLOWS,
    HOLDS_STOCK,
    KEEPS_DEPOSIT,
    WAS_PAID,
    State,
    before,
    refusal,
)
from zhanggui.growth.presale.rules.terms import MOST_UNITS, Phase, Terms, phase

__all__ = [
    "BASELINE",
    "DEPOSIT_LINE",
    "ENDINGS",
    "ENDS",
    "FOLLOWS",
    "HELD",
    "HOLDS_STOCK",
    "KEEPS_DEPOSIT",
    "MOST_UNITS",
    "PREPAYMENT_LINE",
    "SOURCE",
    "WAS_PAID",
    "Claimed",
    "Figures",
    "Phase",
    "State",
    "Step",
    "Terms",
    "before",
    "claimed",
    "due",
    "held_as",
    "is_whole",
    "moments",
    "phase",
    "refusal",
    "spread",
]
