"""Returns whose money is awaited for too long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Law
from zhanggui.shop.returns import models, rules
from zhanggui.shop.returns.rules import State, Wish

_PART: Final = 500


def is_late(*, at: datetime) -> Q:
    """The condition that the money of a return is late and nobody above has been told; see `rules.refund_clock`.

    One statement, for the shops that keep European law.
    """
    promised = Q(state__in=[State.RECEIVED, State.INSPECTED], received_at__lte=at - rules.REFUND_WITHIN)
    by_law = Q(
        shop__in=[shop.code for shop in shops.shops() if shop.law is Law.EU],
        state__in=[State.IN_TRANSIT, State.RECEIVED, State.INSPECTED],
        wish=Wish.REFUND,
        reason__in=sorted(set(rules.Reason) - rules.FAULTS),
        requested_at__lte=at - rules.REFUND_BY_LAW,
        sent_at__lte=at - rules.REFUND_WITHIN,
    )
    return (promised | by_law) & Q(escalated_at=None)


def late(*, at: datetime) -> tuple[str, ...]:
    """The returns whose money is late and of which nobody above has been told. Two statements."""
    rows = models.Return.objects.filter(is_late(at=at))
    return tuple(rows.order_by("received_at", "pk").values_list("pk", flat=True)[:_PART])


def unsettled(*, at: datetime) -> tuple[str, ...]:
    """The inspected returns whose refund should have run by now. One statement."""
    rows = models.Return.objects.filter(
        state=State.INSPECTED, wish=Wish.REFUND, inspected_at__lte=at - timedelta(minutes=10)
    )
    return tuple(rows.order_by("inspected_at", "pk").values_list("pk", flat=True)[:_PART])
