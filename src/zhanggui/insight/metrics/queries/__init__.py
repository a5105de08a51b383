"""Asking for figures, for the orders behind them, and for the names of goods.

query                    figures by period and cut, kept as long as the daily tables do not change
orders_page, orders_all  the orders behind a number; orders_numbered finds them by the start of their number
days                     the first and the last day with anything to count
silent                   metrics whose facts nobody told yet
listings, listings_like  what SKUs are called
keeper, Shelf            places for answers: of this process, and of all processes about large shops (is_large)
forget_all               drop what this process keeps, to measure what an answer costs
"""

from __future__ import annotations

from zhanggui.insight.metrics.queries.evidence import (
    Asked,
    OrderLine,
    OrderPage,
    Sort,
    orders_all,
    orders_numbered,
    orders_page,
)
from zhanggui.insight.metrics.queries.figures import first_days_sql, query
from zhanggui.insight.metrics.queries.goods import Listing, listings, listings_like
from zhanggui.insight.metrics.queries.kept import Kept, forget_all, keeper
from zhanggui.insight.metrics.queries.shelf import Shelf, Told, is_large
from zhanggui.insight.metrics.queries.silent import silent
from zhanggui.insight.metrics.queries.span import days

__all__ = [
    "Asked",
    "Kept",
    "Listing",
    "OrderLine",
    "OrderPage",
    "Shelf",
    "Sort",
    "Told",
    "days",
    "first_days_sql",
    "forget_all",
    "is_large",
    "keeper",
    "listings",
    "listings_like",
    "orders_all",
    "orders_numbered",
    "orders_page",
    "query",
    "silent",
]
