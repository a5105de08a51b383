"""A shop, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ShopKind(StrEnum):
    """Whether we run the shop or only read what it sold."""

    OWN = "own"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A shop and what never changes about it.

    code      short, lower case, stands in every fact and in addresses
    zone      IANA name; decides which business day a moment belongs to
    currency  the currency of its books; every amount of its facts is in it
    """

    code: str
    name: str
    zone: str
    currency: str
    kind: ShopKind
