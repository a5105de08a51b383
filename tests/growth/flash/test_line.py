"""The line before the door of a sale: fair, one place for each, and free to wait in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.growth.flash.made import WALK, a_pick, a_sale
from tests.shop.made import CLERK, SHOP, a_product, statements
from zhanggui.growth.flash import actions, models, queries
from zhanggui.growth.flash.errors import NoSuchSale, SaleNotOn
from zhanggui.growth.flash.rules import ENTRY_FOR, LINE_OPENS_BEFORE, Ticket

pytestmark = pytest.mark.usefixtures("shop")
Wait = Callable[[timedelta], datetime]


def line_up(id: str, person: str) -> Ticket:
    return actions.line_up(shop=SHOP, sale_id=id, person=person)


def test_so_many_a_second_are_let_in_in_the_order_in_which_they_came(wait: Wait) -> None:
    a_product("CUP", units=10)
    now = wait(timedelta(0))
    id = a_sale(entries=2)
    opened = [(line_up(id, f"v-{number}").opens_at - now).total_seconds() for number in range(6)]
    assert opened == [0, 0, 1, 1, 2, 2]


def test_whoever_asks_again_keeps_their_place_and_moves_nobody(wait: Wait) -> None:
    a_product("CUP", units=10)
    now = wait(timedelta(0))
    id = a_sale(entries=1)
    line_up(id, "v-0")
    mine = line_up(id, "v-1")
    assert [line_up(id, "v-1") for _ in range(5)] == [mine] * 5
    assert line_up(id, "v-2").opens_at == now + timedelta(seconds=2)
    assert models.Ticket.objects.count() == 3


def test_an_idle_door_saves_nothing_up(wait: Wait) -> None:
    a_product("CUP", units=10)
    id = a_sale(entries=1)
    line_up(id, "v-0")
    later = wait(timedelta(minutes=1))
    assert [(line_up(id, f"v-{n}").opens_at - later).total_seconds() for n in (1, 2)] == [0, 1]


def test_whoever_comes_before_the_sale_goes_in_first_when_it_begins(wait: Wait) -> None:
    a_product("CUP", units=10)
    now = wait(timedelta(0))
    id = a_sale(entries=1, starts_in=timedelta(minutes=5))
    early = line_up(id, "v-0")
    wait(timedelta(minutes=5))
    late = line_up(id, "v-1")
    assert (early.opens_at, late.opens_at) == (now + timedelta(minutes=5), now + timedelta(minutes=5, seconds=1))


def test_a_turn_passes_and_a_new_place_is_at_the_end(wait: Wait) -> None:
    a_product("CUP", units=10)
    id = a_sale(entries=1)
    first = line_up(id, "v-0")
    now = wait(ENTRY_FOR)
    assert not first.is_open(now)
    line_up(id, "v-1")
    again = line_up(id, "v-0")
    assert again.opens_at == now + timedelta(seconds=1)
    assert models.Ticket.objects.filter(person="v-0").count() == 1


def test_waiting_reads_nothing(wait: Wait) -> None:
    a_product("CUP", units=10)
    now = wait(timedelta(0))
    id = a_sale(entries=1)
    line_up(id, "v-0")
    token = queries.token_of(line_up(id, "v-1"))
    with statements() as sent:
        ticket = queries.ticket_of(token, sale_id=id)
        assert ticket is not None
        assert ticket.is_waiting(now)
        assert ticket.is_open(now + timedelta(seconds=1))
    assert sent == []
    assert queries.ticket_of(token, sale_id="another") is None
    assert queries.ticket_of("", sale_id=id) is None


def test_a_new_place_costs_one_statement() -> None:
    a_product("CUP", units=10)
    id = a_sale(entries=100)
    queries.shown(SHOP)
    with statements() as sent:
        line_up(id, "v-0")
    assert len(sent) == 1


def test_there_is_no_line_before_its_time_nor_after_the_sale_nor_where_nobody_waits(wait: Wait) -> None:
    a_product("CUP", units=20)
    a_product("POT", units=20)
    id = a_sale(entries=1, starts_in=LINE_OPENS_BEFORE + timedelta(seconds=1))
    with pytest.raises(SaleNotOn):
        line_up(id, "v-0")
    open_to_all = a_sale(a_pick("POT"))
    with pytest.raises(NoSuchSale):
        line_up(open_to_all, "v-0")
    wait(timedelta(seconds=1))
    line_up(id, "v-0")
    wait(LINE_OPENS_BEFORE)
    actions.stop(id=id, trail=WALK, by=CLERK)
    with pytest.raises(SaleNotOn):
        line_up(id, "v-1")


def test_a_guest_who_signs_in_keeps_their_place() -> None:
    a_product("CUP", units=10)
    id = a_sale(entries=1)
    drawn = line_up(id, "guest")
    actions.join(shop=SHOP, guest="guest", person="lin")
    assert line_up(id, "lin").opens_at == drawn.opens_at
    line_up(id, "other")
    actions.join(shop=SHOP, guest="other", person="lin")
    assert set(models.Ticket.objects.values_list("person", flat=True)) == {"lin", "other"}
