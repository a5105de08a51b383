"""The verbs of the catalogue."""

from zhanggui.shop.catalogue.actions.categories import drop_category, put_up_categories
from zhanggui.shop.catalogue.actions.editing import Put, delist, edit_products, put_products, relist
from zhanggui.shop.catalogue.actions.importing import Tally, bring_in
from zhanggui.shop.catalogue.actions.listing import list_product, list_products, stock_shelves
from zhanggui.shop.catalogue.actions.pricing import change_price, change_prices, put_sales, set_foreign_prices
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
    "keep_drawing",
    "keep_file",
    "list_product",
    "list_products",
    "put_products",
    "put_sales",
    "put_up_categories",
    "rank",
    "relist",
    "set_foreign_prices",
    "stock_shelves",
    "touch",
]
