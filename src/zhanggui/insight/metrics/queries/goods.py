"""What products are called, as the shop or the imported file listed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhanggui.insight.lake import queries as lake


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A SKU as it was listed last; the titles are empty if it never was."""

    sku: str
    title: str = ""
    title_en: str = ""
    category: str = ""

    def name(self, language: str) -> str:
        """What to call it in a language; the SKU itself if nothing better is known."""
        mine, other = (self.title, self.title_en) if language.startswith("zh") else (self.title_en, self.title)
        return mine or other or self.sku


def listings(shop: str, skus: Sequence[str]) -> dict[str, Listing]:
    """The latest listing of each of these SKUs; one that was never listed has its SKU for a name."""
    known = {sku: Listing(sku=sku) for sku in skus}
    if known:
        marks = ", ".join("?" * len(known))
        known |= {one.sku: one for one in _latest(shop, f"sku in ({marks})", list(known))}
    return known


def listings_like(shop: str, text: str, *, limit: int) -> tuple[Listing, ...]:
    """Products whose SKU begins with the text or whose title has it in it, whatever the case; by SKU."""
    like = (
        "starts_with(lower(sku), lower(?)) or contains(lower(title), lower(?)) or contains(lower(title_en), lower(?))"
    )
    return tuple(_latest(shop, like, [text, text, text], limit=limit))


def _latest(shop: str, condition: str, values: Sequence[object], *, limit: int = 10_000) -> list[Listing]:
    rows: list[tuple[Any, ...]] = lake.ask(
        f"""select sku, title, title_en, category from {lake.rollup(shop, "listings")} where {condition}
        qualify row_number() over (partition by sku order by ts_us desc, title, title_en) = 1
        order by sku limit {limit:d}""",
        list(values),
    )
    return [Listing(sku=sku, title=title, title_en=en, category=category) for sku, title, en, category in rows]
