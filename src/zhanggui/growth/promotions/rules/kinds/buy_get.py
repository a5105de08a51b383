"""买赠: whoever buys X pieces, or for so much, gets Y pieces for nothing: of the same goods, or of a gift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.kinds.fields import Fields
from zhanggui.growth.promotions.rules.kinds.kind import Kind, Words, gettext_noop
from zhanggui.growth.promotions.rules.lots import Cut, Outcome, Sight, below, too_few
from zhanggui.growth.promotions.rules.values import GiftDue, Layer, Reason, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Buy so many pieces or for so much, get so many.

    buy_units   pieces to buy; 0 if `from_minor` counts
    gift        SKU of what is given; empty: the cheapest of each X + Y pieces of the goods themselves
    is_every    whether it holds again for each further X
    source      buy 2 get 1: 100, 100, 10 and a new one of 5 -> still 10 off; the dearest are counted first, so that
                a cheap piece more never takes the place of the one that was free
    """

    buy_units: int = 0
    currency: str = ""
    from_minor: int = 0
    get_units: int = 1
    gift: str = ""
    is_every: bool = True

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Terms:
        """As kept: `{"buy_units": 2, "get_units": 1}` or `{"currency": "CNY", "from": 30000, "gift": "TOTE"}`.

        refuses  TermsNotAllowed, also for both or neither of pieces and amount, and for an amount without a gift
        """
        fields = Fields(said, kind="buy_get")
        has_amount = fields.has("from")
        if has_amount == fields.has("buy_units"):
            raise fields.refused("buy_units")
        terms = cls(
            buy_units=0 if has_amount else fields.units("buy_units"),
            from_minor=fields.units("from") if has_amount else 0,
            currency=fields.currency() if has_amount else "",
            get_units=fields.units("get_units", default=1),
            gift=fields.word("gift", default=""),
            is_every=fields.flag("is_every", default=True),
        )
        if has_amount and not terms.gift:
            raise fields.refused("gift")
        fields.end()
        return terms

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        asked = (
            {"currency": self.currency, "from": self.from_minor} if self.from_minor else {"buy_units": self.buy_units}
        )
        return {**asked, "get_units": self.get_units, "gift": self.gift, "is_every": self.is_every}


def take(rule: Rule, terms: Terms, sight: Sight) -> Outcome:
    """What the free pieces cost; a gift that does not lie in the basket is named."""
    return _gift(rule, terms, sight) if terms.gift else _own(rule, terms, sight)


def sentence(terms: Terms) -> tuple[Words, ...]:
    """In words: "buy 2, get 1 free", or what the gift is."""
    values: dict[str, Money | int | str] = {"get": terms.get_units, "gift": terms.gift, "buy": terms.buy_units}
    if terms.from_minor:
        values["from"] = Money(terms.from_minor, terms.currency)
        return (Words(msgid=gettext_noop("%(from)s or more: %(get)s × %(gift)s as a gift"), values=values),)
    if terms.gift:
        return (Words(msgid=gettext_noop("buy %(buy)s: %(get)s × %(gift)s as a gift"), values=values),)
    return (Words(msgid=gettext_noop("buy %(buy)s, get %(get)s free"), values=values),)


def _own(rule: Rule, terms: Terms, sight: Sight) -> Outcome:
    size = terms.buy_units + terms.get_units
    pieces = sight.dearest_first(sight.fit)
    times = _times(len(pieces) // size, rule, terms)
    if not times:
        return too_few(size - len(pieces))
    free: Counter[int] = Counter()
    for first in range(0, times * size, size):
        free.update(lot for _, lot in pieces[first + terms.buy_units : first + size])
    is_last = times < len(pieces) // size or times == rule.per_order or not terms.is_every
    missing = 0 if is_last else size - len(pieces) % size
    return _given(free, sight, times=times, threshold=terms.buy_units, missing_units=missing)


def _gift(rule: Rule, terms: Terms, sight: Sight) -> Outcome:
    bought = [lot for lot in sight.fit if sight.lots[lot].line.sku != terms.gift]
    units = sum(sight.pieces[lot] for lot in bought)
    total = sum(sight.amounts[lot] for lot in bought)
    times = _times(total // terms.from_minor if terms.from_minor else units // terms.buy_units, rule, terms)
    if not times:
        return below(terms.from_minor - total, terms.currency) if terms.from_minor else too_few(terms.buy_units - units)
    due = times * terms.get_units
    gifts = [lot for lot, each in enumerate(sight.lots) if each.line.sku == terms.gift]
    free: Counter[int] = Counter()
    for lot in sorted(gifts, key=lambda each: (-sight.costs[each], each)):
        free[lot] = min(sight.pieces[lot], due - free.total())
    free = +free
    left = due - free.total()
    dues = (GiftDue(rule=rule.id, sku=terms.gift, units=left),) if left else ()
    if not free:
        return Outcome(reason=Reason.GIFT_NOT_TAKEN, missing_units=left, gifts=dues)
    return _given(free, sight, times=times, threshold=terms.from_minor or terms.buy_units, gifts=dues)


def _times(fitting: int, rule: Rule, terms: Terms) -> int:
    if not terms.is_every:
        fitting = min(fitting, 1)
    return fitting if rule.per_order is None else min(fitting, rule.per_order)


def _given(
    free: Counter[int],
    sight: Sight,
    *,
    times: int,
    threshold: int,
    missing_units: int = 0,
    gifts: tuple[GiftDue, ...] = (),
) -> Outcome:
    weights = {lot: sight.costs[lot] * units // sight.pieces[lot] for lot, units in free.items()}
    return Outcome(
        cuts=(Cut(minor=sum(weights.values()), weights=weights, is_shared=False),),
        times=times,
        threshold=threshold,
        given=free,
        gifts=gifts,
        missing_units=missing_units,
    )


KIND = Kind(key="buy_get", layers=(Layer.ITEM,), read=Terms.from_json, take=take, sentence=sentence)
