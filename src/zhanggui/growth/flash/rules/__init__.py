"""Flash sales and the line before their door, as values and pure functions."""

from zhanggui.growth.flash.rules.line import ENTRY_FOR, LINE_OPENS_BEFORE, Ticket, opened, pause_s, sealed
from zhanggui.growth.flash.rules.sales import (
    MOST_PICKS,
    SOURCE,
    Ended,
    Item,
    Pick,
    Plan,
    Sale,
    Stage,
    State,
    checked,
    quota_of,
    units_at,
)

__all__ = [
    "ENTRY_FOR",
    "LINE_OPENS_BEFORE",
    "MOST_PICKS",
    "SOURCE",
    "Ended",
    "Item",
    "Pick",
    "Plan",
    "Sale",
    "Stage",
    "State",
    "Ticket",
    "checked",
    "opened",
    "pause_s",
    "quota_of",
    "sealed",
    "units_at",
]
