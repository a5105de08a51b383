"""Parcels at the console: the queue, many at once, one from shelf to door, the papers, the promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.shop.conftest import wait  # noqa: F401 -- the shop's own clock
from tests.shop.fulfilment.made import Porter, a_line, a_parcel, a_scan, parcels_of
from tests.shop.made import CLERK, SHOP, a_product, a_shop, statements
from zhanggui.base.accounts.rules import Role
from zhanggui.shop.fulfilment import actions, ports, queries
from zhanggui.shop.fulfilment.rules import Parcel, ScanKind, State

pytestmark = pytest.mark.django_db

QUEUE = f"/console/parcels/?shop={SHOP}"


@pytest.fixture
def porter() -> Iterator[Porter]:
    usual = dict(ports.carriers)
    ports.carriers.clear()
    ports.carriers["porter"] = found = Porter()
    yield found
    ports.carriers.clear()
    ports.carriers.update(usual)


@pytest.fixture
def clerk(signed_in: Callable[..., Client], porter: Porter, lake_folder: object) -> Client:
    a_shop()
    a_product("CUP", units=100)
    return signed_in(Role.CLERK)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def do(client: Client, of: Parcel, verb: str, **said: str) -> str:
    """Press a button on a parcel's page; the page that follows."""
    address = f"/console/parcels/{of.id}/do/{verb}/?shop={SHOP}"
    return client.post(address, said, follow=True).content.decode()


def bulk(client: Client, verb: str, *parcels: Parcel, **said: str) -> str:
    chosen = {"verb": verb, "parcel": [parcel.id for parcel in parcels], **said}
    return client.post(f"/console/parcels/bulk/?shop={SHOP}", chosen, follow=True).content.decode()


def state_of(parcel: Parcel) -> State:
    return queries.parcel_by_id(parcel.id).state


def test_the_queue_shows_what_waits_and_how_long(clerk: Client) -> None:
    parcel = a_parcel()
    page = text(clerk, QUEUE)
    assert parcel.number in page
    assert "48 hours left" in page
    assert "White cup" in page
    assert parcel.number not in text(clerk, QUEUE + "&state=packed")
    assert parcel.number in text(clerk, QUEUE + f"&order={parcel.order_number}&all=1")
    assert "checked" in text(clerk, QUEUE + "&all=1")


def test_the_queue_costs_the_same_with_one_parcel_and_with_twenty(clerk: Client) -> None:
    counts = []
    for more in (1, 19):
        for _ in range(more):
            a_parcel()
        clerk.get(QUEUE)
        with statements() as sent:
            clerk.get(QUEUE)
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert counts[1] <= 14, sent


def test_an_empty_queue_says_what_will_stand_there(clerk: Client) -> None:
    assert "as soon as an order is paid" in text(clerk, QUEUE)


def test_only_who_runs_the_shop_sees_it(signed_in: Callable[..., Client], clerk: Client) -> None:
    analyst = signed_in(Role.ANALYST)
    parcel = a_parcel()
    for address in (QUEUE, f"/console/parcels/{parcel.id}/?shop={SHOP}", f"/console/parcels/promises/?shop={SHOP}"):
        assert analyst.get(address).status_code == 403
    assert analyst.post(f"/console/parcels/{parcel.id}/do/pick/?shop={SHOP}").status_code == 403
    assert state_of(parcel) is State.PLANNED


def test_a_parcel_of_another_shop_is_not_there(clerk: Client) -> None:
    parcel = a_parcel()
    a_shop("other")
    assert clerk.get(f"/console/parcels/{parcel.id}/?shop=other").status_code == 404
    assert clerk.post(f"/console/parcels/{parcel.id}/do/pick/?shop=other").status_code == 404
    chosen = {"verb": "pick", "parcel": [parcel.id], "confirmed": "1"}
    clerk.post("/console/parcels/bulk/?shop=other", chosen)
    assert state_of(parcel) is State.PLANNED


def test_many_parcels_are_previewed_then_shipped_each_with_its_result(clerk: Client) -> None:
    ready, early = a_parcel(state=State.PACKED), a_parcel()
    page = bulk(clerk, "ship", ready, early)
    assert "1 parcel will be shipped" in page
    assert "This parcel has not been picked yet." in page
    assert state_of(ready) is State.PACKED
    page = bulk(clerk, "ship", ready, early, confirmed="1")
    assert "1 parcel was shipped" in page
    assert "P000001" in page
    assert "1 was not" in page
    assert (state_of(ready), state_of(early)) == (State.SHIPPED, State.PLANNED)


def test_many_parcels_are_packed_with_the_weight_of_the_scale(clerk: Client) -> None:
    one, two = a_parcel(state=State.PICKED), a_parcel(state=State.PICKED)
    assert 'value="500"' in bulk(clerk, "pack", one, two)  # two cups of 250 g by the catalogue
    weights = {f"weight-{one.id}": "640", f"weight-{two.id}": "x"}
    page = bulk(clerk, "pack", one, two, confirmed="1", **weights)
    assert "A parcel weighs between" in page
    assert (queries.parcel_by_id(one.id).weight_g, state_of(two)) == (640, State.PICKED)


def test_nothing_chosen_says_so(clerk: Client) -> None:
    assert "Choose at least one parcel first." in bulk(clerk, "list")
    assert "Nothing would happen" in bulk(clerk, "ship")


def test_a_parcel_goes_through_its_page_from_shelf_to_door(clerk: Client, porter: Porter) -> None:
    parcel = a_parcel()
    assert "Now pack it." in do(clerk, parcel, "pick")
    assert "Count again" in do(clerk, parcel, "pack", weight_g="700", **{"counted-1-CUP": "1"})
    assert state_of(parcel) is State.PICKED
    assert "Now ship it." in do(clerk, parcel, "pack", weight_g="700", **{"counted-1-CUP": "2"})
    assert "P000001" in do(clerk, parcel, "ship")
    shipped = queries.parcel_by_id(parcel.id)
    porter.said = (a_scan(shipped, ScanKind.OUT_FOR_DELIVERY),)
    page = do(clerk, parcel, "pull")
    assert "The carrier had news." in page
    assert "Out for delivery" in page
    assert "Delivered. The time to return it runs from now." in do(clerk, parcel, "deliver")
    assert "Only what was shipped and has not arrived can be lost." in do(clerk, parcel, "lose")


def test_a_label_on_paper_a_split_and_a_merge_have_their_forms(clerk: Client) -> None:
    parcel = a_parcel(a_line(1, quantity=3))
    assert "Split." in do(clerk, parcel, "split", **{"take-1-CUP": "1"})
    one, two = queries.parcels(parcel.order_number)
    assert "Merge with another parcel" in text(clerk, f"/console/parcels/{one.id}/?shop={SHOP}")
    assert "Merged" in do(clerk, one, "merge", parcel=two.id)
    assert "Say how many pieces" in do(clerk, one, "split")
    do(clerk, one, "pick")
    do(clerk, one, "pack", weight_g="700", **{"counted-1-CUP": "3"})
    assert "Name the carrier" in do(clerk, one, "hand-over", carrier="SF", tracking="<b>")
    assert "tracking number now" in do(clerk, one, "hand-over", carrier="SF", tracking="SF1")


def test_a_parcel_that_came_back_is_put_away(clerk: Client) -> None:
    parcel = a_parcel(state=State.SHIPPED)
    do(clerk, parcel, "send-back")
    assert "Put away." in do(clerk, parcel, "take-in", condition="sellable")
    assert "put away already" in do(clerk, parcel, "take-in", condition="sellable")


def test_pieces_are_scanned_into_the_parcels_that_want_them(clerk: Client) -> None:
    one, two = a_parcel(a_line(1, quantity=1)), a_parcel(a_line(1, quantity=1))
    page = bulk(clerk, "scan", one, two)
    assert "0 of 2 pieces are fetched" in page
    address = f"/console/parcels/scan/?shop={SHOP}&ids={one.id},{two.id}"
    page = clerk.post(address, {"sku": "CUP", "units": "1"}, follow=True).content.decode()
    assert f"1 × CUP into parcel {one.number}. It is complete." in page
    page = clerk.post(address, {"sku": "POT", "units": "1"}, follow=True).content.decode()
    assert "Put it back on its shelf." in page
    page = clerk.post(address, {"sku": "CUP", "units": "1"}, follow=True).content.decode()
    assert "Everything is fetched." in page
    assert {state_of(one), state_of(two)} == {State.PICKED}


def test_the_papers_carry_what_they_are_for(clerk: Client) -> None:
    parcel, shipped = a_parcel(), a_parcel(state=State.SHIPPED)
    ids = f"&ids={parcel.id},{shipped.id},nonsense"
    assert parcel.number in text(clerk, f"/console/parcels/paper/list/?shop={SHOP}{ids}")
    slips = text(clerk, f"/console/parcels/paper/slips/?shop={SHOP}{ids}")
    assert slips.count("<article") == 2
    assert "龙井路 1 号" in slips
    assert "<svg" in slips
    labels = text(clerk, f"/console/parcels/paper/labels/?shop={SHOP}{ids}")
    assert labels.count("<article") == 1
    assert "P000001" in labels
    assert clerk.get(f"/console/parcels/paper/dreams/?shop={SHOP}").status_code == 404


def test_the_promises_are_counted_and_drawn(
    clerk: Client,
    wait: Callable[[timedelta], datetime],  # noqa: F811
) -> None:
    a_parcel(state=State.SHIPPED)
    late = a_parcel()
    wait(timedelta(hours=49))
    period = "&period=custom&from=2026-11-20&to=2026-11-26"
    page = text(clerk, f"/console/parcels/promises/?shop={SHOP}{period}")
    assert "50.0%" in page
    assert "1 promise was broken" in page
    assert late.number in page
    assert "1 hour late" in page
    assert "No promise" not in page
    assert text(clerk, f"/console/parcels/promises/?shop={SHOP}&period=custom&from=2025-01-01&to=2025-01-02")


def test_every_parcel_of_an_order_leads_to_the_others(clerk: Client) -> None:
    one, two = parcels_of(a_line(1), a_line(2, destination=2))
    page = text(clerk, f"/console/parcels/{one.id}/?shop={SHOP}")
    assert two.number in page
    assert "Merge with another parcel" not in page


def test_an_order_that_was_called_off_leaves_the_queue(clerk: Client) -> None:
    parcel = a_parcel()
    actions.call_off(order_number=parcel.order_number, by=CLERK)
    assert parcel.number not in text(clerk, QUEUE)
    assert "Called off" in text(clerk, f"/console/parcels/{parcel.id}/?shop={SHOP}")
