"""The verbs of the catalogue."""

from zhanggui.shop.catalogue.actions.categories import (
    drop_category,
    hang_category,
    open_category,
    put_up_categories,
    rename_category,
    shift_category,
)
from zhanggui.shop.catalogue.actions.editing import (
    Put,
    delist,
    edit_products,
    put_new_product,
    put_products,
    relist,
)
from zhanggui.shop.catalogue.actions.importing import Tally, bring_in
from zhanggui.shop.catalogue.actions.listing import list_product, list_products, stock_shelves
from zhanggui.shop.catalogue.actions.pricing import change_price, change_prices, put_sales, set_foreign_prices
from zhanggui.shop.catalogue.actions.renaming import rekey_category, rename_product
from zhanggui.shop.catalogue.actions.renditions import rendition
from zhanggui.shop.catalogue.actions.reviewing import count_ratings, rank, touch
from zhanggui.shop.catalogue.actions.storing import keep_drawing, keep_file

__all__ = [
    "Put",
    "Tally",
    "bring_in",
    "change_price",
    "change_prices",
    "count_ratings",
    "delist",
    "drop_category",
    "edit_products",
    "hang_category",
    "keep_drawing",
    "keep_file",
    "list_product",
    "list_products",
    "open_category",
    "put_new_product",
    "put_products",
    "put_sales",
    "put_up_categories",
    "rank",
    "rekey_category",
    "relist",
    "rename_category",
    "rename_product",
    "rendition",
    "set_foreign_prices",
    "shift_category",
    "stock_shelves",
    "touch",
]
