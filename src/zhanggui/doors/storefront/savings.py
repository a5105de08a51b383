"""What an order saved, by name: a line for each promotion, coupon, special price and use of points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhanggui.base.money import Money
from zhanggui.doors.storefront import words
from zhanggui.doors.storefront.baskets import SumLine
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.promotions.queries import Called
from zhanggui.growth.promotions.rules import COUPON, PROMOTION
from zhanggui.shop.orders.rules import Order, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The sum of an order before anything was taken off, and each thing that was.

    listed   the goods at their list price; goods: what was taken off them, below zero
    postage  delivery before anything was taken off it; delivery: what was
    law      listed + goods + postage + delivery + tax on top = the order's total
    """

    listed: Money
    goods: tuple[SumLine, ...]
    postage: Money
    delivery: tuple[SumLine, ...]


def of(shop: str, order: Order) -> Saved:
    """What an order saved. A statement where a promotion took something off, another where a coupon did."""
    shares = [share for line in order.lines for share in line.shares if share.amount.minor < 0]
    sources = {share.source for share in shares}
    ids = [one.removeprefix(PROMOTION) for one in sources if one.startswith(PROMOTION)]
    coupons = [one.removeprefix(COUPON) for one in sources if one.startswith(COUPON)]
    names = promotions.called(shop, ids, coupons) if ids or coupons else {}
    delivery = _lines([share for share in shares if share.part == "shipping"], names)
    return Saved(
        listed=order.goods - order.discount,
        goods=_lines([share for share in shares if share.part == "goods"], names)
        or ((_unnamed(order.discount),) if order.discount else ()),
        postage=order.shipping - Money.total((line.amount for line in delivery), order.total.currency),
        delivery=delivery,
    )


def _lines(shares: list[Share], names: Mapping[str, Called]) -> tuple[SumLine, ...]:
    """Shares of the same thing added up over the lines of the order, in the order in which they were taken."""
    sums: dict[str, Money] = {}
    for share in shares:
        name = _name(share, names)
        sums[name] = sums[name] + share.amount if name in sums else share.amount
    return tuple(SumLine(name=name, amount=amount, is_saving=True) for name, amount in sums.items())


def _name(share: Share, names: Mapping[str, Called]) -> str:
    """As the checkout called it: the promotion's name, else the kind of price, else the reason."""
    called = names.get(share.source.removeprefix(PROMOTION).removeprefix(COUPON))
    if called is None:
        return str(promotions.PRICE_NAMES.get(share.reason) or words.reason(share))
    name = called.to(get_language() or "en")
    return _("Coupon: %(name)s") % {"name": name} if share.source.startswith(COUPON) else name


def _unnamed(discount: Money) -> SumLine:
    """Orders from before shares were written down know only how much."""
    return SumLine(name=_("Discounts"), amount=discount, is_saving=True)
