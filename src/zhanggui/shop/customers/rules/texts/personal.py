"""Recommendations from what somebody looked at and bought."""

from __future__ import annotations

from typing import Final

from zhanggui.shop.customers.rules.texts.text import Text

_DAY: Final = "2026-11-22"
VERSIONS: Final = (
    Text(
        version=_DAY,
        language="zh",
        title="个性化推荐",
        summary=(
            "{shop} 可以根据我在本店浏览、加购和购买的记录推荐商品。关闭后，我看到的推荐与其他人一样，价格不受影"
            "响；价格从不因人而异。"
        ),
    ),
    Text(
        version=_DAY,
        language="en",
        title="Personal recommendations",
        summary=(
            "{shop} may recommend goods by what I looked at, put in the cart and bought here. When this is off "
            "I see the same recommendations as everybody. Prices are never made for a person, on or off."
        ),
    ),
)
