"""The schema of all events."""

from __future__ import annotations

import pyarrow as pa

# A column that has nothing to say holds an empty string; only cause, quantity, amount_minor may be null.
EVENTS = pa.schema(
    [
        ("id", pa.uuid()),
        ("shop", pa.string()),
        ("name", pa.string()),
        ("version", pa.int16()),
        ("ts_us", pa.int64()),
        ("received_us", pa.int64()),
        ("day", pa.date32()),
        ("actor", pa.string()),
        ("person", pa.string()),
        ("session", pa.string()),
        ("subject", pa.string()),
        ("cause", pa.uuid()),
        ("sku", pa.string()),
        ("category", pa.string()),
        ("order_number", pa.string()),
        ("quantity", pa.int32()),
        ("amount_minor", pa.int64()),
        ("currency", pa.string()),
        ("channel", pa.string()),
        ("campaign", pa.string()),
        ("device", pa.string()),
        ("region", pa.string()),
        ("page", pa.string()),
        (
            "lines",
            pa.list_(
                pa.struct(
                    [
                        ("sku", pa.string()),
                        ("category", pa.string()),
                        ("quantity", pa.int32()),
                        ("amount_minor", pa.int64()),
                    ]
                )
            ),
        ),
        ("body", pa.binary()),
    ]
)

# An event that came twice is read once: the copy that was received first, the same one for every reader.
FIRST_OF_TWINS = "qualify row_number() over (partition by day, id order by received_us, ts_us, name, person, body) = 1"
