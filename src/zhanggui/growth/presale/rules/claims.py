"""What of a price came from presales, read off the adjustments of a quote; and where the pieces of one lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.shop.checkout.rules import Quote

# How an adjustment says that a reservation made the price.
SOURCE: Final = "presale:"
# Under which number the stock of a reservation is held, and its money in the books; 40 signs at most.
HELD: Final = "presale/"
# What stands on the line of a deposit's order: neither is a product of the catalogue.
DEPOSIT_LINE: Final = "presale-deposit"
PREPAYMENT_LINE: Final = "presale-prepayment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A reservation whose balance an order pays.

    saved  what it took off the list price, above zero
    """

    reservation: UUID
    saved: Money


def claimed(quote: Quote) -> tuple[Claimed, ...]:
    """The reservations that a quote counts on, in the order of their ids."""
    found = [
        Claimed(reservation=UUID(took.source.removeprefix(SOURCE)), saved=-took.amount)
        for took in quote.adjustments
        if took.source.startswith(SOURCE)
    ]
    return tuple(sorted(found, key=lambda one: one.reservation))


def is_whole(one: Claimed, quote: Quote, *, sku: str, units: int, balance: Money) -> bool:
    """Whether a quote takes all pieces of a reservation at the price that was agreed.

    source  2 reserved at 400 instead of 500: 200 taken off; 1 laid into the cart: 100, which is not all
    """
    listed = {item.list_price for item in quote.basket.items if item.sku == sku}
    return len(listed) == 1 and one.saved == (listed.pop() - balance) * units


def held_as(reservation: UUID) -> str:
    """The number under which its pieces are held and its money stands in the books."""
    return f"{HELD}{reservation.hex}"


def spread(units: int, lines: Mapping[int, int]) -> dict[int, int]:
    """So many pieces over lines that have some, the first lines first.

    source  3 over {1: 2, 2: 5} -> {1: 2, 2: 1}
    """
    taken: dict[int, int] = {}
    for line, has in sorted(lines.items()):
        if part := min(units - sum(taken.values()), has):
            taken[line] = part
    return taken
