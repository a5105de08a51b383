"""What the door's tests send, and how they look into the lake."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg

from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.ingest import actions

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer over HTTP."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A running server that takes events, and a key for it."""

    host: str
    port: int
    key: str = ""

    def call(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Said:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            said = {name.lower(): value for name, value in answer.getheaders()}
            return Said(status=answer.status, body=answer.read(), headers=said)
        finally:
            connection.close()

    def post(self, path: str, body: object, **headers: str) -> Said:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.call("POST", path, raw, {name.replace("_", "-"): value for name, value in headers.items()})

    def batch_without_key(self) -> Said:
        return self.post("/v1/batch", {"batch": [an_event()]})

    def batch(self, *events: dict[str, Any]) -> Said:
        return self.post("/v1/batch", {"writeKey": self.key, "batch": events})


def a_shop(code: str = "tea", *, kind: ShopKind = ShopKind.OWN) -> str:
    """A shop that somebody sends events for; returns the write key."""
    shops.open_shop(shop=Shop(code=code, name=code, zone="Asia/Shanghai", currency="CNY", kind=kind))
    return actions.open_source(shop=code, name="server")


def an_event(**fields: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Tea Tasted", "messageId": str(uuid4()), "anonymousId": "v-1"} | fields


def live_segments(address: str) -> list[tuple[str, int]]:
    """Id and rows of every file that the manifest names."""
    with psycopg.connect(address) as connection:
        rows = connection.execute("select id::text, rows from insight_lake_segment where retired_at is null").fetchall()
    return [(id, count) for id, count in rows]


def as_id(event: Mapping[str, Any]) -> UUID:
    return UUID(event["messageId"])
