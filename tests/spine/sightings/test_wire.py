"""What a request holds: whose key, which events, and what makes all of it unreadable."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spine.sightings.events import an_event, sent
from zhanggui.base.errors import Refused
from zhanggui.spine.sightings.errors import NotJson, TooDeep, TooManyEvents
from zhanggui.spine.sightings.rules.reasons import Reason
from zhanggui.spine.sightings.rules.wire import CALLS, Call, open_post


@pytest.mark.parametrize("field", ["writeKey", "write_key", "api_key", "token"])
def test_the_write_key_is_found_under_each_name_that_clients_use(field: str) -> None:
    assert open_post(json.dumps({field: "wk_1", "batch": []}).encode(), call=Call.BATCH).key == "wk_1"


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("/v1/track", Call.TRACK),
        ("/v1/t", Call.TRACK),
        ("/v1/i", Call.IDENTIFY),
        ("/v1/p", Call.PAGE),
        ("/v1/a", Call.ALIAS),
        ("/v1/g", Call.GROUP),
        ("/v1/s", Call.SCREEN),
        ("/v1/import", Call.IMPORT),
        ("/batch/", Call.BATCH),
    ],
)
def test_every_path_of_the_clients_is_known(path: str, call: Call) -> None:
    assert CALLS[path] is call


def test_the_short_paths_are_no_more_than_six() -> None:
    assert sorted(path for path in CALLS if len(path) == 5) == ["/v1/a", "/v1/g", "/v1/i", "/v1/p", "/v1/s", "/v1/t"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b'{"batch": [}',
        b"\xff\xfe",
        b'{"event": "\xed\xa0\x80"}',
        b'{"event": NaN}',
        b"event=Tea&x=1",
        b'{"a": 1} {"b": 2}',
        b'{"event": "\\x41"}',
    ],
)
def test_what_is_not_json_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(NotJson):
        open_post(body, call=Call.TRACK)


def test_half_an_emoji_does_not_lose_the_batch() -> None:
    body = rb'{"batch":[{"type":"track","event":"Tea \ud83d","properties":{"a":"\\ud83d","b":"\ud83d\ude00"}}]}'
    (row,) = sent(body, call=Call.BATCH).sightings
    assert row.name == "Tea \ufffd"
    assert json.loads(row.body) == {"a": "\\ud83d", "b": "😀"}


def test_a_request_nested_beyond_any_client_is_refused_and_not_a_crash() -> None:
    with pytest.raises(TooDeep):
        open_post(b'{"properties":' + b"[" * 100_000 + b"]" * 100_000 + b"}", call=Call.TRACK)


def test_a_batch_of_2500_is_read_and_one_more_is_refused() -> None:
    assert len(open_post(json.dumps({"batch": [{}] * 2500}).encode(), call=Call.BATCH).events) == 2500
    with pytest.raises(TooManyEvents) as refused:
        open_post(json.dumps({"batch": [{}] * 2501}).encode(), call=Call.BATCH)
    assert refused.value.data == {"events": 2501, "most": 2500}


def test_a_list_without_anything_around_it_is_a_batch() -> None:
    assert len(sent([an_event(), an_event(messageId="b")], call=Call.BATCH).sightings) == 2


def test_a_single_event_on_the_batch_path_is_one_event() -> None:
    body = {"api_key": "k", "event": "Tea Tasted", "distinct_id": "p-1", "properties": {}}
    (row,) = sent(body, call=Call.BATCH).sightings
    assert (row.name, row.person) == ("Tea Tasted", "p-1")


@pytest.mark.parametrize("batch", [None, {}, "x", 7])
def test_a_batch_that_is_no_list_is_shown_and_not_swallowed(batch: object) -> None:
    (refusal,) = sent({"batch": batch}, call=Call.BATCH).refusals
    assert refusal.reason is Reason.UNKNOWN_TYPE


def test_an_empty_batch_is_nothing() -> None:
    reading = sent({"batch": []}, call=Call.BATCH)
    assert (reading.sightings, reading.refusals) == ((), ())


@given(st.binary(max_size=300), st.sampled_from(Call))
def test_any_bytes_are_read_or_refused(body: bytes, call: Call) -> None:
    try:
        posted = open_post(body, call=call)
    except Refused:
        return
    assert all(json.loads(bytes(event)) is not ... for event in posted.events)
