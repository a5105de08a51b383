"""Whom the readers of the log wait for, and whom they do not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, connections, transaction

from zhanggui.base.operation.rules import customer
from zhanggui.spine.facts.shop import CustomerRegistered
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import START, Trail

pytestmark = pytest.mark.django_db(transaction=True)


def tell(number: str) -> None:
    with transaction.atomic():
        record(CustomerRegistered(customer_id=number), by=customer(number), trail=Trail(shop="tea"))


def tell_from_elsewhere(number: str) -> None:
    tell(number)
    connections.close_all()


def heard() -> list[str]:
    return [fact.actor for _, fact in log.after(START, limit=10)]


@pytest.fixture
def another_database() -> Iterator[psycopg.Connection]:
    """A session in another database of the same server, in a transaction that has written."""
    where = connection.get_connection_params()
    address = {key: where[key] for key in ("user", "password", "host", "port") if key in where}
    with psycopg.connect(dbname="postgres", **address) as session:
        session.execute("select pg_current_xact_id()")
        yield session


@pytest.mark.usefixtures("another_database")
def test_a_long_transaction_in_another_database_of_the_server_holds_nobody_up() -> None:
    tell("1")
    assert heard() == ["customer:1"]


def test_a_reader_does_not_pass_the_place_where_its_own_facts_will_stand() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_current_xact_id()")  # as moving a cursor does
        with ThreadPoolExecutor(1) as pool:
            pool.submit(tell_from_elsewhere, "later").result()
        assert heard() == []
        tell("own")
    assert heard() == ["customer:own", "customer:later"]
