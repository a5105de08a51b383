"""What stands in the calendar of campaigns besides promotions; `config/wiring.py` plugs it in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as lazy

from zhanggui.doors.console.ports import Happening
from zhanggui.growth.flash import queries as flash


def flash_sales(shop: str, start: datetime, end: datetime) -> Sequence[Happening]:
    """The flash sales of a shop in a time. Two statements."""
    return [
        Happening(
            id=sale.id,
            name_zh=sale.name.zh,
            name_en=sale.name.en,
            kind=lazy("Flash sale"),
            route="flash_sale",
            starts_at=sale.starts_at,
            ends_at=sale.ended_at or sale.ends_at,
            is_on=sale.ended_at is None,
            skus=frozenset(item.sku for item in sale.items),
        )
        for sale in flash.sales_of(shop)
        if sale.starts_at < end and start < (sale.ended_at or sale.ends_at)
    ]
