"""Small factories: an event as a client writes it, and what becomes of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from zhanggui.base import clock
from zhanggui.spine.sightings.rules import events, wire
from zhanggui.spine.sightings.rules.columns import Arrival, ShopTerms, Sighting
from zhanggui.spine.sightings.rules.events import Reading
from zhanggui.spine.sightings.rules.reasons import Refusal
from zhanggui.spine.sightings.rules.wire import Call

SHOP = ShopTerms(code="tea", zone="Asia/Shanghai", currency="CNY", host="tea.example")
RECEIVED = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
ID = "0193b0a8-1111-7abc-8def-0123456789ab"


def at(text: str) -> int:
    """Microseconds of a moment written as ISO 8601."""
    return clock.micros(datetime.fromisoformat(text))


def an_arrival(**changed: Any) -> Arrival:
    return Arrival(**({"shop": SHOP, "received_us": clock.micros(RECEIVED), "nonce": "n"} | changed))


def an_event(**fields: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Tea Tasted", "messageId": ID, "anonymousId": "v-1"} | fields


def sent(body: object, *, call: Call = Call.TRACK, **arrival: Any) -> Reading:
    """What becomes of a request with that body."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return events.read(wire.open_post(raw, call=call), arrival=an_arrival(**arrival))


def kept(event: object, *, call: Call = Call.TRACK, **arrival: Any) -> Sighting:
    """The row that one event becomes."""
    reading = sent(event, call=call, **arrival)
    assert reading.refusals == ()
    (row,) = reading.sightings
    return row


def refused(event: object, *, call: Call = Call.TRACK) -> Refusal:
    """Why one event is not kept."""
    reading = sent(event, call=call)
    assert reading.sightings == ()
    (refusal,) = reading.refusals
    return refusal
