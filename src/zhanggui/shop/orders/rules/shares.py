"""What each unit of an order paid, and numbers that cannot be guessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhanggui.base.money import Money
from zhanggui.base.rates.rules import Rate
from zhanggui.shop.orders.errors import MoreThanBought
from zhanggui.shop.orders.rules.values import Booked, Line, Portion
from zhanggui.spine import envelope

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NOISE_BITS = 50


def in_books(amount: Money, booked: Booked) -> Money:
    """What an amount of an order is worth in the currency of the books, at the rate kept with the order.

    Facts tell this, so that the amounts of a shop can be added up whatever its shoppers paid in.

    source  8.99 EUR at 8 -> 71.92 CNY
    """
    if amount.currency == booked.currency:
        return amount
    rate = Rate(base=amount.currency, quote=booked.currency, rate=booked.rate, on=booked.rate_on)
    return rate.convert(amount)


def told_lines(lines: Sequence[Line], *, booked: Booked) -> tuple[envelope.Line, ...]:
    """Order lines as facts tell them: after every share of discount, without shipping and tax, as the books keep them.

    law  they sum to what the books keep of all goods together
    """
    amounts = [line.amount for line in lines]
    whole = in_books(Money.total(amounts, amounts[0].currency), booked)
    weights = [amount.minor for amount in amounts]
    parts = whole.split(weights) if any(weights) else tuple(Money.zero(whole.currency) for _ in lines)
    return tuple(
        envelope.Line(sku=line.sku, category=line.category, quantity=line.quantity, amount_minor=part.minor)
        for line, part in zip(lines, parts, strict=True)
    )


def order_number(day: date, *, noise: int) -> str:
    """A number that can be read out on the phone and not be guessed from another.

    day     business day in the shop's zone
    noise   50 random bits; letters that look like digits are left out (Crockford's base 32)
    source  2026-11-22 and 0 -> 261122-00000-00000
    """
    digits = "".join(_BASE32[noise >> shift & 31] for shift in range(NOISE_BITS - 5, -5, -5))
    return f"{day:%y%m%d}-{digits[:5]}-{digits[5:]}"


def unit_amounts(line: Line) -> tuple[Money, ...]:
    """What each unit of a line paid for goods, first unit first; frozen, because the line is.

    law     they sum to the line's amount
    source  10.00 for three -> 3.34, 3.33, 3.33
    """
    return line.amount.split([1] * line.quantity)


def portion(line: Line, *, units: int) -> Portion:
    """What the next units of a line that were not given back yet paid: goods, postage and tax.

    units   1 up to line.quantity - line.returned_units
    law     whatever the parts, giving every unit back comes to exactly what the line paid
    source  10.00 for three, one given back before -> the next is 3.33
    """
    if not 0 < units <= line.quantity - line.returned_units:
        raise MoreThanBought(position=line.position, units=units, left_units=line.quantity - line.returned_units)
    first, last = line.returned_units, line.returned_units + units
    weights = [1] * line.quantity

    def part(amount: Money) -> Money:
        return Money.total(amount.split(weights)[first:last], amount.currency)

    return Portion(goods=part(line.amount), shipping=part(line.shipping), tax=part(line.tax))
