"""A flash sale of few pieces and teams of few seats in a story of the proof, and what must be true of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tests.growth.flash.made import a_pick, a_sale
from tests.growth.membership.made import a_member
from tests.shop.made import CLERK, SHOP, a_cart, at_once, by, cny, place
from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.growth.flash import actions as flash
from zhanggui.growth.flash import models as flash_rows
from zhanggui.growth.teams import actions as teams
from zhanggui.growth.teams import models as team_rows
from zhanggui.growth.teams import queries as team_books
from zhanggui.growth.teams.rules import Offer, Sits, State
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as books
from zhanggui.shop.orders.rules import STANDS
from zhanggui.shop.orders.rules import Order as BookedOrder
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.spine.log.rules import Trail

LIST, FLASH, TOGETHER = 5990, 3990, 4490
QUOTA, SIZE = 2, 2
_DESK = Trail(shop=SHOP)
_LIVE = (OrderState.AWAITING_PAYMENT, *STANDS)


@dataclass(slots=True, kw_only=True)
class Sales:
    """Two of a SKU at 39.90, one for each person; and two people who buy another one together pay 44.90.

    quota  pieces set aside when the sale began
    """

    sale: str
    quota: int
    offer: UUID

    def friends(self, sku: str, number: int) -> list[Placed | Refused]:
        """So many friends take a seat in one team and order at the same moment; for some there is no seat."""
        mates = [a_member(phone=_a_phone()) for _ in range(number)]
        code = self._a_team(mates[0])

        def order(nth: int) -> Placed:
            walk, customer = mates[nth]
            if nth:
                teams.join(code=code, customer_id=customer, trail=walk, by=by(walk))
            try:
                return place(a_cart({sku: 1}, walk=walk))
            except Refused:
                teams.leave(code=code, trail=walk, by=by(walk))
                raise

        return at_once(order, number, threads=number)

    def stop(self) -> None:
        """A clerk ends the flash sale before its time."""
        flash.stop(id=self.sale, trail=_DESK, by=CLERK)

    def time_is_over(self) -> None:
        """For teams that are not full: they fail, and their orders are seen off, as far as the world answers."""
        now = clock.now()
        rows = team_rows.Team.objects.filter(offer=self.offer, state=State.OPEN)
        rows.update(opened_at=now - timedelta(days=1), ends_at=now - timedelta(seconds=1))
        for id in rows.values_list("pk", flat=True):
            teams.follow(team_id=id)
        self.see_off()

    def see_off(self) -> None:
        """What the jobs behind the orders of failed teams do."""
        for number in team_books.undone():
            teams.see_off(order_number=number)

    def end(self) -> None:
        """Over with the story."""
        self.stop()
        teams.stop_offer(id=self.offer, is_calling_off=False, trail=_DESK, by=CLERK)

    def _a_team(self, who: tuple[Trail, UUID]) -> str:
        """The one that can be joined, else a new one."""
        walk, customer = who
        for found in team_books.open_teams(self.offer, person=walk.person, at=clock.now()):
            teams.join(code=found.code, customer_id=customer, trail=walk, by=by(walk))
            return found.code
        return teams.open_team(offer_id=self.offer, customer_id=customer, trail=walk, by=by(walk))


def sales_on(*, flash_sku: str, units: int, team_sku: str) -> Sales:
    """Put them up; of the first SKU so many pieces lie in stock."""
    quota = min(QUOTA, units)
    now = clock.now()
    offer = Offer(id=ids.uuid7(), sku=team_sku, price=cny(TOGETHER), size=SIZE, hours=1, starts_at=now)
    teams.put_offer(offer=offer, trail=_DESK, by=CLERK)
    return Sales(sale=a_sale(a_pick(flash_sku, price=FLASH, units=quota)), quota=quota, offer=offer.id)


def nothing_was_sold_beyond(sales: Sales, *, orders: Sequence[str]) -> None:
    """The quota is taken by the pieces of standing orders and by nothing else; no team has a seat too many."""
    found = [books.order_by_number(number) for number in orders]
    standing = [order for order in found if _stands(order)]
    _quota_adds_up(sales, standing)
    for team in team_rows.Team.objects.filter(offer=sales.offer):
        _seats_add_up(team, {order.number for order in standing})


def _quota_adds_up(sales: Sales, standing: Iterable[BookedOrder]) -> None:
    (item,) = flash_rows.Item.objects.filter(sale=sales.sale)
    each: Counter[str] = Counter()
    for order in standing:
        each[order.person] += sum(_at_flash_price(order, str(item.pk)))
    assert item.taken_units == each.total() <= item.quota_units <= sales.quota, each
    assert max(each.values(), default=0) <= item.per_person
    claimed = flash_rows.Claim.objects.filter(item=item, units__gt=0).values_list("person", "units")
    assert dict(claimed) == {person: units for person, units in each.items() if units}


def _at_flash_price(order: BookedOrder, item: str) -> Iterator[int]:
    """Pieces of each line that were sold at the price of the sale."""
    for line in order.lines:
        for share in line.shares:
            if share.source == f"flash:{item}":
                units, rest = divmod(-share.amount.minor, LIST - FLASH)
                assert not rest, share
                yield units


def _seats_add_up(team: team_rows.Team, standing: set[str]) -> None:
    seats = list(team_rows.Seat.objects.filter(team=team).exclude(state=Sits.FREED))
    ordered = {seat.order_number for seat in seats if seat.order_number}
    if team.state == State.FAILED:
        assert not ordered & standing, f"{team} failed, and its orders stand"
        return
    assert team.taken_seats == len(seats) <= SIZE
    assert team.paid_seats == sum(seat.state == Sits.PAID for seat in seats)
    if team.state == State.FULL:
        assert team.paid_seats == SIZE
        assert all(parcels.parcels(number) for number in ordered & standing), f"{team} is full and waits"
    else:
        assert ordered <= standing, f"{team} counts orders that do not stand"


def _stands(order: BookedOrder) -> bool:
    return order.state in _LIVE and not (order.refunded and order.refunded == order.total)


def _a_phone() -> str:
    return f"+8615{ids.uuid7().int % 10**9:09}"
