"""What becomes of one event: a row, or a reason."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.spine.sightings.events import ID, RECEIVED, an_event, kept, refused, sent
from zhanggui.base import clock
from zhanggui.spine.sightings.rules import names
from zhanggui.spine.sightings.rules.reasons import WORDS, Reason
from zhanggui.spine.sightings.rules.wire import Call

RECEIVED_US = clock.micros(RECEIVED)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Product Viewed", "Product Viewed"),
        ("Viewed Product", "Product Viewed"),
        ("product_viewed", "Product Viewed"),
        ("  product viewed ", "Product Viewed"),
        ("Added Product", "Product Added"),
        ("Removed Product", "Product Removed"),
        ("Completed Order", "Order Completed"),
        ("Viewed Product Category", "Product List Viewed"),
        ("Viewed Checkout Step", "Checkout Step Viewed"),
        ("Completed Checkout Step", "Checkout Step Completed"),
        ("Searched Products", "Products Searched"),
        ("Clicked Promotion", "Promotion Clicked"),
        ("Order Canceled", "Order Cancelled"),
        ("Product Added to Wishlist", "Product Added to Wishlist"),
        ("Tea Tasted", "Tea Tasted"),
        ("喝了茶", "喝了茶"),
    ],
)
def test_every_spelling_of_the_vocabulary_gets_one_name_and_other_words_stay(said: str, name: str) -> None:
    assert kept(an_event(event=said)).name == name


def test_no_two_names_of_the_vocabulary_fall_together() -> None:
    assert [names.name_of(name) for name in names.VOCABULARY] == list(names.VOCABULARY)


@pytest.mark.parametrize(("call", "name"), [(Call.PAGE, "Page"), (Call.SCREEN, "Screen"), (Call.IDENTIFY, "Identify")])
def test_calls_that_name_nothing_are_named_after_themselves(call: Call, name: str) -> None:
    assert kept({"messageId": ID, "userId": "c-1"}, call=call).name == name


@pytest.mark.parametrize("name", ["shop.order_placed", "shop.payment_settled", "insight.orders_imported", "a.b"])
def test_a_visitor_cannot_tell_a_fact(name: str) -> None:
    assert refused(an_event(event=name)).reason is Reason.RESERVED_NAME
    assert refused(an_event(event=f" {name}\n")).reason is Reason.RESERVED_NAME


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ([], Reason.NOT_AN_OBJECT),
        ("x", Reason.NOT_AN_OBJECT),
        (7, Reason.NOT_AN_OBJECT),
        (None, Reason.NOT_AN_OBJECT),
        ({}, Reason.UNKNOWN_TYPE),
        ({"type": "tracked", "event": "A"}, Reason.UNKNOWN_TYPE),
        ({"type": 7, "event": "A"}, Reason.UNKNOWN_TYPE),
        ({"type": "track"}, Reason.MISSING_NAME),
        ({"type": "track", "event": None}, Reason.MISSING_NAME),
        ({"type": "track", "event": "  "}, Reason.MISSING_NAME),
        ({"type": "track", "event": {}}, Reason.MISSING_NAME),
        ({"type": "track", "event": "x" * 81}, Reason.LONG_NAME),
        (an_event(timestamp="yesterday"), Reason.BROKEN_TIMESTAMP),
        (an_event(timestamp="2026-13-01"), Reason.BROKEN_TIMESTAMP),
        (an_event(timestamp={}), Reason.BROKEN_TIMESTAMP),
        (an_event(timestamp=True), Reason.BROKEN_TIMESTAMP),
        (an_event(timestamp=-5), Reason.BROKEN_TIMESTAMP),
        (an_event(timestamp=10**30), Reason.BROKEN_TIMESTAMP),
        (an_event(timestamp="0001-01-01T00:00:00+14:00"), Reason.BROKEN_TIMESTAMP),
        (an_event(properties="x"), Reason.BROKEN_PROPERTIES),
        (an_event(properties=[1]), Reason.BROKEN_PROPERTIES),
        (an_event(properties={"a": "x" * 33_000}), Reason.TOO_LARGE),
        ({"type": "identify"}, Reason.NO_IDENTITY),
        ({"type": "identify", "userId": "undefined"}, Reason.NO_IDENTITY),
        ({"type": "group", "userId": "c-1"}, Reason.NO_IDENTITY),
        ({"type": "alias", "userId": "c-1", "previousId": None}, Reason.NO_IDENTITY),
    ],
)
def test_what_cannot_be_kept_has_a_reason(event: object, reason: Reason) -> None:
    (refusal,) = sent({"batch": [event]}, call=Call.BATCH).refusals
    assert refusal.reason is reason


def test_numbers_beyond_reading_have_a_reason() -> None:
    digits = b'{"type":"track","event":"A","properties":{"n":' + b"9" * 5000 + b"}}"
    exponent = b'{"type":"track","event":"A","properties":{"n":1e99999999999999999999}}'
    reasons = [sent(body).refusals[0].reason for body in (digits, exponent)]
    assert reasons == [Reason.BROKEN_NUMBER] * 2


@pytest.mark.parametrize("depth", [63, 64])
def test_an_event_is_at_most_64_levels_deep(depth: int) -> None:
    body = b'{"event":"A","properties":{"a":' + b"[" * depth + b"]" * depth + b"}}"
    reading = sent(body)
    assert [row.name for row in reading.sightings] == (["A"] if depth == 63 else [])
    assert [refusal.reason for refusal in reading.refusals] == ([] if depth == 63 else [Reason.TOO_DEEP])


def test_one_bad_event_does_not_lose_its_neighbours() -> None:
    good, bad = an_event(messageId="a"), {"type": "nothing"}
    reading = sent({"batch": [good, bad, an_event(messageId="b")]}, call=Call.BATCH)
    assert (len(reading.sightings), len(reading.refusals)) == (2, 1)


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(Reason)
    assert all(len(words) > 20 for words in WORDS.values())


def test_a_refusal_shows_the_event_without_the_person() -> None:
    event = {
        "type": "track",
        "timestamp": "x",
        "event": "Tea Tasted",
        "context": {"ip": "203.0.113.9", "traits": {"email": "li@example.com"}},
        "traits": {"phone": "13800138000"},
        "properties": {"email": "li@example.com", "url": "https://tea.example/p?token=s3cret", "sku": "7"},
    }
    refusal = refused(event)
    assert (refusal.reason, refusal.name) == (Reason.BROKEN_TIMESTAMP, "Tea Tasted")
    assert json.loads(refusal.sample) == {
        "type": "track",
        "timestamp": "x",
        "event": "Tea Tasted",
        "properties": {"url": "https://tea.example/p", "sku": "7"},
    }


def test_a_sample_is_cut_to_2000_bytes() -> None:
    assert len(refused(an_event(properties={"a": "茶" * 12_000})).sample.encode()) <= 2000


_TEXTS = st.one_of(
    st.text(max_size=8), st.sampled_from(["undefined", "2026-11-21T10:00:00Z", ID, "https://a/b?c=d", "\0"])
)
_NUMBERS = st.one_of(st.integers(), st.integers(-(10**400), 10**400), st.floats(allow_nan=False, allow_infinity=False))
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=8,
)
_FIELDS = [
    *("type", "event", "name", "messageId", "uuid", "userId", "anonymousId", "previousId", "groupId", "distinct_id"),
    *("timestamp", "originalTimestamp", "sentAt", "properties", "traits", "context"),
]
_INNER = [
    *("product_id", "sku", "category", "order_id", "quantity", "price", "value", "revenue", "currency", "products"),
    *("page", "url", "path", "search", "referrer", "userAgent", "sessionId", "cause", "campaign", "location", "origin"),
    *("$current_url", "$session_id", "distinct_id"),
]
_OBJECTS = st.dictionaries(st.sampled_from(_INNER), _VALUES, max_size=5)
EVENTS = st.dictionaries(
    st.sampled_from(_FIELDS),
    _VALUES | _OBJECTS | st.sampled_from(["track", "page", "identify", "alias", "Product Viewed", "$pageview"]),
    max_size=8,
)


@given(st.lists(EVENTS | _VALUES, max_size=3), st.sampled_from(Call), st.booleans())
def test_any_json_is_a_row_or_a_reason_and_never_an_exception(events: list[Any], call: Call, is_ascii: bool) -> None:
    body = json.dumps({"batch": events}, ensure_ascii=is_ascii).encode()
    reading = sent(body, call=call)
    expected = len(events) if call in (Call.BATCH, Call.IMPORT) else 1
    assert len(reading.sightings) + len(reading.refusals) == expected
    for row in reading.sightings:
        assert isinstance(json.loads(row.body, parse_float=Decimal), dict)
        assert row.ts_us <= row.received_us == RECEIVED_US
        assert len(row.id) == 16
        assert row.name
        assert not names.is_reserved(row.name)
