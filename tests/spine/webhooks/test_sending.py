"""Facts on their way to other programs: sent once, tried again, given up, sent again; nobody waits for anybody."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from tests.shop.made import CLERK
from zhanggui.base import clock
from zhanggui.spine.facts.shop import OrderExpired
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.relay import actions as relay
from zhanggui.spine.webhooks import actions, handlers, models, queries, rules
from zhanggui.spine.webhooks.errors import AddressNotAllowed, EndpointNotAllowed, NoSuchDelivery, NoSuchEndpoint
from zhanggui.spine.webhooks.rules import State

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


class Ear(ThreadingHTTPServer):
    """Another program that listens; answers what it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hearing)
        self.status, self.heard = 200, list[tuple[dict[str, str], bytes]]()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?a=1"


class _Hearing(BaseHTTPRequestHandler):
    server: Ear

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", self.server.address)
        self.end_headers()

    def log_message(self, *said: object) -> None:
        pass


@pytest.fixture
def ear() -> Iterator[Ear]:
    listening = Ear()
    yield listening
    listening.shutdown()
    listening.server_close()


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """A clock that stands at noon and moves only when it is told to."""
    now = [NOON]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def move(by: timedelta) -> None:
        now[0] += by

    return move


@pytest.fixture(autouse=True)
def at_home(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_STAY_HOME = True


def listen(address: str, *events: str, shop: str = "tea") -> tuple[str, str]:
    return actions.listen(shop=shop, address=address, events=events or ("*",), by=CLERK)


def tell(number: str = "261122-1", *, shop: str = "tea") -> UUID:
    """Something happens, and is read off the log."""
    with transaction.atomic():
        fact = OrderExpired(order_number=number, amount_minor=7190, currency="CNY")
        id = record(fact, by=CLERK, trail=Trail(shop=shop, person="v-1"), subject=f"order:{number}")
    relay.drain(handlers.reader)
    return id


def only() -> rules.Delivery:
    (one,) = queries.deliveries("tea")
    return one


def test_a_chosen_fact_is_heard_once_and_signed(ear: Ear, wait: object) -> None:
    endpoint_id, secret = listen(ear.address, "shop.order_expired")
    id = tell()
    actions.send(endpoint_id=endpoint_id)
    actions.send(endpoint_id=endpoint_id)
    ((headers, body),) = ear.heard
    assert headers[rules.SIGNATURE_HEADER] == rules.signature(body, secret=secret, at=NOON)
    assert headers["Host"] == ear.address.split("/")[2]
    assert f'"id":"{id}"'.encode() in body
    assert b"v-1" not in body
    assert (only().state, only().tries, only().status) == (State.DELIVERED, 1, 200)


def test_only_what_was_chosen_by_whom_it_concerns_is_sent(ear: Ear, wait: Callable[[timedelta], None]) -> None:
    tell("before-anybody-listened")
    wait(timedelta(seconds=1))
    listen(ear.address, "shop.order_placed")
    listen(ear.address, shop="other")
    tell()
    assert queries.deliveries("tea") == queries.deliveries("other") == ()


def test_the_same_fact_read_twice_is_sent_once(ear: Ear, wait: object) -> None:
    listen(ear.address)
    with transaction.atomic():
        fact = OrderExpired(order_number="1", amount_minor=1, currency="CNY")
        record(fact, by=CLERK, trail=Trail(shop="tea"))
    relay.drain(handlers.reader)
    (delivery,) = queries.deliveries("tea")
    facts = actions.log.by_ids([UUID(delivery.fact_id)])
    actions.queue(facts)
    assert len(queries.deliveries("tea")) == 1


def test_what_is_not_heard_is_tried_again_until_it_gives_up(ear: Ear, wait: Callable[[timedelta], None]) -> None:
    endpoint_id, _secret = listen(ear.address)
    tell()
    ear.status = 503
    for pause in rules.WAITS:
        actions.send(endpoint_id=endpoint_id)
        assert only().next_at == clock.now() + pause
        actions.send(endpoint_id=endpoint_id)  # not before its time
        wait(pause)
    actions.send(endpoint_id=endpoint_id)
    assert (only().state, only().tries, only().fault) == (State.DEAD, len(rules.WAITS) + 1, "answered 503")
    assert len(ear.heard) == len(rules.WAITS) + 1
    ear.status = 200
    actions.send_again(shop="tea", delivery_id=only().id)
    actions.send(endpoint_id=endpoint_id)
    assert (only().state, only().tries) == (State.DELIVERED, 1)


def test_a_closed_door_is_knocked_at_once_for_all_that_waits(ear: Ear, wait: object) -> None:
    endpoint_id, _secret = listen(ear.address)
    for number in ("1", "2", "3"):
        tell(number)
    ear.status = 500
    actions.send(endpoint_id=endpoint_id)
    assert len(ear.heard) == 1
    assert {(each.tries, each.next_at) for each in queries.deliveries("tea")} == {(1, NOON + rules.WAITS[0])}


def test_one_that_is_refused_does_not_hold_up_the_next(ear: Ear, wait: object) -> None:
    endpoint_id, _secret = listen(ear.address)
    for number in ("1", "2"):
        tell(number)
    ear.status = 404
    actions.send(endpoint_id=endpoint_id)
    assert [each.tries for each in queries.deliveries("tea")] == [1, 1]
    assert len(ear.heard) == 2


def test_a_dead_endpoint_stops_neither_another_nor_the_relay(ear: Ear, wait: object) -> None:
    dead, _secret = listen("http://127.0.0.1:1/")
    alive, _secret = listen(ear.address)
    tell()
    actions.send(endpoint_id=dead)
    actions.send(endpoint_id=alive)
    assert sorted(each.state for each in queries.deliveries("tea")) == [State.DELIVERED, State.WAITING]
    assert len(ear.heard) == 1


def test_no_redirect_is_followed(ear: Ear, wait: object) -> None:
    endpoint_id, _secret = listen(ear.address)
    tell()
    ear.status = 302
    actions.send(endpoint_id=endpoint_id)
    assert (len(ear.heard), only().fault) == (1, "answered 302")


def test_a_name_that_leads_home_is_not_called(ear: Ear, wait: object, settings: Settings) -> None:
    endpoint_id, _secret = listen(ear.address)
    tell()
    settings.WEBHOOKS_MAY_STAY_HOME = False
    models.Endpoint.objects.update(address=f"https://localhost:{ear.server_address[1]}/")
    actions.send(endpoint_id=endpoint_id)
    assert (ear.heard, only().fault) == ([], "address: private")


def test_two_workers_send_it_once(ear: Ear, wait: object) -> None:
    endpoint_id, _secret = listen(ear.address)
    tell()
    models.Endpoint.objects.update(busy_until=NOON + timedelta(seconds=30))
    actions.send(endpoint_id=endpoint_id)
    assert ear.heard == []


def test_what_no_job_waits_for_is_taken_up_and_the_old_forgotten(ear: Ear, wait: Callable[[timedelta], None]) -> None:
    endpoint_id, _secret = listen(ear.address)
    tell()
    assert queries.overdue(at=NOON) == (endpoint_id,)
    actions.send(endpoint_id=endpoint_id)
    wait(rules.KEPT_FOR + timedelta(days=1))
    actions.tend()
    assert queries.deliveries("tea") == ()


def test_a_new_secret_signs_from_now_on(ear: Ear, wait: object) -> None:
    endpoint_id, old = listen(ear.address)
    new = actions.turn_secret(shop="tea", endpoint_id=endpoint_id)
    tell()
    actions.send(endpoint_id=endpoint_id)
    ((headers, body),) = ear.heard
    assert new != old
    assert headers[rules.SIGNATURE_HEADER] == rules.signature(body, secret=new, at=NOON)


def test_what_cannot_be_is_refused_and_nothing_is_kept(ear: Ear, wait: object) -> None:
    for address, events in (("http://hooks.example/", ("*",)), (ear.address, ("shop.nothing",)), (ear.address, ())):
        with pytest.raises((AddressNotAllowed, EndpointNotAllowed)):
            actions.listen(shop="tea", address=address, events=events, by=CLERK)
    assert queries.endpoints("tea") == ()


def test_another_shops_endpoint_is_not_there(ear: Ear, wait: object) -> None:
    endpoint_id, _secret = listen(ear.address)
    for verb in (actions.leave, actions.turn_secret):
        with pytest.raises(NoSuchEndpoint):
            verb(shop="other", endpoint_id=endpoint_id)
    with pytest.raises(NoSuchDelivery):
        actions.send_again(shop="other", delivery_id=1)
    actions.leave(shop="tea", endpoint_id=endpoint_id)
    assert queries.endpoints("tea") == ()
