"""Whether a sentence that somebody wrote more smoothly still says the same: its figures, its names, its links."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from zhanggui.steer.briefings.rules.values import LONGEST_WORDS

# A figure with all that belongs to it: its sign, its currency, its unit.
_FIGURE: Final = re.compile(
    r"[+\-−±]?(?:[A-Z]{2}(?=[¥$]))?[¥$€£₹₩]?\s?\d(?:[\d,]*\d)?(?:\.\d+)?(?:\s?(?:%|‰|万|亿|[kMB]\b|[A-Z]{3}\b))?"
)
# A size in words: 三成, 翻倍, half, twice.
_IN_WORDS: Final = re.compile(
    r"[零一二两三四五六七八九十百千万亿半]+(?:成|倍|分之|个百分点)|翻了?[一两]?[番倍]|减半|过半|"
    r"\b(?:hundreds?|thousands?|millions?|billions?|dozens?|half|halved|twice|doubled?|tripled?|thirds?)\b",
    re.IGNORECASE,
)
_LINK: Final = re.compile(r"https?://\S+|www\.\S+|<[^>]*>|\]\([^)]*\)")


class Touched(StrEnum):
    """What of a sentence is another than before, so that its new words are not taken."""

    FIGURES = "figures"
    NAMES = "names"
    LINKS = "links"
    LENGTH = "length"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A sentence as a door makes it.

    names  what it names: regions, products, numbers of the dictionary; each stays as it is written
    """

    words: str
    names: tuple[str, ...] = ()


def figures_in(sentence: str) -> Counter[str]:
    """The figures of a sentence as they are written, without blanks, each as often as it stands there.

    source   "up 12.3% to £1,509,496.33 (+£354,517.03)" -> 12.3%, £1,509,496.33, +£354,517.03
    """
    return Counter(re.sub(r"\s", "", one) for one in _FIGURE.findall(sentence))


def touched(original: Plain, polished: str) -> Touched | None:
    """What the polished words changed that they may not; None if they say the same.

    Every figure and name of the original stands in them as it was and as often, no other figure does, in words neither,
    and no link came or went.
    """
    if not 0 < len(polished) <= LONGEST_WORDS:
        return Touched.LENGTH
    if _LINK.findall(original.words) != _LINK.findall(polished):
        return Touched.LINKS
    if any(original.words.count(name) != polished.count(name) for name in original.names if name):
        return Touched.NAMES
    is_same = figures_in(original.words) == figures_in(polished) and _sizes(original.words) == _sizes(polished)
    return None if is_same else Touched.FIGURES


def _sizes(sentence: str) -> Counter[str]:
    return Counter(one.lower() for one in _IN_WORDS.findall(sentence))
