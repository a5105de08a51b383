"""The gateway through HTTP: its pages, its way back to the shop, its messages to the shop's server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.shop.made import SHOP, a_cart, a_product, a_shop, place
from zhanggui.base import clock
from zhanggui.doors.sandbox import actions
from zhanggui.doors.sandbox.errors import ShopUnreachable
from zhanggui.doors.sandbox.models import Charge, Saying
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order, State
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.payments import queries
from zhanggui.shop.payments.rules import Fault, Outcome

pytestmark = pytest.mark.django_db


class ShopServer:
    """A shop's server that writes down what it is told; it answers with these codes, then with 200."""

    def __init__(self, *codes: int) -> None:
        heard: list[bytes] = []
        answers = list(codes)

        class Ears(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                heard.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(answers.pop(0) if answers else 200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        self.heard = heard
        self.server = HTTPServer(("127.0.0.1", 0), Ears)
        self.address = f"http://127.0.0.1:{self.server.server_port}/notify"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def shop_server() -> Iterator[ShopServer]:
    server = ShopServer(500, 503)
    yield server
    server.close()


class Buyer:
    """A shopper with an order, at the gateway's door."""

    def __init__(self, client: Client, *, notify_to: str = "http://127.0.0.1:9/notify", language: str = "en") -> None:
        a_shop()
        a_product("CUP", price=5990)
        self.client, self.walk = client, a_cart()
        self.placed = place(self.walk)
        self.doorway = queries.doorway(
            self.placed.payment_id,
            person=self.walk.person,
            return_to="http://testserver/shop/back",
            notify_to=notify_to,
            language=language,
        )
        self.page = client.get(self.doorway).headers.get("Location", "")

    @property
    def order(self) -> Order:
        return orders.order(SHOP, self.placed.order_number, person=self.walk.person)

    def choose(self, choice: str) -> tuple[int, str]:
        answer = self.client.post(self.page, {"choice": choice})
        return answer.status_code, answer.headers.get("Location", "")

    def come_back(self, address: str) -> Outcome:
        assert address.startswith("http://testserver/shop/back?")
        message = urlsplit(address).query.encode()
        return payments.settle(shop=SHOP, provider="sandbox", message=message).outcome

    def take_messages(self) -> list[Outcome]:
        """Let the shop hear all that the gateway's jobs would post, without the network."""
        said: list[bytes] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(actions, "_post", lambda address, body: said.append(body.encode()))
            for waiting in ProcrastinateJob.objects.filter(task_name="sandbox.notify").order_by("id"):
                actions.notify(**waiting.args)
        return [payments.settle(shop=SHOP, provider="sandbox", message=message).outcome for message in said]


def test_a_shopper_pays_and_comes_back_with_the_news(client: Client) -> None:
    buyer = Buyer(client)
    shown = client.get(buyer.page)
    assert shown.status_code == 200
    assert "CN¥71.90" in shown.text
    assert buyer.placed.order_number in shown.text
    status, back = buyer.choose("pay")
    assert (status, buyer.order.state) == (302, State.AWAITING_PAYMENT)
    assert buyer.come_back(back) is Outcome.PAID
    assert buyer.order.state is State.PAID
    assert buyer.take_messages() == [Outcome.PAID]
    assert queries.quarantined(SHOP) == ()


def test_the_page_speaks_chinese(client: Client) -> None:
    buyer = Buyer(client, language="zh-hans")
    shown = client.get(buyer.page)
    assert 'lang="zh-Hans"' in shown.text
    assert "¥71.90" in shown.text
    assert "CN¥" not in shown.text


def test_a_shopper_declines_and_nothing_is_charged(client: Client) -> None:
    buyer = Buyer(client)
    _, back = buyer.choose("decline")
    assert buyer.come_back(back) is Outcome.DECLINED
    assert buyer.order.state is State.AWAITING_PAYMENT


def test_a_shopper_who_closes_the_window_has_paid_all_the_same(client: Client) -> None:
    buyer = Buyer(client)
    assert buyer.choose("pay_and_leave") == (302, buyer.page)
    assert "Paid" in client.get(buyer.page).text
    assert buyer.take_messages() == [Outcome.PAID]
    assert buyer.order.state is State.PAID


@pytest.mark.parametrize(
    ("choice", "outcomes", "fault"),
    [
        ("pay_twice", {Outcome.PAID, Outcome.QUARANTINED}, Fault.ORDER_PAID),
        ("pay_less", {Outcome.QUARANTINED}, Fault.OTHER_AMOUNT),
        ("other_currency", {Outcome.QUARANTINED}, Fault.OTHER_CURRENCY),
    ],
)
def test_odd_ways_to_pay_end_in_quarantine(client: Client, choice: str, outcomes: set[Outcome], fault: Fault) -> None:
    buyer = Buyer(client)
    _, back = buyer.choose(choice)
    first = buyer.come_back(back)
    assert {first, *buyer.take_messages()} == outcomes
    assert [kept.reason for kept in queries.quarantined(SHOP)] == [fault]
    assert buyer.order.state is (State.PAID if Outcome.PAID in outcomes else State.AWAITING_PAYMENT)


def test_paying_late_needs_a_wish_to_do_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    buyer = Buyer(client)
    late = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: late)
    status, _ = buyer.choose("pay")
    assert (status, Charge.objects.get().state) == (409, "open")
    assert "pay_late" in client.get(buyer.page).text
    _, back = buyer.choose("pay_late")
    assert buyer.come_back(back) is Outcome.PAID
    assert buyer.order.state is State.PAID


def test_a_charge_is_decided_once(client: Client) -> None:
    buyer = Buyer(client)
    _, back = buyer.choose("pay")
    assert buyer.choose("decline")[0] == 409
    assert buyer.choose("nonsense")[0] == 400
    assert (Charge.objects.get().state, Saying.objects.count()) == ("paid", 1)
    assert urlsplit(back).path == "/shop/back"


def test_the_same_payment_opens_the_same_charge(client: Client) -> None:
    buyer = Buyer(client)
    assert client.get(buyer.doorway).headers["Location"] == buyer.page
    assert Charge.objects.count() == 1


@pytest.mark.parametrize("change", [("amount=7190", "amount=1"), ("testserver", "thief.example"), ("signature=", "s=")])
def test_a_doorway_that_was_tampered_with_stays_shut(client: Client, change: tuple[str, str]) -> None:
    doorway = Buyer(client).doorway
    Charge.objects.all().delete()
    refused = client.get(doorway.replace(*change))
    assert refused.status_code == 400
    assert "Nothing was charged" in refused.text or "没有" in refused.text
    assert client.get("/sandbox/pay/unknown").status_code == 404
    assert not Charge.objects.exists()


def test_buttons_are_guarded_against_other_sites(client: Client) -> None:
    buyer = Buyer(client)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(buyer.page, {"choice": "pay"}).status_code == 403
    assert Charge.objects.get().state == "open"


def test_the_shops_server_is_told_until_it_has_heard(client: Client, shop_server: ShopServer) -> None:
    buyer = Buyer(client, notify_to=shop_server.address)
    buyer.choose("pay_and_leave")
    saying = Saying.objects.get()
    for _ in range(2):
        with pytest.raises(ShopUnreachable):
            actions.notify(event_id=saying.event_id)
        assert Saying.objects.get().notified_at is None
    actions.notify(event_id=saying.event_id)
    assert Saying.objects.get().notified_at is not None
    assert len(shop_server.heard) == 3
    settled = [payments.settle(shop=SHOP, provider="sandbox", message=message) for message in shop_server.heard]
    assert {one.outcome for one in settled} == {Outcome.PAID}
    assert buyer.order.state is State.PAID


def test_a_shop_that_cannot_be_reached_is_tried_again(client: Client) -> None:
    buyer = Buyer(client)
    buyer.choose("pay_and_leave")
    with pytest.raises(ShopUnreachable):
        actions.notify(event_id=Saying.objects.get().event_id)
