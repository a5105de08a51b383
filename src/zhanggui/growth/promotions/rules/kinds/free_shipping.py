"""包邮: no postage from so much on; what all goods come to counts, wherever they go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.kinds.fields import Fields
from zhanggui.growth.promotions.rules.kinds.kind import Kind, Words, gettext_noop
from zhanggui.growth.promotions.rules.lots import Cut, Outcome, Sight, below
from zhanggui.growth.promotions.rules.values import Layer, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Goods for so much; 0: always. The rule's cap says how much postage is waived at most.

    source  99.00 or more: 81.00 of goods -> 18.00 are missing
    """

    currency: str
    from_minor: int = 0

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Terms:
        """The terms as they are kept: `{"currency": "CNY", "from": 9900}`; refuses TermsNotAllowed."""
        fields = Fields(said, kind="free_shipping")
        terms = cls(currency=fields.currency(), from_minor=fields.units("from", least=0))
        fields.end()
        return terms

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return {"currency": self.currency, "from": self.from_minor}


def take(rule: Rule, terms: Terms, sight: Sight) -> Outcome:
    """All postage of the goods that fit; whoever pays none anyway is not told to buy more."""
    postage = {lot: sight.costs[lot] for lot in sight.fit}
    missing = terms.from_minor - sum(sight.amounts[lot] for lot in sight.fit)
    if missing > 0 and any(postage.values()):
        return below(missing, terms.currency)
    return Outcome(cuts=(Cut(minor=sum(postage.values()), weights=postage),), threshold=terms.from_minor)


def sentence(terms: Terms) -> tuple[Words, ...]:
    """In words: "free shipping from 99.00"."""
    if not terms.from_minor:
        return (Words(msgid=gettext_noop("free shipping")),)
    values = {"from": Money(terms.from_minor, terms.currency)}
    return (Words(msgid=gettext_noop("free shipping from %(from)s"), values=values),)


KIND = Kind(key="free_shipping", layers=(Layer.SHIPPING,), read=Terms.from_json, take=take, sentence=sentence)
