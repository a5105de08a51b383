"""Setting up tiers, points, paid memberships and what is taken back."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.base.operation.actions import operation
from zhanggui.growth.membership import models, queries, rules
from zhanggui.growth.membership.errors import PlanNotAllowed, SchemeNotAllowed
from zhanggui.growth.membership.rules.points import Scheme
from zhanggui.growth.membership.rules.recycling import Grade, Recyclable
from zhanggui.growth.membership.rules.terms import Plan
from zhanggui.growth.membership.rules.tiers import Tier
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Kind


@operation
def set_scheme(*, shop: str, scheme: Scheme) -> None:
    """Have points work like this from now on; what was earned before stays as it was.

    refuses  SchemeNotAllowed
    """
    scheme.checked()
    models.Scheme.objects.update_or_create(
        pk=shop,
        defaults={
            "earn_rate": scheme.earn_rate,
            "worth": scheme.worth,
            "cap_rate": scheme.cap_rate,
            "step": scheme.step,
            "lasts_days": scheme.lasts_days,
        },
    )
    queries.scheme.forget()


@operation
def set_tiers(*, shop: str, tiers: Sequence[Tier]) -> None:
    """Have these tiers from now on, and no others; members of one that is gone count as the lowest until they rise.

    refuses  TiersNotAllowed
    """
    ordered = rules.tiers.checked(tiers)
    models.Tier.objects.filter(shop=shop).delete()
    models.Tier.objects.bulk_create(_tier_row(shop, tier) for tier in ordered)
    queries.tiers.forget()


@operation
def open_membership(*, shop: str) -> None:
    """Begin with points and three tiers as most shops have them; what a shop has set stays."""
    if queries.scheme(shop) is None:
        set_scheme(shop=shop, scheme=Scheme())
    if not models.Tier.objects.filter(shop=shop).exists():
        set_tiers(shop=shop, tiers=rules.tiers.READY)


@operation
def set_plan(*, shop: str, plan: Plan) -> None:
    """Let a service on sale make its buyers paid members from now on; what was bought before stays as it was.

    refuses  PlanNotAllowed unless it is a service of the shop and its tier is there
    """
    rules.terms.checked(plan)
    card = catalogue.products([plan.sku]).get(plan.sku)
    if card is None or card.shop != shop or card.kind is not Kind.SERVICE:
        raise PlanNotAllowed(field="sku")
    if plan.tier not in {tier.key for tier in queries.tiers(shop)}:
        raise PlanNotAllowed(field="tier")
    models.Plan.objects.update_or_create(
        shop=shop, sku=plan.sku, defaults={"tier": plan.tier, "days": plan.days, "is_sold": plan.is_sold}
    )


@operation
def set_recyclables(*, shop: str, kinds: Sequence[Recyclable]) -> None:
    """Take these kinds of things back from now on, and no others; what was handed in before is still graded.

    refuses  SchemeNotAllowed if a worse grade brings more than a better one, or a name is missing
    """
    for kind in kinds:
        points = [kind.points[grade] for grade in Grade]
        if not kind.name or not kind.key or points != sorted(points, reverse=True) or points[-1] < 0:
            raise SchemeNotAllowed(field=kind.key or "key")
    models.Recyclable.objects.filter(shop=shop).exclude(key__in=[kind.key for kind in kinds]).update(is_taken=False)
    models.Recyclable.objects.bulk_create(
        [_recyclable_row(shop, kind) for kind in kinds],
        update_conflicts=True,
        unique_fields=["shop", "key"],
        update_fields=["name_zh", "name_en", "points_a", "points_b", "points_c", "is_taken"],
    )
    queries.recyclables.forget()


def _tier_row(shop: str, tier: Tier) -> models.Tier:
    good = tier.benefits
    return models.Tier(
        shop=shop,
        key=tier.key,
        name_zh=tier.name.zh,
        name_en=tier.name.en,
        growth_from=tier.growth_from,
        multiplier=good.multiplier,
        birthday_points=good.birthday_points,
        member_price=good.member_price,
        free_shipping=good.free_shipping,
        own_service=good.own_service,
        events=good.events,
        note_zh=good.note.zh,
        note_en=good.note.en,
    )


def _recyclable_row(shop: str, kind: Recyclable) -> models.Recyclable:
    return models.Recyclable(
        shop=shop,
        key=kind.key,
        name_zh=kind.name.zh,
        name_en=kind.name.en,
        points_a=kind.points[Grade.A],
        points_b=kind.points[Grade.B],
        points_c=kind.points[Grade.C],
        is_taken=kind.is_taken,
    )
