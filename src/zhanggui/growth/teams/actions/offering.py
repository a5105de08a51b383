"""Putting up an offer to buy together, and stopping it."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.db.models import Q

from zhanggui.base import clock
from zhanggui.base.jobs.actions import later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.teams import models, queries
from zhanggui.growth.teams.actions import ending
from zhanggui.growth.teams.errors import NoSuchOffer, OfferNotAllowed
from zhanggui.growth.teams.rules import Offer, Sale, State
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.spine.log.rules import Trail

_KEPT = ("sku", "size", "hours", "starts_at", "ends_at", "per_person", "most_units", "most_teams")


@operation
def put_offer(*, offer: Offer, trail: Trail, by: Actor) -> None:
    """Let shoppers buy a SKU together by these terms. They are not changed afterwards: stop it, and put up another.

    refuses  OfferNotAllowed with the field: `sku` if the shop does not sell it or another offer for it is live
    """
    card = catalogue.products([offer.sku]).get(offer.sku)
    if card is None or card.shop != trail.shop or not card.is_listed:
        raise OfferNotAllowed(field="sku")
    offer.checked(list_price=card.price)
    said = {name: value for name, value in asdict(offer).items() if name in _KEPT}
    row = models.Offer(
        id=offer.id,
        shop=trail.shop,
        price_minor=offer.price.minor,
        currency=offer.price.currency,
        made_at=clock.now(),
        **said,
    )
    models.Offer.objects.bulk_create([row], ignore_conflicts=True)
    if not models.Offer.objects.filter(pk=offer.id, shop=trail.shop, sku=offer.sku).exists():
        raise OfferNotAllowed(field="sku")
    queries.forget()


@operation
def stop_offer(*, id: UUID, is_calling_off: bool, trail: Trail, by: Actor) -> None:
    """Let no team be opened by an offer any longer.

    is_calling_off  its open teams fail at once and all their money goes back; else they have their time
    refuses         NoSuchOffer
    tells           growth.group_failed for each team that is called off
    """
    rows = models.Offer.objects.filter(pk=id, shop=trail.shop)
    if not rows.exists():
        raise NoSuchOffer(offer=str(id))
    now = clock.now()
    begun = rows.filter(state=Sale.LIVE, starts_at__lt=now)
    begun.filter(Q(ends_at=None) | Q(ends_at__gt=now)).update(ends_at=now)
    rows.update(state=Sale.STOPPED)
    if is_calling_off:
        open_ones = models.Team.objects.filter(offer=id, state=State.OPEN).order_by("pk")
        for team_id in open_ones.values_list("pk", flat=True):
            later(ending.call_off_team, team_id=str(team_id))
    queries.forget()
