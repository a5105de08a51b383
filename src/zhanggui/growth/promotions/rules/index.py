"""The live rules of a shop, found by what lies in a basket and never by trying all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from zhanggui.growth.promotions.rules.admission import currency_of
from zhanggui.growth.promotions.rules.values import Basket, Line, Rule


class Index:
    """Rules by SKU, product, category, tag and seller, and those for everything; built once, then only read.

    law  `touching` finds exactly the rules whose target fits a line of the basket
    """

    __slots__ = ("_categories", "_for_everything", "_products", "_rules", "_sellers", "_skus", "_spares", "_tags")

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._skus = _named([rule.target.skus for rule in rules])
        self._products = _named([rule.target.products for rule in rules])
        self._categories = _named([rule.target.categories for rule in rules])
        self._tags = _named([rule.target.tags for rule in rules])
        self._sellers = _named([rule.target.sellers for rule in rules])
        self._for_everything = _named([(currency_of(rule),) if rule.target.is_everything else () for rule in rules])
        self._spares = frozenset(
            place for place, rule in enumerate(rules) if rule.target.but_skus or rule.target.but_categories
        )

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Index:
        """An index of rules, in whatever order they come."""
        return cls(tuple(sorted(rules, key=lambda rule: (rule.layer, rule.id, rule.coupon))))

    def __len__(self) -> int:
        return len(self._rules)

    def touching(self, basket: Basket, *, at: datetime | None = None) -> tuple[Rule, ...]:
        """The rules whose target fits a line, by layer and id.

        at  if given, rules for everything that do not hold at that moment are left out, as are those in another
            currency anyway: they touch every basket, and nobody needs to read why each of them does not apply
        """
        rules = self._rules
        found: set[int] = set()
        for line in basket.lines:
            self._find(line, found)
        if basket.lines:
            for_everything: set[int] = set()
            for currency in ("", basket.currency):
                self._for_everything.find(currency, for_everything)
            found.update(place for place in for_everything if _holds(rules[place], at))
        for place in found & self._spares:
            if not any(map(rules[place].target.fits, basket.lines)):
                found.discard(place)
        return tuple(rules[place] for place in sorted(found))

    def _find(self, line: Line, found: set[int]) -> None:
        self._skus.find(line.sku, found)
        self._products.find(line.product, found)
        self._sellers.find(line.seller, found)
        for category in line.categories:
            self._categories.find(category, found)
        for tag in line.tags:
            self._tags.find(tag, found)


class _Named(NamedTuple):
    """The places of the rules that carry each name: the first one, and the further ones apart.

    Most names are carried by one rule; a list for each of them would keep the garbage collector busy.
    """

    first: dict[str, int]
    further: dict[str, list[int]]

    def find(self, name: str, found: set[int]) -> None:
        """Add the places of a name to what was found."""
        if name in self.first:
            found.add(self.first[name])
            found.update(self.further.get(name, ()))


def _named(names_of_rules: Sequence[Iterable[str]]) -> _Named:
    named = _Named({}, {})
    for place, names in enumerate(names_of_rules):
        for name in names:
            if name in named.first:
                named.further.setdefault(name, []).append(place)
            else:
                named.first[name] = place
    return named


def _holds(rule: Rule, at: datetime | None) -> bool:
    if at is None:
        return True
    return (rule.starts_at is None or rule.starts_at <= at) and (rule.ends_at is None or at < rule.ends_at)
