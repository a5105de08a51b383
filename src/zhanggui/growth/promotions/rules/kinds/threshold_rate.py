"""满折: a rate off from so much on, in steps; each seller's goods count on their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.kinds import ladder
from zhanggui.growth.promotions.rules.kinds.fields import Fields, rate_json
from zhanggui.growth.promotions.rules.kinds.kind import Kind, Words, gettext_noop
from zhanggui.growth.promotions.rules.kinds.ladder import Reach, Step
from zhanggui.growth.promotions.rules.lots import Outcome, Sight, off_rate
from zhanggui.growth.promotions.rules.values import Layer, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Steps of (from, rate off in parts of 10,000).

    source  300 or more: 10 % off: 333.35 -> 33.34 off, rounded once for all goods together
    """

    currency: str
    steps: tuple[Step, ...]

    @classmethod
    def from_json(cls, said: Mapping[str, Any], *, kind: str = "threshold_rate", is_free: bool = False) -> Terms:
        """The terms as they are kept: `{"currency": "CNY", "steps": [{"from": 30000, "off": "0.1"}]}`.

        is_free  whether a step may ask for nothing, as coupons do
        refuses  TermsNotAllowed
        """
        fields = Fields(said, kind=kind)
        currency = fields.currency()
        least = 0 if is_free else 1
        steps = ladder.read_steps(fields, lambda inner: Step(inner.units("from", least=least), inner.rate("off")))
        fields.end()
        return cls(currency=currency, steps=steps)

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        steps = [{"from": step.threshold, "off": rate_json(step.off)} for step in self.steps]
        return {"currency": self.currency, "steps": steps}


def take(rule: Rule, terms: Terms, sight: Sight) -> Outcome:
    """The rate of the highest step that is reached, of all that counts together."""

    def reach(total: int, left: int | None) -> Reach:
        step, missing = ladder.highest(total, terms.steps)
        if step is None or left == 0:
            return Reach(0, 0, 0, missing)
        return Reach(off_rate(total, step.off), 1, step.threshold, missing)

    return ladder.climbed(rule, sight, currency=terms.currency, reach=reach)


def sentence(terms: Terms) -> tuple[Words, ...]:
    """Each step: "300 or more: 10 % off"."""
    said, free = gettext_noop("%(from)s or more: %(rate)s off"), gettext_noop("%(rate)s off")
    return tuple(
        Words(
            msgid=said if step.threshold else free,
            values={"from": Money(step.threshold, terms.currency), "rate": Decimal(rate_json(step.off))},
        )
        for step in terms.steps
    )


KIND = Kind(key="threshold_rate", layers=(Layer.SHOP_THRESHOLD,), read=Terms.from_json, take=take, sentence=sentence)
