"""A shopper's own returns through the API: pictures, how they travel, and that they are nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.base.test_pictures import a_jpeg
from tests.doors.api.caller import Caller, sign_in
from tests.doors.api.conftest import a_shopper
from tests.doors.api.test_opinions import had
from tests.shop.returns.sizes import in_sizes
from zhanggui.base import clock
from zhanggui.shop.returns import models

pytestmark = pytest.mark.django_db
ONE = [{"position": 1, "units": 1}]


def asked(shopper: Caller, number: str, **more: object) -> str:
    """The number of a return of one piece."""
    answer = shopper.post(f"/api/shop/orders/{number}/returns", {"lines": ONE, "reason": "faulty", **more})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["return_number"])


def test_pictures_go_along_and_only_the_shopper_sees_them(shopper: Caller) -> None:
    words = [shopper.upload("/api/shop/returns/pictures", a_jpeg(turned=n)).json()["picture"] for n in (1, 6)]
    number = asked(shopper, had(shopper), words="A crack <script>", pictures=words)
    shown = shopper.get(f"/api/shop/returns/{number}").json()
    assert (shown["words"], [each["kind"] for each in shown["pictures"]]) == ("A crack <script>", ["image/jpeg"] * 2)
    path = f"/api/shop/returns/{number}/pictures/{shown['pictures'][0]['digest']}"
    picture = shopper.get(path)
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/jpeg")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(picture)[:3] == b"\xff\xd8\xff"  # type: ignore[arg-type]
    stranger = a_shopper().get(path)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "no_such_return")
    unknown = shopper.get(f"/api/shop/returns/{number}/pictures/{'0' * 64}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_such_picture")


def test_a_sixth_picture_is_refused(shopper: Caller) -> None:
    word = shopper.upload("/api/shop/returns/pictures", a_jpeg()).json()["picture"]
    said = {"lines": ONE, "reason": "faulty", "pictures": [word] * 6}
    assert shopper.post(f"/api/shop/orders/{had(shopper)}/returns", said).status_code == 422
    assert not models.Return.objects.exists()


def test_a_return_is_fetched_or_sent_or_withdrawn(shopper: Caller) -> None:
    number = asked(shopper, had(shopper))
    tomorrow = str((clock.now() + timedelta(days=2)).date())
    booked = shopper.post(f"/api/shop/returns/{number}/pickup", {"day": tomorrow, "slot": "09:00-12:00"})
    assert (booked.status_code, booked.json()["state"], booked.json()["way"]) == (200, "pickup_booked", "pickup")
    for wrong in ({"day": "2020-01-01"}, {"destination": 9}):
        said = {"day": tomorrow, "slot": "09:00-12:00"} | wrong
        answer = shopper.post(f"/api/shop/returns/{number}/pickup", said)
        assert (answer.status_code, answer.json()["code"]) == (422, "slot_not_offered")
    sent = shopper.post(f"/api/shop/returns/{number}/sent", {"carrier": "sf", "tracking": "SF1"})
    assert (sent.json()["state"], sent.json()["way"]) == ("in_transit", "own")
    late = shopper.post(f"/api/shop/returns/{number}/drop-off", {})
    assert (late.status_code, late.json()["code"]) == (409, "step_refused")
    assert shopper.post(f"/api/shop/returns/{number}/withdraw", {}).json()["state"] == "withdrawn"


def test_what_an_exchange_costs_more_is_asked_for(shopper: Caller) -> None:
    in_sizes()
    lines = [{"position": 1, "units": 1, "wanted": "LARGE"}]
    number = asked(shopper, had(shopper), lines=lines, wish="exchange")
    shown = shopper.get(f"/api/shop/returns/{number}").json()
    assert (shown["difference"], shown["paid_with"]) == ({"minor": 2000, "currency": "CNY"}, "")
    answer = shopper.post(f"/api/shop/returns/{number}/pay", {"provider": "sandbox"})
    assert answer.status_code == 201, answer.content
    shown = shopper.get(f"/api/shop/returns/{number}").json()
    assert shown["paid_with"] == answer.json()["order_number"]
    order = shopper.get(f"/api/shop/orders/{shown['paid_with']}").json()
    assert order["state"] == "awaiting_payment"
    shopper.post(f"/api/shop/returns/{number}/withdraw", {})
    late = shopper.post(f"/api/shop/returns/{number}/pay", {"provider": "sandbox"})
    assert (late.status_code, late.json()["code"]) == (409, "nothing_due")


def test_a_return_is_nobody_elses(shopper: Caller) -> None:
    number, other = asked(shopper, had(shopper)), a_shopper()
    for answer in (
        other.get(f"/api/shop/returns/{number}"),
        other.post(f"/api/shop/returns/{number}/withdraw", {}),
        other.post(f"/api/shop/returns/{number}/sent", {}),
        other.post(f"/api/shop/returns/{number}/drop-off", {}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_return")
    assert other.get("/api/shop/returns").json() == []


def test_what_a_guest_bought_is_given_back_after_signing_in(shopper: Caller) -> None:
    number = had(shopper)
    me = sign_in(shopper, "13800138000")
    made = asked(me, number)
    assert [each["number"] for each in me.get("/api/shop/returns").json()] == [made]
    assert me.post(f"/api/shop/returns/{made}/withdraw", {}).json()["state"] == "withdrawn"


def test_only_the_shop_says_that_something_was_lost(shopper: Caller) -> None:
    said = {"lines": ONE, "reason": "lost"}
    assert shopper.post(f"/api/shop/orders/{had(shopper)}/returns", said).status_code == 422


def test_another_sku_than_a_variant_cannot_be_had_instead(shopper: Caller) -> None:
    lines = [{"position": 1, "units": 1, "wanted": "LONGJING"}]
    said = {"lines": lines, "reason": "faulty", "wish": "exchange"}
    answer = shopper.post(f"/api/shop/orders/{had(shopper)}/returns", said)
    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_exchange")
