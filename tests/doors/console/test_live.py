"""From event to open page: one step of each loop, and rests on the way that leave time to work within five seconds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from tests.base.database.stage import eventually
from tests.insight.metrics.events import a_shop
from zhanggui.base import clock
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.base.operation.rules import customer, operator
from zhanggui.doors import console
from zhanggui.doors.commands import relay
from zhanggui.insight.boards import actions as boards
from zhanggui.insight.boards import rules
from zhanggui.insight.lake import handlers
from zhanggui.insight.lake.actions import tending
from zhanggui.insight.lake.models import Day
from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.shop import PaymentSettled
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.relay.actions import step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lake_folder")]

PROMISED_SECONDS = 5.0
# What a roll of the day, the reader's transaction and the page itself may take together.
LEFT_TO_WORK_SECONDS = 2.0


@pytest.fixture
def open_page(signed_in: Callable[..., Client]) -> Callable[[str], tuple[int, str, list[str]]]:
    """Asks for a board of today as its script does: status, version and figures."""
    a_shop("acme")
    client = signed_in(Role.OWNER)
    me = operator(str(Operator.objects.get(email="owner@example.com").pk))
    tiles = [rules.asked("number", [("m", key)]) for key in ("gmv_paid", "orders_paid", "pv")]
    board = boards.make(shop="acme", name="Live", tiles=tiles, by=me)

    def ask(known: str) -> tuple[int, str, list[str]]:
        answer = client.get(f"/console/boards/{board}/?shop=acme&period=today&compare=none", headers={"X-Known": known})
        html = answer.content.decode()
        version = re.search(r'data-live="([^"]+)"', html)
        figures = re.findall(r'class="card-figure">(?:<a[^>]*>)?<span title="([^"]+)"', html)
        return answer.status_code, version[1] if version else known, figures

    return ask


def pay(number: str, amount_minor: int) -> None:
    lines = (Line(sku="tea", category="", quantity=1, amount_minor=amount_minor),)
    told = PaymentSettled(
        order_number=number,
        payment_id=number,
        provider="sandbox",
        lines=lines,
        amount_minor=amount_minor,
        currency="CNY",
    )
    with transaction.atomic():
        record(told, by=customer("c1"), trail=Trail(shop="acme", person="c1"), subject=f"order:{number}")


def read_on() -> int:
    """One step of the reader once nobody, be it autovacuum, writes in the database server; how many facts it passed."""
    return eventually(lambda: step(handlers.reader))


def test_a_payment_is_on_the_page_after_one_step_of_the_reader_and_one_of_the_lake(
    open_page: Callable[[str], tuple[int, str, list[str]]],
) -> None:
    pay("1", 1_000)
    read_on()
    handlers.tend()
    _status, known, figures = open_page("")
    assert figures[:2] == ["CN¥10.00", "1"]
    assert open_page(known)[0] == 204

    pay("2", 2_500)
    Day.objects.update(rolled_at=None)
    assert read_on() == 1
    assert handlers.tend() == 1

    status, _version, figures = open_page(known)
    assert (status, figures[:2]) == (200, ["CN¥35.00", "2"])


def test_a_day_that_has_just_been_rolled_rests_no_longer_than_a_page_may_wait(
    open_page: Callable[[str], tuple[int, str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pay("1", 1_000)
    read_on()
    handlers.tend()
    pay("2", 2_500)
    read_on()
    now = clock.now()
    Day.objects.update(roll_ms=60_000, rolled_at=now)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert handlers.tend() == 0
    rested = now + timedelta(milliseconds=tending.LONGEST_REST_MS)
    monkeypatch.setattr(clock, "now", lambda: rested)
    assert handlers.tend() == 1


def test_the_rests_on_the_way_leave_time_to_work() -> None:
    script = (Path(console.__file__).parent / "static" / "console" / "console.js").read_text()
    page = int(re.search(r"const EVERY = (\d+);", script)[1]) / 1000  # type: ignore[index]
    rests = relay.REST_SECONDS + tending.LONGEST_REST_MS / 1000 + handlers.REST_SECONDS + page
    assert rests <= PROMISED_SECONDS - LEFT_TO_WORK_SECONDS
