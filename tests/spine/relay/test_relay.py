"""The relay: every fact once, in order, and a reader that fails holds nobody else up."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections, transaction

from zhanggui.base import clock
from zhanggui.base.operation.rules import customer
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.facts.shop import CustomerRegistered, ProductDelisted
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.relay import queries
from zhanggui.spine.relay.actions import drain, step, stumble, try_again
from zhanggui.spine.relay.models import Cursor
from zhanggui.spine.relay.rules import Reader, wait_after

pytestmark = pytest.mark.django_db(transaction=True)


def tell(*numbers: str) -> None:
    for number in numbers:
        with transaction.atomic():
            record(CustomerRegistered(customer_id=number), by=customer(number), trail=Trail(shop="tea"))


def a_reader(*, batch: int = 500, names: frozenset[str] = frozenset(), name: str = "r") -> tuple[Reader, list[str]]:
    seen: list[str] = []

    def take(facts: Sequence[Envelope]) -> None:
        seen.extend(fact.actor for fact in facts)

    return Reader(name=name, take=take, batch=batch, names=names), seen


def test_a_reader_gets_every_fact_once_and_in_order() -> None:
    reader, seen = a_reader(batch=2)
    tell("1", "2", "3")
    assert step(reader) == 2
    tell("4")
    assert drain(reader) == 2
    assert step(reader) == 0
    assert seen == ["customer:1", "customer:2", "customer:3", "customer:4"]


def test_a_reader_gets_only_the_facts_it_names_and_passes_the_others() -> None:
    reader, seen = a_reader(names=frozenset({"shop.product_delisted"}))
    tell("1")
    with transaction.atomic():
        record(ProductDelisted(sku="cup"), by=customer("x"), trail=Trail(shop="tea"))
    assert drain(reader) == 2
    assert seen == ["customer:x"]
    assert [state.waiting for state in queries.readers()] == [0]


def test_what_a_failing_reader_did_is_undone_and_it_gets_the_facts_again() -> None:
    tell("1")
    broken = Reader(name="r", take=lambda facts: Cursor.objects.create(reader="side effect") and 1 / 0)  # type: ignore[arg-type, return-value]
    with pytest.raises(ZeroDivisionError):
        step(broken)
    assert not Cursor.objects.filter(reader="side effect").exists()
    mended, seen = a_reader()
    assert step(mended) == 1
    assert seen == ["customer:1"]


def test_a_reader_that_stumbled_rests_and_the_others_go_on() -> None:
    tell("1")
    resting, seen_resting = a_reader(name="resting")
    other, seen_other = a_reader(name="other")
    step(Reader(name="resting", take=resting.take, batch=0))
    stumble(resting, ValueError("the shelf fell"))
    assert (step(resting), step(other)) == (0, 1)
    assert (seen_resting, seen_other) == ([], ["customer:1"])
    state = queries.readers()[0]
    assert (state.name, state.failures, state.waiting) == ("resting", 1, 1)
    assert "the shelf fell" in state.error


def test_a_reader_goes_on_when_its_rest_is_over_or_an_operator_says_so() -> None:
    tell("1", "2")
    reader, seen = a_reader(batch=1)
    step(reader)
    stumble(reader, ValueError("x"))
    Cursor.objects.update(failed_at=clock.now() - timedelta(seconds=2))
    assert step(reader) == 1
    assert queries.readers()[0].failures == 0
    tell("3")
    stumble(reader, ValueError("x"))
    try_again(reader_name="r")
    assert step(reader) == 1
    assert len(seen) == 3


def test_a_reader_that_lost_its_server_and_has_nothing_to_read_does_not_stand_still() -> None:
    tell("1")
    reader, _ = a_reader()
    step(reader)
    stumble(reader, ConnectionError("the server is away"))
    step(reader)
    assert queries.readers()[0].failures == 1
    Cursor.objects.update(failed_at=clock.now() - timedelta(seconds=2))
    step(reader)
    assert (queries.readers()[0].failures, queries.readers()[0].error) == (0, "")


def test_two_relays_at_once_hand_no_fact_over_twice() -> None:
    tell(*(str(i) for i in range(40)))
    reader, seen = a_reader(batch=3)
    together = threading.Barrier(4)

    def relay(_: int) -> int:
        together.wait()
        passed = sum(step(reader) for _ in range(40))
        connections.close_all()
        return passed

    with ThreadPoolExecutor(4) as pool:
        passed = sum(pool.map(relay, range(4)))
    passed += drain(reader)
    assert passed == 40
    assert seen == [f"customer:{i}" for i in range(40)]


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (5, 16), (10, 300), (10_000, 300)])
def test_a_reader_rests_twice_as_long_each_time_up_to_five_minutes(failures: int, seconds: int) -> None:
    assert wait_after(failures) == timedelta(seconds=seconds)


def test_only_readers_with_facts_before_them_or_a_failure_behind_them_have_work() -> None:
    ahead, _ = a_reader(name="ahead")
    late, _ = a_reader(name="late", batch=1)
    tell("1", "2")
    drain(ahead)
    step(late)

    assert queries.with_work(["ahead", "late", "new"]) == {"late", "new"}

    drain(late)
    stumble(ahead, OSError("full"))
    assert queries.with_work(["ahead", "late"]) == {"ahead"}
    try_again(reader_name="ahead")
    assert queries.with_work(["ahead", "late"]) == frozenset()
    tell("3")
    assert queries.with_work(["ahead", "late"]) == {"ahead", "late"}


def test_a_fact_that_waits_for_an_earlier_transaction_is_work_until_it_was_read() -> None:
    reader, seen = a_reader()
    tell("1")
    drain(reader)
    told, committing = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            record(CustomerRegistered(customer_id="slow"), by=customer("slow"), trail=Trail(shop="tea"))
            told.set()
            committing.wait()
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slowly)
        told.wait()
        assert queries.with_work(["r"]) == frozenset()
        tell("quick")
        assert queries.with_work(["r"]) == {"r"}
        assert step(reader) == 0
        committing.set()
        slow.result()
    assert drain(reader) == 2
    assert seen[1:] == ["customer:slow", "customer:quick"]
    assert queries.with_work(["r"]) == frozenset()
