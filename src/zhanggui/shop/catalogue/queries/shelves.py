"""Lists of products: categories and searches, narrowed by facets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import connection

from zhanggui.base import clock
from zhanggui.base.kept import kept
from zhanggui.base.shops import queries as shops
from zhanggui.shop.catalogue import rules
from zhanggui.shop.catalogue.errors import NoSuchCategory
from zhanggui.shop.catalogue.queries import cards
from zhanggui.shop.catalogue.queries.standing_shelves import standing
from zhanggui.shop.catalogue.rules import (
    NO_FILTERS,
    PAGE_SIZE,
    Branch,
    Category,
    CountedTerm,
    Filters,
    Listing,
    PriceBand,
    Ranking,
    Sort,
    Words,
    facets,
    narrowing,
)
from zhanggui.shop.catalogue.rules.lists import in_minor
from zhanggui.shop.catalogue.rules.narrowing import Columns, Narrowed

# One string of bytes per column: the facets count every product of a shelf, and a row each would be slow to read.
_COLUMNS: Final = """
select string_agg(int8send(b.id), ''), string_agg(int8send(b.category_id), ''), string_agg(int8send(b.price), ''),
    string_agg(int8send(b.sold_units), ''), string_agg(int8send(b.listed), ''),
    string_agg(int8send(b.rating_sum), ''), string_agg(int8send(b.rating_count), ''),
    string_agg(float8send(b.relevance), ''), string_agg(int4send(octet_length(b.terms)), ''), string_agg(b.terms, '')
from (
    select p.id, p.category_id, p.sold_units, p.rating_sum, p.rating_count, p.terms,
        (extract(epoch from p.listed_at) * 1000000)::bigint as listed, {relevance}::float8 as relevance,
        case when p.sale_starts_at <= %(at)s::timestamptz and %(at)s::timestamptz < p.sale_ends_at
            then least(p.low_minor, p.sale_minor) else p.low_minor end as price
    from shop_catalogue_product p where p.is_listed and p.shop = %(shop)s::varchar and {where}) b
"""
_NAMED: Final = """
select o.key, o.id from shop_catalogue_term o
join unnest(%s::varchar[], %s::varchar[]) t(key, value) on t.key = o.key and t.value = o.value
where o.shop = %s::varchar
"""
_IN_CATEGORIES: Final = "p.category_id = any(%(category_ids)s::bigint[])"
_OF_WORDS: Final = "p.search @@ %(question)s::tsquery"
# What is bought often stands a little higher.
_RELEVANCE: Final = "ts_rank(p.search, %(ranked)s::tsquery) * (1 + ln(1 + p.sold_units) / 10)"
_TERMS: Final = """
select id, key, value, name_zh, name_en, value_zh, value_en, number from shop_catalogue_term
where id = any(%s::bigint[])
"""
_CARDS: Final = f"""
select {cards.CARD} from unnest(%s::bigint[]) with ordinality t(id, place)
join shop_catalogue_product p on p.id = t.id join shop_catalogue_variant v on v.sku = p.face_sku
join shop_catalogue_category c on c.id = p.category_id where p.is_listed order by t.place
"""
_CATEGORIES: Final = """
select id, key, name_zh, name_en, position, path from shop_catalogue_category where shop = %s::varchar
order by position, key
"""
# Terms beyond these are carried by so few products that no facet shows them.
_MOST_TERMS: Final = 600


def category(shop: str, key: str, *, page: int = 1, sort: Sort = Sort.SALES) -> Listing:
    """One page of a category's listed products; see `shelf`.

    refuses  NoSuchCategory
    """
    return shelf(shop, key, page=page, sort=sort)


def search(shop: str, words: str, *, page: int = 1, sort: Sort | Ranking = Sort.SALES) -> Listing:
    """One page of the listed products in whose words every searched part stands; see `shelf`."""
    return shelf(shop, words=words, page=page, sort=sort)


def shelf(
    shop: str,
    category: str | None = None,
    words: str = "",
    *,
    filters: Filters = NO_FILTERS,
    sort: Sort | Ranking | None = None,
    page: int = 1,
    at: datetime | None = None,
    as_old_as: timedelta = timedelta(0),
) -> Listing:
    """One page of the listed products of a category and all below it, or of a search, with what narrows it further.

    Five statements at most, three if nothing is found. A category is read as a whole, for its facets count all of it,
    out of the index shop_catalogue_product_shelf, which holds every column; a search by shop_catalogue_product_words.

    category  key; None for the whole shop, where there must be words: nothing is found for none
    sort      by sales in a category, by relevance in a search unless another is asked for
    at        decides which sales count into prices; now if None
    as_old_as  how old may be what is counted and put in order; the cards are always as they are now
    refuses   NoSuchCategory
    """
    rows = _categories(shop)
    here = next((id for id, row in rows.items() if row.key == category), None)
    if category is not None and here is None:
        raise NoSuchCategory(key=category)
    above = rows[here] if here is not None else None
    currency = shops.shop(shop).currency
    ordered = sort or (Ranking.RELEVANCE if words.strip() else Sort.SALES)
    page = rules.page_number(page)
    ids_below = _ids_below(rows, above)
    asked = _Asked(shop=shop, category_ids=ids_below, words=words, filters=filters, currency=currency)
    columns = _columns_of(asked, at=at or clock.now(), is_ranked=ordered is Ranking.RELEVANCE, as_old_as=as_old_as)
    narrowed = _narrowed(columns, shop, filters, currency=currency)
    start = (page - 1) * PAGE_SIZE
    ids = narrowing.page_ids(columns, narrowed, sort=ordered, start=start, size=PAGE_SIZE)
    return Listing(
        category=above,
        cards=tuple(cards.cards_of(_CARDS, [ids])) if ids else (),
        page=page,
        pages=rules.pages_of(narrowed.total, size=PAGE_SIZE),
        total=narrowed.total,
        sort=ordered,
        crumbs=_crumbs(rows, above),
        below=_below(rows, above, narrowing.count_categories(columns, narrowed)),
        filters=filters,
        facets=facets.facets_of(_terms(narrowing.count_terms(columns, narrowed)), filters),
        prices=_prices(columns, narrowed, filters, currency=currency),
        ratings=facets.rating_bands(narrowing.count_stars(columns, narrowed), filters),
        words=words,
    )


def _ids_below(rows: Mapping[int, Category], above: Category | None) -> list[int] | None:
    """The category and all below it; None for the whole shop."""
    return [id for id, row in rows.items() if row.path[: len(above.path)] == above.path] if above else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a list is about.

    category_ids  None for the whole shop
    """

    shop: str
    category_ids: list[int] | None
    words: str
    filters: Filters
    currency: str


def _columns_of(asked: _Asked, *, at: datetime, is_ranked: bool, as_old_as: timedelta) -> Columns:
    """The shelf before it is narrowed. One statement, none if it may be as old as one that was read before."""
    ids = tuple(asked.category_ids) if asked.category_ids is not None else None
    return standing.get(
        (asked.shop, ids, asked.words, is_ranked),
        as_old_as=as_old_as,
        read=lambda: _read(asked, at=at, is_ranked=is_ranked),
    )


def _chosen(shop: str, filters: Filters) -> dict[str, list[int]]:
    """The chosen terms by their facets; a value that no product has is 0. One statement, none without a choice."""
    chosen: dict[str, list[int]] = {key: [0] for key in filters.choices}
    if not chosen:
        return chosen
    pairs = [(key, value) for key, values in filters.choices.items() for value in values]
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [[key for key, _ in pairs], [value for _, value in pairs], shop])
        for key, id in cursor.fetchall():
            chosen[key].append(id)
    return chosen


def _read(asked: _Asked, *, at: datetime, is_ranked: bool) -> Columns:
    values: dict[str, Any] = {"shop": asked.shop, "at": at}
    where = []
    if asked.category_ids is not None:
        where.append(_IN_CATEGORIES)
        values["category_ids"] = asked.category_ids
    if asked.words.strip() or not where:
        where.append(_OF_WORDS)
        values["question"] = rules.question(asked.words)
    if is_ranked:
        values["ranked"] = rules.ranked(asked.words)
    statement = _COLUMNS.format(relevance=_RELEVANCE if is_ranked else "0", where=" and ".join(where))
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return _columns(cursor.fetchone())


def _columns(blobs: Sequence[bytes | None]) -> Columns:
    ids, categories, prices, sold, listed, sums, counts = (np.frombuffer(blob or b"", ">i8") for blob in blobs[:7])
    relevance = np.frombuffer(blobs[7] or b"", ">f8")
    sizes, terms = np.frombuffer(blobs[8] or b"", ">i4"), np.frombuffer(blobs[9] or b"", "<i4")
    term_counts = (sizes // 4).astype(np.int64)
    return Columns(
        owners=np.repeat(np.arange(len(ids)), term_counts),
        ids=ids.astype(np.int64),
        categories=categories.astype(np.int64),
        prices=prices.astype(np.int64),
        sold=sold.astype(np.int64),
        listed=listed.astype(np.int64),
        rating_sums=sums.astype(np.int64),
        rating_counts=counts.astype(np.int64),
        relevance=relevance.astype(np.float64),
        term_counts=term_counts,
        terms=terms.astype(np.int64),
    )


def _terms(counted: list[tuple[str, int, int]]) -> list[CountedTerm]:
    """The counted terms with their names. One statement, none if there are no terms."""
    counted = sorted(counted, key=lambda one: -one[2])[:_MOST_TERMS]
    if not counted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TERMS, [list({term for _, term, _ in counted})])
        known = {row[0]: row[1:] for row in cursor.fetchall()}
    return [
        CountedTerm(
            missed=missed,
            products=products,
            key=known[term][0],
            value=known[term][1],
            name=Words(zh=known[term][2], en=known[term][3]),
            said=Words(zh=known[term][4], en=known[term][5]),
            number=None if known[term][6] is None else float(known[term][6]),
        )
        for missed, term, products in counted
    ]


@kept(seconds=30)
def _categories(shop: str) -> dict[int, Category]:
    """The categories of a shop by their ids, siblings in the order in which they stand. At most one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CATEGORIES, [shop])
        return {
            id: Category(
                shop=shop,
                key=key,
                name=Words(zh=zh, en=en),
                position=position,
                parent=parts[-2] if len(parts) > 1 else "",
                path=parts,
            )
            for id, key, zh, en, position, path in cursor.fetchall()
            for parts in (tuple((path or key).split("/")),)
        }


def _narrowed(columns: Columns, shop: str, filters: Filters, *, currency: str) -> Narrowed:
    return narrowing.narrow(
        columns,
        chosen=_chosen(shop, filters),
        price_from=_minor(filters.price_from, currency),
        price_below=_minor(filters.price_below, currency),
        rating_from=filters.rating_from,
    )


def _prices(columns: Columns, narrowed: Narrowed, filters: Filters, *, currency: str) -> tuple[PriceBand, ...]:
    edges = rules.band_edges(currency)
    counted = narrowing.count_bands(columns.prices, edges, narrowed)
    return facets.price_bands(counted, edges, filters, currency=currency)


forget_categories: Final = _categories.forget


def _crumbs(rows: Mapping[int, Category], here: Category | None) -> tuple[Category, ...]:
    by_key = {row.key: row for row in rows.values()}
    return tuple(by_key[key] for key in here.path) if here else ()


def _below(rows: Mapping[int, Category], here: Category | None, counts: Mapping[int, int]) -> tuple[Branch, ...]:
    """The categories right below this one that hold something, or those at the top for a search."""
    tree = rules.grown([(row, counts.get(id, 0)) for id, row in rows.items()])
    for key in here.path if here else ():
        tree = next(branch.branches for branch in tree if branch.category.key == key)
    return tuple(branch for branch in tree if branch.products)


def _minor(bound: int | None, currency: str) -> int | None:
    return None if bound is None else in_minor(bound, currency)
