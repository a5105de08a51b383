"""Jobs: queued with their transaction, tried again when the world fails, kept when they give up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from zhanggui.base import clock
from zhanggui.base.errors import Unreachable
from zhanggui.base.jobs import queries
from zhanggui.base.jobs.actions import give_up, job, later, try_again

pytestmark = pytest.mark.django_db(transaction=True)

done: list[str] = []


class TeaHouseClosed(Unreachable):
    """Nobody opens the door."""

    street: str


@job(name="test.pour")
def pour(*, cup: str) -> None:
    if cup == "cracked":
        raise ValueError("the cup is cracked")
    if cup == "far":
        raise TeaHouseClosed(street="long")
    done.append(cup)


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is done yet, and the worker's threads, which end with each test, keep no connection."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    done.clear()


def work() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1)


def statuses() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        # Only these tests' own: a worker also queues what the clock starts, whenever its minute comes.
        cursor.execute(
            "select status::text, attempts from procrastinate_jobs where task_name = 'test.pour' order by id"
        )
        return [(status, attempts) for status, attempts in cursor.fetchall()]


def test_a_job_exists_only_if_its_transaction_commits() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        later(pour, cup="lost")
        raise ZeroDivisionError
    with transaction.atomic():
        later(pour, cup="kept")
    work()
    assert done == ["kept"]


def test_a_job_for_later_is_not_done_now() -> None:
    later(pour, cup="tomorrow", after=timedelta(days=1))
    work()
    assert done == []
    assert statuses() == [("todo", 0)]
    assert queries.counts().waiting >= 1


def test_a_job_that_waits_is_not_queued_again_under_the_same_key() -> None:
    with transaction.atomic():
        later(pour, cup="green", once="green")
        later(pour, cup="green", once="green")
    work()
    assert done == ["green"]


def test_a_job_that_the_world_failed_is_tried_again_later() -> None:
    began = clock.now()
    later(pour, cup="far")
    work()
    ((status, tries),) = statuses()
    assert (status, tries > 0) == ("todo", True)  # a slow machine may have come to the second try already
    with connection.cursor() as cursor:
        cursor.execute("select scheduled_at from procrastinate_jobs where task_name = 'test.pour'")
        assert cursor.fetchone()[0] >= began + timedelta(seconds=1)
    assert queries.dead_letters() == ()


def test_a_job_with_a_bug_waits_for_a_person_with_its_reason() -> None:
    later(pour, cup="cracked")
    work()
    (dead,) = queries.dead_letters()
    assert (dead.name, dead.args, dead.tries) == ("test.pour", '{"cup": "cracked"}', 1)
    assert dead.reason == "ValueError: the cup is cracked"
    assert queries.counts().dead == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("", ""),
        ("the worker was killed", "the worker was killed"),
        (
            'Traceback (most recent call last):\n  File "a.py", line 3, in pour\n    fill(cup)\n'
            'psycopg.errors.UndefinedColumn: column "cup" does not exist\nLINE 1: select cup\n               ^',
            'psycopg.errors.UndefinedColumn: column "cup" does not exist',
        ),
    ],
)
def test_the_reason_is_the_line_that_names_the_error(error: str, reason: str) -> None:
    letter = queries.DeadLetter(id=1, name="test.pour", args="{}", tries=1, ended_at=None, error=error)
    assert letter.reason == reason


@job(name="test.ring", every="0 3 1 1 *")
def ring() -> None:
    raise ValueError(said[0])


said = [""]


def test_a_job_of_the_clock_that_keeps_failing_is_one_dead_letter_that_counts() -> None:
    for reason in ("the bell is cracked", "the bell is cracked", "the rope is torn", "the bell is cracked"):
        said[0] = reason
        later(ring, timestamp=0)
        work()
    bell, rope = (one for one in queries.dead_letters() if one.name == "test.ring")
    assert (bell.reason, bell.times, rope.reason, rope.times) == (
        *("ValueError: the bell is cracked", 3),
        *("ValueError: the rope is torn", 1),
    )
    assert bell.since is not None
    assert bell.ended_at is not None
    assert (bell.since < bell.ended_at, rope.since) == (True, None)


def test_a_dead_letter_can_be_tried_again_or_given_up_once() -> None:
    later(pour, cup="cracked")
    later(pour, cup="cracked")
    work()
    first, second = queries.dead_letters()
    assert (try_again(job_id=first.id), try_again(job_id=first.id)) == (True, False)
    assert (give_up(job_id=second.id), give_up(job_id=second.id)) == (True, False)
    assert statuses() == [("todo", 0)]
    work()
    assert len(queries.dead_letters()) == 1


def test_a_job_can_be_done_at_once() -> None:
    pour(cup="white")
    assert done == ["white"]
