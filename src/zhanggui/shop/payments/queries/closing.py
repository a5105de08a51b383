"""What an account is still needed for."""

from __future__ import annotations

from zhanggui.shop.customers.rules import Whose
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import models
from zhanggui.shop.payments.queries.purses import wallet
from zhanggui.shop.payments.rules import RefundState


def has_money(whose: Whose) -> bool:
    """Whether a customer has money to their credit. One statement for each of their ids."""
    return any(wallet(whose.shop, str(id)).minor > 0 for id in whose.customer_ids)


def is_paying_back(whose: Whose) -> bool:
    """Whether money of a customer's is on its way back, or waits for a person to decide. Two statements."""
    over = models.Refund.objects.exclude(state=RefundState.DONE)
    return over.filter(order_number__in=orders.all_numbers(whose)).exists()
