"""What events are called: the field's e-commerce vocabulary, version 2, and the ways clients spell it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

PAGE, SCREEN, IDENTIFY, GROUP, ALIAS = "Page", "Screen", "Identify", "Group", "Alias"

PRODUCT_VIEWED: Final = "Product Viewed"
PRODUCT_ADDED: Final = "Product Added"
CHECKOUT_STARTED: Final = "Checkout Started"
ORDER_COMPLETED: Final = "Order Completed"

VOCABULARY: Final = (
    "Products Searched",
    "Product List Viewed",
    "Product List Filtered",
    "Promotion Viewed",
    "Promotion Clicked",
    "Product Clicked",
    PRODUCT_VIEWED,
    PRODUCT_ADDED,
    "Product Removed",
    "Cart Viewed",
    CHECKOUT_STARTED,
    "Checkout Step Viewed",
    "Checkout Step Completed",
    "Payment Info Entered",
    ORDER_COMPLETED,
    "Order Updated",
    "Order Cancelled",
    "Order Refunded",
    "Coupon Entered",
    "Coupon Applied",
    "Coupon Denied",
    "Coupon Removed",
    "Product Added to Wishlist",
    "Product Removed from Wishlist",
    "Wishlist Product Added to Cart",
    "Product Shared",
    "Cart Shared",
    "Product Reviewed",
    "Experiment Viewed",
)

# Version 1 put the verb first ("Viewed Product"); that follows from the list. These do not.
_SPECIAL: Final = {
    "viewed product category": "Product List Viewed",
    "product category viewed": "Product List Viewed",
    "searched products": "Products Searched",
    "product searched": "Products Searched",
    "started order": CHECKOUT_STARTED,
    "canceled order": "Order Cancelled",
    "order canceled": "Order Cancelled",
    "experiment viewed": "Experiment Viewed",
    "viewed experiment": "Experiment Viewed",
}

LONGEST_NAME: Final = 80

_GAPS = re.compile(r"[\s_-]+")
_FACT = re.compile(r"[a-z]+\.[a-z_]+")


def _spellings() -> dict[str, str]:
    known = {name.lower(): name for name in VOCABULARY}
    for name in VOCABULARY:
        *thing, verb = name.lower().split(" ")
        if verb.endswith("ed"):
            known.setdefault(" ".join([verb, *thing]), name)
    return known | _SPECIAL


_KNOWN: Final = _spellings()


@lru_cache(maxsize=4096)
def name_of(event: str) -> str:
    """The name an event is kept under: the vocabulary's for every spelling of it, else the client's own words.

    source   "Viewed Product", "product_viewed" and "Product Viewed" are Product Viewed; "Tea Tasted" stays
    """
    said = event.strip()
    return _KNOWN.get(_GAPS.sub(" ", said).strip().lower(), said)


@lru_cache(maxsize=4096)
def is_reserved(name: str) -> bool:
    """Whether a name has the form of a fact's, such as shop.payment_settled; no visitor may tell facts."""
    return _FACT.fullmatch(name) is not None
