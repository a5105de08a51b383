"""限时价: another price for a while, or a rate off the list price; `per_order` says for how many pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.kinds.fields import MYRIAD, Fields, rate_json
from zhanggui.growth.promotions.rules.kinds.kind import Kind, Words, gettext_noop
from zhanggui.growth.promotions.rules.lots import off_rate
from zhanggui.growth.promotions.rules.values import Layer, Line, PriceSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One price for a piece of all goods that fit, or a rate off the list price of each.

    price_minor  0 if the rate counts
    off          rate in parts of 10,000; 0 if the price counts
    """

    currency: str = ""
    price_minor: int = 0
    off: int = 0

    @classmethod
    def from_json(cls, said: Mapping[str, Any], *, kind: str = "price") -> Terms:
        """The terms as they are kept: `{"currency": "CNY", "price": 9900}` or `{"off": "0.2"}`.

        refuses  TermsNotAllowed, also for both or neither, and for a rate that takes all off
        """
        fields = Fields(said, kind=kind)
        has_price = fields.has("price")
        if has_price == fields.has("off"):
            raise fields.refused("price")
        terms = (
            cls(price_minor=fields.units("price"), currency=fields.currency())
            if has_price
            else cls(off=fields.rate("off"))
        )
        if terms.off == MYRIAD:
            raise fields.refused("off")
        fields.end()
        return terms

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return {"off": rate_json(self.off)} if self.off else {"currency": self.currency, "price": self.price_minor}


def price_of(terms: Terms, line: Line) -> int:
    """What one piece costs."""
    listed = line.list_price.minor
    return listed - off_rate(listed, terms.off) if terms.off else terms.price_minor


def sentence(terms: Terms) -> tuple[Words, ...]:
    """In words: "99.00 each" or "20 % off the list price"."""
    if terms.off:
        values = {"rate": Decimal(rate_json(terms.off))}
        return (Words(msgid=gettext_noop("%(rate)s off the list price"), values=values),)
    return (Words(msgid=gettext_noop("%(price)s each"), values={"price": Money(terms.price_minor, terms.currency)}),)


KIND = Kind(
    key="price",
    layers=(Layer.PRICE,),
    read=Terms.from_json,
    price_of=price_of,
    source=PriceSource.LIMITED,
    sentence=sentence,
)
