"""套装 and 任选: certain pieces together, or any n of the goods, for one price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.kinds.fields import Fields
from zhanggui.growth.promotions.rules.kinds.kind import Kind, Words, gettext_noop
from zhanggui.growth.promotions.rules.lots import Cut, Outcome, Sight, too_few
from zhanggui.growth.promotions.rules.values import Layer, Reason, Rule


@dataclass(frozen=True, slots=True)
class Part:
    """Pieces of one SKU that belong into the bundle."""

    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One price for all parts, or for any `units` pieces of the goods; the target of the rule names the goods.

    source  any 3 for 99.00: 50, 40, 40, 30 -> 31.00 off; the dearest go first, so that a piece more breaks no bundle
    """

    currency: str
    price_minor: int
    parts: tuple[Part, ...] = ()
    units: int = 0

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Terms:
        """As kept: `{"currency": "CNY", "price": 9900, "units": 3}` or with `"parts": [{"sku": "CUP", "units": 1}]`.

        refuses  TermsNotAllowed, also for both or neither of parts and units, a SKU named twice, a single piece
        """
        fields = Fields(said, kind="bundle")
        currency, price = fields.currency(), fields.units("price")
        if fields.has("parts") == fields.has("units"):
            raise fields.refused("parts")
        parts: tuple[Part, ...] = ()
        if fields.has("parts"):
            parts = tuple(_part(inner) for inner in fields.each("parts"))
            if len({part.sku for part in parts}) < len(parts) or sum(part.units for part in parts) < 2:
                raise fields.refused("parts")
        units = 0 if parts else fields.units("units", least=2)
        fields.end()
        return cls(currency=currency, price_minor=price, parts=parts, units=units)

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        kept: dict[str, Any] = {"currency": self.currency, "price": self.price_minor}
        if self.parts:
            return kept | {"parts": [{"sku": part.sku, "units": part.units} for part in self.parts]}
        return kept | {"units": self.units}


def take(rule: Rule, terms: Terms, sight: Sight) -> Outcome:
    """What the pieces of each bundle cost above its price, as long as they do; shared out over them."""
    bundles, missing = _of_parts(terms, sight) if terms.parts else _of_any(terms, sight)
    if not bundles:
        return too_few(missing)
    worth = [each for each in bundles if sum(price for price, _ in each) > terms.price_minor]
    counted = worth[: rule.per_order]
    if not counted:
        return Outcome(reason=Reason.BETTER_ONE)
    weights: Counter[int] = Counter()
    for price, lot in (piece for bundle in counted for piece in bundle):
        weights[lot] += price
    return Outcome(
        cuts=(Cut(minor=weights.total() - len(counted) * terms.price_minor, weights=weights),),
        times=len(counted),
        threshold=terms.price_minor,
        missing_units=0 if len(counted) == rule.per_order else missing,
    )


def sentence(terms: Terms) -> tuple[Words, ...]:
    """In words: "any 3 for 99.00", or the parts one by one and then the price."""
    price = Money(terms.price_minor, terms.currency)
    if not terms.parts:
        return (
            Words(msgid=gettext_noop("any %(units)s for %(price)s"), values={"units": terms.units, "price": price}),
        )
    part = gettext_noop("%(units)s × %(sku)s")
    parts = (Words(msgid=part, values={"units": each.units, "sku": each.sku}) for each in terms.parts)
    return (*parts, Words(msgid=gettext_noop("together for %(price)s"), values={"price": price}))


def _part(fields: Fields) -> Part:
    part = Part(fields.word("sku"), fields.units("units", default=1))
    fields.end()
    return part


def _of_any(terms: Terms, sight: Sight) -> tuple[list[list[tuple[int, int]]], int]:
    """Bundles of any n pieces as (price, lot), and how many pieces are missing to one more."""
    pieces = sight.dearest_first(sight.fit)
    whole = len(pieces) // terms.units * terms.units
    bundles = [pieces[first : first + terms.units] for first in range(0, whole, terms.units)]
    return bundles, terms.units - len(pieces) % terms.units


def _of_parts(terms: Terms, sight: Sight) -> tuple[list[list[tuple[int, int]]], int]:
    """Bundles of the parts, dearest pieces of each first, and how many pieces are missing to one more."""
    there = [
        sight.dearest_first([lot for lot in sight.fit if sight.lots[lot].line.sku == part.sku]) for part in terms.parts
    ]
    times = min(len(pieces) // part.units for pieces, part in zip(there, terms.parts, strict=True))
    bundles = [
        [
            piece
            for pieces, part in zip(there, terms.parts, strict=True)
            for piece in pieces[n * part.units : (n + 1) * part.units]
        ]
        for n in range(times)
    ]
    left = (max(0, (times + 1) * part.units - len(pieces)) for pieces, part in zip(there, terms.parts, strict=True))
    return bundles, sum(left)


KIND = Kind(key="bundle", layers=(Layer.ITEM,), read=Terms.from_json, take=take, sentence=sentence)
