"""A promotion as an operator writes it down, and what must be right about it before it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhanggui.base.money import Money
from zhanggui.growth.promotions.errors import StateNotAllowed, TermsNotAllowed
from zhanggui.growth.promotions.rules.states import NEXT, State, Way
from zhanggui.growth.promotions.rules.values import Audience, Base, Layer, Payer, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a promotion is to be.

    terms      as its kind reads them
    layer      None: the one that is usual for its kind
    is_coupon  whether it needs a coupon; else it applies by itself
    """

    name_zh: str
    name_en: str
    kind: str
    terms: Mapping[str, Any]
    layer: Layer | None = None
    target: Target = field(default_factory=Target)
    audience: Audience = field(default_factory=Audience)
    group: str = ""
    excludes: frozenset[str] = frozenset()
    priority: int = 0
    base: Base = Base.CURRENT
    cap: Money | None = None
    budget: Money | None = None
    funded_by: Payer = Payer.SHOP
    starts_at: datetime
    ends_at: datetime | None = None
    per_order: int | None = None
    per_person: int | None = None
    is_coupon: bool = False

    def checked(self, *, currency: str) -> Plan:
        """The plan itself.

        refuses  TermsNotAllowed with the field that cannot be right
        """
        if wrong := self._wrong(currency):
            raise TermsNotAllowed(kind=self.kind, field=wrong)
        return self

    def _wrong(self, currency: str) -> str:
        """The first field that cannot be right; empty if all can."""
        amounts = {"cap": self.cap, "budget": self.budget}
        counts = {"per_order": self.per_order, "per_person": self.per_person}
        wrong = [
            name
            for name, amount in amounts.items()
            if amount is not None and (amount.minor <= 0 or amount.currency != currency)
        ]
        wrong += [name for name, count in counts.items() if count is not None and count < 1]
        if not self.name_zh.strip() or not self.name_en.strip():
            wrong.append("name")
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            wrong.append("ends_at")
        return wrong[0] if wrong else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """Coupons of one promotion to be given out in one way.

    stock_units     None: any number
    days, ends_at   how long one holds from its claim, or until when; one of them at least, the earlier counts
    claim_until     None: as long as the promotion holds
    segment, tiers  who may have one; empty: everybody who is signed in
    """

    way: Way
    stock_units: int | None = None
    per_person: int = 1
    claim_from: datetime
    claim_until: datetime | None = None
    days: int | None = None
    ends_at: datetime | None = None
    segment: str = ""
    tiers: tuple[str, ...] = ()

    def checked(self) -> Offering:
        """The offering itself.

        refuses  TermsNotAllowed with the field that cannot be right
        """
        if self.days is None and self.ends_at is None:
            raise TermsNotAllowed(kind="coupon", field="days")
        counts = {"stock_units": self.stock_units, "per_person": self.per_person, "days": self.days}
        for name, count in counts.items():
            if count is not None and count < 1:
                raise TermsNotAllowed(kind="coupon", field=name)
        if self.way is Way.CODE and self.stock_units is None:
            raise TermsNotAllowed(kind="coupon", field="stock_units")
        return self


def moved(state: State, wanted: State) -> State:
    """The state a promotion is in next.

    refuses  StateNotAllowed for every way that `NEXT` does not draw
    """
    if wanted not in NEXT[state]:
        raise StateNotAllowed(state=state, wanted=wanted)
    return wanted
