"""Many at once on a real database: never a seat too many, never full and failed, nobody pays for nothing."""

from __future__ import annotations

import pytest

from tests.growth.teams.made import (
    an_offer,
    counts,
    heard,
    join,
    open_by,
    ordered,
    pay,
    see_off_all,
    somebody,
    team,
    told,
)
from tests.shop.made import SHOP, a_cart, at_once, by, facts_of
from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.base.ledger import queries as ledger
from zhanggui.growth.teams import actions, models, queries
from zhanggui.growth.teams.errors import SeatGone, SeatsUsedUp, TeamFull, TeamsUsedUp
from zhanggui.growth.teams.rules import Sits, State
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.fulfilment import handlers as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState

pytestmark = [pytest.mark.usefixtures("busy_shop"), pytest.mark.django_db(transaction=True)]


def test_thirty_join_for_the_last_seat_and_one_gets_it() -> None:
    first = somebody()
    code = open_by(an_offer(size=2), first)
    crowd = [somebody() for _ in range(30)]
    done = at_once(lambda number: join(code, crowd[number]), 30, threads=30)
    refused = [one for one in done if isinstance(one, Refused)]
    assert (len(refused), {type(one) for one in refused}) == (29, {TeamFull})
    assert counts(code) == ("open", 2, 0)
    assert models.Seat.objects.exclude(state=Sits.FREED).count() == 2
    assert queries.audit() == ()


def test_one_person_in_twelve_tabs_sits_once() -> None:
    offer = an_offer(size=5, per_person=1)
    codes = [open_by(offer, somebody()) for _ in range(3)]
    who = somebody()
    at_once(lambda number: join(codes[number % 3], who), 12, threads=12)
    assert models.Seat.objects.filter(person=who[0].person).exclude(state=Sits.FREED).count() == 1
    assert queries.audit() == ()


def test_the_last_team_of_an_offer_is_opened_once() -> None:
    offer = an_offer(most_teams=1)
    crowd = [somebody() for _ in range(12)]
    done = at_once(lambda number: open_by(offer, crowd[number]), 12, threads=12)
    assert sum(isinstance(one, str) for one in done) == 1
    assert {type(one) for one in done if isinstance(one, Refused)} == {TeamsUsedUp}
    assert models.Offer.objects.get().opened_teams == models.Team.objects.count() == 1


def test_one_person_opens_one_team_however_often_the_button_is_pressed() -> None:
    offer, who = an_offer(per_person=1), somebody()
    done = at_once(lambda _: open_by(offer, who), 8, threads=8)
    assert {type(one) for one in done} <= {str, SeatsUsedUp}
    assert models.Team.objects.count() == 1


def test_one_seat_brings_one_order() -> None:
    who = somebody()
    open_by(an_offer(), who)
    a_cart(walk=who[0])
    quote = counters.counter(SHOP, who[0].person, at=clock.now()).quote
    assert quote is not None

    def claim(number: int) -> None:
        actions.claim_seat(quote=quote, order_number=f"order-{number}", customer_id=who[1], trail=who[0], by=by(who[0]))

    done = at_once(claim, 12, threads=12)
    assert [type(one) for one in done].count(SeatGone) == 11
    assert models.Seat.objects.get().state == Sits.ORDERED


@pytest.mark.parametrize("round_", range(4))
def test_the_last_payment_races_the_clock_and_the_team_is_full_or_failed_never_both(round_: int) -> None:
    first, second = somebody(), somebody()
    code = open_by(an_offer(size=2), first)
    join(code, second)
    placed = [ordered(first), ordered(second)]
    pay(placed[0])
    team_id = team(code).id
    models.Team.objects.update(ends_at=clock.now())

    def race(number: int) -> None:
        if number == round_ % 2:
            pay(placed[1])
        elif number == 5:
            heard(placed[0].order_number)
        else:
            actions.close_in_time(team_id=str(team_id))

    at_once(race, 6, threads=6)
    heard(placed[1].order_number)
    see_off_all()
    for one in placed:
        fulfilment.plan([fact for fact in facts_of(one.order_number) if fact.name == "shop.payment_settled"])
    state = counts(code)[0]
    found = [orders.order_by_number(one.order_number) for one in placed]
    assert told("growth.group_formed") + told("growth.group_failed") == 1
    if state == State.FULL:
        assert {order.state for order in found} == {OrderState.PAID}
        assert all(parcels.parcels(order.number) for order in found)
    else:
        assert {order.state for order in found} == {OrderState.CANCELLED}
        assert not any(parcels.parcels(order.number) for order in found)
        assert all(order.refunded == order.total for order in found if order.paid_at)
    assert (queries.audit(), ledger.audit()) == ((), ())


@pytest.mark.parametrize("round_", range(3))
def test_a_payment_races_the_end_of_its_order_and_nobody_pays_for_nothing(round_: int) -> None:
    first, second = somebody(), somebody()
    code = open_by(an_offer(size=3), first)
    join(code, second)
    placed = [ordered(first), ordered(second)]
    pay(placed[0])
    models.Team.objects.update(ends_at=clock.now())
    actions.follow(team_id=team(code).id)
    assert counts(code)[0] == "failed"

    def race(number: int) -> None:
        if number == round_:
            pay(placed[1])
        else:
            see_off_all()

    at_once(race, 4, threads=4)
    heard(placed[1].order_number)
    see_off_all()
    for one in placed:
        order = orders.order_by_number(one.order_number)
        assert order.state is OrderState.CANCELLED
        assert not order.paid_at or order.refunded == order.total
    assert ledger.audit() == ()
