"""Boards by mail: once for each day and person, however many runners there are, and one mail after a long sleep."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from tests.a_post_office import PostOffice
from tests.insight.metrics.events import a_shop, a_tea_week
from zhanggui.base import clock
from zhanggui.base.accounts import actions as accounts
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.base.operation.rules import operator
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import models as letters
from zhanggui.base.outbox import ports, senders
from zhanggui.base.outbox.errors import NotTaken
from zhanggui.base.outbox.rules import Channel, State
from zhanggui.insight.boards import actions, models, queries, rules
from zhanggui.insight.boards.rules import Fault, Kind, Rhythm, Schedule
from zhanggui.spine.log.models import Entry

DAILY = Schedule(rhythm=Rhythm.DAILY, hour=7)
TILES = [
    rules.asked(Kind.NUMBER, [("m", "gmv_paid")]),
    rules.asked(Kind.LINE, [("m", "uv"), ("by", "day")]),
    rules.asked(Kind.BARS, [("m", "gmv_paid"), ("by", "region")]),
    rules.asked(Kind.QUESTION, [("m", "gmv_paid,buyers"), ("by", "device")]),
    rules.asked(Kind.FUNNEL, []),
    rules.asked(Kind.RETENTION, [], title="Who comes back"),
]


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    office = PostOffice()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    settings.PUBLIC_URL = "https://tea.example"
    plugged = dict(ports.senders)
    ports.senders[Channel.EMAIL] = senders.by_mail
    yield office
    ports.senders.clear()
    ports.senders.update(plugged)
    office.close()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """Sets the clock."""

    def moved(said: str) -> datetime:
        moment = datetime.fromisoformat(said).replace(tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)
        return moment

    return moved


@pytest.fixture
def lin(db: None) -> int:
    return _an_operator("lin@example.com")


def _an_operator(address: str, *, role: Role = Role.ANALYST, is_proved: bool = True) -> int:
    someone = Operator.objects.create(email=address, role=role, joined_at=clock.now(), password="!")
    if is_proved:
        accounts.prove_address(operator_id=someone.pk, email=address)
    return int(someone.pk)


def _ordered(lin: int, schedule: Schedule = DAILY, *, language: str = "en") -> str:
    by = operator(str(lin))
    board = actions.make(shop="acme", name="Tea", tiles=TILES, by=by)
    actions.order_mail(board_id=board, operator=lin, schedule=schedule, language=language, by=by)
    return board


def _works() -> None:
    """The worker does what was queued."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where status = 'todo' and task_name in"
            " ('insight.write_board', 'base.deliver') returning task_name, args::text"
        )
        found = cursor.fetchall()
    for name, args in sorted(found):
        (actions.write if name == "insight.write_board" else outbox.deliver)(**json.loads(args))
    if found:
        _works()


def test_a_board_is_mailed_at_its_hour_and_once(
    lin: int, lake_folder: object, post_office: PostOffice, at: Callable[[str], datetime]
) -> None:
    a_tea_week()
    at("2026-05-07T00:00")
    board = _ordered(lin)
    assert actions.queue_due(at=at("2026-05-07T22:59")) == 0
    assert actions.queue_due(at=at("2026-05-07T23:00")) == 1
    assert actions.queue_due(at=at("2026-05-07T23:05")) == 0
    _works()

    ((to, mail),) = post_office.taken
    assert to == "lin@example.com"
    assert mail["Subject"] == "Tea, May 7, 2026"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "GMV paid" in html and "<svg" not in html and "<img" not in html
    assert f"https://tea.example/console/boards/{board}/?" in html
    assert "Who comes back" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "board-acme-2026-05-07-2026-05-07.xlsx"
    sheets = ZipFile(io.BytesIO(file.get_content())).namelist()
    assert len([name for name in sheets if name.startswith("xl/worksheets/sheet")]) == len(TILES)

    (mailed,) = queries.last_mailed(board).values()
    assert (mailed.due_on, mailed.state, mailed.fault) == (date(2026, 5, 8), State.SENT, "")
    assert Entry.objects.get(name="insight.board_mailed").body == {
        "board_id": board,
        "operator_id": str(lin),
        "due_on": "2026-05-08",
    }
    assert letters.Enclosure.objects.count() == 0


def test_a_mail_is_in_the_language_of_who_gets_it(
    lin: int, lake_folder: object, post_office: PostOffice, at: Callable[[str], datetime]
) -> None:
    a_tea_week()
    at("2026-05-07T00:00")
    _ordered(lin, language="zh-hans")
    actions.queue_due(at=at("2026-05-07T23:00"))
    _works()
    html = post_office.taken[0][1].get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert '<html lang="zh-Hans">' in html
    assert "2026年5月7日" in html and "¥" in html


def test_who_slept_a_week_gets_one_mail(
    lin: int, lake_folder: object, post_office: PostOffice, at: Callable[[str], datetime]
) -> None:
    a_tea_week()
    at("2026-05-01T00:00")
    _ordered(lin)
    assert actions.queue_due(at=at("2026-05-08T12:00")) == 1
    _works()
    assert [mail["Subject"] for _to, mail in post_office.taken] == ["Tea, May 7, 2026"]


def test_a_shut_post_office_is_tried_again_and_gets_the_mail_once(
    lin: int, lake_folder: object, post_office: PostOffice, at: Callable[[str], datetime]
) -> None:
    a_tea_week()
    at("2026-05-07T00:00")
    board = _ordered(lin)
    actions.queue_due(at=at("2026-05-07T23:00"))
    mailing = models.Mailing.objects.get()
    actions.write(mailing_id=str(mailing.pk))
    letter = str(letters.Letter.objects.get().pk)
    post_office.is_shut = True
    with pytest.raises(NotTaken):
        outbox.deliver(letter_id=letter)
    assert queries.last_mailed(board)[lin].state is State.WAITING
    assert letters.Enclosure.objects.count() == 1

    post_office.is_shut = False
    outbox.deliver(letter_id=letter)
    outbox.deliver(letter_id=letter)

    assert len(post_office.taken) == 1
    assert len(list(post_office.taken[0][1].iter_attachments())) == 1
    assert queries.last_mailed(board)[lin].state is State.SENT


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda lin: Operator.objects.filter(pk=lin).update(is_active=False), Fault.NOBODY),
        (lambda lin: Operator.objects.filter(pk=lin).update(role=Role.CLERK), Fault.NOBODY),
        (lambda lin: Operator.objects.filter(pk=lin).update(verified_at=None), Fault.UNPROVED),
        (lambda lin: models.Subscription.objects.all().delete(), Fault.NOBODY),
        (lambda lin: models.Board.objects.update(owner=0), Fault.NOBODY),
        (lambda lin: ports.senders.clear(), Fault.NO_SERVER),
    ],
)
def test_who_may_not_have_it_gets_none_and_the_page_can_say_why(
    lin: int, post_office: PostOffice, at: Callable[[str], datetime], change: Callable[[int], object], fault: Fault
) -> None:
    at("2026-05-07T00:00")
    a_shop("acme")
    board = _ordered(lin)
    actions.queue_due(at=at("2026-05-07T23:00"))
    change(lin)
    _works()
    assert post_office.taken == []
    assert queries.last_mailed(board)[lin].fault == fault
    assert letters.Letter.objects.count() == 0


def test_the_link_in_the_mail_stops_it_without_signing_in(
    lin: int, lake_folder: object, post_office: PostOffice, at: Callable[[str], datetime]
) -> None:
    a_tea_week()
    at("2026-05-07T00:00")
    board = _ordered(lin)
    actions.queue_due(at=at("2026-05-07T23:00"))
    _works()
    link = post_office.taken[0][1]["List-Unsubscribe"].strip(" <>").removeprefix("https://tea.example")
    browser = Client(enforce_csrf_checks=True)

    asked = browser.get(link)
    assert "Stop this mail?" in asked.content.decode()
    assert len(queries.subscriptions(board)) == 1
    assert browser.get(link.replace("/stop/", "/stop/x")).status_code == 404

    once = browser.post(link, {"List-Unsubscribe": "One-Click"})
    again = browser.post(link, {"List-Unsubscribe": "One-Click"})
    assert (once.status_code, again.status_code) == (200, 200)
    assert queries.subscriptions(board) == ()
    assert Entry.objects.filter(name="insight.board_mail_stopped").count() == 1
    assert actions.queue_due(at=at("2026-05-08T23:00")) == 0


@pytest.mark.django_db(transaction=True)
def test_two_runners_at_once_send_one_mail(
    lake_folder: object, post_office: PostOffice, at: Callable[[str], datetime]
) -> None:
    a_tea_week()
    at("2026-05-07T00:00")
    board = _ordered(_an_operator("lin@example.com"))
    moment = at("2026-05-07T23:00")
    queued = _twice(lambda: actions.queue_due(at=moment))
    assert sorted(queued) == [0, 1]
    mailing = str(models.Mailing.objects.get().pk)
    _twice(lambda: actions.write(mailing_id=mailing))
    letter = str(letters.Letter.objects.get().pk)
    _twice(lambda: outbox.deliver(letter_id=letter))
    assert len(post_office.taken) == 1
    assert queries.last_mailed(board)[next(iter(queries.last_mailed(board)))].state is State.SENT


def _twice(verb: Callable[[], Any]) -> list[Any]:
    start = Barrier(2)

    def run() -> Any:
        start.wait()
        try:
            return verb()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [done.result() for done in [pool.submit(run) for _ in range(2)]]
