"""Telling a page that is kept: the document if all that it says still holds, else a new one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from zhanggui.base import clock
from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.doors.storefront import documents, holes
from zhanggui.doors.storefront.documents import Document
from zhanggui.doors.storefront.rules import Seen
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.promotions import queries as promotions
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.supply.stock import queries as stock


class KeyOutdated(Exception):
    """What the key of a page was made of does not hold any more; nothing was told."""


def tell(
    request: ShopRequest,
    key: Hashable | None,
    make: Callable[[datetime], Document],
    *,
    provided: tuple[Question[Any], Any] | None = None,
) -> HttpResponse:
    """The page of that key. Kept: one statement for the catalogue, the stock, the shopper and the cart together.

    key       None of a page that is not kept
    make      renders it without the request, for a moment
    provided  a question that goes along, and the answer on which the key rests; KeyOutdated if it is another
    """
    at = clock.now()
    document = documents.shelf.get(key, at=at) if key is not None else None
    holds = _asked_with_the_shopper(request, document, provided)
    if document is None or not holds:
        document = make(at)
        if key is not None:
            documents.keep(key, document)
    return HttpResponse(document.told(lambda name: holes.fill(request, name).encode()))


def document(
    template: str,
    context: Mapping[str, Any],
    *,
    cards: Iterable[Card],
    stocks: Mapping[str, Seen],
    good_until: datetime,
    at: datetime,
) -> Document:
    """A page rendered for nobody; it ends early where a sale of its goods, or a promotion, begins or ends."""
    cards = tuple(cards)
    turns = [turn for card in cards if card.sale for turn in (card.sale.starts_at, card.sale.ends_at) if turn > at]
    if cards:
        turns += promotions.turns(context["shop"].code, after=at)
    parts, names = documents.cut(render_to_string(template, dict(context)))
    return Document(
        parts=parts,
        holes=names,
        versions={card.sku: card.version for card in cards},
        stocks=stocks,
        good_until=min((good_until, *turns)),
    )


def _asked_with_the_shopper(
    request: ShopRequest, document: Document | None, provided: tuple[Question[Any], Any] | None
) -> bool:
    """Whether prices, words and stock are still as the document says; who asks, and what lies in their cart, is known
    from now on. One statement.
    """
    visit = request.visit
    who, person = visit.asked.question(), visit.asked.person(otherwise=visit.browser)
    # Only some pages say what the cart is worth.
    is_floating = document is not None and "floating" in document.holes
    worth = catalogue.worth_asked(carts.lines_asked(visit.shop.code, person)) if is_floating else None
    versions, stocks = (document.versions, document.stocks) if document else ({}, {})
    questions = [worth or carts.pieces_asked(visit.shop.code, person), who]
    questions.append(catalogue.versions_asked(versions) if versions else None)
    questions.append(stock.free_asked(stocks) if stocks else None)
    questions.append(provided[0] if provided else None)
    answers = iter(together.ask(*(question for question in questions if question)))
    if worth:
        pieces, worth_minor = next(answers)
        holes.count(request, pieces, worth_minor=worth_minor)
    else:
        holes.count(request, next(answers))
    if who:
        visit.asked.tell(next(answers))
    now, free = next(answers) if versions else versions, next(answers) if stocks else {}
    if provided and next(answers) != provided[1]:
        raise KeyOutdated
    return now == versions and all(seen.is_still(free.get(sku, 0)) for sku, seen in stocks.items())
