"""A cart as its page shows it: one row per article, one line per part of the sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhanggui.base.money import Money
from zhanggui.doors.storefront import sights, words
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout.queries import Counter
from zhanggui.shop.checkout.rules import Part, Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One article of a cart.

    card      None if the catalogue no longer knows it
    amount    what all its pieces cost; None if it cannot be bought
    each      list price of one piece, in the currency it is paid in
    is_gone   no longer sold
    free_units  how many can be had, if fewer than asked for; None if there are enough
    sight_removed  what to report when it is taken out
    """

    sku: str
    quantity: int
    card: Card | None
    amount: Money | None
    each: Money | None
    is_gone: bool
    free_units: int | None
    sight_removed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SumLine:
    """One part of a sum with the reason for it.

    is_saving  something taken off, or something free that is not always
    """

    name: str
    amount: Money
    is_saving: bool


def rows_of(counter: Counter) -> tuple[Row, ...]:
    """The articles of a cart, in the order they were laid aside."""
    amounts = _amounts(counter.quote)
    prices = {line.sku: line.list_price for line in counter.quote.lines} if counter.quote else {}
    short = {shortage.sku: shortage.free_units for shortage in counter.shortages}
    rows = []
    for line in counter.cart.lines:
        card = counter.cards.get(line.sku)
        rows.append(
            Row(
                sku=line.sku,
                quantity=line.quantity,
                card=card,
                amount=amounts.get(line.sku),
                each=prices.get(line.sku),
                is_gone=line.sku in counter.gone,
                free_units=short.get(line.sku),
                sight_removed=sights.removed(card, quantity=line.quantity) if card else "",
            )
        )
    return tuple(rows)


def sum_lines(quote: Quote, names: Mapping[str, str]) -> tuple[SumLine, ...]:
    """Every part of a sum below the goods at list price; together with those they make the total.

    names  of promotions, by the source of their adjustment; what has none is called by its reason
    """
    return tuple(
        SumLine(
            name=(adjustment.source and names.get(adjustment.source)) or words.reason(adjustment),
            amount=adjustment.amount,
            is_saving=adjustment.amount.minor < 0 or adjustment.reason == "free_from",
        )
        for adjustment in quote.adjustments
        if not _is_list_price(adjustment.part, adjustment.reason)
    )


def short_of_free_delivery(counter: Counter) -> Money | None:
    """How much more makes delivery free; None if it is free already or never."""
    free_from = counter.free_from
    if counter.quote is None or free_from is None or not counter.quote.shipping:
        return None
    return free_from - counter.quote.goods if counter.quote.goods < free_from else None


def _amounts(quote: Quote | None) -> dict[str, Money]:
    """What each SKU costs, wherever its pieces go."""
    amounts: dict[str, Money] = {}
    for line in quote.lines if quote else ():
        amounts[line.sku] = amounts.get(line.sku, Money.zero(line.amount.currency)) + line.amount
    return amounts


def _is_list_price(part: Part, reason: str) -> bool:
    return part is Part.GOODS and reason == "list_price"
