"""What an offer may say, how seats stand by their orders, and when a team is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base import ids
from zhanggui.base.money import Money
from zhanggui.growth.teams import rules
from zhanggui.growth.teams.errors import OfferNotAllowed
from zhanggui.growth.teams.rules import Offer, Sale, Seat, Sits, State, Team
from zhanggui.shop.orders.rules import State as OrderState

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
LIST = Money(5990, "CNY")
OFFER = Offer(id=ids.uuid7(), sku="CUP", price=Money(3990, "CNY"), size=3, hours=24, starts_at=NOON)


def a_seat(place: int = 1, state: Sits = Sits.TAKEN, *, number: str = "", minutes: int = 15) -> Seat:
    return Seat(
        id=ids.uuid7(),
        person=f"p{place}",
        customer_id=ids.uuid7(),
        place=place,
        state=state,
        order_number=number,
        taken_at=NOON,
        holds_until=NOON + timedelta(minutes=minutes) if state is Sits.TAKEN else None,
    )


def a_team(*seats: Seat, size: int = 3) -> Team:
    return Team(
        id=ids.uuid7(),
        code="ABC",
        offer=OFFER,
        price=OFFER.price,
        size=size,
        state=State.OPEN,
        opened_at=NOON,
        ends_at=NOON + timedelta(hours=24),
        seats=seats,
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price": Money(0, "CNY")}, "price"),
        ({"price": LIST}, "price"),
        ({"price": Money(3990, "EUR")}, "price"),
        ({"size": 1}, "size"),
        ({"size": 51}, "size"),
        ({"hours": 0}, "hours"),
        ({"hours": 24 * 14 + 1}, "hours"),
        ({"per_person": 0}, "per_person"),
        ({"most_units": 0}, "most_units"),
        ({"most_units": 100}, "most_units"),
        ({"most_teams": 0}, "most_teams"),
        ({"most_teams": 2, "opened_teams": 3}, "most_teams"),
        ({"ends_at": NOON}, "ends_at"),
    ],
)
def test_an_offer_that_cannot_be_like_this_is_refused_with_its_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(OfferNotAllowed) as refused:
        replace(OFFER, **change).checked(list_price=LIST)  # type: ignore[arg-type]
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("change", "hours", "is_on"),
    [
        ({}, 0, True),
        ({}, -1, False),
        ({"ends_at": NOON + timedelta(hours=2)}, 1, True),
        ({"ends_at": NOON + timedelta(hours=2)}, 2, False),
        ({"state": Sale.STOPPED}, 1, False),
        ({"most_teams": 2, "opened_teams": 1}, 1, True),
        ({"most_teams": 2, "opened_teams": 2}, 1, False),
    ],
)
def test_an_offer_is_on_in_its_period_while_teams_are_left(change: dict[str, object], hours: int, is_on: bool) -> None:
    offer = replace(OFFER, **change)  # type: ignore[arg-type]
    assert offer.is_on(NOON + timedelta(hours=hours)) is is_on


@pytest.mark.parametrize(
    ("order", "sits"),
    [
        (OrderState.AWAITING_PAYMENT, Sits.ORDERED),
        (OrderState.PAID, Sits.PAID),
        (OrderState.SHIPPED, Sits.PAID),
        (OrderState.COMPLETED, Sits.PAID),
        (OrderState.CANCELLED, Sits.FREED),
        (OrderState.EXPIRED, Sits.FREED),
    ],
)
def test_a_seat_stands_as_its_order_does(order: OrderState, sits: Sits) -> None:
    assert rules.seat_state(order) is sits


@pytest.mark.parametrize(
    ("paid", "minutes_left", "is_stopped", "state"),
    [
        (2, 1, False, State.OPEN),
        (2, 0, False, State.FAILED),
        (2, 1, True, State.FAILED),
        (3, 1, False, State.FULL),
        (3, 0, False, State.FULL),
        (3, -5, True, State.FULL),
        (0, -5, False, State.FAILED),
    ],
)
def test_full_beats_the_clock(paid: int, minutes_left: int, is_stopped: bool, state: State) -> None:
    ends_at = NOON + timedelta(minutes=minutes_left)
    assert rules.outcome(size=3, paid=paid, ends_at=ends_at, at=NOON, is_stopped=is_stopped) is state


def test_a_seat_that_is_not_ordered_in_its_minutes_is_free_again() -> None:
    team = a_team(a_seat(1, Sits.PAID, number="o1"), a_seat(2))
    assert team.free_seats(NOON) == 1
    assert team.free_seats(NOON + timedelta(minutes=15)) == 2
    assert team.seat_of("p2", NOON) is not None
    assert team.seat_of("p2", NOON + timedelta(minutes=15)) is None
    assert (team.paid_seats, team.missing()) == (1, 2)


def test_a_team_is_joined_while_it_is_open_and_a_seat_is_free() -> None:
    team = a_team(a_seat(1, Sits.PAID, number="o1"), a_seat(2, Sits.ORDERED, number="o2"), size=2)
    assert not team.can_be_joined(NOON)
    assert not replace(team, size=3).can_be_joined(team.ends_at)
    assert replace(team, size=3).can_be_joined(NOON)


@given(
    states=st.lists(st.sampled_from(list(OrderState)), min_size=1, max_size=6),
    minutes=st.integers(min_value=0, max_value=60),
)
def test_looking_twice_finds_nothing_the_second_time(states: list[OrderState], minutes: int) -> None:
    at = NOON + timedelta(minutes=minutes)
    seats = [a_seat(place, Sits.ORDERED, number=f"o{place}") for place in range(1, len(states) + 1)] + [a_seat(50)]
    orders = {f"o{place}": state for place, state in enumerate(states, start=1)}
    changed = rules.settled(seats, orders, at=at)
    after = [replace(seat, state=changed.get(seat.id, seat.state)) for seat in seats]
    assert rules.settled(after, orders, at=at) == {}
    assert all(seat.state is rules.seat_state(orders[seat.order_number]) for seat in after if seat.order_number)


@given(used=st.sets(st.integers(min_value=1, max_value=20)), most=st.integers(min_value=1, max_value=20))
def test_the_first_free_number_is_the_lowest_that_nobody_has(used: set[int], most: int) -> None:
    found = rules.first_free(used, most=most)
    if found is None:
        assert used >= set(range(1, most + 1))
    else:
        assert found not in used
        assert set(range(1, found)) <= used


@pytest.mark.parametrize(("noise", "code"), [(0, "0000000000"), (31, "000000000Z"), (2**50 - 1, "ZZZZZZZZZZ")])
def test_a_code_has_ten_letters(noise: int, code: str) -> None:
    assert rules.team_code(noise) == code


@pytest.mark.parametrize(("name", "face"), [("林小满", "林"), (" anna k", "A"), ("", "·")])
def test_a_face_shows_one_letter(name: str, face: str) -> None:
    assert rules.initial(name) == face
