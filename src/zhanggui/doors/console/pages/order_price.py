"""Why an order cost what it cost: every line from its list price to what was paid, step by step and piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from zhanggui.base.accounts.rules import Right
from zhanggui.base.money import Money
from zhanggui.doors.console import order_words
from zhanggui.doors.console import words as console_words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.ordering import Piece
from zhanggui.growth.promotions import queries
from zhanggui.growth.promotions.queries import Called
from zhanggui.growth.promotions.rules import COUPON, PROMOTION, units_of
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import Line, Order, Share, unit_amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceStep:
    """One step of a line's price.

    name       of the promotion, or what the step is called; promotion: its id, empty for anything else
    left       what the goods come to after it
    """

    name: str
    kind: str
    promotion: str
    is_coupon: bool
    amount: Money
    left: Money
    pieces: tuple[Piece, ...]
    payer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A line with the steps of its goods, then those of its postage and taxes."""

    line: Line
    title: str
    variant: str
    steps: tuple[PriceStep, ...]
    besides: tuple[PriceStep, ...]
    paid: tuple[Piece, ...]


@require_safe
@page(Right.RUN_SHOP, Right.SET_TERMS)
def price(request: ConsoleRequest, number: str) -> HttpResponse:
    """The price of an order explained from the shares that were frozen when it was placed. At most four statements."""
    shop = request.scope.shop.code
    try:
        order = orders.order_for_staff(shop, number)
    except NoSuchOrder as missing:
        raise Http404(number) from missing
    sources = {share.source for line in order.lines for share in line.shares}
    promotions = [one.removeprefix(PROMOTION) for one in sources if one.startswith(PROMOTION)]
    coupons = [one.removeprefix(COUPON) for one in sources if one.startswith(COUPON)]
    names = queries.called(shop, promotions, coupons)
    lines = [_line(line, names) for line in order.lines]
    return show(
        request,
        "console/promotions/price.html",
        order=order,
        lines=lines,
        payers=_payers(order),
        listed=Money.total((line.listed for line in order.lines), order.total.currency),
    )


def _line(line: Line, names: Mapping[str, Called]) -> PricedLine:
    steps, besides = [], []
    left = Money.zero(line.amount.currency)
    for share in line.shares:
        if share.part == "goods":
            left = left + share.amount
            steps.append(_step(share, line, left, names))
        else:
            besides.append(_step(share, line, left, names))
    return PricedLine(
        line=line,
        title=line.title(console_words.language()),
        variant=line.variant(console_words.language()),
        steps=tuple(steps),
        besides=tuple(besides),
        paid=_pieces(unit_amounts(line)),
    )


def _step(share: Share, line: Line, left: Money, names: Mapping[str, Called]) -> PriceStep:
    id = share.source.removeprefix(PROMOTION).removeprefix(COUPON)
    is_promotion = share.source.startswith(PROMOTION)
    called = names[id].to(console_words.language()) if id in names else ""
    reason = str(queries.KIND_NAMES.get(share.reason) or order_words.reason(share.reason))
    return PriceStep(
        name=called or reason,
        kind=reason if called else "",
        promotion=id if is_promotion and id in names else "",
        is_coupon=share.source.startswith(COUPON),
        amount=share.amount,
        left=left,
        pieces=_pieces(units_of(share.amount, line.quantity)),
        payer=order_words.payer(share.funded_by) if share.amount.minor < 0 else "",
    )


def _payers(order: Order) -> list[tuple[str, Money]]:
    """Who paid how much of what was taken off, goods and postage together."""
    sums: dict[str, Money] = {}
    for line in order.lines:
        for share in line.shares:
            if share.amount.minor < 0:
                before = sums.get(share.funded_by, Money.zero(share.amount.currency))
                sums[share.funded_by] = before - share.amount
    return [(order_words.payer(who), amount) for who, amount in sorted(sums.items())]


def _pieces(amounts: tuple[Money, ...]) -> tuple[Piece, ...]:
    """So many pieces at the same amount, in the order of the pieces."""
    counted: dict[Money, int] = {}
    for amount in amounts:
        counted[amount] = counted.get(amount, 0) + 1
    return tuple(Piece(units=units, amount=amount) for amount, units in counted.items())
