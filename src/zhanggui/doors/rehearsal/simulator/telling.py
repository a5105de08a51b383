"""Telling facts about orders: the columns that all of them share, and their lines."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhanggui.doors.rehearsal.simulator import columns
from zhanggui.doors.rehearsal.simulator.baskets import Fate, Lines
from zhanggui.doors.rehearsal.simulator.columns import Ids, Rows
from zhanggui.doors.rehearsal.simulator.opinions import Opinions
from zhanggui.doors.rehearsal.simulator.plan import Bools, Ints, Plan, Small
from zhanggui.doors.rehearsal.simulator.sights import Wording
from zhanggui.doors.rehearsal.simulator.visits import Walk

Places = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """A month's orders, one row each.

    rank           of the buyer, for sorting;  is_new whether the buyer becomes a customer with it
    is_placed      False where a plant prevented it: it was drawn like the others, and is not told
    is_registered  whether the buyer of a first order came as far as giving an address
    left_on        the page view that the order was placed from
    drawn          what would be in them without plants;  lines what is, none without pieces

    returned  pieces of each line that come back;  opinions  what is said about some lines; both as they were drawn
    """

    walk: Walk
    rank: Small
    customer_id: pa.Array
    is_new: Bools
    is_placed: Bools
    is_registered: Bools
    left_on: Ids
    placed_us: Ints
    drawn: Lines
    lines: Lines
    fate: Fate
    returned: Small
    opinions: Opinions

    @property
    def goods_minor(self) -> Ints:
        """What the goods of each order cost, after discount."""
        return self._sum(self.lines.amount_minor)

    @property
    def discount_minor(self) -> Ints:
        """What was taken off each order, 0 or more."""
        return self._sum(self.lines.discount_minor)

    def _sum(self, amounts: Ints) -> Ints:
        return np.bincount(self.lines.order, weights=amounts, minlength=len(self.rank)).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTexts:
    """Lines of some orders: as JSON, one text per order, and as the lake's column."""

    json: pa.Array
    column: pa.Array
    units: Small


@dataclass(slots=True, kw_only=True)
class Teller:
    """Tells facts about the orders; keeps what was told."""

    plan: Plan
    orders: Orders
    numbers: pa.Array
    wording: Wording
    rng: np.random.Generator
    parts: list[Rows] = field(default_factory=list)

    def tell(
        self,
        name: str,
        chosen: Places,
        at_us: Ints,
        cause: Ids,
        *,
        body: tuple[str | pa.Array, ...],
        about: bool = True,
        told: Bools | None = None,
        **given: str | pa.Array,
    ) -> Ids:
        """Tell a fact about the chosen orders; the ids.

        body   parts of its JSON, joined row by row
        about  whether it names the order: order_number is then in its body and its column
        told   which of them are told; those of orders that are placed, if not given. The others are drawn all the same
        given  further columns: actor, subject, what is lifted out of the body
        """
        ids = columns.new_ids(at_us, self.rng)
        if about:
            number = self.number(chosen)
            given = {"order_number": number, "subject": columns.joined("order:", number)} | given
            body = ('{"order_number":"', number, '",', *body)
        shared = {"name": name, "body": columns.joined(*body)} | self.orders.walk.take(chosen).texts()
        rows = columns.rows(
            shop=self.plan.shop,
            ids=ids,
            cause=cause,
            at_us=at_us,
            rank=self.orders.rank[chosen],
            rng=self.rng,
            told=shared | given,
        )
        is_told = self.orders.is_placed[chosen] if told is None else told
        self.parts.append(rows if is_told.all() else rows.only(is_told))
        return ids

    def number(self, chosen: Places) -> pa.Array:
        """The chosen orders' numbers."""
        return columns.taken(self.numbers, chosen)

    def shopper(self, chosen: Places) -> pa.Array:
        """The chosen orders' buyers as those who do something."""
        return columns.joined("customer:", columns.taken(self.orders.walk.person, chosen))

    def lines(self, chosen: Places, *, quantity: Small | None = None, amount_minor: Ints | None = None) -> LineTexts:
        """The lines of the chosen orders, with other quantities or amounts if given; no pieces, no line."""
        own = self.orders.lines
        pieces = own.quantity if quantity is None else quantity
        amounts = own.amount_minor if amount_minor is None else amount_minor
        count = len(self.orders.rank)
        is_chosen = np.zeros(count, bool)
        is_chosen[chosen] = True
        kept = np.flatnonzero(is_chosen[own.order] & (pieces > 0))
        return _line_texts(
            self.wording,
            goods=own.goods[kept],
            quantity=pieces[kept],
            amount_minor=amounts[kept],
            counts=np.bincount(own.order[kept], minlength=count)[chosen],
        )


def _line_texts(
    wording: Wording, *, goods: Small, quantity: Small, amount_minor: Ints, counts: npt.NDArray[np.integer]
) -> LineTexts:
    opening = columns.joined('{"sku":"', wording.sku, '","category":"', wording.category, '","quantity":')
    texts = columns.joined(
        columns.taken(opening, goods),
        columns.digits(quantity),
        ',"amount_minor":',
        columns.digits(amount_minor),
        "}",
    )
    column = columns.lines_of(
        sku=columns.taken(wording.sku, goods),
        category=columns.taken(wording.category, goods),
        quantity=quantity,
        amount_minor=amount_minor,
        counts=counts,
    )
    order = np.repeat(np.arange(len(counts)), counts)
    units = np.bincount(order, weights=quantity, minlength=len(counts)).astype(np.int32)
    return LineTexts(json=columns.grouped(texts, counts), column=column, units=units)
