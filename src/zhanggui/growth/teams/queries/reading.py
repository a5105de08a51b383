"""Reading offers, teams and seats, as values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from zhanggui.base.money import Money
from zhanggui.growth.teams import models
from zhanggui.growth.teams.errors import NoSuchOffer, NoSuchTeam
from zhanggui.growth.teams.queries import pricing
from zhanggui.growth.teams.rules import Offer, Sits, State, Team

_SHOWN: Final = 3
_PART: Final = 200
_SITTING: Final = (Sits.TAKEN, Sits.ORDERED, Sits.PAID)


def offer_on(shop: str, sku: str, *, at: datetime) -> Offer | None:
    """The offer by which a team for a SKU can be opened now; None if there is none. A kept answer."""
    found = pricing.offers_on(shop).get(sku)
    return found if found is not None and found.is_on(at) else None


def offer(shop: str, id: UUID) -> Offer:
    """An offer, whatever became of it. One statement. Primary key.

    refuses  NoSuchOffer
    """
    row = models.Offer.objects.filter(pk=id, shop=shop).first()
    if row is None:
        raise NoSuchOffer(offer=str(id))
    return row.value


def team(shop: str, code: str) -> Team:
    """A team with its seats, freed ones left out. Two statements. Unique code, index growth_teams_seat_place_once.

    refuses  NoSuchTeam
    """
    found = teams(models.Team.objects.filter(shop=shop, code=code.upper()[:12]))
    if not found:
        raise NoSuchTeam(code=code)
    return found[0]


def open_teams(offer_id: UUID, *, person: str, at: datetime) -> tuple[Team, ...]:
    """Teams that can be joined, the nearest to full first, without those the person sits in. At most two statements.

    Index growth_teams_team_offer.
    """
    rows = models.Team.objects.filter(offer=offer_id, state=State.OPEN, ends_at__gt=at).order_by("ends_at")[:_PART]
    found = [one for one in teams(rows) if one.can_be_joined(at) and one.seat_of(person, at) is None]
    return tuple(sorted(found, key=lambda one: (one.free_seats(at), one.ends_at))[:_SHOWN])


def teams_of_person(shop: str, persons: Iterable[str], *, limit: int = 50) -> tuple[Team, ...]:
    """The teams that somebody sits or sat in with an order, newest first. Three statements.

    Index growth_teams_seat_person.
    """
    seats = models.Seat.objects.filter(shop=shop, person__in=list(persons)).order_by("-taken_at")
    mine = [seat for seat in seats[:limit] if seat.state != Sits.FREED or seat.order_number]
    ids = list(dict.fromkeys(seat.team_id for seat in mine))
    found = {one.id: one for one in teams(models.Team.objects.filter(pk__in=ids))}
    return tuple(found[id] for id in ids)


def orders_of(teams_of_them: Iterable[Team], persons: Iterable[str]) -> dict[UUID, str]:
    """The last order of somebody in each team, called off ones too. One statement."""
    seats = models.Seat.objects.filter(team__in=[one.id for one in teams_of_them], person__in=list(persons))
    ordered = seats.exclude(order_number="").order_by("taken_at")
    return dict(ordered.values_list("team_id", "order_number"))


def waits(order_number: str) -> bool:
    """Whether an order must not be picked, because its team is not full. One statement.

    Index growth_teams_seat_order_once.
    """
    seats = models.Seat.objects.filter(order_number=order_number).exclude(order_number="")
    return seats.exclude(team__state=State.FULL).exists()


def undone(*, limit: int = _PART) -> tuple[str, ...]:
    """Orders of failed teams that were not seen off yet. One statement. Index growth_teams_team_failed."""
    seats = models.Seat.objects.filter(team__state=State.FAILED, state__in=[Sits.ORDERED, Sits.PAID])
    return tuple(seats.order_by("team__failed_at", "pk").values_list("order_number", flat=True)[:limit])


def teams(rows: QuerySet[models.Team]) -> list[Team]:
    """The teams of these rows with their seats, freed ones left out. Two statements."""
    sitting = models.Seat.objects.filter(state__in=_SITTING).order_by("place")
    whole = rows.select_related("offer").prefetch_related(Prefetch("seats", queryset=sitting))
    return [value_of(row, list(row.seats.all())) for row in whole]


def value_of(row: models.Team, seats: Iterable[models.Seat]) -> Team:
    """A team's row with its seats, as a frozen value."""
    return Team(
        id=row.id,
        code=row.code,
        offer=row.offer.value,
        price=Money(row.price_minor, row.currency),
        size=row.size,
        state=State(row.state),
        opened_at=row.opened_at,
        ends_at=row.ends_at,
        formed_at=row.formed_at,
        seats=tuple(seat.value for seat in seats),
    )
