"""The numbers of a document as goals keep them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from zhanggui.steer.briefings.errors import TargetUnfit
from zhanggui.steer.briefings.rules import Number, Unit

# Goals keep what is neither an amount nor a count in whole millionths.
_MILLION: Final = 1_000_000


def in_units(number: Number) -> int:
    """A number as goals keep it: minor units, a count, else millionths, half up.

    refuses  TargetUnfit
    """
    size = number.size
    if size is None:
        raise TargetUnfit(key=number.name)
    is_whole = number.unit in (Unit.MONEY, Unit.COUNT)
    return int((size * (1 if is_whole else _MILLION)).quantize(Decimal(1), ROUND_HALF_UP))
