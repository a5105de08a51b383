"""Workers that are killed: no person gets a step twice, and whoever gets no letter is seen."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from tests.a_post_office import PostOffice
from tests.growth.messages.made import many, planned, states
from tests.shop.made import SHOP
from zhanggui.base import clock
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox import senders
from zhanggui.base.outbox.models import Letter
from zhanggui.base.outbox.rules import Channel, State
from zhanggui.growth.messages import actions, queries
from zhanggui.growth.messages.actions import sending
from zhanggui.growth.messages.rules import Terms
from zhanggui.spine.log.models import Entry

PEOPLE = 60
# As the queue does: a worker takes a job, and says later that it is done.
TAKE = """
update procrastinate_jobs set status = 'doing' where id = (select id from procrastinate_jobs
    where task_name = 'base.deliver' and status = 'todo' order by id limit 1 for update skip locked)
returning id, args::text
"""
DONE = "update procrastinate_jobs set status = 'succeeded' where id = %s returning id, ''"
# What a child lets go of stays here, so that nothing is said on the connection of the test.
_not_ours: list[object] = []


@pytest.fixture
def post_office(busy_shop: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    office = PostOffice()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    mailing.senders[Channel.EMAIL] = senders.by_mail
    actions.set_terms(shop=SHOP, terms=Terms(quiet_from=Terms().quiet_until))
    monkeypatch.setattr(sending, "GROUP", 7)
    yield office
    office.close()


def a_worker(work: Callable[[], None]) -> int:
    """A process of its own with a connection of its own; its number."""
    child = os.fork()
    if child:
        return child
    try:
        _not_ours.append(connection.connection)
        connection.connection = None
        work()
    finally:
        os._exit(0)


def send_and_die() -> None:
    """Send, and be killed in the transaction, when letters, rows and facts are written and nothing is committed."""
    real = sending._write

    def written(*args: object, **said: object) -> None:
        real(*args, **said)  # type: ignore[arg-type]
        os.kill(os.getpid(), signal.SIGKILL)

    sending._write = written  # type: ignore[assignment]
    actions.send_due()


def send_and_deliver() -> None:
    """What a worker does: send what is due, and carry every letter that waits to the post office."""
    actions.send_due()
    while job := _row(TAKE):
        id, args = job
        outbox.deliver(**json.loads(args))
        _row(DONE, id)


def _row(sql: str, *said: object) -> tuple[int, str] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, said)
        return cursor.fetchone()


def take_and_die() -> None:
    """Be killed with a job in the hands, before anything of it is done."""
    actions.send_due()
    _row(TAKE)
    os.kill(os.getpid(), signal.SIGKILL)


def deliver_and_die() -> None:
    """Be killed when the post office has taken a letter and nobody has written that down."""
    real = mailing.senders[Channel.EMAIL]

    def taken(message: object) -> None:
        real(message)  # type: ignore[arg-type]
        os.kill(os.getpid(), signal.SIGKILL)

    mailing.senders[Channel.EMAIL] = taken
    send_and_deliver()


def killed(work: Callable[[], None], *, when: Callable[[], bool] = lambda: False) -> None:
    """Two workers at the same work, who are killed at the latest as soon as something is so."""
    workers = {a_worker(work) for _ in range(2)}
    while workers:
        if when():
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
        workers -= {worker for worker in workers if os.waitpid(worker, os.WNOHANG)[0]}
        time.sleep(0.002)


def test_whatever_is_killed_nobody_gets_a_step_twice_and_nobody_is_forgotten(
    post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(many(PEOPLE))

    killed(send_and_die)
    assert states() == [("waiting", "")] * PEOPLE
    assert (Letter.objects.count(), Entry.objects.filter(name="growth.message_sent").count()) == (0, 0)

    killed(take_and_die)
    killed(deliver_and_die)
    for round_ in range(3):
        enough = len(post_office.taken) + 5 + round_
        killed(send_and_deliver, when=lambda: len(post_office.taken) >= enough)  # noqa: B023
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=11))
    outbox.carry_left_behind()
    killed(send_and_deliver)

    taken = Counter(to for to, _ in post_office.taken)
    hanging = set(Letter.objects.filter(state=State.LEAVING).values_list("recipient", flat=True))
    assert set(taken.values()) == {1}
    assert {f"p{n}@example.com" for n in range(PEOPLE)} - taken.keys() <= hanging
    assert hanging  # who was killed with a letter in the hands left it where it is seen
    assert states() == [("sent", "")] * PEOPLE
    assert Letter.objects.count() == Entry.objects.filter(name="growth.message_sent").count() == PEOPLE
    (step,), _ = queries.steps(SHOP, limit=1)
    underway = queries.underway(step.id)
    assert underway == {State.LEAVING: len(hanging), State.SENT: PEOPLE - len(hanging)}
