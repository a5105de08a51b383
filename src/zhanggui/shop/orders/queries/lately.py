"""When shoppers placed an order last, whatever became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from zhanggui.shop.orders import models


def last_placed(shop: str, persons: Iterable[str]) -> dict[str, datetime]:
    """When each of these shoppers last placed an order, paid or not; who never did is left out. One statement.

    Index shop_orders_order_person.
    """
    rows = models.Order.objects.filter(shop=shop, person__in=list(persons)).values_list("person")
    return dict(rows.annotate(last=Max("placed_at")).order_by())
