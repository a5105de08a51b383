"""Reading the catalogue."""

from zhanggui.shop.catalogue.queries.cards import (
    asked_prices,
    foreign_prices,
    home,
    lawful_was_price,
    lawful_was_prices,
    price_points,
    prices_in,
    products,
    products_beside,
    tags_of,
)
from zhanggui.shop.catalogue.queries.checks import Disagreement, Rated, audit, ratings
from zhanggui.shop.catalogue.queries.media import StoredFile, file, path_of, picture
from zhanggui.shop.catalogue.queries.moved import category_at, product_at
from zhanggui.shop.catalogue.queries.pages import categories, product, product_of, tree, whole_tree
from zhanggui.shop.catalogue.queries.shelves import category, forget_categories, search, shelf
from zhanggui.shop.catalogue.queries.standing import (
    ForSale,
    for_sale_asked,
    listed_from,
    listed_starts,
    versions,
    versions_asked,
    worth_asked,
)
from zhanggui.shop.catalogue.queries.wholes import (
    Wanted,
    Whole,
    count_of,
    handles_by_sku,
    handles_of,
    skus_of,
    wholes,
)

__all__ = [
    "Disagreement",
    "ForSale",
    "Rated",
    "StoredFile",
    "Wanted",
    "Whole",
    "asked_prices",
    "audit",
    "categories",
    "category",
    "category_at",
    "count_of",
    "file",
    "for_sale_asked",
    "foreign_prices",
    "forget_categories",
    "handles_by_sku",
    "handles_of",
    "home",
    "lawful_was_price",
    "lawful_was_prices",
    "listed_from",
    "listed_starts",
    "path_of",
    "picture",
    "price_points",
    "prices_in",
    "product",
    "product_at",
    "product_of",
    "products",
    "products_beside",
    "ratings",
    "search",
    "shelf",
    "skus_of",
    "tags_of",
    "tree",
    "versions",
    "versions_asked",
    "whole_tree",
    "wholes",
    "worth_asked",
]
