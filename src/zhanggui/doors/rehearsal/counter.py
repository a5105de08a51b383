"""How the demonstration shop delivers, what it taxes, and which currencies it takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from zhanggui.base.money import Money
from zhanggui.base.rates.rules import Rate
from zhanggui.doors.rehearsal.simulator.plan import FREE_FROM_MINOR, SHIPPING_MINOR
from zhanggui.guard.tax import rules as tax
from zhanggui.shop.checkout.rules import Option

_LONG_AGO: Final = date(2019, 4, 1)
_ABROAD: Final = ("DE", "FR", "GB", "US", "JP", "SG", "AU", "CA", "NL", "ES", "IT", "KR")

# Rates as the laws of these places name them; an operator checks them before the first real order.
TAXES: Final = (
    tax.Rate(rate=Decimal("0.13"), from_on=_LONG_AGO),
    tax.Rate(country="CN", rate=Decimal("0.13"), from_on=_LONG_AGO),
    tax.Rate(country="CN", tax_class="food", rate=Decimal("0.09"), from_on=_LONG_AGO),
    tax.Rate(country="CN", tax_class="service", rate=Decimal("0.06"), from_on=_LONG_AGO),
    tax.Rate(country="DE", rate=Decimal("0.19"), from_on=_LONG_AGO),
    tax.Rate(country="DE", rate=Decimal("0.16"), from_on=date(2020, 7, 1)),
    tax.Rate(country="DE", rate=Decimal("0.19"), from_on=date(2021, 1, 1)),
    tax.Rate(country="FR", rate=Decimal("0.20"), from_on=_LONG_AGO),
    tax.Rate(country="GB", rate=Decimal("0.20"), from_on=_LONG_AGO),
    tax.Rate(country="US", rate=Decimal(0), is_included=False, from_on=_LONG_AGO),
    tax.Rate(country="US", region="California", rate=Decimal("0.0725"), is_included=False, from_on=_LONG_AGO),
)


def options() -> tuple[Option, ...]:
    """Standard and next-day delivery in China, and parcels abroad."""
    return (
        Option(
            key="standard",
            countries=("CN",),
            rate=_yuan(SHIPPING_MINOR),
            per_kg=_yuan(0),
            free_from=_yuan(FREE_FROM_MINOR),
            days=(2, 4),
            position=1,
        ),
        Option(
            key="express",
            name_zh="次日达",
            name_en="Next day",
            countries=("CN",),
            rate=_yuan(2200),
            per_kg=_yuan(600),
            days=(1, 1),
            position=2,
        ),
        Option(
            key="abroad",
            name_zh="国际快递",
            name_en="International express",
            countries=_ABROAD,
            rate=_yuan(9800),
            per_kg=_yuan(5200),
            days=(6, 12),
            position=3,
        ),
    )


def rates(since: date) -> tuple[Rate, ...]:
    """Round rates for trying out; a real shop keeps the day's own."""
    worth = {"USD": "7.1", "EUR": "8.1", "GBP": "9.4", "JPY": "0.047"}
    return tuple(Rate(base=base, quote="CNY", rate=Decimal(rate), on=since) for base, rate in worth.items())


def _yuan(minor: int) -> Money:
    return Money(minor, "CNY")
