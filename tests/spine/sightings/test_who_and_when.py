"""Which event it is, who did it, and when."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.spine.sightings.events import ID, RECEIVED, an_arrival, an_event, at, kept, sent
from zhanggui.base import clock, ids
from zhanggui.spine.sightings.rules.wire import Call

RECEIVED_US = clock.micros(RECEIVED)


def test_a_uuid_is_kept_as_the_id() -> None:
    assert kept(an_event(messageId=ID)).id.hex() == ID.replace("-", "")
    assert kept(an_event(messageId=ID.replace("-", "").upper())).id.hex() == ID.replace("-", "")
    assert kept({"event": "A", "uuid": ID}).id.hex() == ID.replace("-", "")


def test_any_other_message_id_gives_the_same_id_however_often_it_is_sent() -> None:
    event = an_event(messageId="ajs-next-1763-x", timestamp="2026-11-21T12:00:00Z")
    first = kept(event | {"sentAt": "2026-11-21T12:00:01Z"})
    later = kept(event | {"sentAt": "2026-11-21T13:00:00Z"}, received_us=RECEIVED_US + 3_600_000_000)
    assert first.id == later.id
    assert first.id == ids.uuid7_of(clock.from_micros(at("2026-11-21T12:00:00Z")), "tea/sighting/ajs-next-1763-x").bytes
    assert first.id[6] >> 4 == 7


def test_the_same_message_id_is_another_event_in_another_shop_or_under_another_id() -> None:
    here = kept(an_event(messageId="m-1")).id
    there = kept(an_event(messageId="m-1"), shop=an_arrival().shop.__class__(code="x", zone="UTC", currency="EUR")).id
    assert len({here, there, kept(an_event(messageId="m-2")).id}) == 3


@pytest.mark.parametrize("nothing", [None, "", "  ", "undefined", [], "00000000-0000-0000-0000-000000000000"])
def test_events_without_an_id_are_never_taken_for_each_other(nothing: object) -> None:
    event = an_event(messageId=nothing)
    reading = sent({"batch": [event, event]}, call=Call.BATCH)
    again = sent({"batch": [event, event]}, call=Call.BATCH, nonce="another request")
    assert len({row.id for row in (*reading.sightings, *again.sightings)}) == 4


@pytest.mark.parametrize(
    ("times", "happened"),
    [
        ({}, "2026-11-21T12:05:00Z"),
        ({"timestamp": None, "sentAt": None}, "2026-11-21T12:05:00Z"),
        ({"timestamp": "2026-11-21T11:00:00Z"}, "2026-11-21T11:00:00Z"),
        ({"timestamp": "2026-11-21T11:00:00"}, "2026-11-21T11:00:00Z"),
        ({"timestamp": "2026-11-21T19:00:00+08:00"}, "2026-11-21T11:00:00Z"),
        ({"timestamp": "2026-11-21T11:00:00.123456Z"}, "2026-11-21T11:00:00.123456Z"),
        ({"timestamp": "2026-11-21T11:00:00.123456789Z"}, "2026-11-21T11:00:00.123456Z"),
        ({"timestamp": 1795258800}, "2026-11-21T11:00:00Z"),
        ({"timestamp": 1795258800000}, "2026-11-21T11:00:00Z"),
        ({"timestamp": 1795258800.25}, "2026-11-21T11:00:00.25Z"),
        ({"originalTimestamp": "2026-11-21T10:00:00Z", "sentAt": "2026-11-21T10:05:00Z"}, "2026-11-21T12:00:00Z"),
        ({"timestamp": "2026-11-21T10:00:00Z", "sentAt": "2026-11-21T10:05:00Z"}, "2026-11-21T12:00:00Z"),
        ({"timestamp": "2031-01-01T00:00:00Z", "sentAt": "2031-01-01T00:00:01Z"}, "2026-11-21T12:04:59Z"),
        ({"timestamp": "2031-01-01T00:00:00Z"}, "2026-11-21T12:05:00Z"),
        ({"timestamp": "2026-11-21T10:06:00Z", "sentAt": "2026-11-21T10:05:00Z"}, "2026-11-21T12:05:00Z"),
        ({"timestamp": "1999-01-01T00:00:00Z"}, "1999-01-01T00:00:00Z"),
        ({"timestamp": "2026-11-21T11:00:00Z", "sentAt": "soon"}, "2026-11-21T11:00:00Z"),
        ({"timestamp": "0001-01-01T00:00:00Z"}, "2026-11-21T12:05:00Z"),
    ],
)
def test_when_it_happened(times: dict[str, Any], happened: str) -> None:
    assert kept(an_event(**times)).ts_us == at(happened)


def test_the_batch_says_when_it_was_sent_for_all_its_events() -> None:
    batch = {"sentAt": "2026-11-21T10:05:00Z", "batch": [an_event(timestamp="2026-11-21T10:00:00Z")]}
    assert sent(batch, call=Call.BATCH).sightings[0].ts_us == at("2026-11-21T12:00:00Z")


def test_history_that_is_imported_keeps_its_times() -> None:
    event = an_event(timestamp="2024-02-29T10:00:00Z", sentAt="2026-11-21T10:05:00Z")
    batch = {"sentAt": "2026-11-21T10:05:00Z", "batch": [event]}
    assert sent(batch, call=Call.IMPORT).sightings[0].ts_us == at("2024-02-29T10:00:00Z")


@pytest.mark.parametrize(
    "nobody", [None, "", " ", "null", "undefined", "None", "NaN", "anonymous", "[object Object]", "0", 0, True, {}, []]
)
def test_an_id_that_means_nobody_makes_nobody(nobody: object) -> None:
    assert kept(an_event(userId=nobody, anonymousId=nobody)).person == ""


@pytest.mark.parametrize(
    ("who", "person"),
    [
        ({"userId": "c-1", "anonymousId": "v-1"}, "c-1"),
        ({"userId": "undefined", "anonymousId": "v-1"}, "v-1"),
        ({"userId": 42}, "42"),
        ({"userId": None, "anonymousId": None, "distinct_id": "p-1"}, "p-1"),
        ({"anonymousId": None, "properties": {"distinct_id": "p-2"}}, "p-2"),
    ],
)
def test_the_customer_goes_before_the_visitor(who: dict[str, Any], person: str) -> None:
    assert kept(an_event(**who)).person == person


def test_the_visitor_behind_a_customer_is_not_forgotten() -> None:
    row = kept(an_event(userId="c-1", anonymousId="v-1", properties={"cups": 2}))
    assert json.loads(row.body) == {"anonymous_id": "v-1", "cups": 2}


@pytest.mark.parametrize(
    ("call", "event", "person", "subject"),
    [
        (Call.IDENTIFY, {"userId": "c-1", "anonymousId": "v-1"}, "c-1", "visitor:v-1"),
        (Call.IDENTIFY, {"userId": "c-1", "anonymousId": "null"}, "c-1", ""),
        (Call.IDENTIFY, {"userId": "c-1", "anonymousId": "c-1"}, "c-1", ""),
        (Call.ALIAS, {"userId": "c-1", "previousId": "v-1"}, "c-1", "visitor:v-1"),
        (Call.GROUP, {"userId": "c-1", "groupId": "g-1"}, "c-1", "group:g-1"),
    ],
)
def test_what_ties_two_ids_together(call: Call, event: dict[str, Any], person: str, subject: str) -> None:
    row = kept(event, call=call)
    assert (row.person, row.subject) == (person, subject)


def test_of_a_person_only_what_names_nobody_is_kept() -> None:
    traits = {
        "email": "li@example.com",
        "name": "李雷",
        "phone": 138,
        "plan": "gold",
        "tier": 3,
        "country": {"x": "李"},
    }
    row = kept({"userId": "c-1", "traits": traits}, call=Call.IDENTIFY)
    assert json.loads(row.body) == {"plan": "gold", "tier": 3}


def test_posthog_clients_are_understood() -> None:
    batch = {
        "api_key": "k",
        "sent_at": "2026-11-21T12:05:00Z",
        "batch": [
            {
                "event": "$pageview",
                "uuid": ID,
                "timestamp": "2026-11-21T12:04:00Z",
                "properties": {
                    "distinct_id": "p-1",
                    "$session_id": "s-1",
                    "$current_url": "https://tea.example/p/7?utm_source=weibo&q=x",
                    "$ip": "203.0.113.9",
                    "token": "k",
                },
            },
            {"event": "$identify", "distinct_id": "c-1", "properties": {"$anon_distinct_id": "p-1"}},
            {"event": "$create_alias", "distinct_id": "c-1", "properties": {"alias": "p-9"}},
            {"event": "Tea Tasted", "distinct_id": "c-1", "properties": {}},
        ],
    }
    page, identify, alias, track = sent(batch, call=Call.BATCH).sightings
    assert (page.name, page.person, page.visit.session, page.visit.page) == ("Page", "p-1", "s-1", "/p/7")
    assert page.visit.channel == "organic_social"
    assert json.loads(page.body) == {
        "distinct_id": "p-1",
        "$session_id": "s-1",
        "$current_url": "https://tea.example/p/7?utm_source=weibo",
    }
    assert (identify.name, identify.person, identify.subject) == ("Identify", "c-1", "visitor:p-1")
    assert (alias.name, alias.person, alias.subject) == ("Alias", "c-1", "visitor:p-9")
    assert (track.name, track.person) == ("Tea Tasted", "c-1")
