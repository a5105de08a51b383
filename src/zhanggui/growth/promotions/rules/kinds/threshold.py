"""满减: so much off from so much on, in steps, or again for every so much; each seller's goods count on their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.kinds import ladder
from zhanggui.growth.promotions.rules.kinds.fields import Fields
from zhanggui.growth.promotions.rules.kinds.kind import Kind, Words, gettext_noop
from zhanggui.growth.promotions.rules.kinds.ladder import Reach, Step
from zhanggui.growth.promotions.rules.lots import Outcome, Sight
from zhanggui.growth.promotions.rules.values import Layer, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Steps of (from, off), or one step that holds again for every so much.

    source  300 off 40 for every: 650 -> 80 off, 250 more to the next 40
    """

    currency: str
    steps: tuple[Step, ...]
    is_every: bool = False

    @classmethod
    def from_json(cls, said: Mapping[str, Any], *, kind: str = "threshold", is_free: bool = False) -> Terms:
        """The terms as they are kept: `{"currency": "CNY", "steps": [{"from": 30000, "off": 4000}], "is_every": true}`.

        is_free  whether a step may ask for nothing, as coupons do
        refuses  TermsNotAllowed, also for a step that takes off all it asks for
        """
        fields = Fields(said, kind=kind)
        currency = fields.currency()
        steps = ladder.read_steps(fields, lambda inner: _step(inner, is_free=is_free))
        is_every = fields.flag("is_every")
        if is_every and (len(steps) > 1 or not steps[0].threshold):
            raise fields.refused("is_every")
        fields.end()
        return cls(currency=currency, steps=steps, is_every=is_every)

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        steps = [{"from": step.threshold, "off": step.off} for step in self.steps]
        return {"currency": self.currency, "steps": steps, "is_every": self.is_every}


def take(rule: Rule, terms: Terms, sight: Sight) -> Outcome:
    """The highest step that is reached, or the one step as often as it fits."""
    reach = _every if terms.is_every else _once
    return ladder.climbed(rule, sight, currency=terms.currency, reach=lambda total, left: reach(terms, total, left))


def sentence(terms: Terms) -> tuple[Words, ...]:
    """Each step: "300 or more: 40 off"."""
    said = (
        gettext_noop("every %(from)s: %(off)s off") if terms.is_every else gettext_noop("%(from)s or more: %(off)s off")
    )
    free = gettext_noop("%(off)s off")
    return tuple(
        Words(
            msgid=said if step.threshold else free,
            values={"from": Money(step.threshold, terms.currency), "off": Money(step.off, terms.currency)},
        )
        for step in terms.steps
    )


def _step(fields: Fields, *, is_free: bool) -> Step:
    step = Step(fields.units("from", least=0 if is_free else 1), fields.units("off"))
    if step.threshold and step.off >= step.threshold:
        raise fields.refused("off")
    return step


def _once(terms: Terms, total: int, left: int | None) -> Reach:
    step, missing = ladder.highest(total, terms.steps)
    if step is None or left == 0:
        return Reach(0, 0, 0, missing)
    return Reach(step.off, 1, step.threshold, missing)


def _every(terms: Terms, total: int, left: int | None) -> Reach:
    (step,) = terms.steps
    fitting = total // step.threshold
    times = fitting if left is None else min(fitting, left)
    is_last = left is not None and times >= left
    missing = None if is_last else (fitting + 1) * step.threshold - total
    return Reach(times * step.off, times, step.threshold, missing)


KIND = Kind(key="threshold", layers=(Layer.SHOP_THRESHOLD,), read=Terms.from_json, take=take, sentence=sentence)
