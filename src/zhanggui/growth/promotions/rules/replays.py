"""A promotion that is not live yet, tried on one order of the past: what it would have taken off besides.

What stood then stays. The layers before the promotion's own are those frozen on the order's lines, and what later ones
took is kept; so an order answers for itself, whatever else is live today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.admission import Standing, group_of, takes_closed
from zhanggui.growth.promotions.rules.kinds import KINDS
from zhanggui.growth.promotions.rules.lots import Lot
from zhanggui.growth.promotions.rules.prices import floors, limit_of
from zhanggui.growth.promotions.rules.uses import COUPON, PROMOTION, STEP
from zhanggui.growth.promotions.rules.values import CLOSED_SOURCES, Layer, Line, Reason, Rule
from zhanggui.growth.promotions.rules.work import Work
from zhanggui.shop.orders.rules.past import PastLine, PastOrder, PastShare

_GOODS: Final = "goods"
_BASE: Final = "list_price"
_CLOSED: Final = frozenset(str(source) for source in CLOSED_SOURCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What the promotion would have done to an order.

    off_minor  what it takes off besides, >= 0; 0 with the reason why it takes nothing
    others     how many other promotions the order had
    """

    off_minor: int = 0
    others: int = 0
    reason: Reason | None = None


def replayed(
    order: PastOrder,
    draft: Rule,
    fit: Sequence[int],
    *,
    known: Mapping[str, Rule],
    brought: Mapping[str, str],
    lowest: Mapping[str, Money],
    currency: str,
) -> Again:
    """Try a promotion on an order.

    fit      places of the lines that its target fits, at least one
    known    the promotions of the shop by id, for what excludes what; those that a coupon brings name one
    brought  the promotion of each coupon
    lowest   floors of one piece, by SKU
    law      never below the floor of a piece, nor below one minor unit
    source   a line of 350.00 and 满 300 减 40 -> 4000
    """
    used = _used(order, brought)
    if _stands_back(draft, used, known):
        return Again(others=len(used), reason=Reason.EXCLUDED)
    lines = [_line(place, line, currency, lowest) for place, line in enumerate(order.lines)]
    if draft.layer is Layer.PRICE:
        off, reason = _priced(order, draft, fit, lines)
    else:
        off, reason = _taken(order, draft, fit, lines, known=known, brought=brought)
    return Again(off_minor=off, others=len(used), reason=reason)


def margin_of(order: PastOrder, *, off_minor: int = 0) -> int | None:
    """What the goods were paid less what they cost us; taxes are not taken off. None where a cost is not known.

    source  350.00 paid, 40.00 off, cost 200.00 -> 11000
    """
    if not all(line.cost_minor for line in order.lines):
        return None
    return sum(line.amount_minor - line.cost_minor * line.quantity for line in order.lines) - off_minor


def layer_of(share: PastShare, *, known: Mapping[str, Rule], brought: Mapping[str, str]) -> Layer | None:
    """The layer in which a share was taken off the goods; None for the list price itself."""
    if share.step == _BASE:
        return None
    if share.step == STEP:
        rule = known.get(_promotion(share, brought))
        if rule is not None:
            return rule.layer
        kind = KINDS.get(share.reason)
        return kind.layer if kind else Layer.PRICE
    return Layer.PRICE if share.step == "sale_price" else Layer.POINTS


def _used(order: PastOrder, brought: Mapping[str, str]) -> frozenset[str]:
    """The promotions that took something off the order; one of another shelf by its whole source."""
    shares = (share for line in order.lines for share in line.shares)
    return frozenset(_promotion(share, brought) for share in shares if share.step == STEP and share.source)


def _promotion(share: PastShare, brought: Mapping[str, str]) -> str:
    if share.source.startswith(COUPON):
        return brought.get(share.source.removeprefix(COUPON), share.source)
    return share.source.removeprefix(PROMOTION)


def _stands_back(draft: Rule, used: frozenset[str], known: Mapping[str, Rule]) -> bool:
    """Whether something stood that excludes it, or another one of its group and layer."""
    standing = Standing()
    for id in sorted(used):
        rule = known.get(id)
        if rule is None:
            continue
        if rule.layer is draft.layer and group_of(rule) == group_of(draft):
            return True
        standing.add(id, layer=rule.layer, group=rule.group, excludes=rule.excludes)
    return bool(standing.bar(draft))


def _line(place: int, line: PastLine, currency: str, lowest: Mapping[str, Money]) -> Line:
    return Line(
        id=place,
        sku=line.sku,
        quantity=line.quantity,
        list_price=Money(max(1, line.list_minor), currency),
        floor=lowest.get(line.sku),
    )


def _priced(order: PastOrder, draft: Rule, fit: Sequence[int], lines: Sequence[Line]) -> tuple[int, Reason | None]:
    """A price: the pieces it saves most on stand at it, where it is below what they stood at."""
    price_of = KINDS[draft.kind].price_of
    if price_of is None:
        raise TypeError(f"a promotion of the kind {draft.kind} has no price, it cannot work in the price layer")
    gains = []
    for place in fit:
        was, line = order.lines[place], lines[place]
        stood = was.list_minor * was.quantity + sum(share.minor for share in was.shares if _is_price(share))
        price = max(price_of(draft.terms, line), floors(line)[0])
        room = max(0, was.amount_minor - floors(line)[0] * was.quantity)
        each = stood - price * was.quantity
        gains.append((min(each, room), was.quantity))
    left = draft.per_order
    off = 0
    for gain, units in sorted(gains, key=lambda one: -one[0]):
        if gain <= 0 or left == 0:
            break
        counted = units if left is None else min(units, left)
        off += gain * counted // units
        left = None if left is None else left - counted
    limit = limit_of(draft)
    off = off if limit is None else min(off, limit)
    return off, None if off else Reason.BETTER_ONE


def _is_price(share: PastShare) -> bool:
    is_other = share.step == STEP and share.reason in KINDS and KINDS[share.reason].layer is not Layer.PRICE
    return share.part == _GOODS and share.step in (STEP, "sale_price") and not is_other


def _taken(
    order: PastOrder,
    draft: Rule,
    fit: Sequence[int],
    lines: Sequence[Line],
    *,
    known: Mapping[str, Rule],
    brought: Mapping[str, str],
) -> tuple[int, Reason | None]:
    """Everything but a price: the kind sees the goods as the layers before it had left them."""
    before = [_before(line, draft.layer, known=known, brought=brought) for line in order.lines]
    closed = [any(share.reason in _CLOSED for share in line.shares) for line in order.lines]
    lots = [_lot(line, before[place], is_open=not closed[place]) for place, line in enumerate(lines)]
    if not takes_closed(draft):
        fit = [place for place in fit if not closed[place]]
        if not fit:
            return 0, Reason.PRICE_TAKES_NONE
    if draft.layer is Layer.SHIPPING:
        work = Work(lots, [line.shipping_minor for line in order.lines], floors=[0] * len(lots), looked=before)
    else:
        rooms = [
            max(0, min(minor, line.amount_minor) - lot.floor_minor * line.quantity)
            for minor, line, lot in zip(before, order.lines, lots, strict=True)
        ]
        kept = [minor - room for minor, room in zip(before, rooms, strict=True)]
        work = Work(lots, before, floors=kept, looked=before)
    trial = work.trial(draft, tuple(fit))
    # A piece that is given away has no floor but nothing: what later layers took of the line is not taken twice.
    left = [line.shipping_minor if draft.layer is Layer.SHIPPING else line.amount_minor for line in order.lines]
    off = sum(min(share, left[lot]) for lot, share in trial.shares.items())
    if off:
        return off, None
    return 0, trial.outcome.reason or Reason.AT_THE_FLOOR


def _before(line: PastLine, layer: Layer, *, known: Mapping[str, Rule], brought: Mapping[str, str]) -> int:
    """What a line's goods came to when the turn came to a layer."""
    return line.list_minor * line.quantity + sum(_earlier(line, layer, known=known, brought=brought))


def _earlier(line: PastLine, layer: Layer, *, known: Mapping[str, Rule], brought: Mapping[str, str]) -> Iterator[int]:
    for share in line.shares:
        if share.part == _GOODS:
            own = layer_of(share, known=known, brought=brought)
            if own is not None and own < layer and own is not Layer.POINTS:
                yield share.minor


def _lot(line: Line, minor: int, *, is_open: bool) -> Lot:
    paid, free = floors(line)
    return Lot(
        position=line.id,
        line=line,
        quantity=line.quantity,
        list_minor=line.list_price.minor,
        price_minor=minor // line.quantity,
        floor_minor=paid,
        free_minor=free,
        is_open=is_open,
        source=None,
    )
