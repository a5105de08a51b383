"""Which lines of a basket a target fits, asked for many targets of one basket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhanggui.growth.promotions.rules.values import Line, Target


class Fitting:
    """The names of a basket's lines, each with the lines it stands for as bits of a whole number.

    law  `mask` has the bit of a line exactly where `Target.fits` says yes
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.all = (1 << len(lines)) - 1
        self._skus = _bits((line.sku,) for line in lines)
        self._products = _bits((line.product,) for line in lines)
        self._categories = _bits(line.categories for line in lines)
        self._tags = _bits(line.tags for line in lines)
        self._sellers = _bits((line.seller,) for line in lines)

    def mask(self, target: Target) -> int:
        """The lines that a target fits."""
        if target.is_everything:
            found = self.all
        else:
            found = _found(self._skus, target.skus) | _found(self._products, target.products)
            found |= _found(self._categories, target.categories) | _found(self._tags, target.tags)
            found |= _found(self._sellers, target.sellers)
        if target.but_skus or target.but_categories:
            found &= ~(_found(self._skus, target.but_skus) | _found(self._categories, target.but_categories))
        return found


def places(mask: int) -> tuple[int, ...]:
    """The places of the bits that are set, lowest first."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return tuple(found)


def _bits(names_of_lines: Iterable[Iterable[str]]) -> dict[str, int]:
    bits: dict[str, int] = {}
    for place, names in enumerate(names_of_lines):
        for name in names:
            bits[name] = bits.get(name, 0) | 1 << place
    return bits


def _found(bits: dict[str, int], names: frozenset[str]) -> int:
    found = 0
    if names:
        for name in bits.keys() & names:
            found |= bits[name]
    return found
