"""Presales that are on, as pages and the price see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.kept import kept
from zhanggui.growth.presale import models
from zhanggui.growth.presale.errors import NoSuchPresale
from zhanggui.growth.presale.rules import SOURCE, Phase, State, Terms, held_as, phase
from zhanggui.growth.promotions.rules import PriceOffer, PriceSource, Special
from zhanggui.supply.stock import queries as stock

# A window that opens is seen at once, because the clock decides; this is how soon a presale that was put up is.
_SECONDS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A presale.

    left_units  pieces that can still be reserved
    ended_as    why it was called off; None while it stands
    """

    id: UUID
    shop: str
    terms: Terms
    reserved_units: int
    ended_as: State | None
    ended_at: datetime | None
    made_at: datetime

    @property
    def left_units(self) -> int:
        """Pieces that nobody has reserved."""
        return self.terms.quantity - self.reserved_units

    def phase(self, at: datetime) -> Phase:
        """Where it stands at a moment; over if it was called off."""
        return Phase.OVER if self.ended_as else phase(self.terms, at=at)


def presale(shop: str, id: str | UUID) -> Shown:
    """One presale as it stands this moment. One statement.

    refuses  NoSuchPresale
    """
    known = _uuid(id)
    row = models.Presale.objects.filter(pk=known, shop=shop).first() if known else None
    if row is None:
        raise NoSuchPresale(id=str(id))
    return shown(row)


def presale_by_id(id: UUID) -> Shown:
    """One presale of any shop, for a job. One statement."""
    return shown(models.Presale.objects.get(pk=id))


@kept(seconds=_SECONDS)
def running(shop: str) -> tuple[Shown, ...]:
    """The shop's presales that are not over, what ends first before the rest. At most one statement.

    Index growth_presale_of_shop.
    """
    rows = models.Presale.objects.filter(shop=shop, ended_as="", balance_until__gt=clock.now())
    return tuple(shown(row) for row in rows.order_by("deposit_until", "id"))


def taking_deposits(shop: str, *, at: datetime) -> tuple[Shown, ...]:
    """Those that take deposits now or soon. At most one statement."""
    return tuple(one for one in running(shop) if one.phase(at) in (Phase.SOON, Phase.DEPOSIT))


def of_sku(shop: str, sku: str, *, at: datetime) -> Shown | None:
    """The presale in which a SKU can be reserved now, else the next one; None without any. At most one statement."""
    mine = [one for one in taking_deposits(shop, at=at) if one.terms.sku == sku]
    return min(mine, key=lambda one: (one.phase(at) is Phase.SOON, one.terms.deposit_from), default=None)


@kept(seconds=_SECONDS)
def is_used(shop: str) -> bool:
    """Whether the shop ever had a presale. At most one statement. Index growth_presale_of_shop."""
    return models.Presale.objects.filter(shop=shop).exists()


def prices(shop: str, person: str, skus: Sequence[str], *, at: datetime) -> Mapping[str, Sequence[PriceOffer]]:
    """A port of promotions: what the balance costs for pieces that a person has reserved and can pay now.

    No statement while no balance of these SKUs is open; else one. Index growth_presale_of_person.
    """
    offers: dict[str, list[PriceOffer]] = {}
    for row in _payable(shop, person, skus, at=at):
        terms = row.presale.terms
        offer = PriceOffer(id=f"{SOURCE}{row.id}", source=PriceSource.PRESALE, price=terms.balance, units=row.units)
        offers.setdefault(row.sku, []).append(offer)
    return offers


def set_aside(shop: str, person: str, skus: Sequence[str], *, at: datetime) -> Mapping[str, int]:
    """A port of the checkout: pieces that are kept for a person whose balance is open.

    No statement while no balance is open; else one, and one for each reservation. A bundle is kept as its parts.
    """
    units: dict[str, int] = {}
    open_skus = sorted({one.terms.sku for one in running(shop) if one.phase(at) is Phase.BALANCE})
    for row in _payable(shop, person, open_skus, at=at):
        for sku, pieces in _stocked(row).items():
            units[sku] = units.get(sku, 0) + pieces
    return {sku: pieces for sku, pieces in units.items() if sku in skus}


@kept(seconds=_SECONDS)
def specials(shop: str) -> tuple[Special, ...]:
    """A port of promotions: what can be reserved, with the whole price of one piece, for the pages of these goods."""
    return tuple(
        Special(
            sku=one.terms.sku,
            source=PriceSource.PRESALE,
            price=one.terms.total,
            starts_at=one.terms.deposit_from,
            ends_at=one.terms.deposit_until,
        )
        for one in running(shop)
        if one.left_units > 0
    )


def taken(presale_id: UUID, person: str) -> int:
    """How many pieces of a presale a person has reserved. One statement. Index growth_presale_taken_once."""
    row = models.Taken.objects.filter(presale=presale_id, person=person).values_list("units", flat=True).first()
    return row or 0


def forget() -> None:
    """Ask anew from now on what is on."""
    running.forget()
    is_used.forget()
    specials.forget()


def shown(row: models.Presale) -> Shown:
    """A presale as a value."""
    return Shown(
        id=row.id,
        shop=row.shop,
        terms=row.terms,
        reserved_units=row.reserved_units,
        ended_as=State(row.ended_as) if row.ended_as else None,
        ended_at=row.ended_at,
        made_at=row.made_at,
    )


def _payable(shop: str, person: str, skus: Sequence[str], *, at: datetime) -> list[models.Reservation]:
    """A person's reservations of these SKUs whose balance can be paid at a moment and is not being paid."""
    open_ids = [one.id for one in running(shop) if one.terms.sku in skus and one.phase(at) is Phase.BALANCE]
    if not open_ids or not person:
        return []
    rows = models.Reservation.objects.filter(
        shop=shop,
        person=person,
        presale__in=open_ids,
        state__in=[State.DEPOSIT_PAID, State.BALANCE_OPEN],
        balance_order="",
    )
    return list(rows.select_related("presale").order_by("id"))


def _stocked(row: models.Reservation) -> dict[str, int]:
    """What lies aside for a reservation, in units by SKU."""
    units: dict[str, int] = {}
    for held in stock.reservations(held_as(row.id)):
        units[held.sku] = units.get(held.sku, 0) + held.units - held.shipped_units - held.released_units
    return units


def _uuid(id: str | UUID) -> UUID | None:
    try:
        return id if isinstance(id, UUID) else UUID(id)
    except ValueError:
        return None
