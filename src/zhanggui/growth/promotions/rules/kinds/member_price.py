"""会员价: another price for members; the audience of the rule says for which tiers."""

from __future__ import annotations

from functools import partial

from zhanggui.growth.promotions.rules.kinds.kind import Kind
from zhanggui.growth.promotions.rules.kinds.price import Terms, price_of, sentence
from zhanggui.growth.promotions.rules.values import Layer, PriceSource

KIND = Kind(
    key="member_price",
    layers=(Layer.PRICE,),
    read=partial(Terms.from_json, kind="member_price"),
    price_of=price_of,
    source=PriceSource.MEMBER,
    sentence=sentence,
)
