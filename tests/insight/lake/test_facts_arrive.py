"""Facts go from the log to the lake, each once, whatever order they commit in."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connections, transaction

from tests.insight.lake.making import a_shop, execute, files_in_lake, ids_in_lake, rows_of
from zhanggui.base.operation.rules import customer
from zhanggui.base.shops.errors import NoSuchShop
from zhanggui.insight.lake import actions, handlers, queries
from zhanggui.insight.lake.errors import LakeUnwritable, OutsideTransaction
from zhanggui.insight.lake.models import Day, Segment
from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.shop import CustomerRegistered, OrderPlaced
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.actions import Told, record, record_all
from zhanggui.spine.log.rules import START, Trail
from zhanggui.spine.relay.actions import drain, step
from zhanggui.spine.relay.models import Cursor
from zhanggui.spine.relay.rules import Reader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("lake_folder")]


def tell(*numbers: str, shop: str = "tea", at: datetime | None = None) -> tuple[UUID, ...]:
    trail = Trail(shop=shop, person="c1", channel="search")
    with transaction.atomic():
        return record_all(
            [
                Told(fact=CustomerRegistered(customer_id=number), by=customer(number), trail=trail, at=at)
                for number in numbers
            ]
        )


def a_reader(*, batch: int) -> Reader:
    return Reader(name=handlers.reader.name, take=handlers.reader.take, batch=batch)


def test_a_fact_arrives_as_it_was_recorded() -> None:
    a_shop()
    placed = OrderPlaced(
        order_number="A1",
        customer_id="c1",
        lines=(Line(sku="cup", category="tea-ware", quantity=2, amount_minor=3000),),
        goods_minor=3000,
        amount_minor=3800,
        currency="CNY",
    )
    with transaction.atomic():
        id = record(placed, by=customer("c1"), trail=Trail(shop="tea", person="c1", region="CN-31"), subject="order:A1")
    assert drain(handlers.reader) == 1
    assert ids_in_lake() == [id]
    actions.roll()
    (row,) = rows_of("orders")
    assert (row["kind"], row["order_number"], row["goods_minor"], row["amount_minor"]) == ("placed", "A1", 3000, 3800)
    (kept,) = log.by_ids([id])
    assert queries.event(id, "tea") == kept


def test_facts_of_several_shops_lie_in_their_own_days_by_their_own_clocks() -> None:
    a_shop("tea")
    a_shop("pots", zone="Europe/London")
    at = datetime(2026, 3, 29, 23, 30, tzinfo=UTC)
    tell("1", shop="tea", at=at)
    tell("2", shop="pots", at=at - timedelta(hours=1))
    tell("3", shop="pots", at=at)
    drain(handlers.reader)
    assert sorted(Day.objects.values_list("shop", "day")) == [
        ("pots", date(2026, 3, 29)),
        ("pots", date(2026, 3, 30)),
        ("tea", date(2026, 3, 30)),
    ]


def test_a_fact_that_commits_late_is_not_passed_over() -> None:
    a_shop()
    inserted, may_commit = threading.Event(), threading.Event()

    def tell_slowly() -> UUID:
        with transaction.atomic():
            (id,) = tell("slow")
            inserted.set()
            may_commit.wait(10)
        connections.close_all()
        return id

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(tell_slowly)
        inserted.wait(10)
        (quick,) = tell("quick")
        drain(handlers.reader)
        assert ids_in_lake() == []
        may_commit.set()
        late = slow.result()
    assert drain(handlers.reader) == 2
    assert sorted(ids_in_lake()) == sorted([late, quick])


def test_a_step_that_does_not_commit_leaves_nothing_live_and_is_done_again() -> None:
    a_shop()
    told = tell("1", "2")

    class Torn(RuntimeError):
        pass

    def take_and_tear(facts: Sequence[object]) -> None:
        actions.keep(facts)  # type: ignore[arg-type]
        raise Torn

    with pytest.raises(Torn):
        step(Reader(name=handlers.reader.name, take=take_and_tear))
    assert (Segment.objects.count(), Day.objects.count(), Cursor.objects.get().seq) == (0, 0, 0)
    assert drain(handlers.reader) == 2
    assert sorted(ids_in_lake()) == sorted(told)


def test_relays_at_once_bring_every_fact_once() -> None:
    a_shop()
    told = [id for number in range(30) for id in tell(*(f"{number}/{k}" for k in range(5)))]
    together = threading.Barrier(3)

    def relay(_: int) -> None:
        together.wait()
        for _ in range(20):
            step(a_reader(batch=7))
        connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(relay, range(3)))
    drain(a_reader(batch=7))
    assert sorted(ids_in_lake()) == sorted(told)


def test_a_cursor_that_was_lost_brings_facts_again_and_they_count_once() -> None:
    a_shop()
    told = tell("1", "2", "3")
    drain(handlers.reader)
    Cursor.objects.all().delete()
    drain(handlers.reader)
    assert len(ids_in_lake()) == 6
    actions.roll()
    assert len(queries.ask(f"select * from {queries.events('tea', date(2000, 1, 1), date(2100, 1, 1))}")) == 3
    actions.compact()
    assert sorted(ids_in_lake()) == sorted(told)


def test_facts_of_a_shop_nobody_opened_hold_the_reader_and_leave_no_file() -> None:
    a_shop()
    tell("1")
    tell("2", shop="unknown")
    with pytest.raises(NoSuchShop):
        step(handlers.reader)
    assert files_in_lake() == []
    assert (log.behind(START), Segment.objects.count()) == (2, 0)


def test_facts_wait_while_the_folder_cannot_be_written(lake_folder: Path) -> None:
    a_shop()
    told = tell("1")
    in_the_way = lake_folder / "tea"
    in_the_way.write_text("")
    with pytest.raises(LakeUnwritable):
        step(handlers.reader)
    in_the_way.unlink()
    assert drain(handlers.reader) == 1
    assert ids_in_lake() == list(told)


def test_facts_are_kept_only_within_a_transaction() -> None:
    a_shop()
    tell("1")
    (fact,) = (envelope for _, envelope in log.after(START, limit=1))
    with pytest.raises(OutsideTransaction):
        actions.keep([fact])
    assert (files_in_lake(), execute("select count(*) from insight_lake_segment")) == ([], [(0,)])
