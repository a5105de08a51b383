"""The verbs of the warehouse. Each moves all its lines at once; levels are locked in the order of SKU and warehouse.

hold, keep, release, release_lines, pass_on, ship, expire, wait_for    what is promised to orders
receive, take_back, count                           what comes in, and what is there
sort_out, write_off, limit_backorder                what can be sold, and what not
send, arrive                                        from one warehouse to another
describe                                            where it lies
repair                                              when the books disagree
"""

from zhanggui.supply.stock.actions.houses import describe
from zhanggui.supply.stock.actions.promises import (
    expire,
    hold,
    keep,
    pass_on,
    release,
    release_expired,
    release_lines,
    ship,
    wait_for,
)
from zhanggui.supply.stock.actions.repairs import repair
from zhanggui.supply.stock.actions.stores import count, limit_backorder, receive, sort_out, take_back, write_off
from zhanggui.supply.stock.actions.transfers import arrive, send

__all__ = [
    "arrive",
    "count",
    "describe",
    "expire",
    "hold",
    "keep",
    "limit_backorder",
    "pass_on",
    "receive",
    "release",
    "release_expired",
    "release_lines",
    "repair",
    "send",
    "ship",
    "sort_out",
    "take_back",
    "wait_for",
    "write_off",
]
