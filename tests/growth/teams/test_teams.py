"""A team from its opening to full or failed: seats, prices, orders, parcels, money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.growth.teams.made import (
    GROUP,
    LIST,
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
from tests.shop.made import CLERK, SHOP, a_cart, a_product, by, cny, facts_of, names, place, statements
from zhanggui.base import clock, ids
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.outbox.models import Letter
from zhanggui.growth.teams import actions, models, queries
from zhanggui.growth.teams.actions import telling
from zhanggui.growth.teams.errors import (
    LeaveNotAllowed,
    NoSuchOffer,
    NoSuchTeam,
    OfferNotAllowed,
    SeatGone,
    SeatsUsedUp,
    SeatTaken,
    TeamFull,
    TeamOver,
    TeamsUsedUp,
)
from zhanggui.growth.teams.rules import SEAT_HOLDS, Sits, State
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.fulfilment import handlers as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments import queries as payment_books
from zhanggui.shop.returns import actions as returns
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock

pytestmark = pytest.mark.usefixtures("shop")

Wait = Callable[[timedelta], datetime]


def a_team_of(size: int, *, paid: int) -> tuple[str, list[str]]:
    """A team with so many paid seats; its code and their order numbers."""
    offer = an_offer(size=size)
    who = somebody()
    code, placed = open_by(offer, who), [ordered(who)]
    pay(placed[0])
    for _ in range(paid - 1):
        who = somebody()
        join(code, who)
        placed.append(ordered(who))
        pay(placed[-1])
    return code, [each.order_number for each in placed]


def test_who_opens_a_team_sits_in_it_and_pays_the_group_price_for_it_alone() -> None:
    offer, who = an_offer(), somebody()
    a_product("TEA", price=1000)
    code = open_by(offer, who)
    a_cart(walk=who[0])
    counter = counters.counter(SHOP, who[0].person, at=clock.now())
    assert counter.quote is not None
    (share,) = [a for a in counter.quote.adjustments if a.reason == "group"]
    seat = models.Seat.objects.get()
    assert (share.amount, share.source) == (cny(GROUP - LIST), f"group:{seat.id}")
    assert counts(code) == ("open", 1, 0)
    a_cart({"TEA": 1}, walk=who[0])
    mixed = counters.counter(SHOP, who[0].person, at=clock.now()).quote
    assert mixed is not None
    assert "group" not in {a.reason for a in mixed.adjustments}
    assert told("growth.group_opened") == 1


def test_a_seat_sells_only_so_many_pieces_at_its_price() -> None:
    offer, who = an_offer(most_units=2), somebody()
    open_by(offer, who)
    a_cart({"CUP": 3}, walk=who[0])
    quote = counters.counter(SHOP, who[0].person, at=clock.now()).quote
    assert quote is not None
    assert quote.goods == cny(2 * GROUP + LIST)


def test_nobody_else_has_the_price_and_a_shop_without_teams_asks_nothing() -> None:
    a_product("TEA", price=1000)
    queries.forget()
    queries.prices(SHOP, "nobody", ["TEA"], at=clock.now())
    with statements() as sent:
        assert queries.prices(SHOP, "nobody", ["TEA"], at=clock.now()) == {}
    assert sent == []
    an_offer()
    assert queries.prices(SHOP, "nobody", ["CUP"], at=clock.now()) == {"CUP": []}


def test_the_order_takes_the_seat_and_it_counts_once_it_is_paid() -> None:
    offer, who = an_offer(), somebody()
    code = open_by(offer, who)
    placed = ordered(who)
    seat = models.Seat.objects.get()
    assert (seat.state, seat.order_number, seat.holds_until) == (Sits.ORDERED, placed.order_number, None)
    assert counts(code) == ("open", 1, 0)
    assert queries.prices(SHOP, who[0].person, ["CUP"], at=clock.now()) == {"CUP": []}
    pay(placed)
    assert counts(code) == ("open", 1, 1)
    assert told("growth.group_joined") == 1
    heard(placed.order_number)
    assert (counts(code), told("growth.group_joined")) == (("open", 1, 1), 1)


def test_a_paid_order_waits_until_the_team_is_full_and_then_all_of_them_leave() -> None:
    code, numbers = a_team_of(2, paid=1)
    fulfilment.plan([fact for fact in facts_of(numbers[0]) if fact.name == "shop.payment_settled"])
    assert parcels.parcels(numbers[0]) == ()
    who = somebody()
    join(code, who)
    last = ordered(who)
    pay(last)
    fulfilment.plan([fact for fact in facts_of(last.order_number) if fact.name == "shop.payment_settled"])
    assert counts(code) == ("full", 2, 2)
    assert [len(parcels.parcels(number)) for number in (*numbers, last.order_number)] == [1, 1]
    assert told("growth.group_formed") == 1
    assert not queries.waits(numbers[0])
    with pytest.raises(TeamOver):
        join(code, somebody())
    heard(last.order_number)
    assert told("growth.group_formed") == 1
    assert queries.audit() == ()


def test_a_team_that_is_too_late_pays_everybody_back_and_the_pieces_are_there_again(wait: Wait) -> None:
    code, numbers = a_team_of(3, paid=2)
    third = somebody()
    join(code, third)
    unpaid = ordered(third)
    free_before = stock.free(["CUP"])["CUP"]
    wait(timedelta(hours=24, seconds=3))
    actions.close_in_time(team_id=str(team(code).id))
    assert (counts(code)[0], told("growth.group_failed")) == ("failed", 1)
    assert all(queries.waits(number) for number in numbers)
    see_off_all()
    states = orders.states([*numbers, unpaid.order_number])
    assert set(states.values()) == {OrderState.CANCELLED}
    for number in numbers:
        order = orders.order_by_number(number)
        assert order.refunded == order.total
        assert len(payment_books.refunds_of(number)) == 1
    assert stock.free(["CUP"])["CUP"] == free_before + 3
    assert set(models.Seat.objects.values_list("state", flat=True)) == {Sits.FREED}
    see_off_all()
    actions.see_off(order_number=numbers[0])
    assert len(payment_books.refunds_of(numbers[0])) == 1
    assert (queries.audit(), ledger.audit()) == ((), ())


def test_a_payment_that_is_heard_of_after_the_clock_still_fills_the_team(wait: Wait) -> None:
    code, _ = a_team_of(2, paid=1)
    who = somebody()
    join(code, who)
    last = ordered(who)
    pay(last, is_heard=False)
    wait(timedelta(hours=25))
    assert actions.follow(team_id=team(code).id) is State.FULL
    assert parcels.parcels(last.order_number)


def test_money_that_comes_after_a_team_failed_goes_back(wait: Wait) -> None:
    code, _ = a_team_of(2, paid=1)
    who = somebody()
    wait(timedelta(hours=23, minutes=50))
    join(code, who)
    late = ordered(who)
    wait(timedelta(minutes=15))
    actions.sweep()
    assert counts(code)[0] == "failed"
    pay(late)
    assert counts(code)[0] == "failed"
    see_off_all()
    order = orders.order_by_number(late.order_number)
    assert (order.state, order.refunded) == (OrderState.CANCELLED, order.total)


def test_a_seat_whose_order_is_not_paid_is_free_again_with_it(wait: Wait) -> None:
    code, _ = a_team_of(2, paid=1)
    who = somebody()
    join(code, who)
    placed = ordered(who)
    with pytest.raises(TeamFull):
        join(code, somebody())
    wait(timedelta(minutes=31))
    payments.expire(order_number=placed.order_number)
    heard(placed.order_number)
    assert counts(code) == ("open", 1, 1)
    join(code, who)
    assert counts(code) == ("open", 2, 1)


def test_a_paid_order_that_is_called_off_before_the_team_is_full_frees_its_seat() -> None:
    code, numbers = a_team_of(3, paid=2)
    order = orders.order_by_number(numbers[1])
    returns.call_off_paid(order_number=numbers[1], reason="changed_mind", trail=order.trail, by=CLERK)
    heard(numbers[1])
    assert counts(code) == ("open", 1, 1)
    assert orders.order_by_number(numbers[1]).refunded == order.total


def test_a_seat_that_is_not_ordered_in_a_quarter_of_an_hour_is_somebody_elses(wait: Wait) -> None:
    code, _ = a_team_of(2, paid=1)
    slow, quick = somebody(), somebody()
    join(code, slow)
    a_cart(walk=slow[0])
    quote = counters.counter(SHOP, slow[0].person, at=clock.now()).quote
    assert quote is not None
    with pytest.raises(TeamFull):
        join(code, quick)
    wait(SEAT_HOLDS)
    join(code, quick)
    with pytest.raises(SeatGone):
        actions.claim_seat(quote=quote, order_number="X", customer_id=slow[1], trail=slow[0], by=by(slow[0]))
    assert counts(code) == ("open", 2, 1)


def test_a_price_that_counted_on_a_lost_seat_places_no_order(wait: Wait) -> None:
    offer, who = an_offer(), somebody()
    open_by(offer, who)
    a_cart(walk=who[0])
    seen = counters.counter(SHOP, who[0].person, at=clock.now())
    assert seen.quote is not None
    models.Team.objects.update(ends_at=clock.now() + timedelta(seconds=1))
    actions.claim_seat(quote=seen.quote, order_number="FIRST", customer_id=who[1], trail=who[0], by=by(who[0]))
    with pytest.raises(SeatGone):
        actions.claim_seat(quote=seen.quote, order_number="SECOND", customer_id=who[1], trail=who[0], by=by(who[0]))
    assert models.Seat.objects.get().order_number == "FIRST"


def test_nobody_sits_twice_in_a_team_and_its_first_one_is_not_its_second() -> None:
    offer, who = an_offer(per_person=5), somebody()
    code = open_by(offer, who)
    with pytest.raises(SeatTaken):
        join(code, who)
    assert open_by(offer, who) == code
    assert counts(code) == ("open", 1, 0)


def test_one_person_buys_by_an_offer_as_often_as_it_says() -> None:
    offer, who = an_offer(per_person=1), somebody()
    open_by(offer, who)
    other = open_by(offer, somebody())
    with pytest.raises(SeatsUsedUp):
        join(other, who)
    ordered(who)
    with pytest.raises(SeatsUsedUp):
        open_by(offer, who)


def test_no_more_teams_are_opened_than_the_offer_allows() -> None:
    offer = an_offer(most_teams=1)
    open_by(offer, somebody())
    with pytest.raises(TeamsUsedUp):
        open_by(offer, somebody())
    assert models.Team.objects.count() == 1


def test_a_stopped_offer_opens_nothing_and_its_teams_have_their_time_unless_they_are_called_off() -> None:
    code, numbers = a_team_of(3, paid=1)
    offer = models.Offer.objects.get()
    actions.stop_offer(id=offer.pk, is_calling_off=False, trail=Trail(shop=SHOP), by=CLERK)
    with pytest.raises(NoSuchOffer):
        open_by(offer.value, somebody())
    join(code, somebody())
    actions.stop_offer(id=offer.pk, is_calling_off=True, trail=Trail(shop=SHOP), by=CLERK)
    actions.call_off_team(team_id=str(team(code).id))
    assert models.Team.objects.get().why == "stopped"
    see_off_all()
    assert orders.order_by_number(numbers[0]).state is OrderState.CANCELLED


def test_a_seat_is_left_before_the_order_and_not_after() -> None:
    offer, who = an_offer(), somebody()
    code = open_by(offer, who)
    actions.leave(code=code, trail=who[0], by=by(who[0]))
    assert counts(code) == ("open", 0, 0)
    actions.leave(code=code, trail=who[0], by=by(who[0]))
    join(code, who)
    ordered(who)
    with pytest.raises(LeaveNotAllowed):
        actions.leave(code=code, trail=who[0], by=by(who[0]))


def test_two_live_offers_for_one_sku_and_a_price_above_the_list_are_refused() -> None:
    an_offer()
    with pytest.raises(OfferNotAllowed) as refused:
        an_offer()
    assert refused.value.field == "sku"
    with pytest.raises(OfferNotAllowed):
        an_offer("TEA", price=cny(LIST))
    assert models.Offer.objects.count() == 1


def test_the_database_itself_lets_nobody_into_a_fourth_seat() -> None:
    offer, who = an_offer(), somebody()
    open_by(offer, who)
    seat = models.Seat.objects.get()
    for wrong in ({"place": 4}, {"place": 1}, {"place": 2, "person": seat.person}):
        seat.pk, seat.person, seat.customer_id, seat.nth = ids.uuid7(), f"p-{ids.uuid7()}", ids.uuid7(), 1
        for name, value in wrong.items():
            setattr(seat, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            seat.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Team.objects.update(taken_seats=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Team.objects.update(state=State.FULL, formed_at=clock.now())


def test_everybody_is_told_once_in_words() -> None:
    code, numbers = a_team_of(2, paid=2)
    assert counts(code)[0] == "full"
    for seat in models.Seat.objects.all():
        for _ in range(2):
            telling.send(seat_id=seat.pk, said=telling.Said.FULL, idempotency_key=f"{seat.pk}/full")
    letters = list(Letter.objects.values_list("words", flat=True))
    assert len(letters) == 2
    assert all(number in " ".join(letters) for number in numbers)


def test_a_team_of_another_shop_is_not_found() -> None:
    with pytest.raises(NoSuchTeam):
        queries.team(SHOP, "NOTHING")
    code = open_by(an_offer(), somebody())
    with pytest.raises(NoSuchTeam):
        queries.team("other", code)
    assert queries.team(SHOP, code.lower()).code == code


def test_the_console_sees_how_an_offer_does(wait: Wait) -> None:
    full, _ = a_team_of(2, paid=2)
    offer = models.Offer.objects.get().value
    open_by(offer, somebody())
    wait(timedelta(hours=25))
    actions.sweep()
    open_by(offer, somebody())
    (standing,) = queries.numbers(SHOP)
    found = standing.numbers
    assert (found.open, found.full, found.failed, found.people) == (1, 1, 1, 2)
    assert str(found.success_rate) == "0.5"
    assert {one.code for one in queries.teams_of(offer.id)} >= {full}


def test_an_order_without_a_team_never_waits() -> None:
    a_product("TEA", price=1000)
    placed = place(a_cart({"TEA": 1}))
    assert not queries.waits(placed.order_number)
    assert names(facts_of(placed.order_number)).count("growth.group_joined") == 0
