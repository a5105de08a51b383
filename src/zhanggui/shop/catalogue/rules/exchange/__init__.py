"""Product files: our own, Shopify's and WooCommerce's, as values; reading and writing bytes is the doors' work."""

from zhanggui.shop.catalogue.rules.exchange.merging import merged
from zhanggui.shop.catalogue.rules.exchange.own import COLUMNS, FIGURES, cells_of
from zhanggui.shop.catalogue.rules.exchange.parsing import Form, form_of, parsed, told_apart
from zhanggui.shop.catalogue.rules.exchange.rows import Draft, Fault, Row
from zhanggui.shop.catalogue.rules.exchange.tables import table_of

__all__ = [
    "COLUMNS",
    "FIGURES",
    "Draft",
    "Fault",
    "Form",
    "Row",
    "cells_of",
    "form_of",
    "merged",
    "parsed",
    "table_of",
    "told_apart",
]
