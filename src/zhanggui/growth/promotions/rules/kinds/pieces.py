"""多件多折 and 第二件半价: a rate off all pieces from n of them on, or off every nth piece."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from zhanggui.growth.promotions.rules.kinds import ladder
from zhanggui.growth.promotions.rules.kinds.fields import MYRIAD, Fields, rate_json
from zhanggui.growth.promotions.rules.kinds.kind import Kind, Words, gettext_noop
from zhanggui.growth.promotions.rules.kinds.ladder import Step
from zhanggui.growth.promotions.rules.lots import Cut, Outcome, Sight, off_rate, too_few
from zhanggui.growth.promotions.rules.values import Layer, Rule


class Which(StrEnum):
    """Which pieces become cheaper: all of them, or every nth."""

    ALL = "all"
    NTH = "nth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Steps of (pieces, rate off in parts of 10,000); for every nth piece there is one step.

    source  2 pieces 10 % off, 3 pieces 20 % off: three of 100.00 -> 60.00 off
            every 2nd half price: 100, 80, 60 -> 40 off, because pieces pair up from the dearest on
    """

    steps: tuple[Step, ...]
    which: Which = Which.ALL

    @property
    def currency(self) -> str:
        """It names no amount."""
        return ""

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Terms:
        """The terms as they are kept: `{"steps": [{"units": 2, "off": "0.5"}], "which": "nth"}`.

        refuses  TermsNotAllowed, also for every 1st piece, which is a price and not an offer by pieces
        """
        fields = Fields(said, kind="pieces")
        steps = ladder.read_steps(fields, lambda inner: Step(inner.units("units"), inner.rate("off")))
        which = fields.word("which", default="all")
        if which not in list(Which) or (which == Which.NTH and (len(steps) > 1 or steps[0].threshold < 2)):
            raise fields.refused("which")
        if which == Which.ALL and any(step.off == MYRIAD for step in steps):
            raise fields.refused("steps")
        fields.end()
        return cls(steps=steps, which=Which(which))

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        steps = [{"units": step.threshold, "off": rate_json(step.off)} for step in self.steps]
        return {"steps": steps, "which": str(self.which)}


def take(rule: Rule, terms: Terms, sight: Sight) -> Outcome:
    """The rate of the step that the number of pieces reaches, or of every nth piece from the dearest on."""
    units = sight.units()
    if units < terms.steps[0].threshold:
        return too_few(terms.steps[0].threshold - units)
    return _nth(rule, terms.steps[0], sight) if terms.which is Which.NTH else _all(terms, sight, units)


def sentence(terms: Terms) -> tuple[Words, ...]:
    """Each step: "2 pieces: 10 % off"."""
    said = (
        gettext_noop("every %(nth)s pieces: %(rate)s off one of them")
        if terms.which is Which.NTH
        else gettext_noop("%(nth)s pieces or more: %(rate)s off")
    )
    return tuple(
        Words(msgid=said, values={"nth": step.threshold, "rate": Decimal(rate_json(step.off))}) for step in terms.steps
    )


def _all(terms: Terms, sight: Sight, units: int) -> Outcome:
    step, missing = ladder.highest(units, terms.steps)
    if step is None:
        return too_few(missing or 0)
    weights = {lot: sight.amounts[lot] for lot in sight.fit}
    cut = Cut(minor=off_rate(sum(weights.values()), step.off), weights=weights, is_shared=False)
    return Outcome(cuts=(cut,), threshold=step.threshold, missing_units=missing or 0)


def _nth(rule: Rule, step: Step, sight: Sight) -> Outcome:
    pieces = sight.dearest_first(sight.fit)
    reduced = pieces[step.threshold - 1 :: step.threshold][: rule.per_order]
    weights: Counter[int] = Counter()
    for price, lot in reduced:
        weights[lot] += off_rate(price, step.off)
    free = Counter(lot for _, lot in reduced) if step.off == MYRIAD else {}
    is_last = rule.per_order is not None and len(reduced) >= rule.per_order
    return Outcome(
        cuts=(Cut(minor=weights.total(), weights=weights, is_shared=False),),
        times=len(reduced),
        threshold=step.threshold,
        given=free,
        missing_units=0 if is_last else step.threshold - len(pieces) % step.threshold,
    )


KIND = Kind(key="pieces", layers=(Layer.ITEM,), read=Terms.from_json, take=take, sentence=sentence)
