"""The price of somebody who sits in a team and has not ordered yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Q

from zhanggui.base.kept import kept
from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules import PriceOffer, PriceSource, Special
from zhanggui.growth.teams import models
from zhanggui.growth.teams.rules import SOURCE, Offer, Sale, Sits, State

# How soon a page shows what another process has put up or stopped; seats themselves are always asked for.
_SECONDS: Final = 3


def prices(shop: str, person: str, skus: Sequence[str], *, at: datetime) -> Mapping[str, Sequence[PriceOffer]]:
    """The group price of whoever has a seat that is not ordered yet. At most one statement, none where no team is on.

    Only a basket of this SKU alone has it: the order waits for the team, and comes to nothing with it.
    Index growth_teams_seat_person.
    """
    wanted = set(skus)
    if len(wanted) != 1 or not person or not wanted <= skus_on(shop):
        return {}
    (sku,) = wanted
    seats = models.Seat.objects.filter(
        shop=shop,
        person=person,
        state=Sits.TAKEN,
        holds_until__gt=at,
        offer__sku=sku,
        team__state=State.OPEN,
        team__ends_at__gt=at,
    )
    rows = seats.order_by("taken_at").values_list("id", "team__price_minor", "team__currency", "offer__most_units")
    return {
        sku: [
            PriceOffer(id=f"{SOURCE}{id}", source=PriceSource.GROUP, price=Money(minor, currency), units=units)
            for id, minor, currency, units in rows[:1]
        ]
    }


@kept(seconds=_SECONDS)
def skus_on(shop: str) -> frozenset[str]:
    """The SKUs that are bought together now, in teams that run on after their offer was stopped too. One statement."""
    offers = models.Offer.objects.filter(shop=shop)
    is_on = Q(state=Sale.LIVE) | Q(teams__state=State.OPEN)
    return frozenset(offers.filter(is_on).values_list("sku", flat=True))


@kept(seconds=_SECONDS)
def offers_on(shop: str) -> dict[str, Offer]:
    """The live offers by SKU. One statement. Index growth_teams_offer_one_live."""
    return {row.sku: row.value for row in models.Offer.objects.filter(shop=shop, state=Sale.LIVE)}


@kept(seconds=_SECONDS)
def specials(shop: str) -> tuple[Special, ...]:
    """A port of promotions: what can be bought together, for the pages of these goods."""
    return tuple(
        Special(
            sku=offer.sku,
            source=PriceSource.GROUP,
            price=offer.price,
            starts_at=offer.starts_at,
            ends_at=offer.ends_at,
            people=offer.size,
        )
        for offer in offers_on(shop).values()
        if offer.most_teams is None or offer.opened_teams < offer.most_teams
    )


def forget() -> None:
    """Ask anew from now on what is on."""
    skus_on.forget()
    offers_on.forget()
    specials.forget()
