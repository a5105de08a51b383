"""All kinds of promotions, by name; a new one is a file beside this one and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from zhanggui.growth.promotions.rules.kinds import (
    bundle,
    buy_get,
    coupon_amount,
    coupon_rate,
    cross_threshold,
    free_shipping,
    member_price,
    pieces,
    price,
    threshold,
    threshold_rate,
)
from zhanggui.growth.promotions.rules.kinds.kind import Kind

KINDS: Final[Mapping[str, Kind[Any]]] = MappingProxyType(
    {
        kind.KIND.key: kind.KIND
        for kind in (
            price,
            member_price,
            pieces,
            buy_get,
            bundle,
            threshold,
            threshold_rate,
            cross_threshold,
            coupon_amount,
            coupon_rate,
            free_shipping,
        )
    }
)
