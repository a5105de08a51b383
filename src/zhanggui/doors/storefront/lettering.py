"""A letter as the shop writes it: the addresses that lead into the shop by its own token, and how it looks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString, mark_safe

from zhanggui.base import clock
from zhanggui.base.kept import kept
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.doors.storefront import addresses
from zhanggui.growth.messages.rules import Links, Shown
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card, renditions

# A letter that shows more is a catalogue.
_MOST_GOODS: Final = 6
_PARAGRAPH: Final = '<p style="margin:0 0 16px;color:#1c1b19">'
_LINK: Final = "color:#b8372a;font-weight:bold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One of the goods in a letter.

    was  the list price, while a sale asks for less; else None
    """

    title: str
    price: Money
    was: Money | None
    picture: str
    address: str


def page_of(token: str) -> str:
    """Where a letter leads; from there to the page of the shop that it speaks of."""
    return settings.PUBLIC_URL + reverse("storefront:letter", args=[token])


def stop_of(token: str) -> str:
    """Where whoever got a letter says that they want no more."""
    return settings.PUBLIC_URL + reverse("storefront:letter_stop", args=[token])


def look(shown: Shown) -> str:
    """A letter as HTML, in the language that is active: its styles stand in it, its pictures are the shop's goods.

    Every text says its own colour and the colour it stands on, so that mail programs that darken letters darken both.
    At most two statements.
    """
    said = {
        "shown": shown,
        "shop": shops.shop(shown.shop),
        "words": _words(shown),
        "goods": _goods(shown),
        "home": addresses.absolute("/", first=shown.language),
    }
    return render_to_string("storefront/letter.html", said)


def _words(shown: Shown) -> SafeString:
    """The words in paragraphs; the bare address of the page becomes the shop's name to press."""
    name = escape(shops.shop(shown.shop).name)
    said = linebreaks(shown.words, autoescape=True).replace("<p>", _PARAGRAPH)
    link = f'<a href="{escape(shown.page)}" style="{_LINK}">{name}</a>'
    return mark_safe(re.sub(rf"{re.escape(escape(shown.page))}(?![\w/])", link, said))  # noqa: S308 - escaped above


def _goods(shown: Shown) -> list[Goods]:
    cards = _cards(shown.goods[:_MOST_GOODS]) if shown.goods else ()
    return [_one(card, shown) for card in cards if card.is_listed and card.shop == shown.shop]


@kept(seconds=30)
def _cards(skus: tuple[str, ...]) -> tuple[Card, ...]:
    """The goods of a step, read twice a minute and not for every letter."""
    cards = catalogue.products(skus)
    return tuple(cards[sku] for sku in skus if sku in cards)


def _one(card: Card, shown: Shown) -> Goods:
    price = card.price_at(clock.now())
    return Goods(
        title=card.title.to(shown.language),
        price=price,
        was=card.price if price < card.price else None,
        picture=settings.PUBLIC_URL + _picture(card),
        address=f"{shown.page}?goods={quote(card.sku)}",
    )


def _picture(card: Card) -> str:
    """Where a picture lies that mail programs can show."""
    if card.picture_file:
        smaller = renditions.names_of(card.picture_file)
        return addresses.file_of(smaller[min(smaller)] if smaller else card.picture_file)
    drawn = reverse("storefront:letter_picture", args=[card.sku, card.picture_version])
    return addresses.parted(drawn)[1]


links = Links(page=page_of, stop=stop_of)
