"""What promotions are called and say, the same to a shopper, to an operator and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import KINDS, PriceSource, Rule

KIND_NAMES: Final[Mapping[str, Promise]] = {
    "threshold": lazy("Amount off from a total on"),
    "threshold_rate": lazy("Percentage off from a total on"),
    "cross_threshold": lazy("Amount off over several sellers"),
    "pieces": lazy("Several pieces, or every nth, cheaper"),
    "buy_get": lazy("Buy some, get some or a gift"),
    "bundle": lazy("Together for one price"),
    "price": lazy("Limited-time price"),
    "member_price": lazy("Member price"),
    "free_shipping": lazy("Free delivery"),
    "coupon_amount": lazy("Coupon for an amount"),
    "coupon_rate": lazy("Coupon for a percentage"),
}
# What a price is called that no promotion has a name for.
PRICE_NAMES: Final[Mapping[str, Promise]] = {
    PriceSource.LIMITED: KIND_NAMES["price"],
    PriceSource.MEMBER: KIND_NAMES["member_price"],
    PriceSource.FLASH: lazy("Flash sale price"),
    PriceSource.GROUP: lazy("Group price"),
    PriceSource.PRESALE: lazy("Presale price"),
    PriceSource.LIVE: lazy("Live stream price"),
}


def sentence(rule: Rule, *, language: str, titles: Mapping[str, str]) -> str:
    """The terms of a promotion: "CN¥300 or more: CN¥40 off"; its steps one after the other.

    titles  of goods, by SKU; a SKU without one stands for itself
    """
    with translation.override(language):
        told = _("; ").join(
            _(part.msgid) % {name: _value(value, language, titles) for name, value in part.values.items()}
            for part in KINDS[rule.kind].sentence(rule.terms)
        )
        most = rule.cap and amount(rule.cap, language=language)
        return _("%(terms)s, up to %(most)s") % {"terms": told, "most": most} if most else told


def amount(money: Money, *, language: str) -> str:
    """An amount in a short line: whole yuan without zeros behind the point."""
    return formats.money(money, language=language).removesuffix(".00")


def rate(off: Decimal, *, language: str) -> str:
    """What is taken off; in Chinese also what is left in tenths, as people there say it: 0.1 is 10%（9 折）."""
    plain = formats.percent(off, language=language, decimals=0 if off * 100 == int(off * 100) else 2)
    return plain if language.startswith("en") or off == 1 else f"{plain}（{tenths(off)}）"


def tenths(off: Decimal) -> str:
    """What is left of a price in tenths, in Chinese: 0.1 off is 9 折."""
    return f"{(10 - off * 10).normalize():f} 折"


def _value(value: Money | Decimal | int | str, language: str, titles: Mapping[str, str]) -> str:
    if isinstance(value, Money):
        return amount(value, language=language)
    if isinstance(value, Decimal):
        return rate(value, language=language)
    return titles.get(value, value) if isinstance(value, str) else str(value)
