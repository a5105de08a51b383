"""Promotions as who plans them sees them: all of a shop in a time, one with its history, who overlaps whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from zhanggui.base.money import Money
from zhanggui.growth.promotions import models
from zhanggui.growth.promotions.errors import NoSuchPromotion
from zhanggui.growth.promotions.queries import live
from zhanggui.growth.promotions.rules import Done, Kept, Layer, Line, Plan, Rule, State, Target
from zhanggui.shop.catalogue import queries as catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A promotion with all that was decided about it.

    rule      as the quote sees it
    given     what orders that hold took off by it
    foreseen  what the dry run foresaw when somebody asked to let it go live
    """

    id: str
    plan: Plan
    rule: Rule
    state: State
    given: Money
    foreseen: Money | None
    asked_by: str
    approved_by: str
    made_at: datetime
    version: int

    def name(self, language: str) -> str:
        """What it is called."""
        return self.plan.name_en if language.startswith("en") else self.plan.name_zh

    @property
    def spent_rate(self) -> float | None:
        """How much of the budget is given away, 0 to 1; None without a budget."""
        return self.given.minor / self.plan.budget.minor if self.plan.budget else None

    def holds_in(self, start: datetime, end: datetime) -> bool:
        """Whether its period meets a time, half open."""
        return self.plan.starts_at < end and (self.plan.ends_at is None or start < self.plan.ends_at)

    def meets(self, other: Planned) -> bool:
        """Whether both hold at some moment."""
        begins = max(self.plan.starts_at, other.plan.starts_at)
        ends = [plan.ends_at for plan in (self.plan, other.plan) if plan.ends_at is not None]
        return all(begins < each for each in ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who did what with a promotion."""

    what: Done
    by: str
    at: datetime


def planned(shop: str, *, start: datetime, end: datetime) -> tuple[Planned, ...]:
    """The promotions of a shop whose period meets a time, earliest first. Two statements."""
    rows = models.Promotion.objects.filter(shop=shop, starts_at__lt=end)
    rows = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=start)).order_by("starts_at", "id")
    return _planned(rows)


def all_planned(shop: str, *, states: Iterable[State] = (), limit: int = 500) -> tuple[Planned, ...]:
    """The promotions of a shop, latest start first. Two statements."""
    rows = models.Promotion.objects.filter(shop=shop)
    if states := list(states):
        rows = rows.filter(state__in=states)
    return _planned(rows.order_by("-starts_at", "-id")[:limit])


def promotion(shop: str, id: str) -> Planned:
    """One promotion. Two statements.

    refuses  NoSuchPromotion
    """
    found = _planned(models.Promotion.objects.filter(pk=UUID(id), shop=shop))
    if not found:
        raise NoSuchPromotion(id=id)
    return found[0]


def deeds(id: str) -> tuple[Deed, ...]:
    """Who did what with a promotion, latest first. One statement. Index growth_promotions_deeds."""
    rows = models.Deed.objects.filter(promotion_id=UUID(id)).order_by("-at", "-id")
    return tuple(Deed(what=Done(row.what), by=row.by, at=row.at) for row in rows)


def called(shop: str, ids: Iterable[str], coupons: Iterable[str] = ()) -> dict[str, live.Called]:
    """What promotions are called, by their id and by the coupon that brought them. Two statements at most."""
    rows = models.Promotion.objects.filter(shop=shop, pk__in=list(ids))
    found = {str(row.id): live.Called(zh=row.name_zh, en=row.name_en) for row in rows}
    if not (brought := list(coupons)):
        return found
    held = models.Coupon.objects.filter(shop=shop, pk__in=brought).select_related("promotion")
    return found | {str(one.id): live.Called(zh=one.promotion.name_zh, en=one.promotion.name_en) for one in held}


def floor_list(shop: str, *, limit: int = 1000) -> tuple[tuple[str, Money], ...]:
    """The floors of a shop by SKU. One statement."""
    rows = models.Floor.objects.filter(shop=shop).order_by("sku")[:limit]
    return tuple((row.sku, Money(row.price_minor, row.currency)) for row in rows)


def _planned(rows: QuerySet[models.Promotion]) -> tuple[Planned, ...]:
    """Those without a budget have their uses added up, in a statement for all of them."""
    found = list(rows)
    uses = models.Redemption.objects.filter(promotion__in=[row for row in found if row.budget_minor is None])
    counted = uses.filter(state=Kept.HOLDS).values_list("promotion_id").annotate(minor=Sum("amount_minor"))
    given = dict(counted) if found else {}
    return tuple(_value(row, given.get(row.id, row.given_minor)) for row in found)


def _value(row: models.Promotion, given_minor: int) -> Planned:
    rule = live.rule_of(row)

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, row.currency)

    plan = Plan(
        name_zh=row.name_zh,
        name_en=row.name_en,
        kind=row.kind,
        terms=row.terms,
        layer=Layer(row.layer),
        target=rule.target,
        audience=rule.audience,
        group=row.group,
        excludes=rule.excludes,
        priority=row.priority,
        base=rule.base,
        cap=rule.cap,
        budget=money(row.budget_minor),
        funded_by=rule.funded_by,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        per_order=row.per_order,
        per_person=row.per_person,
        is_coupon=row.is_coupon,
    )
    return Planned(
        id=str(row.id),
        plan=plan,
        rule=rule,
        state=State(row.state),
        given=Money(given_minor, row.currency),
        foreseen=money(row.foreseen_minor),
        asked_by=row.asked_by,
        approved_by=row.approved_by,
        made_at=row.made_at,
        version=row.version,
    )


def overlaps(shop: str, promotions: Sequence[Planned]) -> dict[str, tuple[str, ...]]:
    """Which of these promotions hold at the same time for some of the same goods, by id. At most three statements.

    Their targets are held against each other by what they name: SKUs and products with their categories and tags of
    today, categories with all above them, tags and sellers.
    """
    named = _named(shop, [one.plan.target for one in promotions])
    found: dict[str, list[str]] = {one.id: [] for one in promotions}
    for place, one in enumerate(promotions):
        for other in promotions[place + 1 :]:
            if one.meets(other) and _share_goods(one.plan.target, other.plan.target, named):
                found[one.id].append(other.id)
                found[other.id].append(one.id)
    return {id: tuple(others) for id, others in found.items()}


def _share_goods(one: Target, other: Target, named: Mapping[str, Line]) -> bool:
    if one.is_everything and other.is_everything:
        return True
    return any(
        line is not None and one.fits(line) and other.fits(line)
        for target in (one, other)
        for line in (named.get(name) for name in _names(target))
    )


def _names(target: Target) -> Iterator[str]:
    for kind in ("skus", "products", "categories", "tags", "sellers"):
        yield from (f"{kind}:{name}" for name in getattr(target, kind))


def _named(shop: str, targets: Sequence[Target]) -> dict[str, Line]:
    """A line for everything that targets name."""
    skus = sorted({sku for target in targets for sku in target.skus})
    handles = sorted({handle for target in targets for handle in target.products})
    cards, tags = (catalogue.products(skus), catalogue.tags_of(skus)) if skus else ({}, {})
    wholes = catalogue.wholes(shop, handles) if handles else ()
    paths = {category.key: category.path for category in catalogue.categories(shop)}
    lines = {
        f"skus:{sku}": _stand_in(
            sku=sku, product=card.product, categories=paths.get(card.category, ()), tags=tags.get(sku, frozenset())
        )
        for sku, card in cards.items()
    }
    for whole in wholes:
        product = whole.product
        categories = paths.get(product.category, ())
        lines[f"products:{product.handle}"] = _stand_in(
            product=product.handle, categories=categories, tags=frozenset(product.tags)
        )
    for target in targets:
        lines |= {f"categories:{key}": _stand_in(categories=paths.get(key, (key,))) for key in target.categories}
        lines |= {f"tags:{tag}": _stand_in(tags=frozenset({tag})) for tag in target.tags}
        lines |= {f"sellers:{seller}": _stand_in(seller=seller) for seller in target.sellers}
    return lines


def _stand_in(**said: Any) -> Line:
    usual: dict[str, Any] = {"id": 0, "sku": "", "quantity": 1, "list_price": Money(1, "CNY")}
    return Line(**(usual | said))
