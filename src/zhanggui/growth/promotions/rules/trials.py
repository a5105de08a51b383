"""A dry run: a promotion tried on the orders of some weeks, and all that came of it added up."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.replays import Again, margin_of, replayed
from zhanggui.growth.promotions.rules.values import Layer, Line, Reason, Rule
from zhanggui.shop.orders.rules.past import PastOrder

DAYS: Final = 90
TOP: Final = 20
# What has no end is believed to last so long when its cost is foreseen.
ENDLESS: Final = timedelta(days=365)
_NEW, _COMEBACK = "new", "comeback"


class Progress(StrEnum):
    """How far a dry run is."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  # the promotion was changed meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise:
    """An order worth a look.

    off_minor     what the promotion takes off; paid_minor: what its goods cost before that, with the postage if it is
                  the postage that is waived
    margin_minor  with the promotion; None if a cost is not known
    others        other promotions that it had
    """

    number: str
    placed_at: datetime
    listed_minor: int
    paid_minor: int
    off_minor: int
    margin_minor: int | None
    others: int

    @property
    def depth(self) -> float:
        """What all promotions together take off the list price, 0 to 1."""
        return 1 - (self.paid_minor - self.off_minor) / self.listed_minor if self.listed_minor else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a dry run so far; amounts in minor units of the shop's currency.

    orders     that were paid in the time; touching: that hold goods of the promotion; tried: of those, so far
    touched    that it made cheaper; paid_minor: what their goods cost before; off_minor: what it takes off them
    margined   touched ones whose every cost is known, with their margins before and after
    below_cost, deepest  orders whose goods are paid less than they cost; the deepest discount of all, 0 to 1
    stacks     touched orders by how many other promotions they had
    reasons    the others by the reason why it took nothing
    days       of each day with a touched order: (day, orders, off)
    spent_on   the day on which the budget was spent
    """

    orders: int = 0
    touching: int = 0
    tried: int = 0
    touched: int = 0
    paid_minor: int = 0
    off_minor: int = 0
    margined: int = 0
    margin_before_minor: int = 0
    margin_after_minor: int = 0
    below_cost: int = 0
    deepest: float = 0.0
    stacks: Mapping[int, int]
    reasons: Mapping[str, int]
    days: tuple[tuple[date, int, int], ...] = ()
    top: tuple[Surprise, ...] = ()
    spent_on: date | None = None


NOTHING: Final = Outcome(stacks={}, reasons={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a dry run needs to know of the shop besides its orders.

    goods   the lines by (SKU, category), with products, categories and tags, for the target
    known   promotions by id; lowest: floors by SKU
    """

    zone: str
    currency: str
    goods: Mapping[tuple[str, str], Line]
    known: Mapping[str, Rule]
    lowest: Mapping[str, Money]


class Run:
    """A dry run while it goes on: orders in the order of time, because limits and budgets are used up."""

    def __init__(self, draft: Rule, ground: Ground, *, orders: int, touching: int) -> None:
        self._draft, self._ground = draft, ground
        self._fits = {key: draft.target.fits(line) for key, line in ground.goods.items()}
        self._used: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._stacks: Counter[int] = Counter()
        self._days: dict[date, list[int]] = {}
        self._top: list[tuple[float, str, Surprise]] = []
        self._left = draft.budget_left.minor if draft.budget_left else None
        self._said = replace(NOTHING, orders=orders, touching=touching)
        self._sums: Counter[str] = Counter()
        self._spent_on: date | None = None

    def add(self, order: PastOrder, *, tier: str = "", is_signed_in: bool = True, brought: Mapping[str, str]) -> None:
        """Try the next order."""
        self._sums["tried"] += 1
        again = self._again(order, tier=tier, is_signed_in=is_signed_in, brought=brought)
        if again.off_minor:
            self._count(order, again)
        elif again.reason is not None:
            self._reasons[again.reason] += 1

    def outcome(self) -> Outcome:
        """What came of it so far."""
        top = tuple(one for *_, one in sorted(self._top, key=lambda each: (-each[0], each[1])))
        days = tuple((day, orders, off) for day, (orders, off) in sorted(self._days.items()))
        return replace(
            self._said,
            **{name: self._sums[name] for name in _SUMS},
            deepest=top[0].depth if top else 0.0,
            stacks=dict(self._stacks),
            reasons=dict(self._reasons),
            days=days,
            top=top,
            spent_on=self._spent_on,
        )

    def _again(self, order: PastOrder, *, tier: str, is_signed_in: bool, brought: Mapping[str, str]) -> Again:
        draft = self._draft
        fit = [place for place, line in enumerate(order.lines) if self._fits.get((line.sku, line.category))]
        if not fit:
            return Again(reason=Reason.NOTHING_FITS)
        if not _is_for(draft, order, tier=tier, is_signed_in=is_signed_in):
            return Again(reason=Reason.NOT_FOR_YOU)
        if draft.per_person is not None and self._used[order.person] >= draft.per_person:
            return Again(reason=Reason.USED_UP)
        if self._left is not None:
            if not self._left:
                return Again(reason=Reason.BUDGET_SPENT)
            draft = replace(draft, budget_left=Money(self._left, draft.budget_left.currency))  # type: ignore[union-attr]
        ground = self._ground
        return replayed(
            order, draft, fit, known=ground.known, brought=brought, lowest=ground.lowest, currency=ground.currency
        )

    def _count(self, order: PastOrder, again: Again) -> None:
        off = again.off_minor
        day = clock.day_of(order.placed_at, self._ground.zone)
        self._used[order.person] += 1
        if self._left is not None:
            self._left -= off
            if not self._left and self._spent_on is None:
                self._spent_on = day
        self._stacks[again.others] += 1
        counted = self._days.setdefault(day, [0, 0])
        counted[0] += 1
        counted[1] += off
        postage = sum(line.shipping_minor for line in order.lines) if self._draft.layer is Layer.SHIPPING else 0
        paid = sum(line.amount_minor for line in order.lines) + postage
        margin = margin_of(order, off_minor=off)
        self._sums.update(touched=1, paid_minor=paid, off_minor=off)
        if margin is not None:
            is_below = margin < 0
            self._sums.update(
                margined=1, margin_before_minor=margin + off, margin_after_minor=margin, below_cost=int(is_below)
            )
        listed = sum(line.list_minor * line.quantity for line in order.lines) + postage
        self._look(order, again, listed=listed, paid=paid, margin=margin)

    def _look(self, order: PastOrder, again: Again, *, listed: int, paid: int, margin: int | None) -> None:
        one = Surprise(
            number=order.number,
            placed_at=order.placed_at,
            listed_minor=listed,
            paid_minor=paid,
            off_minor=again.off_minor,
            margin_minor=margin,
            others=again.others,
        )
        if len(self._top) < TOP:
            heapq.heappush(self._top, (one.depth, one.number, one))
        elif one.depth > self._top[0][0]:
            heapq.heapreplace(self._top, (one.depth, one.number, one))


_SUMS: Final = (
    *("tried", "touched", "paid_minor", "off_minor", "margined", "margin_before_minor", "margin_after_minor"),
    "below_cost",
)


def foreseen(off: Money, *, days: int, starts_at: datetime, ends_at: datetime | None) -> Money:
    """What a promotion is believed to cost in its period, at the rate of the days it was tried on.

    source  900.00 in 90 days, a period of 10 days -> 100.00; without an end a year counts: 3,650.00
    """
    period = ends_at - starts_at if ends_at is not None else ENDLESS
    return Money(-(-off.minor * _minutes(period) // _minutes(timedelta(days=days))), off.currency)


def _minutes(period: timedelta) -> int:
    return max(1, period // timedelta(minutes=1))


def _is_for(draft: Rule, order: PastOrder, *, tier: str, is_signed_in: bool) -> bool:
    """Whether the buyer was among those it is for: by the tier of today, and by what they had bought until then."""
    audience = draft.audience
    if (audience.is_signed_in_only or draft.coupon) and not is_signed_in:
        return False
    if not audience.tiers and not audience.segments:
        return True
    return tier in audience.tiers or bool(audience.segments & _segments(order))


def _segments(order: PastOrder) -> frozenset[str]:
    if order.last_paid_at is None:
        return frozenset({_NEW})
    return frozenset({_COMEBACK}) if order.placed_at - order.last_paid_at > timedelta(days=90) else frozenset()
