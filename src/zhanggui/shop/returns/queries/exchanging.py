"""What goods can be exchanged for, what that costs more or less, and what was exchanged so far."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.errors import NoSuchProduct
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.orders.rules import Line, Order
from zhanggui.shop.returns import models, rules
from zhanggui.shop.returns.rules import Return, Slot, State, Worth

_PART: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """What a piece can be exchanged for.

    more  what it costs more than the piece would now; negative: less
    """

    card: Card
    more: Money

    @property
    def less(self) -> Money:
        """What it costs less."""
        return -self.more


def instead_of(line: Line, *, order: Order, at: datetime) -> tuple[Instead, ...]:
    """What a line can be exchanged for by its shopper: itself first, then the other variants of its product.

    At another price only what was paid in the shop's own currency, and only once. Four statements. Bundles are refunded
    and not exchanged: their parts come back one by one.
    """
    if line.parts or not line.needs_shipping:
        return ()
    now = _sku_now(order, line)
    try:
        cards = [variant.card for variant in catalogue.product(order.shop, now).variants]
    except NoSuchProduct:
        return ()
    price = next(card.price_at(at) for card in cards if card.sku == now)
    fits = [card for card in cards if card.is_listed and not card.parts and card.needs_shipping]
    offered = [Instead(card=card, more=card.price_at(at) - price) for card in fits]
    if not may_differ(order) or any(slot.position == line.position for slot in worth_now(order.number)):
        offered = [one for one in offered if not one.more]
    return tuple(sorted(offered, key=lambda one: (one.card.sku != now, one.more.minor)))


def prices_of(shop: str, skus: Collection[str], *, at: datetime) -> dict[str, Money]:
    """What these SKUs cost now, as far as the shop has them; of those that can be sent out one by one."""
    return {
        sku: card.price_at(at)
        for sku, card in catalogue.products(skus).items()
        if card.shop == shop and not card.parts and card.needs_shipping
    }


def skus_now(order_number: str) -> dict[Slot, str]:
    """What stands in the place of pieces that were exchanged, the last exchange first. One statement."""
    rows = models.Piece.objects.filter(order_number=order_number, return_of__state=State.EXCHANGED)
    rows = rows.exclude(verdict=rules.Verdict.REJECTED).exclude(wanted_sku="").order_by("return_of__ended_at")
    return {
        Slot(position=position, unit=unit): sku
        for position, unit, sku in rows.values_list("position", "unit", "wanted_sku")
    }


def worth_now(order_number: str) -> dict[Slot, Worth]:
    """What pieces stand for that were exchanged at another price. One statement."""
    rows = models.Piece.objects.filter(order_number=order_number, return_of__state=State.EXCHANGED)
    rows = rows.exclude(verdict=rules.Verdict.REJECTED).exclude(new_goods_minor=None).select_related("return_of")
    found = {}
    for row in rows:
        currency = row.return_of.currency
        goods, tax = Money(row.new_goods_minor or 0, currency), Money(row.new_tax_minor or 0, currency)
        more = goods + tax - Money(row.goods_minor + row.tax_minor, currency)
        zero = Money.zero(currency)
        found[Slot(position=row.position, unit=row.unit)] = Worth(
            goods=goods,
            tax=tax,
            on_top=max(more, zero, key=lambda money: money.minor),
            paid_with=row.return_of.paid_with if more.minor > 0 else "",
        )
    return found


def exchanges(found: Iterable[Order]) -> dict[str, str]:
    """The exchanges whose difference these orders ask for, by order number.

    A statement if nothing is sent for one of them, else none; one more if any ran out before another asked.
    Index shop_returns_return_paid_with.
    """
    asks = [order for order in found if not any(line.needs_shipping or line.parts for line in order.lines)]
    numbers = [order.number for order in asks]
    rows = models.Return.objects.filter(paid_with__in=numbers) if numbers else models.Return.objects.none()
    standing = dict(rows.values_list("paid_with", "pk"))
    gone = [order for order in asks if order.difference_of and order.number not in standing]
    return standing | _asked_before(gone)


def exchange_of(order: Order) -> str:
    """The return whose difference an order asks for; empty for every other one."""
    return exchanges([order]).get(order.number, "")


def _asked_before(gone: Sequence[Order]) -> dict[str, str]:
    """The exchanges that orders asked for which ran out: for each the last one that was wanted before it.

    A statement if there is any such order. Index shop_returns_return_order.
    """
    if not gone:
        return {}
    rows = models.Return.objects.filter(order_number__in={order.difference_of for order in gone}).exclude(paid_with="")
    wanted = list(rows.order_by("requested_at").values_list("order_number", "requested_at", "pk"))
    return {
        order.number: number
        for order in gone
        for of, at, number in wanted
        if of == order.difference_of and at <= order.placed_at
    }


def is_paid(found: Return) -> bool:
    """Whether the difference of an exchange has been paid, or there is none. One statement."""
    if not found.to_pay:
        return True
    return orders.states([found.paid_with]).get(found.paid_with) in order_rules.STANDS


def unpaid(*, at: datetime) -> tuple[str, ...]:
    """The exchanges whose time to pay is over and may not have been paid. Index shop_returns_return_unpaid."""
    rows = models.Return.objects.filter(pay_by__lte=at, ended_at=None, wish=rules.Wish.EXCHANGE)
    return tuple(rows.order_by("pay_by", "pk").values_list("pk", flat=True)[:_PART])


def may_differ(order: Order) -> bool:
    """Whether an exchange of an order may be at another price: one that was paid in the currency of its shop."""
    return order.total.currency == shops.shop(order.shop).currency


def _sku_now(order: Order, line: Line) -> str:
    """What the first piece of a line is by now."""
    now = skus_now(order.number)
    slots = sorted(slot for slot in now if slot.position == line.position)
    return now[slots[0]] if slots else line.sku
