"""Both servers, over real HTTP, answer as the clients of the field expect; what they answer with 200 is in the lake."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from tests.doors.ingest.making import PHONE, Door, Said, a_shop, an_event
from zhanggui.base import clock
from zhanggui.base.shops.rules import ShopKind
from zhanggui.doors.ingest import actions, queries
from zhanggui.insight.lake import queries as lake

pytestmark = pytest.mark.django_db(transaction=True)
ALWAYS = (date.min, date.max)


def names_in_lake(shop: str = "tea") -> list[str]:
    return [name for (name,) in lake.ask(f"select name from {lake.events(shop, *ALWAYS)} order by name")]


def refusals(shop: str = "tea") -> list[tuple[str, str, int]]:
    found = queries.refused_events(shop=shop, start=date(2000, 1, 1), end=date(2100, 1, 1))
    return sorted((one.reason, one.name, one.count) for one in found)


def basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def test_every_way_to_send_is_answered_as_the_clients_expect(door: Door) -> None:
    key, event = {"writeKey": door.key}, an_event()
    packed = gzip.compress(json.dumps(key | {"batch": [an_event(event="Packed")]}).encode())
    good = {
        "key in the body": door.post("/v1/batch", key | {"batch": [an_event(event="Key in body")]}),
        "key as basic user": door.post("/v1/track", an_event(event="Basic"), Authorization=basic(door.key)),
        "no content type": door.call("POST", "/v1/track", json.dumps(event | key).encode()),
        "gzip as a form": door.post("/v1/batch", packed, Content_Type="application/x-www-form-urlencoded"),
        "gzip by name": door.post("/v1/batch", packed, Content_Encoding="gzip", Content_Type="application/json"),
        "text/plain": door.post("/v1/t", an_event(event="Plain") | key, Content_Type="text/plain;charset=UTF-8"),
        "page": door.post("/v1/p", key | {"anonymousId": "v-1"}),
        "posthog": door.post("/batch/", {"api_key": door.key, "batch": [{"event": "Posted", "distinct_id": "p"}]}),
        "nulls": door.post("/v1/track", an_event(event="Nulls", properties=None, context=None, timestamp=None) | key),
        "refused event": door.post("/v1/track", key | {"type": "track"}),
    }
    assert {how: (said.status, said.json) for how, said in good.items()} == dict.fromkeys(
        good, (200, {"success": True})
    )
    assert all(said.headers["access-control-allow-origin"] == "*" for said in good.values())
    assert names_in_lake() == ["Basic", "Key in body", "Nulls", "Packed", "Page", "Plain", "Posted", "Tea Tasted"]
    assert refusals() == [("missing_name", "track", 1)]


def test_what_is_refused_has_a_code_and_a_message_and_leaves_nothing(door: Door) -> None:
    key = {"writeKey": door.key}
    bad: dict[str, tuple[Said, int, str]] = {
        "broken": (door.post("/v1/track", b'{"event": "A'), 400, "bad_json"),
        "empty": (door.post("/v1/track", b""), 400, "bad_json"),
        "latin": (door.post("/v1/track", b'{"event": "\xe9"}'), 400, "bad_json"),
        "deep": (door.post("/v1/track", b"[" * 50_000 + b"]" * 50_000), 400, "too_deep"),
        "many": (door.post("/v1/batch", key | {"batch": [{}] * 2501}), 400, "too_many_events"),
        "large": (door.post("/v1/batch", b" " * 4_000_001), 400, "too_large"),
        "bomb": (door.post("/v1/batch", gzip.compress(b" " * 9_000_000)), 400, "too_large"),
        "torn": (door.post("/v1/batch", gzip.compress(b"{}")[:-4]), 400, "broken_gzip"),
        "no key": (door.batch_without_key(), 401, "missing_key"),
        "wrong key": (door.post("/v1/track", an_event(writeKey="wk_wrong")), 401, "unknown_key"),
        "get": (door.call("GET", "/v1/track"), 405, "only_post"),
        "preflight": (door.call("OPTIONS", "/v1/track"), 405, "only_post"),
    }
    assert {how: (said.status, said.json["code"]) for how, (said, _, _) in bad.items()} == {
        how: (status, code) for how, (_, status, code) in bad.items()
    }
    assert all(said.json["message"] == said.json["detail"] != "" for said, _, _ in bad.values())
    assert names_in_lake() == []


def test_a_row_is_all_that_was_said(django_door: Door) -> None:
    view, cause = "0193b0a8-1111-7abc-8def-0123456789ab", "0193b0a8-0000-7abc-8def-0123456789ab"
    event = an_event(
        event="Viewed Product",
        messageId=view,
        userId="c-1",
        timestamp="2026-11-20T16:00:00.123456Z",
        context={"cause": cause, "sessionId": "s-1", "page": {"path": "/p/7"}, "userAgent": PHONE},
        properties={"product_id": "p-7", "sku": "SKU-7", "category": "tea", "price": 18.90, "quantity": 2},
    )
    assert django_door.batch(event).status == 200
    told = lake.event(UUID(view), "tea")
    assert (told.name, told.at, told.actor) == (
        "Product Viewed",
        datetime(2026, 11, 20, 16, 0, 0, 123456, UTC),
        "customer:c-1",
    )
    assert (told.person, told.session, told.subject, told.cause) == ("c-1", "s-1", "product:p-7", UUID(cause))
    assert (told.sku, told.category, told.quantity, told.amount_minor, told.currency) == (
        "SKU-7",
        "tea",
        2,
        3780,
        "CNY",
    )
    assert (told.device, told.page, told.lines) == ("phone", "/p/7", ())
    ((day,),) = lake.ask(f"select day from {lake.events('tea', *ALWAYS)}")
    assert day == date(2026, 11, 21)


def test_the_same_event_counts_once_however_it_comes(door: Door) -> None:
    event = an_event(timestamp=datetime.now(UTC).isoformat())
    door.batch(event, event, an_event(event="Other"))
    door.batch(event)
    door.post("/v1/track", event | {"writeKey": door.key})
    assert names_in_lake() == ["Other", "Tea Tasted"]


def test_an_event_over_32_kb_is_shown_and_its_neighbours_are_kept(door: Door) -> None:
    large = an_event(event="Large", properties={"a": "茶" * 12_000})
    assert door.batch(large, an_event()).status == 200
    assert names_in_lake() == ["Tea Tasted"]
    assert refusals() == [("too_large", "Large", 1)]


def test_our_own_pages_need_no_key_and_pages_elsewhere_do(door: Door) -> None:
    event = {"shop": "tea", "batch": [an_event(event="Own")]}
    assert door.post("/v1/batch", event, Sec_Fetch_Site="same-origin").status == 200
    assert door.post("/v1/batch", event, Origin=f"http://{door.host}:{door.port}").status == 200
    assert door.post("/v1/batch", event, Sec_Fetch_Site="cross-site").json["code"] == "missing_key"
    assert door.post("/v1/batch", event | {"shop": "none"}, Sec_Fetch_Site="same-origin").json["code"] == "unknown_key"
    assert names_in_lake() == ["Own"]


def test_a_page_without_javascript_is_counted_by_a_picture(door: Door) -> None:
    view = "0193b0a8-1111-7abc-8def-0123456789ab"
    path = f"/v1/pixel.gif?shop=tea&view={view}&visitor=v-1&session=s-1&page=/p/7&channel=direct"
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "same-origin", "DNT": "1"}, {}):
        said = door.call("GET", path, headers=headers)
        assert (said.status, said.headers["content-type"], said.body[:6]) == (200, "image/gif", b"GIF89a")
    ((name, person, page, channel, id),) = lake.ask(
        f"select name, person, page, channel, id from {lake.events('tea', *ALWAYS)}"
    )
    assert (name, person, page, channel, id) == ("Page", "v-1", "/p/7", "direct", UUID(view))


def test_an_imported_shop_has_no_pages_of_its_own(django_door: Door) -> None:
    a_shop("other", kind=ShopKind.IMPORTED)
    body = {"shop": "other", "batch": [an_event()]}
    assert django_door.post("/v1/batch", body, Sec_Fetch_Site="same-origin").status == 401


def test_a_key_that_was_closed_opens_nothing(django_door: Door) -> None:
    (source,) = queries.sources(shop="tea")
    actions.close_source(source_id=source.id)
    assert django_door.batch(an_event()).json["code"] == "unknown_key"
    assert names_in_lake() == []


def test_a_new_key_for_the_same_sender_ends_the_old_one(django_door: Door) -> None:
    fresh = actions.open_source(shop="tea", name="server")
    assert django_door.batch(an_event()).status == 401
    assert django_door.post("/v1/track", an_event(writeKey=fresh)).status == 200


def test_who_sends_too_much_is_told_when_to_come_again(django_door: Door, settings: Settings) -> None:
    settings.INGEST = settings.INGEST | {"EVENTS_PER_SECOND": 2, "BURST_SECONDS": 1}
    assert django_door.batch(*[an_event() for _ in range(10)]).status == 200
    said = django_door.batch(an_event())
    assert (said.status, said.json["code"], said.headers["retry-after"]) == (429, "too_often", "5")
    assert len(names_in_lake()) == 10


def test_days_far_apart_cost_more_than_one(django_door: Door, settings: Settings) -> None:
    settings.INGEST = settings.INGEST | {"EVENTS_PER_SECOND": 10, "BURST_SECONDS": 1}
    django_door.batch(*[an_event(timestamp=f"2026-01-{day:02}T00:00:00Z") for day in range(1, 11)])
    assert int(django_door.batch(an_event()).headers["retry-after"]) in (18, 19)


def test_a_flood_of_requests_from_one_address_is_held_up(django_door: Door, settings: Settings) -> None:
    settings.INGEST = settings.INGEST | {"REQUESTS_PER_SECOND": 0.1, "BURST_SECONDS": 20}
    assert [django_door.post("/v1/track", b"{").status for _ in range(4)] == [400, 400, 429, 429]


def test_a_flood_of_refusals_grows_counts_and_not_rows(django_door: Door) -> None:
    bad = [{"type": "identify", "event": f"n{number}"} for number in range(400)]
    django_door.batch(*bad)
    django_door.batch(*bad)
    found = refusals()
    assert len(found) == 101
    assert sum(count for _, _, count in found) == 800
    assert ("no_identity", "…", 600) in found


def test_refusals_are_forgotten_after_a_month(django_door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    django_door.batch({"type": "old"})
    later = clock.now() + timedelta(days=32)
    monkeypatch.setattr(clock, "now", lambda: later)
    django_door.batch({"type": "new"})
    assert refusals() == [("unknown_type", "new", 1)]
