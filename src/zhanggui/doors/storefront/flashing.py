"""Flash sales as shoppers see them: how far they are, what is taken, and the clock of the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpResponse
from django.template.loader import render_to_string

from zhanggui.base import clock
from zhanggui.base.kept import kept
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.flash import queries
from zhanggui.growth.flash.rules import LINE_OPENS_BEFORE, Item, Sale, Stage, Ticket
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import LOOK_BACK, Card, Jurisdiction

_COOKIE: Final = "flash_"
# A bar that is nearly full says how many are left.
_FEW: Final = 10
_ORDER: Final = (Stage.ON, Stage.SOLD_OUT, Stage.COMING, Stage.OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A SKU of a sale on a page.

    price      the flash price
    was        what may lawfully stand struck through beside it; None if nothing may
    days       over how many days it is the lowest price
    few_left   pieces left, where they are few; 0 otherwise
    is_open    whether the button leads on: one can buy, or stand in line
    is_lining  whether the button leads into a line that waits for the beginning
    """

    sale: Sale
    item: Item
    card: Card
    stage: Stage
    price: Money
    was: Money | None
    days: int
    few_left: int
    is_open: bool
    is_lining: bool


def shown(sale: Sale, item: Item, card: Card, *, at: datetime) -> Shown:
    """How a SKU of a sale stands at a moment. What it cost before is asked once for all goods of a sale, and kept."""
    stage, law = sale.stage(at, item=item), Jurisdiction(shops.shop(sale.shop).law)
    is_lining = (
        stage is Stage.COMING and sale.entries_per_second is not None and at >= sale.starts_at - LINE_OPENS_BEFORE
    )
    is_few = stage is Stage.ON and item.left_units <= _FEW
    return Shown(
        sale=sale,
        item=item,
        card=card,
        stage=stage,
        price=item.price,
        was=_was(law, sale.starts_at, tuple((each.sku, each.price) for each in sale.items)).get(item.sku),
        days=LOOK_BACK[law].days,
        few_left=item.left_units if is_few else 0,
        is_open=stage is Stage.ON or is_lining,
        is_lining=is_lining,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A sale in the hall."""

    sale: Sale
    stage: Stage
    rows: tuple[Shown, ...]


def hall(shop: str, *, at: datetime) -> tuple[Staged, ...]:
    """All sales that shoppers may see, those that are on first, then those to come, then those that are over.

    At most three statements.
    """
    sales = queries.shown(shop)
    cards = catalogue.products(sorted({item.sku for sale in sales for item in sale.items})) if sales else {}
    staged = (Staged(sale=sale, stage=sale.stage(at), rows=_rows(sale, cards, at=at)) for sale in sales)
    return tuple(sorted(staged, key=lambda each: _ORDER.index(each.stage)))


def block(request: ShopRequest, sku: str, *, form: str) -> str:
    """The part of a product's page that speaks of its flash sale; empty if there is none near. Kept answers only.

    form  what every form of the page carries
    """
    at = clock.now()
    standing = queries.item_of(request.visit.shop.code, sku, at=at)
    if standing is None:
        return ""
    card = catalogue.products([sku])[sku]
    row = shown(standing.sale, standing.item, card, at=at)
    return render_to_string("storefront/flash/block.html", {"row": row, "now_ms": millis(at), "form": form})


@kept(seconds=30)
def _was(law: Jurisdiction, starts_at: datetime, prices: tuple[tuple[str, Money], ...]) -> Mapping[str, Money]:
    """What may stand struck through beside the flash prices of a sale, by SKU. At most five statements, kept.

    law        whose it is that says so
    starts_at  of the sale; prices: of its SKUs
    """
    cards = catalogue.products([sku for sku, _price in prices])
    known = {sku: price for sku, price in prices if sku in cards}
    return catalogue.lawful_was_prices([cards[sku] for sku in known], prices=known, at=starts_at, jurisdiction=law)


def millis(at: datetime) -> int:
    """A moment as scripts reckon it."""
    return clock.micros(at) // 1000


def ticket_of(request: ShopRequest, sale: Sale) -> Ticket | None:
    """The place in line that the browser carries. No statement."""
    return queries.ticket_of(request.COOKIES.get(_cookie_of(sale), ""), sale_id=sale.id)


def carry(response: HttpResponse, sale: Sale, ticket: Ticket, *, is_secure: bool) -> None:
    """Let the browser carry a place in line until it has expired."""
    response.set_cookie(
        _cookie_of(sale),
        queries.token_of(ticket),
        expires=ticket.expires_at,
        httponly=True,
        samesite="Lax",
        secure=is_secure,
    )


def _cookie_of(sale: Sale) -> str:
    return f"{_COOKIE}{sale.id.replace('-', '')[-12:]}"


def _rows(sale: Sale, cards: Mapping[str, Card], *, at: datetime) -> tuple[Shown, ...]:
    return tuple(shown(sale, item, cards[item.sku], at=at) for item in sale.items if item.sku in cards)
