"""Tax rates, as values, and which of them holds where and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from zhanggui.base.money import Money

STANDARD: Final = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A tax rate that holds in a place for a kind of goods from a day on, until the next one for the same.

    country      ISO 3166-1 alpha-2; empty: wherever no other rate is named
    region       province or state; empty: the whole country
    tax_class    kind of goods, such as standard, food or books
    rate         0.13 is 13 %
    is_included  whether shown prices contain it (China, European Union), or it comes on top (United States)
    """

    country: str = ""
    region: str = ""
    tax_class: str = STANDARD
    rate: Decimal
    is_included: bool = True
    from_on: date


NO_TAX: Final = Rate(rate=Decimal(0), from_on=date(1970, 1, 1))


def rate_for(rates: Iterable[Rate], *, country: str, region: str, tax_class: str, on: date) -> Rate:
    """The rate that holds: the nearest place first, then the kind of goods, then the newest; none is no tax.

    source  DE standard 0.19 since 2007-01-01 and 0.16 from 2020-07-01, 0.19 from 2021-01-01: on 2020-12-31 -> 0.16
    """
    fitting = [
        rate
        for rate in rates
        if rate.from_on <= on
        and rate.country in ("", country)
        and rate.region in ("", region)
        and rate.tax_class in (STANDARD, tax_class)
    ]
    return max(
        fitting,
        key=lambda r: (r.country == country, r.region == region, r.tax_class == tax_class, r.from_on),
        default=NO_TAX,
    )


def included(amount: Money, rate: Decimal) -> Money:
    """The tax that an amount contains, half up to the minor unit.

    source  113.00 at 13 % -> 13.00; 99.00 at 13 % -> 11.39
    """
    return amount.times(rate / (1 + rate))
