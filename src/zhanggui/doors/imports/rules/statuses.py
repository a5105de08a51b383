"""What the words for an order's state mean to the books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from zhanggui.doors.imports.errors import MapUnclear


class Standing(StrEnum):
    """What a status says about the money."""

    PAID = "paid"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


_WORDS: Mapping[Standing, str] = {
    Standing.PAID: (
        "paid|completed|complete|closed|processing|fulfilled|partially_fulfilled|partially fulfilled|shipped|delivered|"
        "partially_refunded|partially refunded|partially-refunded|success|finished|"
        "交易成功|买家已付款|等待卖家发货|卖家已发货|等待买家确认收货|已付款|已支付|待发货|已发货|待收货|已签收|已完成|部分退款"
    ),
    Standing.UNPAID: (
        "pending|unpaid|authorized|partially_paid|partially paid|on-hold|on hold|awaiting payment|open|draft|"
        "expired|failed|checkout-draft|等待买家付款|待付款|未付款|待支付"
    ),
    Standing.CANCELLED: "cancelled|canceled|voided|void|unavailable|交易关闭|已取消|已关闭|取消",
    Standing.REFUNDED: "refunded|returned|chargeback|已退款|退款成功|全额退款",
}


def words(said: Sequence[str] = ()) -> dict[str, Standing]:
    """All status words in lower case and what they mean.

    said     more of them, as `word=paid`
    refuses  MapUnclear
    """
    known = {word: standing for standing, listed in _WORDS.items() for word in listed.split("|")}
    for pair in said:
        word, _, standing = pair.rpartition("=")
        if not word or standing.strip() not in set(Standing):
            raise MapUnclear(said=pair, reason=", ".join(f"…={one}" for one in Standing))
        known[word.strip().lower()] = Standing(standing.strip())
    return known
