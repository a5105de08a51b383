"""Who has a reason to keep an account open, and who forgets a person whose account is closed."""

from __future__ import annotations

from typing import Final

from zhanggui.growth.membership import actions as membership
from zhanggui.growth.messages import actions as messages
from zhanggui.growth.presale import queries as presales
from zhanggui.insight.segments import actions as segments
from zhanggui.shop.customers.ports import Holder
from zhanggui.shop.customers.rules import Whose
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import queries as returns
from zhanggui.shop.wishes import actions as wishes


def _has_open_return(whose: Whose) -> bool:
    """Whether a return of a customer is not over."""
    return any(one.is_open for person in whose.persons for one in returns.returns_of(whose.shop, person))


HOLDERS: Final = (
    Holder(reason="open_orders", stops=orders.is_under_way, keeps=orders.places_since),
    Holder(reason="open_returns", stops=_has_open_return),
    Holder(reason="open_refunds", stops=payments.is_paying_back),
    Holder(reason="money_in_wallet", stops=payments.has_money),
    Holder(reason="open_presales", stops=presales.is_under_way),
    Holder(erase=lambda whose: wishes.erase(shop=whose.shop, persons=whose.persons)),
    Holder(erase=lambda whose: membership.erase(shop=whose.shop, persons=whose.persons)),
    Holder(erase=lambda whose: messages.erase(persons=whose.persons)),
    Holder(erase=lambda whose: segments.erase(persons=whose.persons)),
)
