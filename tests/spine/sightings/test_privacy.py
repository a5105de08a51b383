"""What is left out of a body."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.spine.sightings.events import ID, an_event, kept
from zhanggui.spine.sightings.rules.privacy import clean_address
from zhanggui.spine.sightings.rules.wire import Call


@pytest.mark.parametrize(
    "key",
    [
        *("email", "Email", "EMAIL", "e-mail", "phone", "phoneNumber", "phone_number", "mobile", "firstName"),
        *(
            "first_name",
            "LastName",
            "fullName",
            "address",
            "shipping_address",
            "shippingAddress",
            "street",
            "ip",
            "$ip",
        ),
        *("birthday", "$set", "traits", "password", "手机号", "收货地址"),
    ],
)
def test_what_names_a_person_is_left_out_at_any_depth(key: str) -> None:
    event = an_event(properties={key: "x", "cups": 2, "inner": {"list": [{key: {"deep": 1}, "sku": "7"}]}})
    assert json.loads(kept(event).body) == {"cups": 2, "inner": {"list": [{"sku": "7"}]}}


@pytest.mark.parametrize("key", ["name", "set", "tokens", "brand", "position", "地址库"])
def test_what_names_a_thing_stays(key: str) -> None:
    assert json.loads(kept(an_event(properties={key: "x"})).body) == {key: "x"}


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("https://a.example/p?token=1", "https://a.example/p"),
        ("https://a.example/p?utm_source=x&token=1&gclid=2", "https://a.example/p?gclid=2&utm_source=x"),
        ("https://a.example/p#access_token=1", "https://a.example/p"),
        ("/p?q=1", "/p"),
        ("?q=1&utm_medium=cpc", "?utm_medium=cpc"),
        ("#at", ""),
    ],
)
def test_an_address_loses_its_query_but_for_campaigns(url: str, cleaned: str) -> None:
    assert sorted(clean_address(url)) == sorted(cleaned)
    page = kept({"messageId": ID, "properties": {"url": url, "n": 18.90}}, call=Call.PAGE)
    assert sorted(json.loads(page.body)["url"]) == sorted(cleaned)


@pytest.mark.parametrize("words", ["绿茶苦吗？", "Is it bitter? A bit", "C# and F#", "50% off?"])
def test_words_are_not_taken_for_addresses(words: str) -> None:
    assert json.loads(kept(an_event(properties={"query": words})).body) == {"query": words}


@pytest.mark.parametrize("properties", [{"buyer": {"email": "x"}, "cups": 2}, {"buyers": [{"email": "x"}], "cups": 2}])
def test_one_level_down_is_looked_at(properties: dict[str, Any]) -> None:
    assert b"email" not in kept(an_event(properties=properties)).body


def test_escapes_hide_nothing() -> None:
    key = rb'{"event":"A","properties":{"\u0065mail":"x","cups":2}}'
    address = rb'{"event":"A","properties":{"link":"https://a.example/p\u003ftoken=1"}}'
    assert json.loads(kept(key).body) == {"cups": 2}
    assert json.loads(kept(address).body) == {"link": "https://a.example/p"}


def test_numbers_survive_cleaning_digit_by_digit() -> None:
    body = b'{"event":"A","properties":{"email":"x","price":18.90,"big":123456789012345678901234567890,"e":1E+2}}'
    assert kept(body).body == b'{"price":18.90,"big":123456789012345678901234567890,"e":1E+2}'


def test_the_context_is_never_in_a_body() -> None:
    context: dict[str, Any] = {"ip": "203.0.113.9", "device": {"id": "x"}, "library": {"name": "analytics.js"}}
    assert kept(an_event(context=context, properties={"cups": 2})).body == b'{"cups": 2}'
