"""Reading orders: one by one, as a list, as an audit."""

from zhanggui.shop.orders.queries.desk import FURTHEST, Asked, Sort, Standing, count, page
from zhanggui.shop.orders.queries.reading import (
    Disagreement,
    audit,
    invoice,
    notes,
    numbers_of,
    order,
    order_by_number,
    order_for_staff,
    orders_in_shop,
    orders_of,
    overdue,
    states,
    timeline,
)

__all__ = [
    "FURTHEST",
    "Asked",
    "Disagreement",
    "Sort",
    "Standing",
    "audit",
    "count",
    "invoice",
    "notes",
    "numbers_of",
    "order",
    "order_by_number",
    "order_for_staff",
    "orders_in_shop",
    "orders_of",
    "overdue",
    "page",
    "states",
    "timeline",
]
