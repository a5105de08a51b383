"""Amounts as somebody typed them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from zhanggui.base.money import Money, exponent

# Twelve figures before the point are more than any order; an exponent would be read for minutes.
_TYPED: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{0,6})?")


def typed(said: str, currency: str) -> Money:
    """The amount that was typed; what is no amount, or finer than the currency, is none at all and will be refused.

    source  "1,234.50" -> 1234.50 CNY; "0.001", "-1", "1e9" and "x" -> 0.00 CNY
    """
    return typed_or_none(said, currency) or Money.zero(currency)


def typed_or_none(said: str, currency: str) -> Money | None:
    """The amount that was typed, zero included; None for what is no amount, or finer than the currency."""
    plain = said.strip().replace(",", "")
    if not _TYPED.fullmatch(plain):
        return None
    scaled = Decimal(plain).scaleb(exponent(currency))
    return Money(int(scaled), currency) if scaled == scaled.to_integral_value() else None
