"""Paid orders and their parcels, and a carrier that does as it is told."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tests.shop.made import ADDRESS, CLERK, CONTACT, SHOP, a_walk, by, cny
from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.fulfilment import actions, ports, queries
from zhanggui.shop.fulfilment.errors import CarrierUnreachable
from zhanggui.shop.fulfilment.rules import Label, Message, Parcel, Scan, ScanKind, Shipment, State
from zhanggui.shop.orders import actions as orders
from zhanggui.shop.orders.rules import Booked, Destination, Line, NewOrder, Part
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock.rules import Demand

PAID_FACT = ids.uuid7()


def a_line(
    position: int = 1,
    *,
    sku: str = "CUP",
    quantity: int = 2,
    amount: int = 10000,
    destination: int = 1,
    needs_shipping: bool = True,
    parts: tuple[Part, ...] = (),
) -> Line:
    """A line of an order whose goods cost `amount` for all its pieces."""
    listed = -(-amount // quantity) * quantity
    zero = cny(0)
    return Line(
        position=position,
        destination=destination,
        sku=sku,
        category="cups",
        title_zh="杯",
        title_en="Cup",
        quantity=quantity,
        list_price=cny(listed // quantity),
        listed=cny(listed),
        discount=cny(amount - listed),
        amount=cny(amount),
        shipping=zero,
        tax=zero,
        tax_included=zero,
        cost=zero,
        parts=parts,
        needs_shipping=needs_shipping,
    )


def in_stock(**units: int) -> None:
    """Pieces in the main warehouse."""
    stock.receive(reference=f"delivery-{ids.uuid7()}", units=units, trail=Trail(shop=SHOP), by=CLERK)


def a_paid_order(*lines: Line, promised_on: date | None = None) -> str:
    """An order of these lines that is paid, its stock reserved, and nothing planned yet; its number."""
    lines = lines or (a_line(),)
    walk = a_walk()
    known = customers.recognise(contact=CONTACT, address=ADDRESS, trail=walk, by=by(walk))
    goods = Money.total((line.amount for line in lines), "CNY")
    zero = cny(0)
    opened = orders.open_order(
        order=NewOrder(
            customer_id=known.customer_id,
            destinations=tuple(
                Destination(
                    position=position,
                    address_id=known.address_id,
                    country="CN",
                    region="浙江省",
                    shipping=zero,
                    promised_on=promised_on,
                )
                for position in sorted({line.destination for line in lines})
            ),
            lines=lines,
            discount=Money.total((line.discount for line in lines), "CNY"),
            goods=goods,
            shipping=zero,
            tax=zero,
            tax_included=zero,
            total=goods,
            booked=Booked(currency="CNY", rate=Decimal(1), rate_on=date(2026, 11, 22)),
        ),
        trail=walk,
        by=by(walk),
    )
    demand = [Demand(line=line.position, sku=sku, units=units) for line in lines for sku, units in line.demand.items()]
    if demand:
        stock.hold(order_number=opened.number, demand=demand, until=opened.expires_at, trail=walk, by=by(walk))
    orders.mark_paid(order_number=opened.number)
    return opened.number


def parcels_of(*lines: Line, promised_on: date | None = None) -> tuple[Parcel, ...]:
    """The planned parcels of a paid order."""
    number = a_paid_order(*lines, promised_on=promised_on)
    actions.plan(order_number=number, cause=PAID_FACT)
    return queries.parcels(number)


def a_parcel(*lines: Line, state: State = State.PLANNED, promised_on: date | None = None) -> Parcel:
    """The only parcel of a paid order, brought as far as that."""
    (parcel,) = parcels_of(*lines, promised_on=promised_on)
    bring(parcel.id, to=state)
    return queries.parcel_by_id(parcel.id)


def bring(parcel_id: str, *, to: State) -> None:
    """Bring a planned parcel as far as that, up to its leaving."""
    if to in (State.PICKED, State.PACKED, State.SHIPPED):
        actions.pick(parcel_id=parcel_id, by=CLERK)
    if to in (State.PACKED, State.SHIPPED):
        actions.pack(parcel_id=parcel_id, weight_g=800, by=CLERK)
    if to is State.SHIPPED:
        actions.ship(parcel_id=parcel_id, by=CLERK)


def a_scan(parcel: Parcel, kind: ScanKind = ScanKind.DELIVERED, *, at: datetime | None = None, event: str = "") -> Scan:
    """What a carrier saw of a parcel."""
    return Scan(
        event_id=event or f"ev-{ids.uuid7()}",
        tracking=parcel.tracking,
        kind=kind,
        place="杭州",
        at=at or clock.now(),
    )


@dataclass
class Porter:
    """A carrier without a network: it books each parcel once, and says what it was given to say."""

    booked: dict[str, Label] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    asked: int = 0
    said: tuple[Scan, ...] = ()
    is_away: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    # Stands in the way between a booking and what is made of it.
    gate: threading.Event | None = None

    def book(self, shipment: Shipment) -> Label:
        if self.is_away:
            raise CarrierUnreachable(carrier="porter", reason="away")
        with self.lock:
            self.asked += 1
            made = Label(tracking=f"P{len(self.booked) + 1:06d}", address="http://porter/label")
            label = self.booked.setdefault(shipment.parcel_id, made)
        if self.gate:
            self.gate.wait(10)
        return label

    def track(self, tracking: str) -> tuple[Scan, ...]:
        return tuple(scan for scan in self.said if scan.tracking == tracking)

    def cancel(self, parcel_id: str) -> None:
        self.cancelled.append(parcel_id)

    def read(self, message: Message, *, at: datetime) -> tuple[Scan, ...]:
        return self.said

    def follow(self, tracking: str) -> str:
        return f"http://porter/{tracking}"

    def says(self, scans: Sequence[Scan]) -> Message:
        """The message that tells these scans."""
        self.said = tuple(scans)
        return Message(body=b"")


def the_porter() -> Porter:
    """The one carrier that is plugged in."""
    found = ports.carriers["porter"]
    assert isinstance(found, Porter)
    return found
