"""What must be true after everything, whoever was quicker: pieces, money, promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from django.db import connection

from tests.prove.gateway import Gateway
from tests.shop.made import SHOP
from zhanggui.base.audit import ports
from zhanggui.base.errors import Unreachable
from zhanggui.shop.orders.models import Order
from zhanggui.shop.orders.rules import MAY_HOLD, STANDS, State
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments.models import Refund
from zhanggui.shop.payments.rules import OPEN
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.models import Reservation

# A provider that fails now and then has answered after so many tries.
_TRIES = 40


def nothing_is_wrong(received: dict[str, int], gateway: Gateway, *, orders: Iterable[str] | None = None) -> None:
    """Look at every piece and every cent of some orders, or of all.

    received  how many pieces of each SKU came into the house
    """
    rows = Order.objects.filter(shop=SHOP)
    numbers = set(orders) if orders is not None else set(rows.values_list("pk", flat=True))
    bring_to_rest(gateway, numbers)
    rows = rows.filter(pk__in=numbers)
    _pieces(received)
    _promises(rows)
    _money(rows, gateway)
    _books()


def audits_find_nothing() -> None:
    """What `zhanggui audit` adds up every night."""
    found = {name: audit() for name, audit in ports.audits.items()}
    assert {name: list(wrong) for name, wrong in found.items() if wrong} == {}


def bring_to_rest(gateway: Gateway, orders: Collection[str]) -> None:
    """What happens by and by: the provider tells all it has to say, and is told of refunds until it has heard."""
    for message in gateway.all_it_has_to_say(orders):
        paying.settle(shop=SHOP, provider="sandbox", message=message)
    for _ in range(_TRIES):
        waiting = Refund.objects.filter(state__in=OPEN)
        waiting.update(next_at=None)  # as if the time until the next try had passed
        ids = [str(id) for id in waiting.values_list("pk", flat=True)]
        if not ids:
            return
        for id in ids:
            try:
                paying.pay_back(refund_id=id)
            except Unreachable:
                continue
    raise AssertionError(f"{len(ids)} refunds are not done after {_TRIES} tries")


def _pieces(received: dict[str, int]) -> None:
    """Units sold and units there are the units that came."""
    sold: Counter[str] = Counter()
    held = Reservation.objects.filter(sku__in=received)
    lives = Order.objects.filter(shop=SHOP, state__in=[*MAY_HOLD, *STANDS], pk__in=held.values("order_number"))
    for number in lives.values_list("pk", flat=True):
        for one in stock.reservations(number):
            sold[one.sku] += one.units - one.released_units
    for sku, units in received.items():
        assert sold[sku] <= units, f"{sold[sku]} of {units} {sku} were sold"
        assert stock.free([sku])[sku] == units - sold[sku], f"{sku} does not add up"


def _promises(rows: Iterable[Order]) -> None:
    """Every order that may hold stock does, and no other."""
    for order in rows:
        open_units = sum(r.units - r.released_units - r.shipped_units for r in stock.reservations(order.number))
        may_hold = order.state in (State.AWAITING_PAYMENT, State.PAID)
        assert (open_units > 0) == may_hold, f"{order.number} is {order.state} and holds {open_units}"


def _money(rows: Iterable[Order], gateway: Gateway) -> None:
    """What the provider keeps of a shopper's money is what the order has cost: nobody was charged in vain."""
    kept: Counter[str] = Counter()
    for charge in list(gateway.charges.values()):
        kept[charge.order_number] += charge.kept.minor
    for order in rows:
        is_paid = order.paid_at is not None
        cost = order.total_minor - order.refunded_minor if is_paid else 0
        assert kept[order.number] == cost, f"{order.number} is {order.state}: {kept[order.number]} kept for {cost}"


def _books() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(sum(amount_minor), 0) from base_ledger_posting")
        assert cursor.fetchone()[0] == 0
