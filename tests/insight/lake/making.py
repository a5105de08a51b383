"""What the lake's tests put into it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import connection

from tests.insight.people import id_of
from zhanggui.base import ids
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.insight.lake import actions, queries
from zhanggui.insight.lake.queries import places
from zhanggui.spine.envelope import Envelope, Line

SHANGHAI = "Asia/Shanghai"
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
DAY = date(2026, 11, 21)


def a_shop(code: str = "tea", *, zone: str = SHANGHAI) -> None:
    shops.open_shop(shop=Shop(code=code, name=code, zone=zone, currency="CNY", kind=ShopKind.OWN))


def a_line(sku: str = "cup", **changed: Any) -> Line:
    values: dict[str, Any] = {"sku": sku, "category": "tea-ware", "quantity": 1, "amount_minor": 1000}
    return Line(**values | changed)


def an_event(key: str = "1", **changed: Any) -> Envelope:
    """A page view at noon in Shanghai, unless changed; the same key at the same moment is the same event."""
    at = changed.get("at", NOON)
    values = {"id": ids.uuid7_of(at, key), "shop": "tea", "name": "Page", "at": at, "received_at": at, "person": "v1"}
    return Envelope(**values | changed)


def an_order_event(name: str, number: str, *lines: Line, **changed: Any) -> Envelope:
    amount = sum(line.amount_minor for line in lines)
    values = {"order_number": number, "lines": lines, "amount_minor": amount, "currency": "CNY", "name": name}
    return an_event(f"{name}/{number}", **values | changed)


def columns(*envelopes: Envelope, zone: str = SHANGHAI) -> pa.Table:
    return actions.to_events(envelopes, zone=zone)


def append(batch: str, *envelopes: Envelope, shop: str = "tea", zone: str = SHANGHAI) -> actions.Appended:
    return actions.append(batch, columns(*envelopes, zone=zone), shop=shop)


def ids_in_lake(shop: str = "tea") -> list[UUID]:
    """All rows of all live files, those that are there twice included."""
    live = [places.segment_path(shop=shop, day=day, id=id) for id, day in _live_segments(shop)]
    return [
        id for path in live for (id,) in queries.ask(f"select id from read_parquet('{path}', hive_partitioning=false)")
    ]


def rows_of(name: str, shop: str = "tea") -> list[dict[str, Any]]:
    """The rows of a daily table, people by their ids."""
    relation = queries.rollup(shop, name)
    rows = (
        dict(zip(relation.columns, row, strict=True)) for row in queries.ask(f"select * from {relation} order by all")
    )
    ids_by_number = id_of(shop)
    return [row | {"person": ids_by_number[row["person"]]} if "person" in row else row for row in rows]


def files_in_lake() -> list[Path]:
    return sorted(path for path in places.lake().rglob("*") if path.is_file())


def execute(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return cursor.fetchall() if cursor.description else []


def _live_segments(shop: str) -> list[tuple[Any, ...]]:
    return execute("select id, day from insight_lake_segment where retired_at is null and shop = %s", [shop])


def batch(number: int) -> list[Envelope]:
    """The events of a numbered delivery: always the same, over three days."""
    return [an_event(f"{number}/{k}", at=NOON + timedelta(days=k % 3), person=f"v{k}") for k in range(5)]


VISIT = {"channel": "search", "campaign": "", "device": "phone", "region": "CN-31"}


def sold(name: str, number: str, **changed: Any) -> Envelope:
    lines = (a_line("cup", quantity=2, amount_minor=3000), a_line("pot", amount_minor=5000))
    return an_order_event(name, number, *lines, **VISIT | changed)
