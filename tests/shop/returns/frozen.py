"""Orders as frozen values, put together from a few amounts; no database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.shop.orders.rules import Booked, Destination, Line, Order, State
from zhanggui.spine.log.rules import Trail

AT = datetime(2026, 11, 1, 4, tzinfo=UTC)
SOMEBODY = UUID(int=7)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def a_line(
    position: int = 1,
    *,
    quantity: int = 1,
    amount: int = 1000,
    shipping: int = 0,
    tax: int = 0,
    destination: int = 1,
    exception: str = "",
    is_confirmed: bool = False,
    needs_shipping: bool = True,
) -> Line:
    """A line whose goods cost `amount` for all its pieces."""
    listed = -(-amount // quantity) * quantity
    return Line(
        position=position,
        destination=destination,
        sku=f"SKU-{position}",
        category="cups",
        title_zh="杯",
        title_en="Cup",
        quantity=quantity,
        list_price=cny(listed // quantity),
        listed=cny(listed),
        discount=cny(amount - listed),
        amount=cny(amount),
        shipping=cny(shipping),
        tax=cny(tax),
        tax_included=cny(0),
        cost=cny(0),
        needs_shipping=needs_shipping,
        no_reason_exception=exception,
        exception_confirmed_at=AT if is_confirmed else None,
    )


def an_order_of(*lines: Line, refunded: int = 0, state: State = State.DELIVERED) -> Order:
    """An order of these lines that was paid and delivered."""
    goods, shipping, tax = (
        Money.total((getattr(line, part) for line in lines), "CNY") for part in ("amount", "shipping", "tax")
    )
    return Order(
        number="261101-00000-00001",
        shop="tea",
        person="v-1",
        trail=Trail(shop="tea", person="v-1"),
        customer_id=SOMEBODY,
        destinations=tuple(
            Destination(position=position, address_id=SOMEBODY, country="CN", shipping=cny(0))
            for position in sorted({line.destination for line in lines})
        ),
        state=state,
        lines=lines,
        discount=Money.total((line.discount for line in lines), "CNY"),
        goods=goods,
        shipping=shipping,
        tax=tax,
        tax_included=cny(0),
        total=goods + shipping + tax,
        refunded=cny(refunded),
        booked=Booked(currency="CNY", rate=Decimal(1), rate_on=date(2026, 11, 1)),
        note="",
        placed_at=AT,
        expires_at=AT,
        paid_at=AT,
        ended_at=AT,
    )
