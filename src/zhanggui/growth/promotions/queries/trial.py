"""A dry run over real orders: from the goods of the promotion to the orders that hold them, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.promotions import models
from zhanggui.growth.promotions.queries import live
from zhanggui.growth.promotions.rules import COUPON, Line, Rule
from zhanggui.growth.promotions.rules.trials import Ground, Outcome, Progress, Run, foreseen
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules.past import PastOrder

PART: Final = 2_000
# As which a promotion that needs a coupon is tried: as if every buyer with an account held one.
_HELD: Final = "trial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A dry run, how far it is, and what came of it.

    is_of_now  whether the promotion is still as it was tried
    foreseen   what the promotion is believed to cost in its period; None until the run is done
    """

    id: str
    promotion: str
    progress: Progress
    since: datetime
    until: datetime
    outcome: Outcome | None
    is_of_now: bool
    foreseen: Money | None
    asked_by: str
    asked_at: datetime
    moved_at: datetime

    @property
    def is_running(self) -> bool:
        """Whether a job works on it, or waits for a worker."""
        return self.progress is Progress.RUNNING

    @property
    def version(self) -> str:
        """Another one whenever something about it is another; empty once nothing more will come by itself."""
        return f"{self.id}-{self.moved_at.timestamp()}" if self.is_running else ""

    @property
    def share(self) -> float:
        """How far it is, 0 to 1."""
        if self.outcome is None:
            return 0.0
        return self.outcome.tried / self.outcome.touching if self.outcome.touching else 1.0

    def rate(self) -> float | None:
        """Orders a second; None until a part is through."""
        seconds = (self.moved_at - self.asked_at).total_seconds()
        return self.outcome.tried / seconds if self.outcome and self.outcome.tried and seconds > 0 else None


def replay(shop: str, draft: Rule, *, since: datetime, until: datetime, part: int = PART) -> Iterator[Outcome]:
    """Try a promotion on all orders of a time that were paid and stand; what came of it so far, after every part.

    Oldest orders first, because uses and budgets are used up. Five statements, and one to four for each part; orders
    without goods of the promotion are never read.
    """
    currency = shops.shop(shop).currency
    said: dict[str, Any] = {"currency": currency, "since": since, "until": until}
    goods = _goods(shop, orders.sold(shop, **said))
    skus = None if draft.target.is_everything else {key[0] for key, line in goods.items() if draft.target.fits(line)}
    numbers = orders.past_numbers(shop, **said, skus=skus)
    ground = Ground(
        zone=shops.shop(shop).zone, currency=currency, goods=goods, known=_known(shop), lowest=live.floors(shop)
    )
    run = Run(draft, ground, orders=orders.past_count(shop, **said), touching=len(numbers))
    yield run.outcome()
    asks_tier, asks_last = bool(draft.audience.tiers), bool(draft.audience.segments)
    asks_account = draft.audience.is_signed_in_only or bool(draft.coupon)
    for start in range(0, len(numbers), part):
        past = orders.past_orders(numbers[start : start + part], with_last_paid=asks_last)
        persons = {order.person for order in past} if asks_tier or asks_account else frozenset()
        tiers = membership.tiers_of(shop, persons, at=clock.now()) if asks_tier else {}
        known = customers.with_accounts(shop, persons) if asks_account else frozenset()
        brought = _brought(past)
        for order in past:
            tier = tiers.get(order.person, "")
            is_known = not asks_account or order.person in known
            run.add(order, tier=tier, is_signed_in=is_known, brought=brought)
        yield run.outcome()


def draft_of(row: models.Promotion) -> Rule:
    """A promotion as it is tried: whenever it holds, with its whole budget, and with a coupon if it needs one."""
    budget = None if row.budget_minor is None else Money(row.budget_minor, row.currency)
    rule = replace(live.rule_of(row), starts_at=None, ends_at=None, budget_left=budget)
    return replace(rule, coupon=_HELD) if row.is_coupon else rule


def tried(shop: str, promotion_id: str) -> Tried | None:
    """The last dry run of a promotion; None if it was never tried. One statement. Index growth_promotions_trials."""
    rows = models.Trial.objects.filter(promotion_id=UUID(promotion_id), promotion__shop=shop)
    row = rows.select_related("promotion").order_by("-asked_at").first()
    return _tried(row) if row else None


def _tried(row: models.Trial) -> Tried:
    outcome = msgspec.convert(row.outcome, Outcome, str_keys=True) if row.outcome else None
    is_done = outcome is not None and row.progress == Progress.DONE
    promotion = row.promotion
    return Tried(
        id=str(row.id),
        promotion=str(row.promotion_id),
        progress=Progress(row.progress),
        since=row.since,
        until=row.until,
        outcome=outcome,
        is_of_now=row.version == promotion.version,
        foreseen=foreseen(
            Money(outcome.off_minor, promotion.currency),
            days=max(1, (row.until - row.since).days),
            starts_at=promotion.starts_at,
            ends_at=promotion.ends_at,
        )
        if outcome is not None and is_done
        else None,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        moved_at=row.moved_at,
    )


def _goods(shop: str, sold: frozenset[tuple[str, str]]) -> dict[tuple[str, str], Line]:
    """What was sold, as the target of a promotion looks at it: categories of then, products and tags of today."""
    skus = sorted({sku for sku, _ in sold})
    handles, tags = catalogue.handles_by_sku(shop, skus), catalogue.tags_of(skus)
    paths = {category.key: category.path for category in catalogue.categories(shop)}
    one = Money(1, shops.shop(shop).currency)
    return {
        (sku, category): Line(
            id=0,
            sku=sku,
            quantity=1,
            list_price=one,
            product=handles.get(sku, ""),
            categories=paths.get(category, (category,)),
            tags=tags.get(sku, frozenset()),
        )
        for sku, category in sold
    }


def _known(shop: str) -> dict[str, Rule]:
    rows = models.Promotion.objects.filter(shop=shop).exclude(state="draft")
    return {
        str(row.id): replace(live.rule_of(row), coupon=_HELD) if row.is_coupon else live.rule_of(row) for row in rows
    }


def _brought(past: Sequence[PastOrder]) -> Mapping[str, str]:
    """The promotions of the coupons that these orders used. One statement, none if they used none."""
    sources = {share.source for order in past for line in order.lines for share in line.shares}
    used = [source.removeprefix(COUPON) for source in sources if source.startswith(COUPON)]
    if not used:
        return {}
    rows = models.Coupon.objects.filter(pk__in=used).values_list("id", "promotion_id")
    return {str(coupon): str(promotion) for coupon, promotion in rows}
