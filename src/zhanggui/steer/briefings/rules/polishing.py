"""Whether a sentence that somebody wrote more smoothly still says the same figures."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

# A figure with all that belongs to it: its sign, its currency, its unit.
_FIGURE: Final = re.compile(
    r"[+\-−±]?(?:[A-Z]{2}(?=[¥$]))?[¥$€£₹₩]?\s?\d(?:[\d,]*\d)?(?:\.\d+)?(?:\s?(?:%|‰|万|亿|[kMB]\b|[A-Z]{3}\b))?"
)


def figures_in(sentence: str) -> Counter[str]:
    """The figures of a sentence as they are written, without blanks, each as often as it stands there.

    source   "up 12.3% to £1,509,496.33 (+£354,517.03)" -> 12.3%, £1,509,496.33, +£354,517.03
    """
    return Counter(re.sub(r"\s", "", one) for one in _FIGURE.findall(sentence))


def is_faithful(original: str, polished: str) -> bool:
    """Whether every figure of the original stands in the polished sentence unchanged, as often, and no other does."""
    return figures_in(original) == figures_in(polished)
