"""A shop elsewhere that only sends Order Completed has orders and money, each once."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.db import connection

from tests.doors.imports.made import a_csv, names_told, take_orders, told
from tests.doors.ingest.making import Door, a_shop
from tests.shop.made import statements
from tests.spine.sightings.events import PHONE, sent
from zhanggui.base.money import Money
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.ingest.batcher import Delivery
from zhanggui.doors.ingest.keeper import Keeper
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.metrics.queries import query
from zhanggui.insight.metrics.rules import Period
from zhanggui.insight.sources import actions as sources
from zhanggui.insight.sources.errors import ImportMoved
from zhanggui.insight.sources.models import Known
from zhanggui.insight.sources.rules import Known as Document
from zhanggui.insight.sources.rules import Plan
from zhanggui.spine.facts import registry
from zhanggui.spine.sightings.rules.columns import ShopTerms
from zhanggui.spine.sightings.rules.wire import Call

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("lake_folder"),
    pytest.mark.tables("orders"),
]

AT = "2026-05-03T10:00:00Z"
LATER = "2026-05-04T10:00:00Z"
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
AFTER = datetime(2026, 6, 2, tzinfo=UTC)
CUPS = {"sku": "CUP", "category": "cups", "price": 30, "quantity": 2}
TEA = ShopTerms(code="tea", zone="Asia/Shanghai", currency="CNY")


def completed(order: str = "A-1", *, at: str = AT, agent: str = PHONE, **properties: Any) -> dict[str, Any]:
    """Order Completed as a shop's server writes it, with a message id of its own."""
    return {
        "type": "track",
        "event": "Order Completed",
        "messageId": str(uuid4()),
        "userId": "ann",
        "timestamp": at,
        "context": {"sessionId": "s-1", "userAgent": agent, "campaign": {"source": "letter", "name": "may"}},
        "properties": {"order_id": order, "revenue": 50, "shipping": 5, "products": [CUPS]} | properties,
    }


def keep(*events: dict[str, Any], keeper: Keeper | None = None) -> None:
    reading = sent({"batch": list(events)}, call=Call.BATCH, shop=TEA)
    assert reading.refusals == ()
    (keeper or Keeper()).keep([Delivery(shop=TEA, reading=reading, size_bytes=1)])


def figures() -> dict[str, Any]:
    lake.roll("tea")
    answer = query("tea", ["gmv_paid", "orders_paid", "buyers"], MAY, at=AFTER)
    return {key: answer.whole.of(key).value for key in ("gmv_paid", "orders_paid", "buyers")}


@pytest.fixture
def key(lake_folder: Path) -> str:
    """The write key of the shop `tea`, which is not ours."""
    return a_shop(kind=ShopKind.IMPORTED)


def test_over_the_wire_an_order_that_is_sent_twice_is_one_and_its_file_changes_nothing(
    django_door: Door, tmp_path: Path
) -> None:
    first = completed()
    assert django_door.batch(first, completed(at=LATER)).status == 200
    assert django_door.batch(completed(at="2026-11-01T10:00:00Z", revenue=70)).status == 200
    once = {"gmv_paid": Money(5500, "CNY"), "orders_paid": 1, "buyers": 1}
    assert figures() == once

    placed, paid = (told(name=name)[0] for name in ("shop.order_placed", "shop.payment_settled"))
    assert (placed["cause"], paid["cause"]) == (first["messageId"], placed["id"])
    for row in (placed, paid):
        visit = (row["person"], row["session"], row["campaign"], row["device"], row["order_number"])
        assert visit == ("ann", "s-1", "may", "phone", "A-1")
        assert row["lines"] == [{"sku": "CUP", "category": "cups", "quantity": 2, "amount_minor": 5000}]
        body = registry.decode(row["name"], row["version"], row["body"])
        assert (body.amount_minor, body.lines[0].amount_minor) == (5500, 5000)  # type: ignore[attr-defined]

    report = take_orders(a_csv(tmp_path / "f.csv", "A-1,2026-05-03 18:00:00,CUP,2,30,ann,浙江"))
    assert (report.orders, report.facts, report.differing) == (0, 0, ("A-1",))
    assert figures() == once


def test_an_order_that_came_by_file_is_not_told_by_its_event(key: str, tmp_path: Path) -> None:
    take_orders(a_csv(tmp_path / "f.csv", "A-1,2026-05-03 18:00:00,CUP,2,30,ann,浙江"))
    keep(completed(), completed("A-2"))
    assert figures() == {"gmv_paid": Money(11500, "CNY"), "orders_paid": 2, "buyers": 1}
    assert [row["order_number"] for row in told(name="shop.order_placed")] == ["A-1", "A-2"]


def test_the_same_order_at_the_same_moment_has_the_same_facts_by_file_and_by_event(key: str, tmp_path: Path) -> None:
    keep(completed(shipping=0, revenue=60))
    by_event = {row["name"]: row for row in told() if row["name"].startswith("shop.")}
    Known.objects.all().delete()
    take_orders(a_csv(tmp_path / "f.csv", "A-1,2026-05-03 18:00:00,CUP,2,30,ann,浙江"))
    by_file = {row["name"]: row for row in told(name="shop.order_placed")}
    assert [row["id"] for row in by_file.values()] == [by_event["shop.order_placed"]["id"]]
    both = [
        msgspec.json.decode(row["body"], type=dict[str, Any]).keys()
        for row in (by_event["shop.order_placed"], *by_file.values())
    ]
    assert both[0] == both[1]


def test_robots_other_currencies_and_wrong_amounts_are_seen_and_bring_no_order(key: str) -> None:
    robot = completed("A-1", agent="Googlebot/2.1 (+http://www.google.com/bot.html)")
    keep(robot, completed("A-2", currency="USD"), completed("A-3", revenue=-1), completed("", revenue=9))
    assert (names_told(), Known.objects.count()) == ({"Order Completed": 4}, 0)


def test_our_own_shops_sightings_bring_no_order() -> None:
    a_shop(kind=ShopKind.OWN)
    keep(completed())
    assert (names_told(), Known.objects.count()) == ({"Order Completed": 1}, 0)


def test_a_batch_without_an_order_asks_nothing_more(key: str) -> None:
    keeper = Keeper()
    keep(completed() | {"event": "Product Viewed"}, keeper=keeper)
    with statements() as of_views:
        keep(completed() | {"event": "Product Viewed"}, keeper=keeper)
    with statements() as of_orders:
        keep(completed(), keeper=keeper)
    assert not [sql for sql in of_views if "insight_sources_known" in sql or "base_shops" in sql]
    assert len(of_orders) == len(of_views) + 1


def test_the_same_orders_in_many_batches_at_once_are_told_once_each(key: str) -> None:
    orders = [f"A-{number}" for number in range(6)]
    start = threading.Barrier(6)

    def send(turn: int) -> None:
        try:
            batch = [completed(order, at=f"2026-05-0{turn + 1}T10:00:00Z") for order in orders[turn:] + orders[:turn]]
            start.wait(20)
            keep(*batch)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(send, turn) for turn in range(6)]:
            done.result(30)
    counts = Counter((row["name"], row["order_number"]) for row in told())
    wanted = {"Order Completed": 6, "shop.order_placed": 1, "shop.payment_settled": 1}
    assert counts == {(name, order): count for name, count in wanted.items() for order in orders}
    assert figures()["gmv_paid"] == Money(6 * 5500, "CNY")


def test_an_import_that_read_its_file_before_the_event_came_tells_nothing_of_that_order(key: str) -> None:
    plan = Plan(id="f" * 16, shop="tea", source="s", name="f", reading="", byte_count=1, chunk_lines=5)
    sources.begin(plan=plan, chunks=1)
    keep(completed())
    known = [Document(key=key, digest="0" * 32) for key in ("orders/A-0", "orders/A-1")]
    with pytest.raises(ImportMoved):
        sources.take(import_id=plan.id, chunk=0, written=(), known=known)
    assert list(Known.objects.values_list("key", "import_id")) == [("orders/A-1", "events")]
