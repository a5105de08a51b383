"""Text messages through the carrier's own SDK, against a sandbox that speaks as the carrier does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.a_sandbox import Sandbox, ShopServer, eventually
from tests.shop.made import SHOP, a_shop, at_once
from zhanggui.base import ids
from zhanggui.base.outbox import actions, ports, queries
from zhanggui.base.outbox.carriers.tencent import Account, Tencent
from zhanggui.base.outbox.errors import Forged, NotTaken, TemplateUnfit, Unreadable
from zhanggui.base.outbox.models import Letter, Receipt
from zhanggui.base.outbox.rules import Channel, Message, State, Taken, Template
from zhanggui.base.outbox.rules import Receipt as Said
from zhanggui.doors.sandbox.keys import TENCENT_APP_ID, keys

WORDS = "【茶铺】您的验证码是 904821，10 分钟内有效。"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def account(sandbox: Sandbox) -> Account:
    return Account(
        secret_id=keys().tencent_secret_id,
        secret_key=keys().tencent_secret_key,
        app_id=TENCENT_APP_ID,
        region="ap-guangzhou",
        own_shop="demo",
        own_sign="茶铺",
        api=sandbox.address,
        patience_s=1.5,
        hands_in=True,
    )


@pytest.fixture
def plugged(settings: Settings) -> Iterator[Callable[[Tencent], Tencent]]:
    """Plug a carrier in."""
    settings.OUTBOX_SHOWS_WORDS = True
    before = dict(ports.senders), dict(ports.carriers)

    def plug(carrier: Tencent) -> Tencent:
        ports.carriers[Channel.SMS], ports.senders[Channel.SMS] = carrier, carrier.send
        return carrier

    yield plug
    ports.senders.clear()
    ports.senders.update(before[0])
    ports.carriers.clear()
    ports.carriers.update(before[1])


@pytest.fixture
def carrier(account: Account, plugged: Callable[[Tencent], Tencent]) -> Tencent:
    return plugged(Tencent(account))


def a_number(last: str) -> str:
    """A number that nobody had before; its last digits say what becomes of a message to it."""
    return f"+86139{ids.uuid7().int % 10**4:04d}{last}"


def sent(to: str, **said: Any) -> Letter:
    parts = (("code", "904821"), ("minutes", "10"))
    usual: dict[str, Any] = {"channel": Channel.SMS, "words": WORDS, "template": "sign_in_code", "parts": parts}
    id = actions.send(message=Message(to=to, **(usual | said)))
    actions.deliver(letter_id=str(id))
    return Letter.objects.get(pk=id)


def known(sandbox: Sandbox, to: str) -> dict[str, list[dict[str, Any]]]:
    said = {"Authorization": f"Bearer {keys().control}"}
    found: dict[str, list[dict[str, Any]]] = httpx.get(
        f"{sandbox.address}/control/texts", params={"to": to}, headers=said, trust_env=False
    ).json()
    return found


def listening(sandbox: Sandbox, server: ShopServer) -> None:
    """Have the sandbox call that server, which answers as a shop does."""
    said = {"Authorization": f"Bearer {keys().control}"}
    httpx.post(
        f"{sandbox.address}/control/listen", json={"address": server.address}, headers=said, trust_env=False
    ).raise_for_status()
    server.answers.extend([(200, b'{"result": 0, "errmsg": "OK"}')] * 20)


def about(letter: Letter, server: ShopServer) -> list[bytes]:
    """What that server was called with about a letter."""
    return [one.body for one in server.heard if letter.taken_as.encode() in one.body]


def ended(letter: Letter) -> bool:
    """Whether a receipt has come, once we ask for it."""
    actions.pull_receipts()
    letter.refresh_from_db()
    return letter.ended_at is not None


@pytest.mark.django_db
def test_words_are_handed_in_signed_taken_counted_and_arrive(carrier: Tencent, sandbox: Sandbox) -> None:
    to = a_number("1234")
    letter = sent(to)
    (there,) = known(sandbox, to)["texts"]
    assert (there["words"], there["session"]) == (WORDS, str(letter.id))
    assert (letter.state, letter.taken_as, letter.segments) == (State.SENT, there["serial"], 1)
    eventually(lambda: ended(letter), seconds=5)
    assert (letter.state, letter.fault) == (State.DELIVERED, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("last", "fault"),
    [("0001", "InvalidParameterValue.IncorrectPhoneNumber"), ("0002", "FailedOperation.PhoneNumberInBlacklist")],
)
def test_a_number_that_is_refused_is_not_tried_again(carrier: Tencent, last: str, fault: str) -> None:
    letter = sent(a_number(last))
    assert (letter.state, letter.fault) == (State.TURNED_DOWN, fault)


@pytest.mark.django_db
def test_what_comes_too_soon_for_the_carrier_is_sent_later(carrier: Tencent, sandbox: Sandbox) -> None:
    to = a_number("0003")
    with pytest.raises(NotTaken):
        sent(to)
    letter = Letter.objects.get()
    assert letter.state == State.WAITING
    actions.deliver(letter_id=str(letter.id))
    letter.refresh_from_db()
    assert (letter.state, len(known(sandbox, to)["texts"])) == (State.SENT, 1)


@pytest.mark.django_db
def test_what_may_have_left_is_never_sent_again_and_its_receipt_names_our_own_id(
    carrier: Tencent, sandbox: Sandbox
) -> None:
    to = a_number("0004")
    letter = sent(to)
    actions.deliver(letter_id=str(letter.id))
    assert (letter.state, letter.fault) == (State.LEAVING, "no answer")
    eventually(lambda: ended(letter), seconds=5)
    assert (letter.state, len(known(sandbox, to)["texts"])) == (State.DELIVERED, 1)


@pytest.mark.django_db
def test_a_carrier_that_cannot_be_reached_is_asked_again(
    account: Account, plugged: Callable[[Tencent], Tencent]
) -> None:
    plugged(Tencent(replace(account, api="http://127.0.0.1:9")))
    with pytest.raises(NotTaken):
        sent(a_number("1234"))
    actions.pull_receipts()  # says so in the log, and harms nothing
    assert Letter.objects.get().state == State.WAITING


@pytest.mark.django_db
def test_a_call_that_is_not_signed_by_our_key_is_refused(
    account: Account, plugged: Callable[[Tencent], Tencent], sandbox: Sandbox
) -> None:
    to = a_number("1234")
    plugged(Tencent(replace(account, secret_key="another")))
    with pytest.raises(NotTaken):
        sent(to)
    raw = httpx.post(sandbox.address, json={}, headers={"X-TC-Action": "SendSms"}, trust_env=False).json()
    assert raw["Response"]["Error"]["Code"] == "AuthFailure.InvalidAuthorization"
    assert known(sandbox, to)["texts"] == []


@pytest.mark.django_db
def test_a_carrier_that_wants_approved_words_sends_nothing_without_their_number(
    account: Account, plugged: Callable[[Tencent], Tencent], sandbox: Sandbox
) -> None:
    plugged(Tencent(replace(account, hands_in=False)))
    assert queries.needs_templates(Channel.SMS) is True
    to = a_number("1234")
    assert sent(to).fault == "no approved template: sign_in_code (zh)"

    approved = Template(name="sign_in_code", language="zh", is_abroad=False, number="98765", sign="另一家")
    actions.set_template(shop="demo", template=approved)
    assert sent(to).fault == "FailedOperation.TemplateIncorrectOrUnapproved"  # the carrier knows no such number
    assert known(sandbox, to)["texts"] == []
    actions.set_template(shop="demo", template=replace(approved, number=""))
    assert queries.templates("demo") == ()
    with pytest.raises(TemplateUnfit):
        actions.set_template(shop="demo", template=replace(approved, number="9" * 41))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("last", "calls", "ends"),
    [("0005", 1, State.FAILED), ("0007", 2, State.DELIVERED), ("0008", 2, State.DELIVERED), ("0010", 1, State.SENT)],
)
def test_receipts_that_come_twice_out_of_order_or_forged_end_as_they_should(
    carrier: Tencent, sandbox: Sandbox, shop_server: ShopServer, last: str, calls: int, ends: State
) -> None:
    listening(sandbox, shop_server)
    to = a_number(last)
    letter = sent(to)
    eventually(lambda: len(about(letter, shop_server)) == calls, seconds=5)
    key = "0" * 32 if last == "0010" else carrier.key
    for body in about(letter, shop_server):
        try:
            actions.hear(carrier="tencent", key=key, body=body)
        except Forged:
            assert last == "0010"
    letter.refresh_from_db()
    assert letter.state == ends


@pytest.mark.django_db
def test_who_calls_without_the_key_changes_nothing(carrier: Tencent, client: Client, settings: Settings) -> None:
    settings.OWN_SHOP = SHOP
    a_shop()
    body = msgspec.json.encode(
        [{"sid": "7:1", "report_status": "FAIL", "user_receive_time": "2026-11-22 12:00:00", "errmsg": "X"}]
    )
    json = "application/json"
    assert client.post(f"/texts/tencent/{'0' * 32}/", body, content_type=json).status_code == 404
    assert client.post(f"/texts/nobody/{carrier.key}/", body, content_type=json).status_code == 404
    assert client.post(f"/texts/tencent/{carrier.key}/", b"{", content_type=json).status_code == 400
    assert Receipt.objects.count() == 0
    answer = client.post(f"/texts/tencent/{carrier.key}/", body, content_type=json)
    assert (answer.status_code, answer.json()) == (200, {"result": 0, "errmsg": "OK"})
    row = Receipt.objects.get()
    assert (row.number, row.state, row.fault, row.at) == ("7:1", "failed", "X", NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"", b"[1]", b'[{"sid": "a", "report_status": "PERHAPS"}]'])
def test_a_receipt_that_cannot_be_read_is_refused(carrier: Tencent, body: bytes) -> None:
    with pytest.raises(Unreadable):
        actions.hear(carrier="tencent", key=carrier.key, body=body)


def test_a_receipt_that_overtakes_the_answer_is_not_lost(
    transactional_db: None, plugged: Callable[[Tencent], Tencent]
) -> None:
    """Whoever writes down the number and whoever brings the receipt run at the same time, many times."""
    ports.senders[Channel.SMS] = lambda message: Taken(number=message.to, segments=1)
    numbers = [f"+861390000{n:04d}" for n in range(20)]
    letters = [actions.send(message=Message(channel=Channel.SMS, to=to, words="x")) for to in numbers]
    said = [
        [Said(number=to, is_delivered=is_delivered, at=NOON + timedelta(seconds=is_delivered))]
        for to in numbers
        for is_delivered in (True, False)
    ]

    def work(n: int) -> None:
        if n % 3 == 0:
            actions.deliver(letter_id=str(letters[n // 3]))
        else:
            actions.settle(receipts=said[n // 3 * 2 + n % 3 - 1])

    at_once(work, 60)
    assert set(Letter.objects.values_list("state", flat=True)) == {State.DELIVERED}
