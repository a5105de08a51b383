"""What the goods of orders had cost the shop when they were sold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection

# Primary key, then (order, position). Cancelled lines do not exist: what went back is for the reader to take off.
_COSTS: Final = """
select l.order_id, sum(l.cost_minor * l.quantity)::bigint
from shop_orders_order o join shop_orders_line l on l.order_id = o.number
where o.shop = %s::varchar and o.number = any(%s::varchar[])
group by l.order_id having min(l.cost_minor) > 0
"""


def goods_costs(shop: str, numbers: Sequence[str]) -> dict[str, int]:
    """What all pieces of orders cost as it was frozen when they were placed, in minor units of the books' currency.

    An order is left out that the shop does not keep, or of which one piece's cost nobody knew. One statement.
    """
    if not numbers:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COSTS, [shop, list(numbers)])
        return dict(cursor.fetchall())
