"""A list of goods as its page shows it: what narrows it, what is chosen, how it is sorted, how it goes on.

Every choice is a link, so that a list is narrowed without a script; a link says the whole view, so it can be passed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.storefront import words
from zhanggui.shop.catalogue.rules import Facet, Filters, Listing, PriceBand, Ranking, Sort

# So many values of a facet stand open; the rest is one touch away.
_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One link that changes the list.

    products  how many it would leave; None where they are not counted
    """

    name: str
    address: str
    is_chosen: bool
    products: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a list can be narrowed by under one heading."""

    name: str
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()
    is_used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One way to look at a list: words searched for, filters, order, page."""

    words: str
    filters: Filters
    sort: Sort | Ranking | None
    language: str
    currency: str

    def address(self, *, filters: Filters | None = None, sort: Sort | None = None, page: int = 1) -> str:
        """The query of another way to look at the same list, from its first page unless it says otherwise."""
        kept = self.sort if isinstance(self.sort, Sort) and self.sort is not Sort.SALES else None
        order = sort or kept
        pairs = [("q", self.words)] if self.words else []
        pairs += (self.filters if filters is None else filters).pairs()
        pairs += [("sort", order.value)] if order and (order is not Sort.SALES or self.words) else []
        pairs += [("page", str(page))] if page > 1 else []
        return f"?{urlencode(pairs)}"


def sorts(view: View) -> tuple[Choice, ...]:
    """The orders to look at a list in; of a search, what fits best comes first."""
    found = [
        Choice(name=str(name), address=view.address(sort=sort), is_chosen=view.sort is sort)
        for sort, name in words.SORTS.items()
    ]
    if view.words:
        plain = View(words=view.words, filters=view.filters, sort=None, language=view.language, currency=view.currency)
        found.insert(0, Choice(name=_("Best match"), address=plain.address(), is_chosen=isinstance(view.sort, Ranking)))
    return tuple(found)


def groups(listing: Listing, view: View) -> tuple[Group, ...]:
    """Everything a list can be narrowed by, prices and ratings first; what would change nothing is left out."""
    made = [_prices(listing.prices, view), _ratings(listing, view), *(_facet(one, view) for one in listing.facets)]
    return tuple(group for group in made if group.is_used or _narrows(group, listing.total))


def chosen(listing: Listing, view: View) -> tuple[Choice, ...]:
    """What a list is narrowed by now; each link takes it away."""
    filters = view.filters
    found = [
        Choice(
            name=value.name.to(view.language),
            address=view.address(filters=filters.turned(facet.key, value.value)),
            is_chosen=True,
        )
        for facet in listing.facets
        for value in facet.values
        if value.is_chosen
    ]
    if filters.price_from is not None or filters.price_below is not None:
        name = _band(filters.price_from, filters.price_below, view)
        found.append(Choice(name=name, address=view.address(filters=filters.priced(None, None)), is_chosen=True))
    if filters.rating_from is not None:
        name = _("%(stars)s stars and more") % {"stars": filters.rating_from}
        found.append(Choice(name=name, address=view.address(filters=filters.rated(None)), is_chosen=True))
    return tuple(found)


def pages_around(page: int, pages: int) -> list[int]:
    """The numbers that stand under a list: the first, the last and those around; 0 for a gap between them.

    source   5 of 9 -> 1, 0, 4, 5, 6, 0, 9
    """
    shown = sorted({1, pages, *(n for n in range(page - 1, page + 2) if 1 <= n <= pages)})
    with_gaps: list[int] = []
    for number in shown:
        if with_gaps and number - with_gaps[-1] > 1:
            with_gaps.append(0)
        with_gaps.append(number)
    return with_gaps


def _narrows(group: Group, total: int) -> bool:
    return any(choice.products is not None and choice.products < total for choice in group.shown)


def _facet(facet: Facet, view: View) -> Group:
    choices = tuple(
        Choice(
            name=value.name.to(view.language),
            address=view.address(filters=view.filters.turned(facet.key, value.value)),
            is_chosen=value.is_chosen,
            products=value.products,
        )
        for value in facet.values
        if value.products or value.is_chosen
    )
    name = facet.name.to(view.language)
    return Group(name=name, shown=choices[:_SHOWN], more=choices[_SHOWN:], is_used=facet.is_used)


def _prices(bands: tuple[PriceBand, ...], view: View) -> Group:
    choices = tuple(
        Choice(
            name=_band(band.start or None, band.below, view),
            address=view.address(
                filters=view.filters.priced(None, None)
                if band.is_chosen
                else view.filters.priced(band.start or None, band.below)
            ),
            is_chosen=band.is_chosen,
            products=band.products,
        )
        for band in bands
        if band.products or band.is_chosen
    )
    return Group(name=_("Price"), shown=choices, is_used=any(one.is_chosen for one in choices))


def _ratings(listing: Listing, view: View) -> Group:
    choices = tuple(
        Choice(
            name=_("%(stars)s stars and more") % {"stars": band.rating},
            address=view.address(filters=view.filters.rated(None if band.is_chosen else band.rating)),
            is_chosen=band.is_chosen,
            products=band.products,
        )
        for band in listing.ratings
        if band.is_chosen or 0 < band.products < listing.total
    )
    return Group(name=_("Rating"), shown=choices, is_used=any(one.is_chosen for one in choices))


def _band(start: int | None, below: int | None, view: View) -> str:
    """A range of prices in words: under 50, 50 to 100, 100 and more."""
    said = [
        formats.short_money(Money.of(edge, view.currency), language=view.language) if edge is not None else ""
        for edge in (start, below)
    ]
    if not said[0]:
        return _("Under %(below)s") % {"below": said[1]}
    if not said[1]:
        return _("%(start)s and more") % {"start": said[0]}
    return _("%(start)s to %(below)s") % {"start": said[0], "below": said[1]}
