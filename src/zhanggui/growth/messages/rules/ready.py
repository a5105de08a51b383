"""Wordings that are ready to be used, by what they are for; short enough for a text message.

None of them names a coupon: one that goes along is named at the end by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from zhanggui.growth.messages.rules.wording import Wording


class Ready(StrEnum):
    """What a wording is for.

    BIRTHDAY is only for people whose birthday is known: who never said it is nobody whom it could be sent to.
    """

    SLEEPING = "sleeping"
    SECOND_PURCHASE = "second_purchase"
    BIRTHDAY = "birthday"
    ABANDONED_CART = "abandoned_cart"
    BALANCE_DUE = "balance_due"


READY: Final[Mapping[Ready, Wording]] = MappingProxyType(
    {
        Ready.SLEEPING: Wording(
            subject_zh="好久不见，回来看看",
            subject_en="It has been a while",
            words_zh="{name}，您好：您有一阵子没来{shop}了，我们还记得您。有空回来看看：{link}",
            words_en="Hello {name}, it has been a while since you were at {shop}. We have not forgotten you: {link}",
        ),
        Ready.SECOND_PURCHASE: Wording(
            subject_zh="上次买的还合用吗",
            subject_en="How do you like what you bought?",
            words_zh="{name}，您好：上次在{shop}买的东西，用着还合适吗？还需要什么，随时回来看看：{link}",
            words_en="Hello {name}, how do you like what you bought at {shop}? If you need anything else: {link}",
        ),
        Ready.BIRTHDAY: Wording(
            subject_zh="生日快乐",
            subject_en="Happy birthday",
            words_zh="{name}，生日快乐！{shop}祝您新的一岁平安顺心。给自己挑一件礼物吧：{link}",
            words_en="Happy birthday, {name}! All of us at {shop} wish you a good year. A present for yourself? {link}",
        ),
        Ready.ABANDONED_CART: Wording(
            subject_zh="购物车里还有您选好的东西",
            subject_en="Your cart is still here",
            words_zh="{name}，您好：您在{shop}选好的东西还在购物车里，能否买到以下单时的库存为准。接着看看：{link}",
            words_en="Hello {name}, what you chose at {shop} is still in your cart, though not set aside: {link}",
            path="/cart/",
        ),
        Ready.BALANCE_DUE: Wording(
            subject_zh="您的预售尾款可以付了",
            subject_en="The balance of your reservation is due",
            words_zh="{name}，您好：您在{shop}预订的商品可以付尾款了，付清后按约定时间发货，付款期限见订单页：{link}",
            words_en="Hello {name}, the balance of what you reserved at {shop} can be paid now; until when, the page "
            "says: {link}",
            path="/presales/mine/",
        ),
    }
)
