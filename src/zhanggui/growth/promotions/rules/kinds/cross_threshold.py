"""跨店满减: as the threshold of a shop, but the goods of all sellers count together."""

from __future__ import annotations

from functools import partial

from zhanggui.growth.promotions.rules.kinds.kind import Kind
from zhanggui.growth.promotions.rules.kinds.threshold import Terms, sentence, take
from zhanggui.growth.promotions.rules.values import Layer

KIND = Kind(
    key="cross_threshold",
    layers=(Layer.CROSS_THRESHOLD,),
    read=partial(Terms.from_json, kind="cross_threshold"),
    take=take,
    sentence=sentence,
)
