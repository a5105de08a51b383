"""The sandbox carrier through HTTP: booked, followed and heard by the shop's own adapter and endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.core.signing import Signer
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.live_server_helper import LiveServer

from tests.shop.fulfilment.made import a_parcel, in_stock
from tests.shop.made import CLERK, a_shop, at_once, facts_of, names
from zhanggui.base import clock, ids
from zhanggui.doors.carriers import actions, models, rules
from zhanggui.doors.carriers.errors import OnItsWay, ShopUnreachable
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import models as parcels
from zhanggui.shop.fulfilment import ports, queries
from zhanggui.shop.fulfilment.carriers.sandbox import SandboxCarrier
from zhanggui.shop.fulfilment.errors import CarrierRefused, CarrierUnreachable
from zhanggui.shop.fulfilment.rules import SIGNATURE_HEADER, ScanKind, State, signature

TO = {
    "name": "林小满",
    "phone": "13800138000",
    "country": "CN",
    "region": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "street": "龙井路 1 号",
    "postcode": "",
}
BOOKING = rules.Booking(
    parcel_id="parcel-1",
    number="261122-00000-00000-1",
    warehouse="main",
    weight_g=800,
    units=2,
    to=TO,
    notify_to="http://127.0.0.1:9/notify",
)
NOTIFY = "/carriers/sandbox/notify/"


@pytest.fixture(autouse=True)
def carriers() -> Iterator[dict[str, Any]]:
    """The carriers that are plugged in, as they were before afterwards."""
    usual = dict(ports.carriers)
    yield ports.carriers
    ports.carriers.clear()
    ports.carriers.update(usual)


@pytest.fixture
def on_http(live_server: LiveServer) -> SandboxCarrier:
    """The carrier, reached by HTTP, telling the shop by HTTP."""
    carrier = SandboxCarrier(
        gateway=f"{live_server.url}/carrier",
        notify_to=live_server.url + NOTIFY,
        key=settings.SANDBOX_CARRIER_KEY,
    )
    ports.carriers.clear()
    ports.carriers["sandbox"] = carrier
    a_shop()
    a_shop("demo")  # the shop whose server hears the carrier
    in_stock(CUP=10)
    return carrier


def asked(client: Client, verb: str, said: object, *, key: bytes = b"") -> Any:
    """The interface's answer to a signed request."""
    body = msgspec.json.encode(said)
    header = signature(body, key=key or settings.SANDBOX_CARRIER_KEY, at=clock.now())
    return client.post(f"/carrier/v1/{verb}", body, content_type="application/json", headers={SIGNATURE_HEADER: header})


@pytest.mark.django_db(transaction=True)
def test_a_parcel_is_booked_travels_and_is_delivered_over_http(on_http: SandboxCarrier) -> None:
    parcel = a_parcel(state=State.PACKED)
    tracking = fulfilment.ship(parcel_id=parcel.id, by=CLERK)
    shipment = actions.find(tracking)
    assert (shipment.booking.parcel_id, shipment.booking.to["city"]) == (parcel.id, "杭州市")
    for stop in range(len(rules.journey(shipment.booking))):
        actions.travel(tracking=tracking, stop=stop)
        actions.travel(tracking=tracking, stop=stop)  # a job may run twice
    told = [job.args["event_id"] for job in ProcrastinateJob.objects.filter(task_name="carriers.tell")]
    assert len(set(told)) == 6
    for event_id in reversed(told):
        actions.tell(event_id=event_id)
    assert queries.parcel_by_id(parcel.id).state is State.DELIVERED
    assert parcels.Event.objects.count() == 6
    assert names(facts_of(parcel.order_number)).count("shop.parcel_delivered") == 1
    assert not models.Sight.objects.filter(told_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_what_the_carrier_never_told_is_pulled(on_http: SandboxCarrier) -> None:
    parcel = a_parcel(state=State.PACKED)
    tracking = fulfilment.ship(parcel_id=parcel.id, by=CLERK)
    actions.decide(tracking=tracking, kind=ScanKind.RETURNED)
    assert fulfilment.pull(parcel_id=parcel.id).new == 1
    assert queries.parcel_by_id(parcel.id).state is State.RETURNED_TO_SENDER
    assert on_http.follow(tracking).endswith(f"/carrier/{tracking}")


@pytest.mark.django_db(transaction=True)
def test_a_label_is_given_back_once_and_not_after_the_parcel_was_picked_up(on_http: SandboxCarrier) -> None:
    kept, moving = a_parcel(state=State.PACKED), a_parcel(state=State.PACKED)
    first, second = (fulfilment.ship(parcel_id=parcel.id, by=CLERK) for parcel in (kept, moving))
    on_http.cancel(kept.id)
    on_http.cancel(kept.id)
    assert actions.find(first).state is rules.State.CANCELLED
    actions.decide(tracking=second, kind=ScanKind.ATTEMPTED)
    with pytest.raises(CarrierRefused):
        on_http.cancel(moving.id)
    with pytest.raises(CarrierRefused):
        on_http.cancel("never-booked")
    fulfilment.give_label_back(parcel_id="never-booked", carrier="sandbox")


@pytest.mark.django_db(transaction=True)
def test_the_same_parcel_booked_at_once_gets_one_label() -> None:
    done = at_once(lambda _: actions.book(booking=BOOKING), 6, threads=6)
    assert len({shipment.tracking for shipment in done if isinstance(shipment, rules.Shipment)}) == 1
    assert len(done) == 6
    assert ProcrastinateJob.objects.filter(task_name="carriers.travel").count() == 1


def test_a_carrier_that_is_not_there_is_unreachable_in_both_directions(db: None) -> None:
    away = SandboxCarrier(gateway="http://127.0.0.1:9/carrier", notify_to="", key=b"k")
    with pytest.raises(CarrierUnreachable):
        away.track("SB1")
    tracking = actions.book(booking=BOOKING).tracking
    actions.travel(tracking=tracking, stop=0)
    with pytest.raises(ShopUnreachable):
        actions.tell(event_id=models.Sight.objects.get().event_id)


@pytest.mark.parametrize(
    ("verb", "said", "status"),
    [
        ("book", {}, 400),
        ("book", {"recipient": TO, "parcel_id": "p"}, 400),
        ("book", [], 400),
        ("track", {"tracking": "SB000000000000"}, 404),
        ("cancel", {"parcel_id": "nobody"}, 404),
        ("dance", {}, 404),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    client: Client, db: None, verb: str, said: object, status: int
) -> None:
    assert asked(client, verb, said).status_code == status


def test_a_request_with_another_key_books_nothing(client: Client, db: None) -> None:
    assert asked(client, "book", {}, key=b"another").status_code == 401
    assert client.post("/carrier/v1/book", b"{}", content_type="application/json").status_code == 401
    assert not models.Shipment.objects.exists()


def test_the_same_parcel_to_another_place_is_refused(client: Client, db: None) -> None:
    said = {
        "parcel_id": "p",
        "number": "A-1",
        "warehouse": "main",
        "weight_g": 5,
        "units": 1,
        "recipient": TO,
        "notify_to": "http://127.0.0.1:9/",
    }
    assert asked(client, "book", said).status_code == 200
    assert asked(client, "book", said).json() == asked(client, "book", said).json()
    assert asked(client, "book", said | {"recipient": TO | {"city": "上海市"}}).status_code == 409
    assert asked(client, "book", said | {"weight_g": rules.HEAVIEST_G + 1}).status_code == 400


def test_a_parcel_that_has_ended_does_not_move_again(db: None) -> None:
    tracking = actions.book(booking=BOOKING).tracking
    actions.decide(tracking=tracking, kind=ScanKind.LOST)
    with pytest.raises(OnItsWay):
        actions.decide(tracking=tracking, kind=ScanKind.DELIVERED)
    actions.travel(tracking=tracking, stop=1)
    assert [scan.kind for scan in actions.sights(tracking)] == [ScanKind.LOST]


def test_some_events_are_told_twice_and_some_late_and_each_always_alike() -> None:
    day = timedelta(seconds=60)
    told = {event: rules.tellings(event, day=day) for event in (f"e{n}" for n in range(200))}
    assert {len(waits) for waits in told.values()} == {1, 2}
    assert (day,) in told.values()
    assert told == {event: rules.tellings(event, day=day) for event in told}


def test_abroad_takes_longer() -> None:
    def days(country: str) -> float:
        booking = rules.Booking(
            parcel_id="p",
            number="n",
            warehouse="main",
            weight_g=1,
            units=1,
            to=TO | {"country": country},
            notify_to="http://x/",
        )
        return rules.journey(booking)[-1].after_days

    assert (days("CN"), days("GB")) == (2.0, 6.0)


def test_the_label_and_the_page_show_where_it_goes(client: Client, db: None) -> None:
    tracking = actions.book(booking=BOOKING).tracking
    assert client.get(f"/carrier/labels/{tracking}").status_code == 404
    code = Signer(salt="carriers.label").sign(tracking)
    label = client.get(f"/carrier/labels/{code}", headers={"Accept-Language": "en"}).content.decode()
    assert "<svg" in label
    assert "龙井路 1 号" in label
    page = client.get(f"/carrier/{tracking}", headers={"Accept-Language": "en"}).content.decode()
    assert "Nothing has happened to it yet" in page
    assert "林小满" not in page
    client.post(f"/carrier/{tracking}", {"kind": "delivered"})
    assert "Delivered" in client.get(f"/carrier/{tracking}", headers={"Accept-Language": "en"}).content.decode()
    assert client.post(f"/carrier/{tracking}", {"kind": "booked"}).status_code == 404
    assert client.get("/carrier/SB1").status_code == 404


@pytest.mark.parametrize("key", [b"another", b""])
def test_a_forged_notification_is_refused_and_nothing_is_kept(client: Client, db: None, key: bytes) -> None:
    a_shop("demo")
    body = b'{"scans": []}'
    headers = {SIGNATURE_HEADER: signature(body, key=key, at=clock.now())} if key else {}
    answer = client.post(NOTIFY, body, content_type="application/json", headers=headers)
    assert (answer.status_code, parcels.Event.objects.count()) == (400, 0)


def test_a_notification_that_is_too_large_or_unreadable_is_refused(client: Client, db: None) -> None:
    a_shop("demo")
    for body, status in ((b"x" * 300_000, 413), (b"{}", 400), (b"[1]", 400), (b'{"scans": [1]}', 400)):
        headers = {SIGNATURE_HEADER: signature(body, key=settings.SANDBOX_CARRIER_KEY, at=clock.now())}
        assert client.post(NOTIFY, body, content_type="application/json", headers=headers).status_code == status
    assert client.post("/carriers/nobody/notify/", b"{}", content_type="application/json").status_code == 404
    assert not parcels.Event.objects.exists()


def test_a_scan_of_a_parcel_that_nobody_knows_is_kept_and_changes_nothing(client: Client, db: None) -> None:
    a_shop("demo")
    scan = {
        "event": str(ids.uuid7()),
        "tracking": "SB9",
        "kind": "delivered",
        "place": "",
        "at": "2026-11-22T04:00:00Z",
    }
    body = msgspec.json.encode({"scans": [scan]})
    headers = {SIGNATURE_HEADER: signature(body, key=settings.SANDBOX_CARRIER_KEY, at=clock.now())}
    assert client.post(NOTIFY, body, content_type="application/json", headers=headers).status_code == 200
    assert parcels.Event.objects.count() == 1
