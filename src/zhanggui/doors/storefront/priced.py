"""What a piece costs as its page says it; how it is said may be another in a second version, the amount never is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from zhanggui.base.money import Money
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.storefront import tags
from zhanggui.growth.experiments.rules import Saving, Version
from zhanggui.growth.promotions.queries import Shown
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import LOOK_BACK, Attribute, Card, Jurisdiction, Product

# What says how much there is in a piece, as people write it; what fits into a pot is no content.
_CONTENTS: Final = frozenset({"净含量", "净重", "net content", "net weight", "net volume"})
_UNITS: Final = {
    "g": (1, "g"),
    "克": (1, "g"),
    "kg": (1000, "g"),
    "千克": (1000, "g"),
    "公斤": (1000, "g"),
    "ml": (1, "ml"),
    "毫升": (1, "ml"),
    "l": (1000, "ml"),
    "升": (1000, "ml"),
}
_SAID: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([a-z]{1,2}|克|千克|公斤|毫升|升)", re.I)
_EACH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a piece costs now, and why.

    was       what may lawfully stand struck through beside it; None if nothing may, or it is not to be shown
    reason    what it is called if it is below the list price
    ends_at   when it ends; None if nobody knows
    saved     what is saved against the lawful price of before; None if that is not said in money
    saved_percent  the same in whole hundredths, rounded down; None if that is not said so
    days      over how many days the price of before is the lowest
    each      what 100 of `each_unit` cost, g or ml; None if it is not said
    """

    now: Money
    was: Money | None = None
    reason: str = ""
    ends_at: datetime | None = None
    saved: Money | None = None
    saved_percent: int | None = None
    days: int = 0
    each: Money | None = None
    each_unit: str = ""


def price_of(shown: Product, offers: Shown, version: Version, *, shop: Shop, at: datetime) -> Price:
    """What the chosen SKU of a product costs, said as a version of its page says it."""
    card, each, unit = shown.card, None, ""
    if version.has_unit_price and len(shown.variants) < 2 and (content := content_of(shown.attributes)):
        amount, unit = content
        each = offers.price.times(_EACH / amount)
    if offers.price >= card.price:
        return Price(now=offers.price, each=each, each_unit=unit)
    law = Jurisdiction(shop.law)
    was = catalogue.lawful_was_price(card, price=offers.price, at=at, jurisdiction=law)
    says_so = was is not None or law is not Jurisdiction.EU
    return Price(
        now=offers.price,
        # In the European Union a reduction is announced with the price of before, or not at all.
        was=was if version.has_was or law is Jurisdiction.EU else None,
        days=LOOK_BACK[law].days,
        reason=(tags.name(card.shop, offers.by) if offers.by else _("Sale")) if says_so else "",
        ends_at=(offers.by.ends_at if offers.by else card.sale.ends_at if card.sale else None) if says_so else None,
        saved=was - offers.price if was and version.saving is Saving.MONEY else None,
        saved_percent=saved_percent(was, offers.price) if was and version.saving is Saving.PERCENT else None,
        each=each,
        each_unit=unit,
    )


def before(
    shop: Shop, cards: Sequence[Card], offers: Mapping[str, Shown], *, at: datetime
) -> Mapping[str, Money] | None:
    """The prices of before that stand on cards beside lower ones, by SKU; None where the law wants none there.

    No statement but where the law wants them and something is cheaper than its list price.
    """
    if Jurisdiction(shop.law) is not Jurisdiction.EU:
        return None
    prices = {card.sku: offers[card.sku].price for card in cards if offers[card.sku].price < card.price}
    cheaper = [card for card in cards if card.sku in prices]
    return catalogue.lawful_was_prices(cheaper, prices=prices, at=at, jurisdiction=Jurisdiction.EU) if cheaper else {}


def saved_percent(was: Money, now: Money) -> int | None:
    """How many hundredths are saved, never more than it is: 59.90 for 79.90 -> 25; None of less than one."""
    return (was.minor - now.minor) * 100 // was.minor or None


def content_of(attributes: Iterable[Attribute]) -> tuple[Decimal, str] | None:
    """How many g or ml are in a piece, by the first attribute that says so: 净含量 0.5 kg -> 500, g."""
    for one in attributes:
        if one.name.zh not in _CONTENTS and one.name.en.lower() not in _CONTENTS:
            continue
        if one.number and one.unit.lower() in _UNITS:
            found = one.number, one.unit
        elif said := _SAID.fullmatch(one.value.zh.strip()) or _SAID.fullmatch(one.value.en.strip()):
            found = Decimal(said[1]), said[2]
        else:
            continue
        factor, unit = _UNITS.get(found[1].lower(), (0, ""))
        if found[0] * factor > 0:
            return found[0] * factor, unit
    return None
