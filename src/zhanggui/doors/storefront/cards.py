"""A card of goods in a list, written by hand and not by a template: hardly any list has seen all of its cards before.

A card is kept by itself, for the same one stands in many lists; only its place in the list differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.urls import get_script_prefix
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhanggui.base.look import formats
from zhanggui.base.look.icons import icon
from zhanggui.base.money import Money
from zhanggui.doors.storefront import addresses, documents, sights
from zhanggui.growth.promotions.queries import Shown
from zhanggui.shop.catalogue.rules import Card

# From so many reviews on the stars say more than the shop's own proof.
_ENOUGH_REVIEWS = 5
_SIZE = 240

# By SKU; what is not in it has none.
Before = Mapping[str, Money]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """The price on a card.

    is_from  other SKUs of the product cost more
    is_sale  it is lower than the list price for a time
    label    an offer that its buyer may have besides; empty if there is none
    was      the lowest price of the 30 days before, where the law wants it said beside a lower one; else None
    """

    now: Money
    is_from: bool
    is_sale: bool
    label: str = ""
    was: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a card is shown beside what it says.

    is_eager  above the fold: its picture is fetched at once
    """

    language: str
    is_sold_out: bool
    is_traced: bool
    is_eager: bool


def tag_of(card: Card, at: datetime, offers: Shown | None = None, label: str = "", before: Before | None = None) -> Tag:
    """What stands as the price on a card, and why.

    offers  what promotions say about it, where that was asked
    before  prices of before, where a lower one is announced with them or not at all; None where the law wants none
    """
    now = offers.price if offers else card.price_at(at)
    lowest = min(now, card.from_price) if card.from_price else now
    was = before.get(card.sku) if before else None
    is_sale = now < card.price and (before is None or was is not None)
    return Tag(now=lowest, is_from=card.from_price is not None, is_sale=is_sale, label=label, was=was)


def shown(
    card: Card,
    look: Look,
    *,
    list_id: str,
    position: int,
    at: datetime,
    offers: Shown | None = None,
    label: str = "",
    before: Before | None = None,
) -> str:
    """A card at its place in a list."""
    price = tag_of(card, at, offers, label, before)
    key = ("card", get_script_prefix(), look, card.sku, card.version, price)
    kept = documents.shelf.get(key, at=at)
    if kept is None:
        parts, names = documents.cut(_written(card, look, price))
        kept = documents.Document(parts=parts, holes=names, good_until=at + documents.CARDS_FOR)
        documents.keep(key, kept)
    if not look.is_traced:
        return kept.parts[0].decode()
    sight = sights.clicked(
        card, list_id=list_id, position=position, price=offers.price if offers else card.price_at(at)
    )
    return kept.told(lambda _name: escape(sight).encode()).decode()


def _written(card: Card, look: Look, price: Tag) -> str:
    sight = f' data-sight="{documents.mark("sight")}" data-sight-on="click"' if look.is_traced else ""
    words = _("Sold out")
    sold_out = f'<span class="card-mark">{words}</span>' if look.is_sold_out else ""
    loading = "" if look.is_eager else ' loading="lazy"'
    return (
        f'<li class="card"><a href="{escape(addresses.within("product", card.sku))}"{sight}>'
        f'<span class="card-picture"><img src="{escape(addresses.picture_of(card))}"{_smaller(card)} alt=""'
        f' width="{_SIZE}" height="{_SIZE}"{loading} decoding="async">{sold_out}</span>'
        f'<span class="card-title">{escape(card.title.to(look.language))}</span>'
        f'<span class="card-price">{_price(price, look.language)}</span>{_proof(card, look.language)}</a>'
        f"{_heart(card, look.language)}</li>"
    )


def _smaller(card: Card) -> str:
    """The renditions of an uploaded picture; two cards stand side by side on a phone, up to five on a desktop."""
    smaller = addresses.smaller_of(card.picture_file)
    return f' srcset="{smaller}" sizes="(min-width: 1024px) 240px, (min-width: 640px) 33vw, 50vw"' if smaller else ""


def _heart(card: Card, language: str) -> str:
    """Puts the goods on the wish list, through the one form for it that stands beside the list of cards."""
    label = _("Add %(title)s to the wish list") % {"title": card.title.to(language)}
    return (
        f'<button class="card-wish" form="wish-form" name="sku" value="{escape(card.sku)}" '
        f'aria-label="{escape(label)}">{icon("care")}</button>'
    )


@lru_cache(maxsize=4096)
def _price(price: Tag, language: str) -> str:
    said = formats.money(price.now, language=language)
    words = _("from %(price)s") % {"price": said} if price.is_from else said
    mark = _("Sale")
    sale = f'<span class="tag is-bad">{mark}</span>' if price.is_sale else ""
    label = f'<span class="tag clip">{escape(price.label)}</span>' if price.label else ""
    return f'<span class="price">{words}</span>{sale}{label}{_before(price, language)}'


def _before(price: Tag, language: str) -> str:
    """What the goods cost before; of goods with several prices that of the SKU that the card shows."""
    if price.was is None:
        return ""
    said = _("Lowest price of the last 30 days: %(amount)s") % {"amount": formats.money(price.was, language=language)}
    return f'<span class="card-before soft">{said}</span>'


def _proof(card: Card, language: str) -> str:
    """What speaks for the goods: what enough buyers say, else the shop's own proof."""
    if card.rating_count >= _ENOUGH_REVIEWS:
        n = card.rating_count
        said = ngettext("%(n)s review", "%(n)s reviews", n) % {"n": n}
        star = icon("star", extra="is-solid")
        return f'<span class="card-proof">{star}{card.rating_mean}<span class="soft">{said}</span></span>'
    proof = card.proof.to(language)
    return f'<span class="card-proof">{icon("shield")}<span class="clip">{escape(proof)}</span></span>' if proof else ""
