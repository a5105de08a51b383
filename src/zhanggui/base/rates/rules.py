"""Rates between currencies, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from zhanggui.base.money import Money, exponent

_PLACES: Final = Decimal("1e-10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What one unit of the base currency is worth in the quote currency since a day.

    rate  major unit for major unit: EUR/CNY 8.1 says that 1.00 euro is 8.10 yuan
    """

    base: str
    quote: str
    rate: Decimal
    on: date

    def convert(self, amount: Money) -> Money:
        """An amount of the base currency in the quote currency, rounded half up to its minor unit.

        source  10.05 EUR at 8.1 -> 81.41 CNY (81.405); 1,000 JPY at 0.047 -> 47.00 CNY
        """
        if amount.currency != self.base:
            raise ValueError(f"a rate of {self.base} does not convert {amount.currency}")
        scale = Decimal(10) ** (exponent(self.quote) - exponent(self.base))
        return Money(Money(amount.minor, self.quote).times(self.rate * scale).minor, self.quote)

    @property
    def turned(self) -> Rate:
        """The same the other way round, to ten places."""
        return Rate(base=self.quote, quote=self.base, rate=(1 / self.rate).quantize(_PLACES), on=self.on)
