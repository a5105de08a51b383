"""A request and its answer as values."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.errors import Unreachable
from zhanggui.doors.ingest import errors
from zhanggui.doors.ingest.brakes import Brake
from zhanggui.doors.ingest.rules import Asked, Sender, answer_to, body_of_pixel, sender_of, unpacked
from zhanggui.spine.sightings.errors import NotJson
from zhanggui.spine.sightings.rules.wire import Call, open_post


def asked(body: bytes = b"{}", **headers: str) -> Asked:
    return Asked(call=Call.BATCH, body=body, address="203.0.113.9", **headers)


def sender(body: dict[str, str], **headers: str) -> Sender:
    request = asked(json.dumps(body).encode(), **headers)
    return sender_of(open_post(request.body, call=request.call), request)


def basic(user: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:".encode()).decode()


@pytest.mark.parametrize("body", [b"{}", b"", b'{"a":1}' * 9])
def test_a_packed_body_is_known_by_its_first_bytes(body: bytes) -> None:
    assert unpacked(gzip.compress(body)) == body
    assert unpacked(body) == body
    assert unpacked(gzip.compress(body) + gzip.compress(b" ")) == body + b" "


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(errors.TooLarge):
        unpacked(gzip.compress(b"0" * 50_000_000))
    with pytest.raises(errors.TooLarge):
        unpacked(gzip.compress(b"0" * 3_999_999) + gzip.compress(b"00"))
    with pytest.raises(errors.TooLarge):
        unpacked(b" " * 4_000_001)


def test_exactly_four_million_bytes_pass() -> None:
    assert len(unpacked(gzip.compress(b"0" * 4_000_000))) == len(unpacked(b" " * 4_000_000)) == 4_000_000


@given(st.binary(min_size=1, max_size=40), st.integers(1, 30))
def test_a_torn_or_damaged_packing_is_refused(body: bytes, cut: int) -> None:
    packed = gzip.compress(body)
    with pytest.raises(errors.BrokenGzip):
        unpacked(packed[: -min(cut, len(packed) - 2)])


@pytest.mark.parametrize(
    ("body", "headers", "who"),
    [
        ({"writeKey": "wk_1"}, {}, Sender(key="wk_1")),
        ({}, {"authorization": basic("wk_2")}, Sender(key="wk_2")),
        ({"writeKey": "wk_1"}, {"authorization": basic("wk_2")}, Sender(key="wk_2")),
        ({"writeKey": "wk_1"}, {"authorization": "Basic ???"}, Sender(key="wk_1")),
        ({"writeKey": "wk_1"}, {"authorization": "Bearer x"}, Sender(key="wk_1")),
        ({"shop": "tea"}, {"fetch_site": "same-origin"}, Sender(shop="tea")),
        ({"shop": "tea"}, {"host": "a.example", "origin": "https://a.example"}, Sender(shop="tea")),
        ({"shop": "tea"}, {"host": "a.example:8000", "referrer": "http://a.example:8000/p"}, Sender(shop="tea")),
        ({"shop": "tea", "writeKey": "wk_1"}, {"fetch_site": "same-origin"}, Sender(key="wk_1")),
    ],
)
def test_who_sends(body: dict[str, str], headers: dict[str, str], who: Sender) -> None:
    assert sender(body, **headers) == who


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({}, {}),
        ({"writeKey": ""}, {}),
        ({"shop": "tea"}, {}),
        ({"shop": "tea"}, {"fetch_site": "cross-site", "host": "a.example", "origin": "https://a.example"}),
        ({"shop": "tea"}, {"fetch_site": "same-site"}),
        ({"shop": "tea"}, {"host": "a.example", "origin": "https://b.example"}),
        ({"shop": "tea"}, {"host": "", "origin": ""}),
        ({"shop": "tea"}, {"host": "a.example", "origin": "null"}),
    ],
)
def test_nobody_sends_for_a_shop_without_its_key_or_its_page(body: dict[str, str], headers: dict[str, str]) -> None:
    with pytest.raises(errors.KeyMissing):
        sender(body, **headers)


def test_every_refusal_has_a_code_a_message_and_a_detail() -> None:
    answer = answer_to(NotJson(detail="x"))
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "bad_json")
    assert set(json.loads(answer.body)) == {"code", "message", "detail"}


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (errors.KeyUnknown(), 401, None),
        (errors.TooOften(wait_seconds=7), 429, "7"),
        (errors.TooMuchWaiting(wait_seconds=1), 429, "1"),
        (errors.DatabaseGone(reason="x"), 503, "5"),
        (Unreachable(), 503, "5"),
    ],
)
def test_who_should_come_again_is_told_when(error: Unreachable, status: int, retry_after: str | None) -> None:
    answer = answer_to(error)
    assert (answer.status, dict(answer.headers()).get("retry-after")) == (status, retry_after)


def test_the_pixel_tells_a_page_view() -> None:
    query = "shop=tea&view=v&visitor=p&session=s&prev=c&page=%2Fp%2F7&channel=direct"
    assert json.loads(body_of_pixel(query)) == {
        "shop": "tea",
        "messageId": "v",
        "anonymousId": "p",
        "context": {
            "sessionId": "s",
            "cause": "c",
            "page": {"path": "/p/7"},
            "origin": {"channel": "direct", "campaign": None},
        },
    }


def test_a_burst_passes_then_the_rate_holds() -> None:
    brake = Brake(rate_per_second=10, burst=20)
    assert [brake.take("a", cost=10, at=0.0) for _ in range(3)] == [0, 0, 1]
    assert brake.take("b", cost=10, at=0.0) == 0
    assert brake.take("a", cost=1, at=0.5) == 0


def test_one_large_request_passes_and_the_next_waits_for_all_of_it() -> None:
    brake = Brake(rate_per_second=10, burst=20)
    assert brake.take("a", cost=2500, at=0.0) == 0
    assert brake.take("a", cost=1, at=0.0) == 249
    assert brake.take("a", cost=1, at=249.1) == 0


def test_a_flood_of_names_does_not_fill_the_memory() -> None:
    brake = Brake(rate_per_second=10, burst=20)
    for number in range(Brake.MOST_NAMES + 10):
        brake.take(str(number), cost=1, at=0.0)
    assert len(brake._buckets) <= Brake.MOST_NAMES
