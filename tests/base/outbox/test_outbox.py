"""Messages: kept until they leave, once each, and forgotten by a real shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from pytest_django.fixtures import Settings

from zhanggui.base import clock
from zhanggui.base.outbox import actions, ports, queries, senders
from zhanggui.base.outbox.errors import NoSender, NotTaken, TurnedDown
from zhanggui.base.outbox.models import Letter
from zhanggui.base.outbox.rules import Channel, Message, State

pytestmark = pytest.mark.django_db

WORDS = Message(channel=Channel.SMS, to="+8613800138000", words="123456", template="sign_in_code")


@pytest.fixture
def carried(settings: Settings) -> Iterator[Callable[[ports.Sender], None]]:
    """Plug somebody in who carries text messages, for a shop that is open to the world."""
    settings.OUTBOX_SHOWS_WORDS = False
    before = dict(ports.senders)
    yield lambda sender: ports.senders.update({Channel.SMS: sender})
    ports.senders.clear()
    ports.senders.update(before)


def test_a_message_leaves_once_and_a_real_shop_forgets_what_it_said(carried: Callable[[ports.Sender], None]) -> None:
    taken: list[Message] = []
    carried(taken.append)
    id = actions.send(message=WORDS)

    for _ in range(2):
        actions.deliver(letter_id=str(id))

    assert taken == [WORDS]
    (letter,) = queries.letters(limit=10)
    assert (letter.state, letter.words, letter.to) == (State.SENT, "", "+8613800138000")


def test_a_trial_shop_keeps_the_words_for_the_console(
    settings: Settings, carried: Callable[[ports.Sender], None]
) -> None:
    settings.OUTBOX_SHOWS_WORDS = True
    carried(senders.on_the_terminal)
    actions.deliver(letter_id=str(actions.send(message=WORDS)))

    assert queries.letters(limit=1)[0].words == "123456"


def test_the_terminal_says_what_one_person_waits_for_and_not_what_goes_to_many(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bulk = Message(channel=Channel.EMAIL, to="a@example.com", words="Sale", headers=(("List-Unsubscribe", "<x>"),))
    templates = ("campaign-1a2b", "order_paid", "coupons_given", "member_points")
    told = [Message(channel=Channel.SMS, to="+86138", words="大促", template=name) for name in templates]
    for message in (WORDS, bulk, *told):
        senders.on_the_terminal(message)

    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "sms to +8613800138000: 123456"
    ]


def test_a_carrier_that_is_away_is_asked_again(carried: Callable[[ports.Sender], None]) -> None:
    def away(message: Message) -> None:
        raise NotTaken(channel=message.channel)

    carried(away)
    id = actions.send(message=WORDS)
    with pytest.raises(NotTaken):
        actions.deliver(letter_id=str(id))
    assert Letter.objects.get().state == State.WAITING

    carried(lambda message: None)
    actions.deliver(letter_id=str(id))
    assert Letter.objects.get().state == State.SENT


def test_a_message_that_is_turned_down_is_not_tried_again(carried: Callable[[ports.Sender], None]) -> None:
    def no(message: Message) -> None:
        raise TurnedDown(channel=message.channel, reason="no such number")

    carried(no)
    actions.deliver(letter_id=str(actions.send(message=WORDS)))

    letter = Letter.objects.get()
    assert (letter.state, letter.fault, letter.words) == (State.TURNED_DOWN, "no such number", "")


def test_nothing_is_queued_for_a_channel_that_nobody_carries(carried: Callable[[ports.Sender], None]) -> None:
    ports.senders.clear()
    with pytest.raises(NoSender):
        actions.send(message=WORDS)
    assert not Letter.objects.exists()


def test_mail_goes_through_the_mail_server() -> None:
    senders.by_mail(Message(channel=Channel.EMAIL, to="lin@example.com", subject="Code", words="123456"))

    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["lin@example.com"], "Code", "123456")


def test_the_database_refuses_a_message_to_nobody() -> None:
    actions.send(message=WORDS)
    with pytest.raises(IntegrityError):
        Letter.objects.update(recipient="")


def test_what_is_recalled_before_it_left_never_leaves(carried: Callable[[ports.Sender], None]) -> None:
    taken: list[Message] = []
    carried(taken.append)
    gone, waiting = actions.send(message=WORDS), actions.send(message=WORDS)
    actions.deliver(letter_id=str(gone))

    assert actions.recall(letters=[gone, waiting]) == 1
    actions.deliver(letter_id=str(waiting))
    assert len(taken) == 1
    fates = queries.fates([gone, waiting])
    assert [(fates[id].state, fates[id].fault) for id in (gone, waiting)] == [
        (State.SENT, ""),
        (State.TURNED_DOWN, "recalled"),
    ]


def test_what_is_recalled_in_the_hands_of_a_carrier_that_is_away_is_not_tried_again(
    carried: Callable[[ports.Sender], None],
) -> None:
    def recalled_and_away(message: Message) -> None:
        assert actions.recall(letters=[id]) == 0
        raise NotTaken(channel=message.channel)

    carried(recalled_and_away)
    id = actions.send(message=WORDS)
    with pytest.raises(NotTaken):
        actions.deliver(letter_id=str(id))
    assert queries.fates([id])[id].state is State.TURNED_DOWN


@pytest.mark.parametrize(
    ("status", "queued"), [("doing", ["doing", "todo"]), ("todo", ["todo"]), ("failed", ["failed"])]
)
def test_only_what_a_dead_worker_left_is_queued_anew(
    carried: Callable[[ports.Sender], None], monkeypatch: pytest.MonkeyPatch, status: str, queued: list[str]
) -> None:
    carried(lambda message: None)
    actions.send(message=WORDS)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = %s where task_name = 'base.deliver'", [status])
    actions.carry_left_behind()
    assert _jobs() == [status]  # it may still be on its way

    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=11))
    for _ in range(2):
        actions.carry_left_behind()
    assert _jobs() == queued


def test_messages_are_counted_by_how_far_they_came(carried: Callable[[ports.Sender], None]) -> None:
    carried(lambda message: None)
    ids = [actions.send(message=WORDS) for _ in range(3)]
    actions.deliver(letter_id=str(ids[0]))
    assert queries.counts(ids) == {State.SENT: 1, State.WAITING: 2}
    assert queries.counts([]) == {}


def _jobs() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select status::text from procrastinate_jobs where task_name = 'base.deliver' order by 1")
        return [status for (status,) in cursor.fetchall()]
