"""A letter as the shop writes it: the addresses that lead into the shop by its own token, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.core import signing
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
from zhanggui.shop.catalogue.rules import Card, Jurisdiction, renditions
from zhanggui.shop.letters import rules as order_letters

# A letter that shows more is a catalogue.
_MOST_GOODS: Final = 6
_PARAGRAPH: Final = '<p style="margin:0 0 16px;color:#1c1b19">'
_LINK: Final = "color:#b8372a;font-weight:bold"
# A sign that stands in no signature and needs no quoting in an address.
_orders: Final = signing.Signer(salt="storefront.order", sep="~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One of the goods in a letter.

    was  what may lawfully stand struck through beside the price; None if nothing may
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
    mine = tuple(card for card in cards if card.is_listed and card.shop == shown.shop)
    before = _before(shown.shop, mine) if mine else {}
    return [_one(card, shown, was=before.get(card.sku)) for card in mine]


@kept(seconds=30)
def _before(shop: str, cards: tuple[Card, ...]) -> Mapping[str, Money]:
    """What may lawfully stand struck through beside their prices, read twice a minute."""
    at = clock.now()
    prices = {card.sku: card.price_at(at) for card in cards if card.price_at(at) < card.price}
    reduced = [card for card in cards if card.sku in prices]
    law = Jurisdiction(shops.shop(shop).law)
    return catalogue.lawful_was_prices(reduced, prices=prices, at=at, jurisdiction=law) if reduced else {}


@kept(seconds=30)
def _cards(skus: tuple[str, ...]) -> tuple[Card, ...]:
    """The goods of a step, read twice a minute and not for every letter."""
    cards = catalogue.products(skus)
    return tuple(cards[sku] for sku in skus if sku in cards)


def _one(card: Card, shown: Shown, *, was: Money | None) -> Goods:
    return Goods(
        title=card.title.to(shown.language),
        price=card.price_at(clock.now()),
        was=was,
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


def page_of_order(*, shop: str, order_number: str, language: str, return_number: str = "") -> str:
    """Where a letter about an order leads: it opens wherever the letter is read, and shows what the letter may show.

    Nobody finds the address of another order by changing it: it is signed.
    """
    path = addresses.parted(reverse("storefront:told", args=[_orders.sign(f"{shop}.{order_number}")]))[1]
    asked = f"?return={quote(return_number)}" if return_number else ""
    return addresses.absolute(path + asked, first=language)


def order_of(token: str) -> tuple[str, str] | None:
    """Shop and number of the order that a letter leads to; None for what we did not sign."""
    try:
        shop, _, number = _orders.unsign(token).rpartition(".")
    except signing.BadSignature:
        return None
    return shop, number


def look_of_order(shown: order_letters.Shown) -> str:
    """A letter about an order as HTML, in the frame of all letters and the active language. At most two statements."""
    cards = _cards(tuple(sorted({row.sku for part in shown.parts for row in part.rows})))
    pictured = {card.sku: settings.PUBLIC_URL + _picture(card) for card in cards}
    shop = shops.shop(shown.shop)
    said = {
        "shown": shown,
        "shop": shop,
        "title": shown.subject.removeprefix(f"{shop.name}: "),
        "parts": [(part, [(row, pictured.get(row.sku)) for row in part.rows]) for part in shown.parts],
        "home": addresses.absolute("/", first=shown.language),
    }
    return render_to_string("storefront/letter_order.html", said)


links = Links(page=page_of, stop=stop_of)
