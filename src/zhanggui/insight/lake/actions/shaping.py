"""From envelopes to columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhanggui.base import clock
from zhanggui.insight.lake.rules import EVENTS
from zhanggui.spine.envelope import Envelope

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
_EPOCH = date(1970, 1, 1)
_TEXTS = tuple(field.name for field in EVENTS if field.type == pa.string())
_LINES = EVENTS.field("lines").type
_LINE = _LINES.value_type


def to_events(envelopes: Sequence[Envelope], *, zone: str) -> pa.Table:
    """Envelopes of one shop as rows of the lake, in their order.

    zone  the shop's; it decides each row's day
    """
    ts_us = _micros([e.at for e in envelopes])
    columns = {name: pa.array([getattr(e, name) for e in envelopes], pa.string()) for name in _TEXTS}
    columns |= {
        "id": _uuids([e.id for e in envelopes]),
        "version": pa.array([e.version for e in envelopes], pa.int16()),
        "ts_us": ts_us,
        "received_us": _micros([e.received_at for e in envelopes]),
        "day": days_of(ts_us.to_numpy(), zone=zone),
        "cause": _uuids([e.cause for e in envelopes]),
        "quantity": pa.array([e.quantity for e in envelopes], pa.int32()),
        "amount_minor": pa.array([e.amount_minor for e in envelopes], pa.int64()),
        "lines": _lines(envelopes),
        "body": pa.array([e.body for e in envelopes], pa.binary()),
    }
    return pa.table([columns[name] for name in EVENTS.names], schema=EVENTS)


def days_of(ts_us: npt.NDArray[np.int64], *, zone: str) -> pa.Array:
    """The business days of many moments, as date32; the same days that `clock.day_of` gives one by one.

    ts_us   microseconds since 1970, UTC
    source  2026-03-29T00:30Z and 22:59Z are the 29th in Europe/London, 23:00Z is the 30th: its clocks changed at 01:00Z
    """
    hours, where = np.unique(ts_us // HOUR_US, return_inverse=True)
    offsets = [_steady_offset_us(int(hour), zone) for hour in hours]
    steady_us = np.array([offset or 0 for offset in offsets], dtype=np.int64)
    days = (ts_us + steady_us[where]) // DAY_US
    is_changing = np.array([offset is None for offset in offsets], dtype=bool)
    for row in np.flatnonzero(is_changing[where]):
        days[row] = (clock.day_of(clock.from_micros(int(ts_us[row])), zone) - _EPOCH).days
    return pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32())


@lru_cache(maxsize=100_000)
def _steady_offset_us(hour: int, zone: str) -> int | None:
    """How far that UTC hour is from the zone's clocks; none if they change within it."""
    starts, ends = (clock.from_micros(us) for us in (hour * HOUR_US, (hour + 1) * HOUR_US - 1))
    first, last = (at.astimezone(clock.zone(zone)).utcoffset() for at in (starts, ends))
    return first // timedelta(microseconds=1) if first is not None and first == last else None


def _micros(moments: list[datetime]) -> pa.Array:
    return pa.array(moments, pa.timestamp("us", tz="UTC")).cast(pa.int64())


def _uuids(ids: Sequence[UUID | None]) -> pa.Array:
    stored = pa.array([id and id.bytes for id in ids], pa.binary(16))
    return pa.ExtensionArray.from_storage(pa.uuid(), stored)


def _lines(envelopes: Sequence[Envelope]) -> pa.Array:
    ends = np.cumsum([0, *(len(e.lines) for e in envelopes)], dtype=np.int32)
    lines = list(chain.from_iterable(e.lines for e in envelopes))
    parts = [pa.array([getattr(line, field.name) for line in lines], field.type) for field in _LINE]
    return pa.ListArray.from_arrays(pa.array(ends), pa.StructArray.from_arrays(parts, fields=list(_LINE)), type=_LINES)
