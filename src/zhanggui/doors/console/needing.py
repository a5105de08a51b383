"""What needs a hand now: what is late, what waits for a person, what does not add up; each with where it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base import clock
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Right
from zhanggui.base.jobs import queries as jobs
from zhanggui.base.kept import kept
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.growth.membership import queries as membership
from zhanggui.shop.fulfilment import queries as fulfilment
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import queries as returns
from zhanggui.shop.returns.queries import View
from zhanggui.steer.signals import queries as signals
from zhanggui.supply.stock import queries as stock

# Adding the whole stock up takes a moment; books that are out of step stay so until somebody looks.
_STOCK_SECONDS: Final = 300
# The job by which the demonstration shop gets its goals, signals, plays and a review.
_REHEARSAL: Final = "rehearsal.steer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """One kind of thing that needs somebody.

    is_bad      it is late or wrong already, and does not only wait
    address     where it is done
    is_counted  how many says something; of what is either so or not it does not
    """

    name: Promise
    count: int
    is_bad: bool
    address: str
    is_counted: bool = True


def hands_of(operator: Operator, shop: Shop, *, at: datetime) -> tuple[Hand, ...]:
    """All that may need a hand in a shop of our own, as far as the operator may see to it; what needs none counts 0.

    One statement for each of parcels, returns, payments, members, stock and jobs.
    """
    if shop.kind is not ShopKind.OWN:
        return ()
    of_shop = _of_shop(shop.code, at) if operator.may(Right.RUN_SHOP) else ()
    of_system = _of_system() if operator.may(Right.SEE_SYSTEM) else ()
    return (*of_shop, *of_system)


def _of_shop(shop: str, at: datetime) -> Iterator[Hand]:
    late, soon = fulfilment.pressing(shop, at=at)
    yield _hand(lazy("Parcels late"), late, "parcels", shop, due="late", is_bad=True)
    yield _hand(lazy("Parcels due within 12 hours"), soon, "parcels", shop, due="soon")
    waiting = returns.counts(shop)
    yield _hand(lazy("Refunds late"), waiting.get(View.LATE, 0), "returns", shop, view=View.LATE, is_bad=True)
    yield _hand(lazy("Returns to decide"), waiting.get(View.DECIDE, 0), "returns", shop, view=View.DECIDE)
    yield _hand(lazy("Returns to inspect"), waiting.get(View.INSPECT, 0), "returns", shop, view=View.INSPECT)
    money = payments.to_decide(shop)
    yield _hand(lazy("Payments that do not fit"), money.quarantined, "odd_money", shop, is_bad=True)
    yield _hand(lazy("Bills that differ"), money.differences, "odd_money", shop, is_bad=True)
    yield _hand(lazy("Refunds refused by the provider"), money.refused_refunds, "refunds", shop, is_bad=True)
    members = membership.waiting(shop)
    yield _hand(lazy("Rewards to send"), members.redemptions, "rewards", shop)
    yield _hand(lazy("Things handed in for points"), members.items, "recycling", shop)
    yield _hand(lazy("Stock that does not add up"), _stock_disagreements(), "stock_audit", shop, is_bad=True)


def steering_of(shop: Shop, *, at: datetime) -> Iterator[Hand]:
    """What steering a shop waits for: the signals to decide on, and what stands on the page of today beside them.

    One statement, and one more where there is none: whether the rehearsal is still at it.
    """
    if shop.kind is not ShopKind.OWN:
        return
    waiting = signals.waiting(shop.code, on=clock.day_of(at, shop.zone))
    yield _hand(lazy("Signals to decide on"), waiting, "hands", shop.code)
    if not waiting:
        rehearsed = jobs.to_come(_REHEARSAL, "shop", shop.code)
        name = lazy("Simulated weeks are worked out: signals, plays and a review appear")
        yield replace(_hand(name, rehearsed, "hands", shop.code), is_counted=False)


def _of_system() -> Iterator[Hand]:
    yield Hand(name=lazy("Jobs that gave up"), count=jobs.counts().dead, is_bad=True, address=reverse("console:system"))


def _hand(name: Promise, count: int, route: str, shop: str, *, is_bad: bool = False, **more: str) -> Hand:
    address = f"{reverse(f'console:{route}')}?{urlencode({'shop': shop} | more)}"
    return Hand(name=name, count=count, is_bad=is_bad, address=address)


@kept(seconds=_STOCK_SECONDS)
def _stock_disagreements() -> int:
    """How many levels say something else than their movements and promises, kept for a while."""
    return len(stock.audit())
