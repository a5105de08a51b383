"""A coupon for a rate: 10 % off, from so much on or without asking for anything; the rule's cap limits it."""

from __future__ import annotations

from functools import partial

from zhanggui.growth.promotions.rules.kinds.kind import Kind
from zhanggui.growth.promotions.rules.kinds.threshold_rate import Terms, sentence, take
from zhanggui.growth.promotions.rules.values import Layer

KIND = Kind(
    key="coupon_rate",
    layers=(Layer.SHOP_COUPON, Layer.PLATFORM_COUPON),
    read=partial(Terms.from_json, kind="coupon_rate", is_free=True),
    take=take,
    sentence=sentence,
)
