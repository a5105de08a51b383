"""A shop, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ShopKind(StrEnum):
    """Whether we run the shop or only read what it sold."""

    OWN = "own"
    IMPORTED = "imported"


class Law(StrEnum):
    """Whose law a shop keeps where it announces a lower price: that of China, or that of the European Union."""

    CN = "CN"
    EU = "EU"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A shop and what hardly ever changes about it.

    code      short, lower case, stands in every fact and in addresses
    zone      IANA name; decides which business day a moment belongs to
    currency  the currency of its books; every amount of its facts is in it
    law       whose law it keeps where it announces a lower price
    """

    code: str
    name: str
    zone: str
    currency: str
    kind: ShopKind
    law: Law = Law.CN
