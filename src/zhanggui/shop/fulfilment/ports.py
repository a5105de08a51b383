"""Which carriers are plugged in; `config/wiring.py` fills the list."""

from __future__ import annotations

from zhanggui.shop.fulfilment.rules import Carrier

# By name; the first is chosen for a new parcel.
carriers: dict[str, Carrier] = {}
