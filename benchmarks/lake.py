"""The lake: deliveries in, segments merged, daily tables made, questions answered."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import F

from benchmarks.number import Number
from zhanggui.base import clock
from zhanggui.base.home import shelf
from zhanggui.insight.lake import actions, queries
from zhanggui.insight.lake.models import Day
from zhanggui.insight.lake.rules import EVENTS
from zhanggui.spine.envelope import Envelope

DAY_US = 86_400_000_000
SHOP = "bench"
ZONE = "Asia/Shanghai"
START = date(2026, 1, 1)
YEAR = START + timedelta(days=365)
ROWS = 1_000_000
SMALL_ROWS = 500
SMALL_BATCHES = 64


def measure() -> list[Number]:
    """Each part on what the parts before it left."""
    year = _year(ROWS)
    return [
        _envelopes(),
        *_small_deliveries(year),
        _merge(),
        *_bulk(year),
        *_rolls(),
        *_questions(year["id"][ROWS // 2].as_py()),
    ]


def _envelopes() -> Number:
    at = clock.from_micros(int(_first_us()))
    envelopes = [
        Envelope(id=UUID(int=n), shop=SHOP, name="Page", at=at + timedelta(seconds=n), received_at=at, person="v")
        for n in range(50_000)
    ]
    seconds = _seconds(lambda: actions.to_events(envelopes, zone=ZONE))
    return Number(name="envelopes into columns", value=len(envelopes) / seconds, unit="envelopes/s")


def _small_deliveries(year: pa.Table) -> list[Number]:
    part = year.slice(0, SMALL_ROWS)
    where = part.schema.get_field_index("shop")
    parts = [part.set_column(where, "shop", pa.array(["small"] * SMALL_ROWS))] * SMALL_BATCHES
    appended = median(
        _seconds(lambda part=part, n=n: actions.append(f"small/{n}", part, shop="small"))  # type: ignore[misc]
        for n, part in enumerate(parts)
    )
    bare = median(_seconds(lambda part=part: _bare_write(part)) for part in parts)  # type: ignore[misc]
    name = f"delivery of {SMALL_ROWS} events, durable and live"
    bare_name = f"{SMALL_ROWS} events to one synced Parquet file"
    return [
        Number(name=bare_name, value=1000 * bare, unit="ms"),
        Number(name=name, value=1000 * appended, unit="ms", ratio=appended / bare, against=bare_name),
    ]


def _merge() -> Number:
    rows = queries.ops("small").rows
    seconds = _seconds(lambda: actions.compact("small"))
    return Number(name=f"merging {SMALL_BATCHES} segments", value=rows / seconds, unit="events/s")


def _bulk(year: pa.Table) -> list[Number]:
    bare = _seconds(lambda: _bare_write(year))
    seconds = _seconds(lambda: actions.append("year", year, shop=SHOP))
    bare_name = "1 million events to one synced Parquet file"
    return [
        Number(name=bare_name, value=ROWS / bare, unit="events/s"),
        Number(
            name="delivery of 1 million events over a year, sorted into days",
            value=ROWS / seconds,
            unit="events/s",
            ratio=bare / seconds,
            against=bare_name,
        ),
    ]


def _rolls() -> list[Number]:
    year = _seconds(actions.roll)
    scan = _seconds(lambda: queries.ask(f"select count(distinct person), sum(octet_length(body)) from {_raw()}"))
    first, *again = (_seconds(lambda: _roll_again(START + timedelta(days=100))) for _ in range(10))
    scan_name = "one reading of the year's raw events"
    return [
        Number(name=scan_name, value=1000 * scan, unit="ms"),
        Number(name="roll of a year, 1 million events", value=year, unit="s", ratio=year / scan, against=scan_name),
        Number(name=f"roll of one day, {ROWS // 365:,} events", value=1000 * median(again), unit="ms"),
        Number(name="the same when its month was rolled as a whole before", value=1000 * first, unit="ms"),
    ]


def _roll_again(day: date) -> None:
    Day.objects.filter(shop=SHOP, day=day).update(generation=F("generation") + 1, dirty_since=clock.now())
    actions.roll()


def _questions(id: UUID) -> list[Number]:
    days = (YEAR - timedelta(days=30), YEAR)
    raw = _median_ms(
        lambda: queries.ask(
            f"select day, count(distinct person), count_if(name = 'Page') from {_raw(*days)} group by day"
        )
    )
    raw_name = "visitors and views by day, 30 days, from raw events"
    rolled = _median_ms(
        lambda: queries.ask(
            f"select day, count(distinct person), sum(pv) from {queries.rollup(SHOP, 'visits', days)} group by day"
        )
    )
    paid = _median_ms(
        lambda: queries.ask(
            f"select day, count(*), sum(amount_minor), count(distinct person)"
            f" from {queries.rollup(SHOP, 'orders')} where kind = 'paid' group by day"
        )
    )
    return [
        Number(name=raw_name, value=raw, unit="ms"),
        Number(name="the same from the daily table", value=rolled, unit="ms", ratio=rolled / raw, against=raw_name),
        Number(name="paid orders, amount and buyers by day, a year, from the daily table", value=paid, unit="ms"),
        Number(name="one event by its id", value=_median_ms(lambda: queries.event(id, SHOP)), unit="ms"),
    ]


def _raw(start: date = START, end: date = YEAR) -> str:
    return queries.events(SHOP, start, end).sql


def _year(rows: int) -> pa.Table:
    """A year of one shop: 92 % sightings, 8 % orders placed and paid, over 40,000 people."""
    rng = np.random.default_rng(11)
    ts_us = np.sort(rng.integers(_first_us(), _first_us() + 365 * DAY_US, rows))
    names = np.array(["Page", "Product Viewed", "Product Added", "shop.order_placed", "shop.payment_settled"])
    which = rng.choice(len(names), rows, p=[0.55, 0.3, 0.07, 0.04, 0.04])
    is_order = which >= 3
    people = rng.integers(0, 40_000, rows)
    line = {"sku": "cup", "category": "tea-ware", "quantity": 2, "amount_minor": 3000}
    lines = pa.array([[line, line | {"sku": "pot"}] if order else [] for order in is_order], EVENTS.field("lines").type)
    columns: dict[str, pa.Array] = {
        "id": pa.ExtensionArray.from_storage(pa.uuid(), _ids(ts_us, rng)),
        "name": pa.array(names[which]),
        "version": pa.array(np.ones(rows, np.int16)),
        "ts_us": pa.array(ts_us),
        "received_us": pa.array(ts_us),
        "day": actions.days_of(ts_us, zone=ZONE),
        "person": pa.array(people.astype(str)),
        "session": pa.array((people * 400 + ts_us // DAY_US % 400).astype(str)),
        "cause": pa.nulls(rows, pa.uuid()),
        "order_number": pa.array(np.where(is_order, np.arange(rows).astype(str), "")),
        "quantity": pa.nulls(rows, pa.int32()),
        "amount_minor": pa.array(np.where(is_order, 6800, 0)),
        "channel": pa.array(np.array(["direct", "search", "social", "mail"])[rng.integers(0, 4, rows)]),
        "device": pa.array(np.array(["phone", "desktop"])[rng.integers(0, 2, rows)]),
        "region": pa.array(np.array([f"CN-{n}" for n in range(11, 42)])[rng.integers(0, 31, rows)]),
        "lines": lines,
        "body": pa.array([b'{"title":"Celadon tea cup","price":30.00,"position":%d}' % (n % 50) for n in range(rows)]),
    }
    same = {"shop": "bench", "currency": "CNY"}
    arrays = [
        columns[f.name] if f.name in columns else pa.array(np.full(rows, same.get(f.name, "")), f.type) for f in EVENTS
    ]
    return pa.Table.from_arrays(arrays, schema=EVENTS)


def _ids(ts_us: np.ndarray, rng: np.random.Generator) -> pa.Array:
    high = (ts_us // 1000).astype(np.uint64) << np.uint64(16) | np.uint64(0x7000)
    low = rng.integers(0, 2**62, len(ts_us)).astype(np.uint64) | np.uint64(1 << 63)
    stored = np.stack([high, low], axis=1).astype(">u8").tobytes()
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(ts_us), [None, pa.py_buffer(stored)])


def _first_us() -> int:
    return clock.micros(clock.span_of(START, ZONE)[0])


def _bare_write(table: pa.Table) -> None:
    with tempfile.TemporaryDirectory(dir=shelf("lake")) as folder, Path(folder, "bare").open("wb") as file:
        pq.write_table(table, file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())


def _median_ms(work: Callable[[], object], *, rounds: int = 7) -> float:
    return 1000 * median(_seconds(work) for _ in range(rounds))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
