"""What is sent, how it is signed, and where nothing is ever sent."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.spine.envelope import Envelope
from zhanggui.spine.webhooks import rules
from zhanggui.spine.webhooks.errors import AddressNotAllowed

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://hooks.example/", "scheme"),
        ("ftp://hooks.example/", "scheme"),
        ("https://user:word@hooks.example/", "host"),
        ("https:///path", "host"),
        ("https://hooks.example:99999/", "host"),
        ("https://hooks.example/\r\nX: y", "host"),
        ("https://[::1", "host"),
        ("file:///etc/passwd", "host"),
        ("https://hooks.example/" + "x" * 500, "host"),
    ],
)
def test_an_address_that_is_not_allowed_says_why(address: str, reason: str) -> None:
    with pytest.raises(AddressNotAllowed) as refused:
        rules.target_of(address, may_stay_home=False)
    assert refused.value.data["reason"] == reason


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/x", "http://localhost:9/x"])
def test_this_machine_is_called_only_by_somebody_who_tries_things_out(address: str) -> None:
    assert rules.target_of(address, may_stay_home=True).port == 9
    with pytest.raises(AddressNotAllowed):
        rules.target_of(address, may_stay_home=False)


@pytest.mark.parametrize(
    "ips",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["172.16.0.1"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],  # noqa: S104 -- looked at, not listened on
        ["224.0.0.1"],
        ["::1"],
        ["fd00::1"],
        ["fe80::1%eth0"],
        ["::ffff:10.0.0.1"],
        ["::10.0.0.1"],
        ["64:ff9b::a00:1"],  # 10.0.0.1 behind a translator
        ["64:ff9b::a9fe:a9fe"],
        ["64:ff9b:1::a00:1"],
        ["2002:a00:1::1"],
        ["fec0::1"],
        ["93.184.216.34", "10.0.0.1"],
        [],
    ],
)
def test_nothing_is_sent_into_a_private_network(ips: list[str]) -> None:
    with pytest.raises(AddressNotAllowed):
        rules.allowed_ip(ips, address="https://hooks.example/", may_stay_home=False)


def test_a_public_address_is_called_and_home_only_if_it_may() -> None:
    assert rules.allowed_ip(["93.184.216.34"], address="x", may_stay_home=False) == "93.184.216.34"
    assert rules.allowed_ip(["64:ff9b::5db8:d822"], address="x", may_stay_home=False) == "64:ff9b::5db8:d822"
    for home in ("127.0.0.1", "::1"):
        assert rules.allowed_ip([home], address="x", may_stay_home=True) == home
    with pytest.raises(AddressNotAllowed):
        rules.allowed_ip(["10.0.0.1"], address="x", may_stay_home=True)


@given(st.binary(max_size=200), st.text(alphabet="abc", min_size=1))
def test_a_signature_is_an_hmac_over_second_and_body(body: bytes, secret: str) -> None:
    header = rules.signature(body, secret=secret, at=AT)
    second, mac = (part.partition("=")[2] for part in header.split(","))
    assert mac == hmac.new(secret.encode(), second.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert int(second) == int(AT.timestamp())


def test_secrets_differ_by_endpoint_and_turn() -> None:
    made = {
        rules.secret_of(id, turn=turn, house_key=key) for id in ("a", "b") for turn in (0, 1) for key in (b"x", b"y")
    }
    assert len(made) == 8


def test_a_fact_is_sent_without_who_it_is_about() -> None:
    fact = Envelope(
        id=UUID(int=1),
        shop="tea",
        name="shop.order_placed",
        at=AT,
        received_at=AT,
        actor="customer:secret-person",
        person="secret-person",
        session="secret-session",
        region="浙江",
        device="phone",
        order_number="261122-1",
        amount_minor=7190,
        currency="CNY",
        body=b'{"quantity":2}',
    )
    said = json.loads(rules.body_of(fact))
    assert b"secret" not in rules.body_of(fact)
    assert not {"person", "session", "region", "device"} & said.keys()
    assert (said["actor"], said["order_number"], said["amount_minor"], said["body"]) == (
        "customer",
        "261122-1",
        7190,
        {"quantity": 2},
    )
