"""Which payment providers are plugged in; `config/wiring.py` fills the list."""

from __future__ import annotations

from zhanggui.shop.payments.rules import Provider

# By name.
providers: dict[str, Provider] = {}
