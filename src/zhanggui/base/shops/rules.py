"""A shop, as a value: whose law it keeps, and what its imprint says."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

# The currencies of the Union and of the United Kingdom.
_EUROPEAN: Final = frozenset({"EUR", "GBP", "BGN", "CZK", "DKK", "HUF", "PLN", "RON", "SEK"})
LONGEST_LINE: Final = 300


class ShopKind(StrEnum):
    """Whether we run the shop or only read what it sold."""

    OWN = "own"
    IMPORTED = "imported"


class Law(StrEnum):
    """Whose consumer law a shop keeps: how it announces a lower price, and how a purchase is given up.

    EU  that of the European Union, which the United Kingdom has kept for distance selling
    """

    CN = "CN"
    EU = "EU"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A shop and what hardly ever changes about it.

    code      short, lower case, stands in every fact and in addresses
    zone      IANA name; decides which business day a moment belongs to
    currency  the currency of its books; every amount of its facts is in it
    law       whose consumer law it keeps
    icp, police_filing  the numbers of its web filings, which stand at the foot of every page; see `Imprint`
    """

    code: str
    name: str
    zone: str
    currency: str
    kind: ShopKind
    law: Law = Law.CN
    icp: str = ""
    police_filing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """Who runs a shop, as its page and its footer say; what is empty is not shown.

    represented_by  who may sign for the company
    register        where it is registered, and under which number
    licence         the number of its business licence, in China
    icp             the number of its web filing, in China (ICP)
    police_filing   the number of its filing with the public security, in China
    """

    company: str = ""
    represented_by: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    register: str = ""
    vat_number: str = ""
    licence: str = ""
    icp: str = ""
    police_filing: str = ""


IMPRINT_FIELDS: Final = tuple(each.name for each in fields(Imprint))
# What a shop may not leave out (Directives 2000/31/EC art. 5 and 2011/83/EU art. 6; 电子商务法 art. 15 and the measures
# for web filings; read in secondary copies). A register and a VAT number are named by those who have one.
_WANTED: Final = {
    Law.CN: ("company", "address", "phone", "licence", "icp"),
    Law.EU: ("company", "address", "email", "phone"),
}


def law_for(*, currency: str, zone: str) -> Law:
    """Whose law a new shop keeps until somebody chooses: by its currency, and by its clock where that says nothing.

    source   EUR or GBP -> EU; CNY in Europe/Berlin -> CN; USD in Europe/Berlin -> EU; USD elsewhere -> CN
    """
    if currency in _EUROPEAN or (currency != "CNY" and zone.startswith("Europe/")):
        return Law.EU
    return Law.CN


def missing(imprint: Imprint, *, law: Law) -> tuple[str, ...]:
    """What the law wants said of who runs the shop, and is not; names of fields in the order of the page."""
    return tuple(name for name in _WANTED[law] if not getattr(imprint, name))
