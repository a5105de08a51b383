"""Plays as they stand in the tables."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.steer.plays import models, rules
from zhanggui.steer.plays.errors import NoSuchPlay
from zhanggui.steer.plays.rules import Deed, Done, Ending, Limit, Look, Plan, Play, State, Step, StepKind

# What one person may start alone where the shop says nothing else: as much as a promotion, and a fifth off.
USUAL_COST_MAJOR = 10_000
USUAL_DISCOUNT_BP = 2_000


def board(shop: str, *, limit: int = 200) -> tuple[Play, ...]:
    """The plays of a shop, the latest proposal first. One statement. Index steer_plays_of_shop."""
    rows = models.Play.objects.filter(shop=shop).order_by("-proposed_at", "-id")
    return tuple(value(row) for row in rows[:limit])


def at_work(shop: str, *states: State) -> tuple[Play, ...]:
    """The plays of a shop in these states, oldest first. One statement."""
    rows = models.Play.objects.filter(shop=shop, state__in=states).order_by("proposed_at", "id")
    return tuple(value(row) for row in rows)


def play(shop: str, id: UUID) -> Play:
    """One play. One statement.

    refuses  NoSuchPlay
    """
    row = models.Play.objects.filter(pk=id, shop=shop).first()
    if row is None:
        raise NoSuchPlay(id=str(id))
    return value(row)


def open_play_of(signal_id: UUID) -> UUID | None:
    """The play that is open about a signal; None if there is none. Index steer_plays_signal_once."""
    rows = models.Play.objects.filter(signal_id=signal_id, state__in=sorted(rules.OPEN))
    return rows.values_list("id", flat=True).first()


def deeds(id: UUID) -> tuple[Deed, ...]:
    """Who did what with a play, latest first. One statement. Index steer_plays_deeds."""
    rows = models.Deed.objects.filter(play_id=id).order_by("-at", "-id")
    return tuple(Deed(what=Done(row.what), by=row.by, at=row.at) for row in rows)


def steps(id: UUID) -> tuple[Step, ...]:
    """What the start of a play did, and what of it was undone. One statement."""
    return tuple(_step(row) for row in models.Step.objects.filter(play_id=id).order_by("done_at", "pk"))


def looks(id: UUID) -> tuple[Look, ...]:
    """How a play stood day by day, oldest first. One statement."""
    return tuple(_look(row) for row in models.Look.objects.filter(play_id=id).order_by("day"))


def limit(shop: str) -> Limit:
    """What one person may start alone. At most two statements."""
    row = models.Limit.objects.filter(pk=shop).first()
    if row is None:
        currency = shops.shop(shop).currency
        return Limit(cost=Money.of(USUAL_COST_MAJOR, currency), discount_bp=USUAL_DISCOUNT_BP)
    return Limit(cost=Money(row.cost_minor, row.currency), discount_bp=row.discount_bp)


def promotions_of(id: UUID) -> tuple[str, ...]:
    """The promotions that a play made, by number."""
    kinds = [StepKind.COUPONS, StepKind.PROMOTION]
    rows = models.Step.objects.filter(play_id=id, kind__in=kinds).order_by("pk")
    return tuple(rows.values_list("reference", flat=True))


def value(row: models.Play) -> Play:
    """A row as a frozen value."""
    same = (
        "id",
        "shop",
        "signal_id",
        "signal_kind",
        "proposed_by",
        "approved_by",
        "proposed_at",
        "started_at",
        "started_on",
        "ended_on",
        "trial_id",
        "campaign",
        "treated",
        "held_out",
        "fact",
        "version",
    )
    return Play(
        plan=msgspec.convert(row.plan, Plan),
        state=State(row.state),
        ending=Ending(row.ending) if row.ending else None,
        **{name: getattr(row, name) for name in same},
    )


def incremental(minor: int | None, low: int | None, high: int | None, currency: str) -> rules.Incremental | None:
    """An interval as it is kept; None where nothing could be said."""
    if minor is None or low is None or high is None:
        return None
    return rules.Incremental(value=Money(minor, currency), low=Money(low, currency), high=Money(high, currency))


def names(shop: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What plays are called. One statement."""
    rows = models.Play.objects.filter(shop=shop, pk__in=list(ids))
    return {row.id: str(row.plan["name"]) for row in rows}


def _step(row: models.Step) -> Step:
    was, put = (None if minor is None else Money(minor, row.currency) for minor in (row.was_minor, row.put_minor))
    return Step(
        kind=StepKind(row.kind),
        reference=row.reference,
        was=was,
        put=put,
        done_at=row.done_at,
        undone_at=row.undone_at,
    )


def _look(row: models.Look) -> Look:
    return Look(
        day=row.day,
        treated=row.treated,
        held_out=row.held_out,
        gmv=incremental(row.gmv_minor, row.gmv_low_minor, row.gmv_high_minor, row.currency),
        margin=incremental(row.margin_minor, row.margin_low_minor, row.margin_high_minor, row.currency),
        cost=Money(row.cost_minor, row.currency),
        uneven_p=row.uneven_p,
    )
