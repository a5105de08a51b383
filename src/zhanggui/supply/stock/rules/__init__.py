"""Stock, as values: what there is, where it lies, and who gets what of it."""

from zhanggui.supply.stock.rules.allocation import Allocation, Demand, Plan, Reservation, allocate, summed
from zhanggui.supply.stock.rules.levels import (
    EFFECTS,
    MAIN,
    MOST_UNITS,
    Condition,
    Effect,
    Kind,
    Level,
    Movement,
    Shortage,
    Transfer,
    shortages,
)
from zhanggui.supply.stock.rules.places import THE_MAIN_ONE, Place, Warehouse, WarehouseKind, Zone

__all__ = [
    "EFFECTS",
    "MAIN",
    "MOST_UNITS",
    "THE_MAIN_ONE",
    "Allocation",
    "Condition",
    "Demand",
    "Effect",
    "Kind",
    "Level",
    "Movement",
    "Place",
    "Plan",
    "Reservation",
    "Shortage",
    "Transfer",
    "Warehouse",
    "WarehouseKind",
    "Zone",
    "allocate",
    "shortages",
    "summed",
]
