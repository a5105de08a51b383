"""What is on just now, ready to be quoted."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q

from zhanggui.base import clock
from zhanggui.base.kept import kept
from zhanggui.base.money import Money
from zhanggui.growth.promotions import models
from zhanggui.growth.promotions.rules import (
    KINDS,
    Base,
    Done,
    Hold,
    Index,
    Layer,
    Payer,
    Period,
    Rule,
    State,
    audience,
    is_public,
    periods_of,
    target,
)
from zhanggui.shop.catalogue.rules import REMEMBERED

# A budget that is spent is refused by the database; this is only how soon a page shows what another process changed.
_SECONDS: Final = 3
_AHEAD: Final = timedelta(hours=1)
_WAS_LIVE: Final = (State.LIVE, State.PAUSED, State.ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What people call a promotion."""

    zh: str
    en: str

    def to(self, language: str) -> str:
        """The name in a language."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What is on in a shop.

    index, rules   of what needs no coupon
    by_coupon      the rest, by id
    names          of all of it, by id
    edition        another one whenever anything of it is another, but for how much of a budget is left
    takes_postage  whether any that needs no coupon takes something off the postage
    sees_tags      whether any of those looks at tags
    """

    index: Index
    rules: tuple[Rule, ...]
    by_coupon: Mapping[str, Rule]
    names: Mapping[str, Called]
    edition: Hashable
    takes_postage: bool
    sees_tags: bool


@kept(seconds=_SECONDS)
def standing(shop: str) -> Live:
    """The shop's promotions; those that need no coupon indexed by what they look at. At most one statement.

    Those that start within the hour are among them, so that midnight needs no switch. Index growth_promotions_live.
    """
    rows = list(_live(shop))
    rules = tuple(rule_of(row) for row in rows if not row.is_coupon)
    return Live(
        index=Index.of(rules),
        rules=rules,
        by_coupon={str(row.id): rule_of(row) for row in rows if row.is_coupon},
        names={str(row.id): Called(zh=row.name_zh, en=row.name_en) for row in rows},
        edition=tuple((row.id, row.version, row.given_minor == row.budget_minor) for row in rows),
        takes_postage=any(rule.layer is Layer.SHIPPING for rule in rules),
        sees_tags=any(rule.target.tags for rule in rules),
    )


def by_coupon(shop: str) -> Mapping[str, Rule]:
    """The shop's promotions that a coupon brings, by id. At most one statement; see `standing`."""
    return standing(shop).by_coupon


@kept(seconds=_SECONDS)
def floors(shop: str) -> dict[str, Money]:
    """The lowest price of one piece, by SKU. At most one statement. Index growth_promotions_floor_once."""
    return {row.sku: Money(row.price_minor, row.currency) for row in models.Floor.objects.filter(shop=shop)}


@kept(seconds=_SECONDS)
def periods(shop: str) -> tuple[Period, ...]:
    """When which promotion made a price for everybody, as far back as a "was" price looks. At most two statements."""
    oldest = clock.now() - REMEMBERED
    rows = models.Promotion.objects.filter(shop=shop, layer=Layer.PRICE, is_coupon=False, state__in=_WAS_LIVE)
    rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=oldest)).order_by("id")
    found: list[Period] = []
    for row in rows.prefetch_related("deeds"):
        rule = rule_of(row)
        if is_public(rule):
            deeds = sorted(row.deeds.all(), key=lambda deed: (deed.at, deed.id))
            found += periods_of(rule, [(Done(deed.what), deed.at) for deed in deeds])
    return tuple(found)


def held_by(shop: str, person: str, *, at: datetime) -> tuple[Rule, ...]:
    """The coupons that a person may use now, each as the rule it brings.

    At most one statement, none where no coupon is live. Index growth_promotions_held.
    """
    known = by_coupon(shop)
    if not known or not person:
        return ()
    rows = models.Coupon.objects.filter(shop=shop, person=person, state=Hold.HELD, ends_at__gt=at)
    held = rows.values_list("id", "promotion_id", "claimed_at", "ends_at").order_by("ends_at", "id")
    return tuple(
        replace(known[str(promotion)], coupon=str(id), claimed_at=claimed_at, ends_at=ends_at)
        for id, promotion, claimed_at, ends_at in held
        if str(promotion) in known
    )


def uses_of(shop: str, person: str, rules: tuple[Rule, ...]) -> dict[str, int]:
    """How often a person used those of the rules that count uses. At most one statement, none if none counts.

    Index growth_promotions_nth_once.
    """
    counting = [rule.id for rule in rules if rule.per_person is not None]
    if not counting or not person:
        return {}
    rows = models.Redemption.objects.filter(promotion_id__in=counting, person=person, nth__isnull=False)
    used: dict[str, int] = {}
    for promotion in rows.exclude(state="undone").values_list("promotion_id", flat=True):
        used[str(promotion)] = used.get(str(promotion), 0) + 1
    return used


def chosen_by(shop: str, person: str) -> frozenset[str] | None:
    """The coupons that a person picked; None if it is left to us. One statement.

    Index growth_promotions_choice_once.
    """
    row = models.Choice.objects.filter(shop=shop, person=person).values_list("coupons", flat=True).first()
    return None if row is None else frozenset(str(id) for id in row)


def rule_of(row: models.Promotion) -> Rule:
    """A promotion as the quote sees it."""

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, row.currency)

    left = None if row.budget_minor is None else row.budget_minor - row.given_minor
    said: dict[str, Any] = {
        "id": str(row.id),
        "kind": row.kind,
        "terms": KINDS[row.kind].read(row.terms),
        "layer": Layer(row.layer),
        "target": target(row.target),
        "audience": audience(row.audience),
        "base": Base(row.base),
        "cap": money(row.cap_minor),
        "funded_by": Payer(row.funded_by),
        "budget_left": money(left),
        "excludes": frozenset(row.excludes),
    }
    same = ("group", "priority", "starts_at", "ends_at", "per_order", "per_person")
    return Rule(**said, **{name: getattr(row, name) for name in same})


def forget() -> None:
    """Ask anew from now on what is live."""
    for question in (standing, floors, periods):
        question.forget()


def _live(shop: str) -> Any:
    now = clock.now()
    return (
        models.Promotion.objects.filter(shop=shop, state=State.LIVE, starts_at__lte=now + _AHEAD)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
        .order_by("id")
    )
