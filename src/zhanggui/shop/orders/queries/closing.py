"""What an account is still needed for, and what papers need of a customer who is gone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from zhanggui.shop.customers.rules import Whose
from zhanggui.shop.orders import models
from zhanggui.shop.orders.rules import State

_UNDER_WAY = (State.AWAITING_PAYMENT, State.PAID, State.SHIPPING, State.SHIPPED)


def is_under_way(whose: Whose) -> bool:
    """Whether an order of a customer waits for its money or its goods. One statement.

    Index shop_orders_order_person.
    """
    return _of(whose).filter(state__in=_UNDER_WAY).exists()


def all_numbers(whose: Whose) -> tuple[str, ...]:
    """The numbers of all orders of a customer. One statement. Index shop_orders_order_person."""
    return tuple(_of(whose).order_by("placed_at").values_list("number", flat=True))


def places_since(whose: Whose, since: datetime) -> frozenset[UUID]:
    """Where orders of a customer went that were placed since a moment. One statement."""
    places = models.Destination.objects.filter(order__in=_of(whose).filter(placed_at__gte=since))
    return frozenset(places.values_list("address_id", flat=True))


def _of(whose: Whose) -> QuerySet[models.Order]:
    orders = models.Order.objects.filter(shop=whose.shop, person__in=whose.persons)
    return orders.filter(customer_id__in=whose.customer_ids)
