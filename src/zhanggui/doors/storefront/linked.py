"""What a page says to search engines about itself, in the words of schema.org, as JSON-LD.

A block of data is no script: the content policy, which lets no script stand in a page, does not touch it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.utils.safestring import SafeString, mark_safe

from zhanggui.base.money import Money

Thing = dict[str, Any]
_CONTEXT: Final = "https://schema.org"
# What could end the block, or begin another, inside a text.
_UNSAFE: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def block(things: Iterable[Thing]) -> SafeString:
    """The things as blocks for a page's head."""
    written = (msgspec.json.encode({"@context": _CONTEXT, **thing}).decode().translate(_UNSAFE) for thing in things)
    blocks = "".join(f'<script type="application/ld+json">{one}</script>' for one in written)
    return mark_safe(blocks)  # noqa: S308 -- every sign that could end a block is written as an escape


def organization(*, name: str, home: str, logo: str) -> Thing:
    """Who runs the shop."""
    return {"@type": "Organization", "@id": f"{home}#shop", "name": name, "url": home, "logo": logo}


def website(*, name: str, home: str, search: str, language: str) -> Thing:
    """The shop as a place that can be searched.

    search  the address of a search, with {search_term_string} where its words stand
    """
    return {
        "@type": "WebSite",
        "name": name,
        "url": home,
        "inLanguage": language,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> Thing:
    """The way from the home page to this one: names and addresses, this page last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(steps, 1)
        ],
    }


def listed(addresses: Sequence[str]) -> Thing:
    """The goods on a shelf, in their order."""
    return {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "url": address} for position, address in enumerate(addresses, 1)
        ],
    }


def offer(*, sku: str, address: str, price: Money, is_there: bool, until: date | None = None) -> Thing:
    """What a variant costs now and whether it can be had.

    until  the last day of a price that ends
    """
    made: Thing = {
        "@type": "Offer",
        "sku": sku,
        "url": address,
        "price": str(price.major),
        "priceCurrency": price.currency,
        "availability": f"{_CONTEXT}/{'InStock' if is_there else 'OutOfStock'}",
        "itemCondition": f"{_CONTEXT}/NewCondition",
    }
    return made | {"priceValidUntil": until.isoformat()} if until else made


def product(
    *,
    name: str,
    words: str,
    brand: str,
    sku: str,
    address: str,
    pictures: Sequence[str],
    offers: Sequence[Thing],
    rating: tuple[Decimal, int] | None,
) -> Thing:
    """A product with its offers, one per variant; its rating only if somebody rated it.

    rating  mean and number of reviews
    """
    made: Thing = {
        "@type": "Product",
        "name": name,
        "description": words,
        "sku": sku,
        "url": address,
        "image": list(pictures),
        "offers": offers[0] if len(offers) == 1 else list(offers),
    }
    if brand:
        made["brand"] = {"@type": "Brand", "name": brand}
    if rating:
        mean, count = rating
        made["aggregateRating"] = {"@type": "AggregateRating", "ratingValue": str(mean), "reviewCount": count}
    return made
