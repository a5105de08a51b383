"""Reviews as pages show them: what an address asks for, the links that change it, what waits for words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext as _

from zhanggui.doors.storefront import opinion_words as words
from zhanggui.doors.storefront.shelves import Choice
from zhanggui.doors.storefront.visit import Visit
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Line, Order, State
from zhanggui.shop.returns import queries as returns
from zhanggui.shop.reviews import queries
from zhanggui.shop.reviews.rules import Page, Review, Sort, Wanted

MOST_PAGES: Final = 500
_ARRIVED: Final = (State.DELIVERED, State.COMPLETED)
_MOST_ORDERS: Final = 20
_HERE: Final = "#reviews"
_FIRST: Final = (Wanted(), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A line of an order that has arrived, and whether it was reviewed."""

    order: Order
    line: Line
    card: Card | None
    review_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What somebody wrote, with the card of what it is about."""

    review: Review
    card: Card | None
    state: str
    fault: str


def wanted_of(said: Mapping[str, str]) -> tuple[Wanted, int]:
    """Which reviews an address asks for, and which page of them; what is strange is as if it had not been said."""
    if not said:
        return _FIRST
    stars, sort, page = said.get("stars", ""), said.get("sort", ""), said.get("page", "")
    wanted = Wanted(
        stars=int(stars) if stars in ("1", "2", "3", "4", "5") else None,
        is_pictured=said.get("pictures") == "1",
        sort=Sort(sort) if sort in tuple(Sort) else Sort.NEWEST,
    )
    return wanted, min(max(int(page), 1), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 6 else 1


def address(wanted: Wanted, *, page: int = 1) -> str:
    """The query part of an address that asks for these reviews."""
    said = {
        "stars": wanted.stars,
        "pictures": 1 if wanted.is_pictured else None,
        "sort": wanted.sort if wanted.sort is not Sort.NEWEST else None,
        "page": page if page > 1 else None,
    }
    return f"?{urlencode({name: value for name, value in said.items() if value})}{_HERE}"


def filters(shown: Page, wanted: Wanted) -> list[Choice]:
    """Links that narrow the reviews: all, with pictures, by stars; those that would leave none are left out."""

    def choice(name: str, then: Wanted, reviews: int) -> Choice:
        return Choice(name=name, address=address(then), is_chosen=then == wanted, products=reviews)

    sort = wanted.sort
    found = [choice(_("All"), Wanted(sort=sort), shown.total)]
    if shown.pictured:
        found.append(choice(_("With pictures"), Wanted(is_pictured=True, sort=sort), shown.pictured))
    for stars in (5, 4, 3, 2, 1):
        if shown.by_rating[stars - 1]:
            found.append(choice(f"{stars} ★", Wanted(stars=stars, sort=sort), shown.by_rating[stars - 1]))
    return found


def sorts(wanted: Wanted) -> list[Choice]:
    """Links that sort the reviews."""
    return [
        Choice(
            name=str(name),
            address=address(Wanted(stars=wanted.stars, is_pictured=wanted.is_pictured, sort=sort)),
            is_chosen=sort is wanted.sort,
        )
        for sort, name in words.SORTS.items()
    ]


def bought(visit: Visit, *, number: str = "") -> list[Bought]:
    """What a shopper could review, newest order first; of one order also if only a part of it has arrived.

    number   of that order; empty for all that has arrived of the last ones
    refuses  NoSuchOrder
    """
    found = (
        (orders.order(visit.shop.code, number, person=visit.persons),)
        if number
        else tuple(
            one
            for one in orders.orders_of(visit.shop.code, *visit.persons, limit=_MOST_ORDERS)
            if one.state in _ARRIVED
        )
    )
    differences = returns.exchanges(found)
    found = tuple(one for one in found if one.number not in differences)
    arrived = {number: parcels.delivered_at(number)} if number else {}
    reviewed = queries.reviewed_lines([one.number for one in found])
    cards = catalogue.products({line.sku for one in found for line in one.lines})
    return [
        Bought(order=one, line=line, card=cards.get(line.sku), review_id=reviewed.get((one.number, line.position)))
        for one in found
        for line in one.lines
        if not number or line.position in arrived[number]
    ]


def mine(visit: Visit) -> list[Mine]:
    """What a shopper wrote, newest first."""
    found = queries.reviews_by(visit.shop.code, visit.persons)
    cards = catalogue.products({one.sku for one in found})
    return [
        Mine(
            review=one,
            card=cards.get(one.sku),
            state=str(words.STATES[one.state]),
            fault=str(words.FAULTS.get(one.fault, "")),
        )
        for one in found
    ]
