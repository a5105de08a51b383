"""What stands in the calendar of campaigns besides promotions; `config/wiring.py` plugs it in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as lazy

from zhanggui.doors.console.ports import Happening
from zhanggui.growth.flash import queries as flash
from zhanggui.growth.presale import queries as presale
from zhanggui.growth.presale.queries import Shown
from zhanggui.growth.teams import queries as teams
from zhanggui.growth.teams.rules import Sale
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card


def flash_sales(shop: str, start: datetime, end: datetime) -> Sequence[Happening]:
    """The flash sales of a shop in a time. Two statements."""
    return [
        Happening(
            id=sale.id,
            name_zh=sale.name.zh,
            name_en=sale.name.en,
            kind=lazy("Flash sale"),
            route="flash_sale",
            starts_at=sale.starts_at,
            ends_at=sale.ended_at or sale.ends_at,
            is_on=sale.ended_at is None,
            skus=frozenset(item.sku for item in sale.items),
        )
        for sale in flash.sales_of(shop)
        if sale.starts_at < end and start < (sale.ended_at or sale.ends_at)
    ]


def presales(shop: str, start: datetime, end: datetime) -> Sequence[Happening]:
    """The days for deposits and the days for balances of a shop's presales, in a time. At most two statements."""
    found = presale.presales_between(shop, start=start, end=end)
    cards = catalogue.products(sorted({one.terms.sku for one in found})) if found else {}
    windows = [window for one in found if one.terms.sku in cards for window in _windows(one, cards[one.terms.sku])]
    return [one for one in windows if one.starts_at < end and (one.ends_at is None or start < one.ends_at)]


def team_offers(shop: str, start: datetime, end: datetime) -> Sequence[Happening]:
    """The offers of a shop to buy together, in a time. At most two statements."""
    found = teams.offers_between(shop, start=start, end=end)
    cards = catalogue.products(sorted({one.sku for one in found})) if found else {}
    return [
        Happening(
            id=str(one.id),
            name_zh=cards[one.sku].title.zh,
            name_en=cards[one.sku].title.en,
            kind=lazy("Group buying"),
            route="team_offer",
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            is_on=one.state is Sale.LIVE,
            skus=frozenset({one.sku}),
        )
        for one in found
        if one.sku in cards
    ]


def _windows(one: Shown, card: Card) -> Iterator[Happening]:
    """The two windows of a presale; one that was called off ended then."""
    terms = one.terms
    for kind, start, end in (
        (lazy("Presale: deposits"), terms.deposit_from, terms.deposit_until),
        (lazy("Presale: balances"), terms.balance_from, terms.balance_until),
    ):
        yield Happening(
            id=str(one.id),
            name_zh=card.title.zh,
            name_en=card.title.en,
            kind=kind,
            route="presale",
            starts_at=start,
            ends_at=min(end, one.ended_at) if one.ended_at else end,
            is_on=one.ended_as is None,
            skus=frozenset({terms.sku}),
        )
