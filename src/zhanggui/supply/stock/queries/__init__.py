"""Reading the stock.

free, short_of, plan, lead_days    what can be promised, and when it would be there; plain reads
level, levels_of, reservations     what there is, and what is promised to whom
shelf                              the levels of a shop, to look through
warehouses, warehouse              where it lies
movements, movements_of            what moved it
audit                              whether it all adds up
"""

from zhanggui.supply.stock.queries.audits import Disagreement, audit
from zhanggui.supply.stock.queries.books import (
    held_among,
    level,
    levels_of,
    movements,
    movements_of,
    open_holds,
    open_reservations_of,
    overdue,
    reservations,
    shop_of,
    transfers,
)
from zhanggui.supply.stock.queries.houses import warehouse, warehouses
from zhanggui.supply.stock.queries.planning import (
    Standing,
    free,
    free_asked,
    lead_days,
    plan,
    short_of,
    standing_asked,
    what_is_left,
)
from zhanggui.supply.stock.queries.shelf import LOW_UNITS, Asked, Found, Order, Stored, Want, shelf, stored

__all__ = [
    "LOW_UNITS",
    "Asked",
    "Disagreement",
    "Found",
    "Order",
    "Standing",
    "Stored",
    "Want",
    "audit",
    "free",
    "free_asked",
    "held_among",
    "lead_days",
    "level",
    "levels_of",
    "movements",
    "movements_of",
    "open_holds",
    "open_reservations_of",
    "overdue",
    "plan",
    "reservations",
    "shelf",
    "shop_of",
    "short_of",
    "standing_asked",
    "stored",
    "transfers",
    "warehouse",
    "warehouses",
    "what_is_left",
]
