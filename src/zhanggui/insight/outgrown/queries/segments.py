"""Reading segments where Spark's own reader cannot: it refuses columns that Parquet calls ids.

Imported by Spark's executors, so it needs nothing of the house.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

# As Spark is told it; ids are sixteen bytes.
COLUMNS: Final = (
    "id binary, shop string, name string, version smallint, ts_us bigint, received_us bigint, day date, actor string, "
    "person string, session string, subject string, cause binary, sku string, category string, order_number string, "
    "quantity int, amount_minor bigint, currency string, channel string, campaign string, device string, "
    "region string, page string, "
    "lines array<struct<sku: string, category: string, quantity: int, amount_minor: bigint>>, body binary"
)
_NAMES: Final = (
    *("id", "shop", "name", "version", "ts_us", "received_us", "day", "actor", "person", "session", "subject"),
    *("cause", "sku", "category", "order_number", "quantity", "amount_minor", "currency", "channel", "campaign"),
    *("device", "region", "page", "lines", "body"),
)


def read(paths: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The events in the files that a column `path` names, for `mapInArrow`."""
    for batch in paths:
        for path in batch.column("path").to_pylist():
            with pq.ParquetFile(path) as file:
                for rows in file.iter_batches(columns=list(_NAMES)):
                    yield pa.RecordBatch.from_arrays([_plain(rows.column(name)) for name in _NAMES], names=_NAMES)


def _plain(column: pa.Array) -> pa.Array:
    return column.storage.cast(pa.binary()) if isinstance(column, pa.ExtensionArray) else column
