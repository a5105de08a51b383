"""The ledger of effects, and what it lets expect of a play like those in it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from zhanggui.base.money import Money
from zhanggui.growth.experiments.rules import Costing
from zhanggui.steer.plays import models, rules
from zhanggui.steer.plays.queries.plays import incremental
from zhanggui.steer.plays.rules import Attributed, Cost, Entry, IncrementalPieces, Pooled, Proof
from zhanggui.steer.signals.rules import Move

# So many of the latest measurements teach what to expect.
_MOST_TAUGHT = 50


def ledger(shop: str, *, limit: int, offset: int = 0) -> tuple[Entry, ...]:
    """What plays brought, the latest measurement first. One statement. Index steer_plays_ledger."""
    rows = models.Effect.objects.filter(shop=shop).order_by("-measured_at", "-id")
    return tuple(_entry(row) for row in rows[offset : offset + limit])


def measurements(shop: str) -> int:
    """How many there are in the ledger."""
    return models.Effect.objects.filter(shop=shop).count()


def entries_of(id: UUID) -> tuple[Entry, ...]:
    """The measurements of one play, the latest first. One statement."""
    return tuple(_entry(row) for row in models.Effect.objects.filter(play_id=id).order_by("-measured_at", "-id"))


def expected(shop: str, *, move: Move, metric: str, signal_kind: str, currency: str) -> Pooled | None:
    """What one treated person, or a day where everybody is treated, is expected to bring in minor units.

    From plays that were the same move on the same metric: those that answered the same kind of signal if there are
    any, else all. The last measurement of each counts; groups that were too uneven teach nothing. At most two
    statements.
    """
    rows = models.Effect.objects.filter(shop=shop, move=move, metric=metric, currency=currency)
    rows = rows.exclude(uneven_p__lt=rules.UNEVEN_P)
    found = _latest(rows.filter(signal_kind=signal_kind).order_by("-measured_at", "-id")) if signal_kind else []
    found = found or _latest(rows.order_by("-measured_at", "-id"))
    return rules.pooled([(row.per_unit, row.per_unit_low, row.per_unit_high) for row in found])


def _latest(rows: QuerySet[models.Effect]) -> list[models.Effect]:
    found: dict[UUID, models.Effect] = {}
    for row in rows[:_MOST_TAUGHT]:
        found.setdefault(row.play_id, row)
    return list(found.values())


def _entry(row: models.Effect) -> Entry:
    gmv = incremental(row.gmv_minor, row.gmv_low_minor, row.gmv_high_minor, row.currency)
    if gmv is None:
        raise ValueError(f"an effect without an amount: {row.pk}")
    costs = ("messages_minor", "discounts_minor", "spend_minor", "fixed_minor")
    same = ("name", "metric", "signal_kind", "first_day", "last_day", "measured_at", "treated", "held_out", "units")
    return Entry(
        id=row.id,
        play_id=row.play_id,
        move=Move(row.move),
        proof=Proof(row.proof),
        per_unit=(row.per_unit, row.per_unit_low, row.per_unit_high),
        orders=IncrementalPieces(value=row.orders, low=row.orders_low, high=row.orders_high),
        gmv=gmv,
        margin=incremental(row.margin_minor, row.margin_low_minor, row.margin_high_minor, row.currency),
        attributed=Attributed(orders=row.attributed_orders, money=Money(row.attributed_minor, row.currency)),
        cost=Cost(**{name.removesuffix("_minor"): Money(getattr(row, name), row.currency) for name in costs}),
        uneven_p=row.uneven_p,
        costing=Costing(row.costing) if row.costing else None,
        costed_bp=row.costed_bp,
        chance=row.chance,
        **{name: getattr(row, name) for name in same},
    )
