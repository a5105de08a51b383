"""What an exchange is agreed to be: what for, at which price, and the goods that are set aside for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.orders.rules import Line, Order
from zhanggui.shop.returns import models, queries, rules
from zhanggui.shop.returns.errors import CannotExchange
from zhanggui.shop.returns.rules import PieceBack, Return
from zhanggui.spine.facts.returns import ExchangeDue
from zhanggui.spine.log.actions import record
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock.rules import Demand, Place


def agree(order: Order, units: Mapping[int, int], wanted: Mapping[int, str], *, is_staff: bool) -> dict[int, str]:
    """What goes out for each line in an exchange, a SKU by position.

    refuses  CannotExchange if it is not offered; somebody of the shop may name whatever can be sent out
    """
    instead: dict[int, str] = {}
    for position in units:
        line = order.line(position)
        offered = [one.card.sku for one in queries.instead_of(line, order=order, at=clock.now())]
        sku = wanted.get(position) or next(iter(offered), line.sku)
        if sku not in offered and not (is_staff and _can_go_out(order, line, sku)):
            raise CannotExchange(position=position, sku=sku, reason="not_offered")
        instead[position] = sku
    return instead


def pieces_for(order: Order, number: str, back: rules.Back, *, instead: Mapping[int, str]) -> list[models.Piece]:
    """The pieces of a return that is asked for, each with what it stands for after an exchange at another price.

    refuses  CannotExchange
    """
    now = queries.skus_now(order.number)
    lines = {line.position: line for line in order.lines}
    pieces = [
        models.Piece(
            return_of_id=number,
            number=count,
            order_number=order.number,
            position=piece.slot.position,
            unit=piece.slot.unit,
            bought_units=lines[piece.slot.position].quantity,
            sku=now.get(piece.slot, lines[piece.slot.position].sku),
            category=lines[piece.slot.position].category,
            wanted_sku=instead.get(piece.slot.position, ""),
            goods_minor=piece.goods.minor,
            tax_minor=piece.tax.minor,
            shipping_minor=piece.shipping.minor,
        )
        for count, piece in enumerate(back.pieces, start=1)
    ]
    price(order, pieces, back)
    return pieces


def price(order: Order, pieces: list[models.Piece], back: rules.Back) -> None:
    """Write to pieces with a wish what they stand for afterwards, where the price is another one.

    refuses  CannotExchange
    """
    if not any(piece.wanted_sku for piece in pieces):
        return
    prices = queries.prices_of(
        order.shop, {sku for piece in pieces for sku in (piece.sku, piece.wanted_sku)}, at=clock.now()
    )
    exchanged = queries.worth_now(order.number)
    for piece, own in zip(pieces, back.pieces, strict=True):
        more = _more(piece, prices)
        if not more:
            continue
        if own.slot in exchanged:
            raise _refused(piece, "again")
        if not queries.may_differ(order):
            raise _refused(piece, "currency")
        piece.new_goods_minor, piece.new_tax_minor = _worth(order.line(piece.position), own, more)
    values = [queries.piece_value(piece, order.total.currency) for piece in pieces]
    if not rules.is_one_way(piece.difference for piece in values):
        raise _refused(pieces[0], "mixed")


def set_aside(found: Return, order: Order, *, by: Actor) -> None:
    """Promise what goes out to the return, under its own number: the calm shape of an exchange is one more parcel of
    this return. What it costs more waits to be paid as long as `PAY_WITHIN` says.

    refuses  OutOfStock
    tells    supply.stock_held; shop.exchange_due if it costs more
    """
    trail = order.trail.after(found.requested_fact)
    wanted = Counter((piece.slot.position, piece.wanted_sku) for piece in found.pieces)
    stock.hold(
        order_number=found.number,
        demand=[
            Demand(line=position, sku=sku, units=units, place=_place(order, position))
            for (position, sku), units in sorted(wanted.items())
        ],
        until=None,
        trail=trail,
        by=by,
    )
    if found.to_pay:
        models.Return.objects.filter(pk=found.number).update(pay_by=clock.now() + rules.PAY_WITHIN)
        fact = ExchangeDue(
            order_number=order.number,
            return_number=found.number,
            amount_minor=found.to_pay.minor,
            currency=found.to_pay.currency,
        )
        record(fact, by=by, trail=trail, subject=f"return:{found.number}")


def _can_go_out(order: Order, line: Line, sku: str) -> bool:
    can_be = bool(line.needs_shipping and not line.parts)
    return can_be and sku in queries.prices_of(order.shop, [sku], at=clock.now())


def _more(piece: models.Piece, prices: Mapping[str, Money]) -> Money | None:
    """What the other goods cost more; None for the same goods, whatever has become of them."""
    if piece.wanted_sku in ("", piece.sku):
        return None
    if piece.sku not in prices or piece.wanted_sku not in prices:
        raise _refused(piece, "not_offered")
    return prices[piece.wanted_sku] - prices[piece.sku]


def _worth(line: Line, own: PieceBack, more: Money) -> tuple[int, int]:
    is_on_top = bool(line.tax_rate) and not line.tax_included
    rate = line.tax_rate if is_on_top else Decimal(0)
    goods, tax = rules.worth_after(own.goods, own.tax, more=more, tax_rate=rate)
    return goods.minor, tax.minor


def _refused(piece: models.Piece, reason: str) -> CannotExchange:
    return CannotExchange(position=piece.position, sku=piece.wanted_sku, reason=reason)


def _place(order: Order, position: int) -> Place:
    there = next(one for one in order.destinations if one.position == order.line(position).destination)
    return Place(country=there.country, region=there.region, city=there.city)
