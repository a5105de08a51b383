"""What money goes back: frozen shares of single pieces, never a new quote.

Every piece of a line has a slot of its own with the share that was frozen for it. A return claims slots, so it does
not matter in which parts and in which order pieces come back: each brings exactly what was paid for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from zhanggui.base.money import Money
from zhanggui.shop.orders.rules import Line, Order, Portion, portion
from zhanggui.shop.returns.rules.exchanging import Worth, on_top_by_order

# How much of what an order paid may be given back without goods before somebody with more rights is asked.
GOODWILL_RATE: Final = Decimal("0.20")
_NOTHING: Final[Mapping[Slot, Worth]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Slot:
    """One piece of an order: the line's position, and which of its pieces, from 0."""

    position: int
    unit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceBack:
    """What goes back for one piece."""

    slot: Slot
    goods: Money
    tax: Money
    shipping: Money

    @property
    def total(self) -> Money:
        """All of it."""
        return self.goods + self.tax + self.shipping


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """What goes back for a return.

    kept_shipping  the pieces' shares of the way out that stay with us
    given_before   what does not go back because it went already, as goodwill
    on_top         what of it was paid with other orders, for exchanges; by their numbers
    total          what goes back: goods + tax + shipping - given_before
    """

    pieces: tuple[PieceBack, ...]
    goods: Money
    tax: Money
    shipping: Money
    kept_shipping: Money
    given_before: Money
    total: Money
    on_top: Mapping[str, Money] = field(default_factory=dict)

    @property
    def own(self) -> Money:
        """What of it the order itself gives back."""
        return self.total - Money.total(self.on_top.values(), self.total.currency)


def share_of(line: Line, *, unit: int) -> Portion:
    """What one piece of a line paid, frozen with the line.

    unit    from 0 up to quantity - 1
    source  10.00 for three -> 3.34, 3.33, 3.33
    """
    return portion(replace(line, returned_units=unit), units=1)


def free_slots(line: Line, *, claimed: Collection[Slot], units: int) -> tuple[Slot, ...]:
    """The first pieces of a line that nobody has claimed; fewer than asked for if there are not so many."""
    every = (Slot(position=line.position, unit=unit) for unit in range(line.quantity))
    return tuple(slot for slot in every if slot not in claimed)[:units]


def money_back(
    order: Order,
    *,
    slots: Sequence[Slot],
    has_fault: bool,
    before: Mapping[Slot, Money],
    worth: Mapping[Slot, Worth] = _NOTHING,
) -> Back:
    """What goes back for these pieces.

    Goods and tax: the frozen share of every piece. The way out: for a fault each piece's share of it; without a fault
    nothing, until with this return everything that went to the same place has come back: then all of it that is still
    with us. So a whole destination given back, in whatever parts, comes to exactly what was paid for it. This is more
    than Chinese law asks for and what European law asks for. Never more goes back than is left of what was paid.

    before  the pieces whose money went back already, each with the shipping that went with it
    worth   the pieces that were exchanged at another price: that counts instead of the frozen share
    """
    own = {slot: _own(order, slot, has_fault=has_fault, worth=worth.get(slot)) for slot in sorted(slots)}
    for destination in {order.line(slot.position).destination for slot in slots}:
        _complete(order, destination, own=own, before=before)
    zero = Money.zero(order.total.currency)
    goods, tax, shipping = (
        sum((getattr(piece, part) for piece in own.values()), zero) for part in ("goods", "tax", "shipping")
    )
    shares = sum((share_of(order.line(slot.position), unit=slot.unit).shipping for slot in own), zero)
    on_top = on_top_by_order(worth[slot] for slot in own if slot in worth)
    elsewhere = sum(on_top.values(), zero)
    due, left = goods + tax + shipping - elsewhere, order.total - order.refunded
    total = min(due, left, key=lambda money: money.minor)
    return Back(
        pieces=tuple(own.values()),
        goods=goods,
        tax=tax,
        shipping=shipping,
        kept_shipping=max(shares - shipping, zero, key=lambda money: money.minor),
        given_before=due - total,
        total=total + elsewhere,
        on_top=on_top,
    )


def goodwill_limit(order: Order) -> Money:
    """How much an order may be given without goods, in all, before somebody with more rights is asked.

    source   200.00 paid -> 40.00
    """
    return order.total.times(GOODWILL_RATE)


def _own(order: Order, slot: Slot, *, has_fault: bool, worth: Worth | None) -> PieceBack:
    share = share_of(order.line(slot.position), unit=slot.unit)
    shipping = share.shipping if has_fault else Money.zero(share.shipping.currency)
    goods, tax = (worth.goods, worth.tax) if worth else (share.goods, share.tax)
    return PieceBack(slot=slot, goods=goods, tax=tax, shipping=shipping)


def _complete(order: Order, destination: int, *, own: dict[Slot, PieceBack], before: Mapping[Slot, Money]) -> None:
    """Once everything of a place is back, add what is left of its shipping to the pieces that completed it."""
    lines = [line for line in order.lines if line.destination == destination]
    here = {Slot(position=line.position, unit=unit) for line in lines for unit in range(line.quantity)}
    if not here <= own.keys() | before.keys():
        return
    mine = [slot for slot in own if slot in here]
    currency = order.total.currency
    given = [before[slot] for slot in here if slot in before] + [own[slot].shipping for slot in mine]
    left = Money.total((line.shipping for line in lines), currency) - Money.total(given, currency)
    for slot, more in zip(mine, left.split([1] * len(mine)), strict=True):
        own[slot] = replace(own[slot], shipping=own[slot].shipping + more)
