"""The log: told with what made it true, in order, for good."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from zhanggui.base import ids
from zhanggui.base.operation.rules import customer
from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.registry import UnknownFact
from zhanggui.spine.facts.shop import CustomerRegistered, OrderCancelled, OrderPlaced
from zhanggui.spine.log import queries
from zhanggui.spine.log.actions import Told, make_partitions, record, record_all
from zhanggui.spine.log.errors import NotInTransaction
from zhanggui.spine.log.rules import START, Position, Trail

BY = customer("c-1")
VIEW = ids.uuid7()
TRAIL = Trail(shop="tea", person="v-1", session="s-1", cause=VIEW, channel="search", device="phone", region="浙江")


def an_order(number: str = "A1") -> OrderPlaced:
    line = Line(sku="cup", category="ceramics", quantity=2, amount_minor=500)
    return OrderPlaced(
        order_number=number, customer_id="c-1", lines=(line,), goods_minor=500, amount_minor=500, currency="CNY"
    )


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NotInTransaction) as refused:
        record(an_order(), by=BY, trail=TRAIL)
    assert refused.value.name == "shop.order_placed"
    assert queries.behind(START) == 0


@pytest.mark.django_db(transaction=True)
def test_a_fact_goes_with_the_transaction_that_made_it_true() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(an_order(), by=BY, trail=TRAIL)
        raise ZeroDivisionError
    assert queries.after(START, limit=10) == []


@pytest.mark.django_db(transaction=True)
def test_a_fact_comes_back_as_it_was_told() -> None:
    at = datetime(2026, 11, 11, 0, 0, 1, 123456, tzinfo=UTC)
    with transaction.atomic():
        id = record(an_order(), by=BY, trail=TRAIL, subject="order:A1", at=at)
    ((_, told),) = queries.after(START, limit=10)
    assert (told.id, told.name, told.version, told.at) == (id, "shop.order_placed", 1, at)
    assert (told.actor, told.person, told.session, told.cause) == ("customer:c-1", "v-1", "s-1", VIEW)
    assert (told.order_number, told.amount_minor, told.currency) == ("A1", 500, "CNY")
    assert (told.channel, told.device, told.region, told.subject) == ("search", "phone", "浙江", "order:A1")
    assert told.lines == (Line(sku="cup", category="ceramics", quantity=2, amount_minor=500),)
    assert queries.by_ids([id]) == (told,)


@pytest.mark.django_db(transaction=True)
def test_several_facts_are_told_with_one_statement(django_assert_num_queries: object) -> None:
    with transaction.atomic(), django_assert_num_queries(1):  # type: ignore[operator]
        told = record_all(
            [
                Told(fact=an_order("A1"), by=BY, trail=TRAIL),
                Told(fact=CustomerRegistered(customer_id="c-1"), by=BY, trail=TRAIL),
            ]
        )
    assert [fact.id for _, fact in queries.after(START, limit=10)] == list(told)


@pytest.mark.django_db(transaction=True)
def test_an_order_shows_its_own_facts_and_no_others() -> None:
    with transaction.atomic():
        placed = record(an_order("A1"), by=BY, trail=TRAIL)
        record(an_order("A2"), by=BY, trail=TRAIL)
        cancelled = OrderCancelled(order_number="A1", reason="changed my mind", amount_minor=500, currency="CNY")
        record(cancelled, by=BY, trail=TRAIL.after(placed))
    facts = queries.of_order(shop="tea", order_number="A1")
    assert [fact.name for fact in facts] == ["shop.order_placed", "shop.order_cancelled"]
    assert facts[1].cause == placed
    assert queries.of_order(shop="coffee", order_number="A1") == ()


@pytest.mark.django_db(transaction=True)
def test_something_that_is_no_fact_is_refused() -> None:
    with pytest.raises(UnknownFact), transaction.atomic():
        record(object(), by=BY, trail=TRAIL)
    assert queries.behind(START) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", ["update spine_log_entry set person = ''", "delete from spine_log_entry"])
def test_the_database_refuses_to_rewrite_history(sql: str) -> None:
    with transaction.atomic():
        record(an_order(), by=BY, trail=TRAIL)
    with pytest.raises(DatabaseError, match="only ever added"), connection.cursor() as cursor:
        cursor.execute(sql)
    assert queries.behind(START) == 1


@pytest.mark.django_db(transaction=True)
def test_a_fact_that_commits_late_is_not_skipped() -> None:
    """Sequence 1 commits after sequence 2: a reader that goes by sequence alone would lose it."""
    late = _another_connection()
    late_id = _insert(late, "late")
    with transaction.atomic():
        early_id = record(an_order("early"), by=BY, trail=TRAIL)
    before = queries.after(START, limit=10)
    late.commit()
    after = queries.after(before[-1][0] if before else START, limit=10)
    late.close()
    assert [fact.id for _, fact in before] == []
    assert [fact.id for _, fact in after] == [late_id, early_id]


@pytest.mark.django_db(transaction=True)
def test_an_older_transaction_that_writes_after_a_younger_one_committed_is_not_skipped() -> None:
    """The younger one has the lower sequence number here, and is read only when both are done."""
    older = _another_connection()
    older.execute("select pg_current_xact_id()")
    with transaction.atomic():
        younger_id = record(an_order("younger"), by=BY, trail=TRAIL)
    seen = queries.after(START, limit=10)
    older_id = _insert(older, "older")
    older.commit()
    older.close()
    rest = queries.after(seen[-1][0] if seen else START, limit=10)
    assert {fact.id for _, fact in seen + rest} == {younger_id, older_id}
    assert len(seen + rest) == 2


@pytest.mark.django_db(transaction=True)
def test_an_open_transaction_holds_back_only_what_is_younger() -> None:
    with transaction.atomic():
        first_id = record(an_order("first"), by=BY, trail=TRAIL)
    open_one = _another_connection()
    _insert(open_one, "open")
    with transaction.atomic():
        record(an_order("third"), by=BY, trail=TRAIL)
    assert [fact.id for _, fact in queries.after(START, limit=10)] == [first_id]
    open_one.rollback()
    open_one.close()
    assert len(queries.after(START, limit=10)) == 2


@pytest.mark.django_db(transaction=True)
def test_each_month_has_a_partition_of_its_own() -> None:
    make_partitions(months_ahead=5)
    make_partitions(months_ahead=5)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_inherits where inhparent = 'spine_log_entry'::regclass")
        assert cursor.fetchone()[0] >= 7
        with transaction.atomic():
            record(an_order(), by=BY, trail=TRAIL)
        cursor.execute("select tableoid::regclass::text, to_char(received_at, 'YYYY_MM') from spine_log_entry")
        part, month = cursor.fetchone()
    assert part == f"spine_log_entry_{month}"


def test_positions_go_by_transaction_first() -> None:
    assert sorted([Position(2, 1), Position(1, 9), START]) == [START, Position(1, 9), Position(2, 1)]


def _another_connection() -> psycopg.Connection[tuple[object, ...]]:
    parameters = {k: v for k, v in connection.get_connection_params().items() if k not in ("context", "cursor_factory")}
    return psycopg.connect(**parameters)


def _insert(raw: psycopg.Connection[tuple[object, ...]], number: str) -> UUID:
    id = ids.uuid7()
    raw.execute(
        "insert into spine_log_entry (id, shop, name, version, at, received_at, actor, person, session, subject,"
        " order_number, channel, campaign, device, region, body)"
        " values (%s, 'tea', 'shop.order_cancelled', 1, now(), now(), '', '', '', '', %s, '', '', '', '', %s)",
        [id, number, f'{{"order_number": "{number}", "reason": "", "amount_minor": 1, "currency": "CNY"}}'],
    )
    return id
