"""Amounts of money: whole minor units and a currency, never a float.

A rate (tax, discount, exchange) is a `Decimal`; rounding happens in `times` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final

import msgspec

from zhanggui.base.errors import Refused

# Currencies whose minor unit is not 1/100 (ISO 4217, list one). POINTS are whole points, booked like money.
_EXPONENTS: Final = {
    **dict.fromkeys(("JPY", "KRW", "VND", "CLP", "ISK", "XAF", "XOF", "PYG", "UGX", "POINTS"), 0),
    **dict.fromkeys(("BHD", "KWD", "OMR", "TND", "JOD", "IQD", "LYD"), 3),
}


class CurrencyMismatch(Refused):
    """Two currencies met without a rate."""

    left: str
    right: str


class NotSplittable(Refused):
    """Shares were asked for without any weight to share by."""

    parts: int


def exponent(currency: str) -> int:
    """Decimal places of the minor unit: CNY 2, JPY 0, KWD 3."""
    return _EXPONENTS.get(currency, 2)


@lru_cache(maxsize=512)
def _is_code(currency: str) -> bool:
    return currency.isascii() and currency.isalpha() and currency.isupper()


class Money(msgspec.Struct, frozen=True, gc=False):
    """An amount in whole minor units: `Money(1999, "CNY")` is 19.99 yuan.

    minor     whole minor units, may be negative
    currency  ISO 4217 code of three capital letters, or POINTS
    refuses   CurrencyMismatch when two currencies meet
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {type(self.minor).__name__}")
        if not _is_code(self.currency):
            raise ValueError(f"not a currency code: {self.currency!r}")

    @staticmethod
    @lru_cache(maxsize=512)
    def zero(currency: str) -> Money:
        """Nothing, in a currency."""
        return Money(0, currency)

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """The amount written in major units, half up to the minor unit: `Money.of("19.99", "CNY")` is 1999 fen."""
        scaled = Decimal(amount).scaleb(exponent(currency))
        return cls(int(scaled.to_integral_value(ROUND_HALF_UP)), currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The sum of any number of amounts, zero of them included."""
        return cls(sum(map(cls.zero(currency)._same, amounts)), currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact: 1999 fen is Decimal('19.99')."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, pieces: int) -> Money:
        if type(pieces) is not int:
            raise TypeError("an amount is multiplied by whole pieces; use times() for a rate")
        return Money(self.minor * pieces, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.major} {self.currency}"

    def times(self, rate: Decimal | int) -> Money:
        """The amount at a rate, rounded half away from zero to the minor unit: 10.05 at 0.5 is 5.03."""
        if isinstance(rate, float):
            raise TypeError("a rate is a Decimal, never a float")
        return Money(int((Decimal(self.minor) * rate).to_integral_value(ROUND_HALF_UP)), self.currency)

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Shares in proportion to the weights, by largest remainder; they sum to the whole, to the minor unit.

        weights  whole numbers >= 0, one per share, at least one > 0; a weight of 0 gets nothing
        order    shares stand in the order of the weights; equal remainders go to the earlier share
        refuses  NotSplittable if every weight is 0 or there is none
        law      splitting -x gives exactly the negatives of splitting x, so a refund mirrors its charge
        source   Hamilton's method; 100 over (1, 1, 1) -> 34, 33, 33 and 1000 over (5, 3, 1) -> 556, 333, 111
        """
        if any(weight < 0 for weight in weights):
            raise ValueError("weights are not negative")
        if not any(weights):
            raise NotSplittable(parts=len(weights))
        return tuple(Money(share, self.currency) for share in apportion(self.minor, weights))

    def _same(self, other: Any) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money meets only money, not {type(other).__name__}")
        if other.currency != self.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
        return other.minor


def apportion(minor: int, weights: Sequence[int]) -> list[int]:
    """`Money.split` in bare minor units, for what shares out thousands of amounts; the weights are not checked."""
    whole = sum(weights)
    sign, amount = (-1, -minor) if minor < 0 else (1, minor)
    shares = [amount * weight // whole for weight in weights]
    left = amount - sum(shares)
    if left:
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
        for i in by_remainder[:left]:
            shares[i] += 1
    return [-share for share in shares] if sign < 0 else shares
