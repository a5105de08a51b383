"""A file's product over the one that stands: what the file does not speak of is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zhanggui.shop.catalogue.rules.exchange.rows import Draft
from zhanggui.shop.catalogue.rules.words import Words
from zhanggui.shop.catalogue.rules.writing import NewProduct, NewVariant, with_skus


def merged(draft: Draft, standing: NewProduct | None) -> NewProduct:
    """The product as it shall stand.

    SKUs that the file does not name stay. A text in one language leaves the other one as it is.
    """
    product = draft.product
    if standing is None:
        return product
    changes: dict[str, Any] = {name: getattr(product, name) for name in draft.said}
    if draft.is_of_one_language:
        changes = {name: _over(value, getattr(standing, name)) for name, value in changes.items()}
    own = {sku.sku: sku for sku in standing.skus}
    named = [_sku(sku, own.get(sku.sku), draft) for sku in product.skus]
    names = {sku.sku for sku in named}
    kept = [sku for sku in standing.skus if sku.sku not in names]
    return with_skus(replace(standing, **changes), [*named, *kept])


def _sku(sku: NewVariant, standing: NewVariant | None, draft: Draft) -> NewVariant:
    return (
        replace(standing, **{name: getattr(sku, name) for name in draft.sku_said if name != "currency"})
        if standing
        else sku
    )


def _over(new: Any, old: Any) -> Any:
    return Words(zh=new.zh or old.zh, en=new.en or old.en) if isinstance(new, Words) else new
