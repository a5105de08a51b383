"""Who may use a promotion and when, and which promotions may not stand together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from zhanggui.growth.promotions.rules.states import Rest, State
from zhanggui.growth.promotions.rules.values import Layer, Reason, Rule, Shopper

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_COUPON_LAYERS: Final = frozenset({Layer.SHOP_COUPON, Layer.PLATFORM_COUPON})


def refusal(rule: Rule, shopper: Shopper, *, currency: str, at: datetime) -> Reason | None:
    """Why a rule is out of the question whatever lies in the basket; None if it is not."""
    if currency_of(rule) not in ("", currency):
        return Reason.OTHER_CURRENCY
    if rule.starts_at is not None and at < rule.starts_at:
        return Reason.NOT_YET
    if rule.ends_at is not None and at >= rule.ends_at:
        return Reason.OVER
    if not _is_for(rule, shopper):
        return Reason.NOT_FOR_YOU if shopper.is_signed_in else Reason.SIGN_IN
    if rule.per_person is not None and shopper.used.get(rule.id, 0) >= rule.per_person:
        return Reason.USED_UP
    if rule.budget_left is not None and rule.budget_left.minor <= 0:
        return Reason.BUDGET_SPENT
    return None


def rest_of(rule: Rule, *, state: State, at: datetime) -> Rest | None:
    """Why a coupon of this promotion takes nothing off whoever holds it; None if it may."""
    if state is State.ENDED or (rule.ends_at is not None and at >= rule.ends_at):
        return Rest.ENDED
    if state is State.PAUSED:
        return Rest.PAUSED
    if state is not State.LIVE or (rule.starts_at is not None and at < rule.starts_at):
        return Rest.AHEAD
    return Rest.SPENT if rule.budget_left is not None and rule.budget_left.minor <= 0 else None


def currency_of(rule: Rule) -> str:
    """The currency that a rule speaks of; empty if it names no amount."""
    if rule.terms.currency:
        return rule.terms.currency
    amount = rule.cap or rule.budget_left
    return amount.currency if amount is not None else ""


def takes_closed(rule: Rule) -> bool:
    """Whether a rule looks at pieces whose price takes no coupons: every rule but coupons does."""
    return not rule.coupon and rule.layer not in _COUPON_LAYERS


def is_left_out(rule: Rule, chosen: frozenset[str] | None) -> bool:
    """Whether the shopper chose coupons, and not this one."""
    return bool(rule.coupon) and chosen is not None and rule.coupon not in chosen


def last_resort(rule: Rule) -> tuple[datetime, datetime, str, str]:
    """The end of the law of ties: earlier expiry, earlier claim, lower id."""
    return rule.ends_at or _NEVER, rule.claimed_at or _NEVER, rule.id, rule.coupon


def group_of(rule: Rule) -> str:
    """What at most one rule of a layer may have in common; coupons without a group are one group.

    A rule that stands alone has a group of its own, told from all others by a character that no key contains.
    """
    if rule.group:
        return rule.group
    return "\0coupon" if rule.coupon else f"\0{rule.id}"


class Standing:
    """What has been applied so far, and what may no longer be because of it."""

    def __init__(self) -> None:
        self._standing: dict[str, str] = {}
        self._barred: dict[str, str] = {}

    def add(self, id: str, *, layer: Layer, group: str = "", excludes: frozenset[str] = frozenset()) -> None:
        """A promotion stands."""
        for name in (id, group, f"layer:{layer:d}"):
            if name:
                self._standing.setdefault(name, id)
        for name in excludes:
            self._barred.setdefault(name, id)

    def bar(self, rule: Rule) -> str:
        """Which of those that stand excludes a rule, or is excluded by it; empty if none."""
        if self._barred:
            for name in (rule.id, rule.group, f"layer:{rule.layer:d}"):
                if name in self._barred:
                    return self._barred[name]
        for name in sorted(rule.excludes):
            if name in self._standing:
                return self._standing[name]
        return ""


def _is_for(rule: Rule, shopper: Shopper) -> bool:
    audience = rule.audience
    if audience.is_signed_in_only and not shopper.is_signed_in:
        return False
    if not audience.tiers and not audience.segments:
        return True
    return shopper.tier in audience.tiers or not audience.segments.isdisjoint(shopper.segments)
