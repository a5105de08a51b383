"""Rows of the lake out of the workbench.

A source leaves a table `told` there, one row per fact or sighting of a chunk: name, at_us, id_key, cause_us,
cause_key, lines, body, and the columns of the lake that hold text or numbers. An id, and that of a cause, follows from
a moment and a natural key, so that nothing has to be looked up and the same thing told twice has the same id.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhanggui.base.shops.rules import Shop
from zhanggui.doors.imports.rules.keys import uuids_of
from zhanggui.doors.imports.stage import Stage
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake.rules import EVENTS


def events_of(stage: Stage, shop: Shop, *, received_us: int) -> pa.Table:
    """The rows of the chunk that is told.

    received_us  when the import began, so that one that was interrupted ends the same
    """
    told = stage.table("select * from told")
    count = told.num_rows
    at_us = told["at_us"].to_numpy()
    caused = told["cause_us"].is_valid().to_numpy()
    made = {
        "id": _ids(at_us, told["id_key"].to_pylist()),
        "cause": _ids(told["cause_us"].fill_null(0).to_numpy(), told["cause_key"].fill_null("").to_pylist(), caused),
        "shop": pa.repeat(shop.code, count),
        "version": pa.repeat(pa.scalar(1, pa.int16()), count),
        "ts_us": told["at_us"],
        "received_us": pa.repeat(pa.scalar(received_us, pa.int64()), count),
        "day": lake.days_of(at_us, zone=shop.zone),
    }
    columns = [made[name] if name in made else told[name] for name in EVENTS.names]
    return pa.table(columns, names=EVENTS.names).cast(EVENTS)


def _ids(at_us: npt.NDArray[np.int64], keys: list[str], valid: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Ids as a column; null where they are not valid."""
    mask = None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())
    content = pa.py_buffer(uuids_of(at_us, keys).tobytes())
    storage = pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(keys), [mask, content])
    return pa.ExtensionArray.from_storage(pa.uuid(), storage)
