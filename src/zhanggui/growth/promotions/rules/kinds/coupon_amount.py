"""A coupon for an amount: so much off, from so much on or without asking for anything."""

from __future__ import annotations

from functools import partial

from zhanggui.growth.promotions.rules.kinds.kind import Kind
from zhanggui.growth.promotions.rules.kinds.threshold import Terms, sentence, take
from zhanggui.growth.promotions.rules.values import Layer

KIND = Kind(
    key="coupon_amount",
    layers=(Layer.SHOP_COUPON, Layer.PLATFORM_COUPON),
    read=partial(Terms.from_json, kind="coupon_amount", is_free=True),
    take=take,
    sentence=sentence,
)
