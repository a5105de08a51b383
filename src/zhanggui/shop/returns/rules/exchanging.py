"""What an exchange at another price comes to: who pays what, and what a piece stands for afterwards.

The discounts of the first purchase stay: the piece keeps its frozen share, moved by what the other goods cost more or
less now. So nobody wins or loses by exchanging there and back, and no coupon is spent twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from zhanggui.base.money import Money

# So long the goods lie aside for somebody who has a difference to pay.
PAY_WITHIN: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a piece stands for after an exchange at another price.

    on_top     what of it was paid with another order than the piece's own
    paid_with  that order's number; empty if nothing was paid on top
    """

    goods: Money
    tax: Money
    on_top: Money
    paid_with: str = ""


def worth_after(goods: Money, tax: Money, *, more: Money, tax_rate: Decimal) -> tuple[Money, Money]:
    """Goods and tax of a piece after an exchange; never less than nothing, so a gift brings no money.

    goods, tax  as they stand frozen
    more        what the other goods cost more now, before tax; negative if less
    tax_rate    of tax on top of prices; 0 where prices contain it
    source      paid 90.00 of 100.00, exchanged for 120.00 -> 110.00; for 80.00 -> 70.00; tax of 10 % on 110.00 -> 11.00
    """
    zero = Money.zero(goods.currency)
    after = max(goods + more, zero, key=lambda money: money.minor)
    return after, after.times(tax_rate) if tax_rate else tax


def is_one_way(differences: Iterable[Money]) -> bool:
    """Whether no piece costs more while another costs less: such an exchange is two."""
    minors = [money.minor for money in differences]
    return not (any(minor > 0 for minor in minors) and any(minor < 0 for minor in minors))


def on_top_by_order(worths: Iterable[Worth]) -> Mapping[str, Money]:
    """What was paid on top with each other order, by its number; without those of nothing."""
    found: dict[str, Money] = {}
    for worth in worths:
        if worth.on_top:
            found[worth.paid_with] = found.get(worth.paid_with, Money.zero(worth.on_top.currency)) + worth.on_top
    return dict(sorted(found.items()))
