"""The parcels of an order on the shopper's page, from the payment to the door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doors.storefront.test_orders import message
from tests.doors.storefront.walker import Walker
from tests.shop import made
from tests.shop.fulfilment.made import Porter, a_scan, bring
from zhanggui.base import clock
from zhanggui.shop.fulfilment import actions, handlers, ports, queries
from zhanggui.shop.fulfilment.rules import Parcel, Scan, ScanKind, State
from zhanggui.spine.relay import actions as relay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def porter() -> Iterator[Porter]:
    usual = dict(ports.carriers)
    ports.carriers.clear()
    ports.carriers["porter"] = found = Porter()
    yield found
    ports.carriers.clear()
    ports.carriers.update(usual)


def a_paid_parcel(walker: Walker) -> Parcel:
    """The parcel of an order that was bought and paid in the shop, planned from its fact."""
    number = walker.orders("CUP", 2)
    walker.opens(message(number))
    (told,) = [fact for fact in made.facts_of(number) if fact.name == "shop.payment_settled"]
    handlers.plan([told])
    (parcel,) = queries.parcels(number)
    return parcel


def test_a_paid_order_shows_its_parcel_and_when_it_is_promised(walker: Walker) -> None:
    parcel = a_paid_parcel(walker)

    page = walker.opens(f"/orders/{parcel.order_number}/")

    assert "Your parcel Being got ready" in page.text
    assert "leaves us by" in page.text
    assert parcel.promised_on is None or "Promised by" in page.text


def test_a_parcel_on_its_way_shows_carrier_number_and_every_scan_newest_first(walker: Walker, porter: Porter) -> None:
    parcel = a_paid_parcel(walker)
    bring(parcel.id, to=State.SHIPPED)
    shipped = queries.parcel_by_id(parcel.id)
    scans = [a_scan(shipped, ScanKind.ACCEPTED), a_scan(shipped, ScanKind.OUT_FOR_DELIVERY)]
    actions.hear(carrier="porter", message=porter.says(scans))

    page = walker.opens(f"/orders/{parcel.order_number}/")

    assert "On its way to you" in page.text
    assert "P000001" in page.text
    assert "http://porter/P000001" in page.html
    way = page.text[page.text.index("Latest:") :]
    assert way.index("Out for delivery today") < way.index("Picked up by the carrier")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ScanKind.DELIVERED, "Delivered"),
        (ScanKind.LOST, "Lost on the way; we are seeing to your money"),
        (ScanKind.RETURNED, "Could not be delivered and came back to us"),
    ],
)
def test_the_end_of_a_parcel_is_said_plainly(walker: Walker, porter: Porter, kind: ScanKind, said: str) -> None:
    parcel = a_paid_parcel(walker)
    bring(parcel.id, to=State.SHIPPED)
    actions.hear(carrier="porter", message=porter.says([a_scan(queries.parcel_by_id(parcel.id), kind)]))

    assert said in walker.opens(f"/orders/{parcel.order_number}/").text


def test_words_of_a_carrier_are_shown_as_words(walker: Walker, porter: Porter) -> None:
    parcel = a_paid_parcel(walker)
    bring(parcel.id, to=State.SHIPPED)
    tracking = queries.parcel_by_id(parcel.id).tracking
    scan = Scan(event_id="e", tracking=tracking, kind=ScanKind.ACCEPTED, place="<script>x</script>", at=clock.now())
    actions.hear(carrier="porter", message=porter.says([scan]))

    page = walker.opens(f"/orders/{parcel.order_number}/")

    assert "<script>x" not in page.html
    assert "&lt;script&gt;x" in page.html


def test_a_parcel_that_was_called_off_is_not_shown(walker: Walker) -> None:
    parcel = a_paid_parcel(walker)
    actions.call_off(order_number=parcel.order_number, by=made.CLERK)

    assert "Your parcel" not in walker.opens(f"/orders/{parcel.order_number}/").text


@pytest.mark.django_db(transaction=True)
def test_the_relay_plans_what_was_paid(walker: Walker) -> None:
    number = walker.orders("CUP", 2)
    walker.opens(message(number))

    relay.drain(handlers.reader)

    assert [parcel.units for parcel in queries.parcels(number)] == [2]
