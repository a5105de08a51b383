"""The files that are known by what stands in their first line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from zhanggui.doors.imports.rules.mapping import bare


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of file.

    key      its name, for --map and for messages
    columns  names that its header has, in one of these sets at least
    cells    what the cells of its first line look like where it comes without a header
    """

    key: str
    columns: tuple[frozenset[str], ...]
    cells: tuple[tuple[re.Pattern[str], ...], ...] = ()

    def is_of(self, first: Sequence[str]) -> bool:
        """Whether a file with this first line is of this kind."""
        said = {bare(cell) for cell in first}
        return any(names <= said for names in self.columns) or any(
            len(first) == len(row) and all(one.fullmatch(cell) for one, cell in zip(row, first, strict=True))
            for row in self.cells
        )


def _names(*columns: str) -> frozenset[str]:
    return frozenset(bare(column) for column in columns)


_ID, _DAY = re.compile(r"\d{1,12}"), re.compile(r"(19|20)\d{6}")
_PURCHASE = (_DAY, re.compile(r"\d{1,4}"), re.compile(r"\d+\.\d{2}"))

FORMATS: Final = (
    Format(
        key="online-retail",
        columns=(
            _names("Invoice", "StockCode", "Quantity", "InvoiceDate", "Price"),
            _names("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice"),
        ),
    ),
    Format(
        key="cdnow",
        columns=(_names("customer_id", "date", "number_of_cds", "dollar_value"),),
        cells=((_ID, *_PURCHASE), (_ID, _ID, *_PURCHASE)),
    ),
    Format(
        key="taobao",
        columns=(_names("user_id", "item_id", "category_id", "behavior", "ts"),),
        cells=((_ID, _ID, _ID, re.compile(r"pv|buy|cart|fav"), re.compile(r"\d{10}")),),
    ),
    Format(key="retailrocket", columns=(_names("timestamp", "visitorid", "event", "itemid", "transactionid"),)),
    Format(
        key="shopify",
        columns=(_names("Name", "Financial Status", "Created at", "Lineitem quantity", "Lineitem price"),),
    ),
    Format(key="tmall", columns=(_names("订单编号", "总金额", "订单创建时间", "订单付款时间"),)),
    Format(
        key="woocommerce",
        columns=(_names("order_number", "date", "status", "order_total", "item_quantity", "item_total"),),
    ),
    Format(
        key="woocommerce-analytics",
        columns=(_names("Order #", "Date", "Status", "Items sold", "Net sales"),),
    ),
)


def recognised(first: Sequence[str]) -> Format | None:
    """The kind of file whose first line this is; None if nobody knows it.

    source  1,2268318,2520377,pv,1511544070 -> taobao; 00001 19970101 1 11.77 -> cdnow
    """
    return next((one for one in FORMATS if one.is_of(first)), None)
