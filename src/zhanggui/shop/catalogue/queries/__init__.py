"""Reading the catalogue."""

from zhanggui.shop.catalogue.queries.cards import home, lawful_was_price, price_points, prices_in, products
from zhanggui.shop.catalogue.queries.checks import Disagreement, Rated, audit, ratings
from zhanggui.shop.catalogue.queries.media import StoredFile, file, path_of, picture
from zhanggui.shop.catalogue.queries.pages import categories, product, product_of, tree
from zhanggui.shop.catalogue.queries.shelves import category, forget_categories, search, shelf
from zhanggui.shop.catalogue.queries.standing import listed_from, listed_starts, versions, versions_asked, worth_asked
from zhanggui.shop.catalogue.queries.wholes import Wanted, Whole, count_of, handles_by_sku, handles_of, wholes

__all__ = [
    "Disagreement",
    "Rated",
    "StoredFile",
    "Wanted",
    "Whole",
    "audit",
    "categories",
    "category",
    "count_of",
    "file",
    "forget_categories",
    "handles_by_sku",
    "handles_of",
    "home",
    "lawful_was_price",
    "listed_from",
    "listed_starts",
    "path_of",
    "picture",
    "price_points",
    "prices_in",
    "product",
    "product_of",
    "products",
    "ratings",
    "search",
    "shelf",
    "tree",
    "versions",
    "versions_asked",
    "wholes",
    "worth_asked",
]
