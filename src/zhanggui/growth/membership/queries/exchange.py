"""Reading the points shop and recycling."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from zhanggui.base.home import shelf
from zhanggui.base.kept import kept
from zhanggui.growth.membership import models
from zhanggui.growth.membership.errors import NoSuchItem, NoSuchRedemption, NoSuchReward
from zhanggui.growth.membership.queries.members import scheme
from zhanggui.growth.membership.rules import recycling
from zhanggui.growth.membership.rules import rewards as reward_rules
from zhanggui.growth.membership.rules.recycling import Item, Recyclable
from zhanggui.growth.membership.rules.rewards import Redemption, Reward

_WAITING: Final = """
select (select count(*) from growth_membership_redemption where shop = %s::varchar and state = %s::varchar),
    (select count(*) from growth_membership_item where shop = %s::varchar and step = any(%s::varchar[]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What colleagues have to do: rewards to send, things to look at."""

    redemptions: int
    items: int


def rewards(shop: str, *, is_offered: bool | None = True) -> tuple[Reward, ...]:
    """What points buy in a shop, the cheapest first; all there ever was if `is_offered` is None. One statement."""
    rows = models.Reward.objects.filter(shop=shop).order_by("points", "id")
    return tuple(row.value for row in (rows if is_offered is None else rows.filter(is_offered=is_offered)))


def reward(shop: str, id: UUID) -> Reward:
    """One reward. One statement. Primary key.

    refuses  NoSuchReward
    """
    row = models.Reward.objects.filter(pk=id, shop=shop).first()
    if row is None:
        raise NoSuchReward(reward_id=str(id))
    return row.value


def redemption(shop: str, number: str, *, person: str = "") -> Redemption:
    """One redemption, of one person if it is given. One statement. Primary key.

    refuses  NoSuchRedemption
    """
    row = models.Redemption.objects.filter(pk=number, shop=shop).first()
    if row is None or person not in ("", row.person):
        raise NoSuchRedemption(number=number)
    return row.value


def redemptions_of(shop: str, person: str, *, limit: int = 30) -> tuple[Redemption, ...]:
    """What a shopper redeemed, newest first. One statement. Index growth_membership_redeemed_by."""
    rows = models.Redemption.objects.filter(shop=shop, person=person).order_by("-at", "-number")
    return tuple(row.value for row in rows[:limit])


def redemptions_in(
    shop: str, *, is_open: bool = True, limit: int = 100, offset: int = 0
) -> tuple[tuple[Redemption, ...], int]:
    """Redemptions of a shop that wait for something, longest ago first, or those that are over, newest first; how many.

    Two statements. Index growth_membership_to_send.
    """
    standing = Q(state__in=list(reward_rules.OPEN))
    rows = models.Redemption.objects.filter(standing if is_open else ~standing, shop=shop)
    ordered = rows.order_by("at", "number") if is_open else rows.order_by("-at", "-number")
    return tuple(row.value for row in ordered[offset : offset + limit]), rows.count()


@kept(seconds=30)
def recyclables(shop: str) -> tuple[Recyclable, ...]:
    """The kinds of things that a shop knows to take back. At most one statement; kept for half a minute."""
    return tuple(row.value for row in models.Recyclable.objects.filter(shop=shop).order_by("name_zh", "key"))


def item(shop: str, number: str, *, person: str = "") -> Item:
    """Something handed in, by one person if it is given. One statement. Primary key.

    refuses  NoSuchItem
    """
    row = models.Item.objects.filter(pk=number, shop=shop).first()
    if row is None or person not in ("", row.person):
        raise NoSuchItem(number=number)
    return row.value


def items_of(shop: str, person: str, *, limit: int = 30) -> tuple[Item, ...]:
    """What a shopper handed in, newest first. One statement. Index growth_membership_handed_in."""
    rows = models.Item.objects.filter(shop=shop, person=person).order_by("-at", "-number")
    return tuple(row.value for row in rows[:limit])


def open_items(shop: str, *, is_open: bool = True, limit: int = 100, offset: int = 0) -> tuple[tuple[Item, ...], int]:
    """What was handed in and waits for something, longest ago first, or what is over, newest first; how many.

    Two statements. Index growth_membership_item_step.
    """
    standing = Q(step__in=list(recycling.OPEN))
    rows = models.Item.objects.filter(standing if is_open else ~standing, shop=shop)
    ordered = rows.order_by("at", "number") if is_open else rows.order_by("-at", "-number")
    return tuple(row.value for row in ordered[offset : offset + limit]), rows.count()


def waiting(shop: str) -> Waiting:
    """What waits for a colleague. One statement; none in a shop without points.

    Indexes growth_membership_to_send and growth_membership_item_step.
    """
    if scheme(shop) is None:
        return Waiting(redemptions=0, items=0)
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [shop, reward_rules.State.REDEEMED, shop, list(recycling.OPEN)])
        redemptions, items = cursor.fetchone()
    return Waiting(redemptions=redemptions, items=items)


def picture_folder() -> Path:
    """Where the pictures of things handed in lie."""
    return shelf("recycled")
