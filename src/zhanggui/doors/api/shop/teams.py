"""Buying together: opening a team, joining one, seeing how it stands. Ordered is as everything is: by the cart."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ninja import Router, Status

from zhanggui.base import clock
from zhanggui.doors.api.askers import ApiRequest, Visitor, VisitorToken
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import sales as shapes
from zhanggui.doors.api.shapes.common import Sku
from zhanggui.growth.teams import actions, queries
from zhanggui.growth.teams.rules import Sits, Team

router: Final = Router(tags=["Buying together"], auth=VisitorToken())


@router.get("/products/{sku}/teams", response=reading(shapes.Together))
def together(request: ApiRequest, sku: Sku) -> Any:
    """How a SKU can be bought together now, and up to three teams that can be joined, the nearest to full first."""
    visitor, now = request.visitor, clock.now()
    offer = queries.offer_on(visitor.shop.code, sku, at=now)
    found = queries.open_teams(offer.id, person=visitor.person, at=now) if offer else ()
    return {"offer": offer, "teams": [_team(one, visitor, at=now) for one in found]}


@router.post("/team-offers/{id}/teams", response=writing(shapes.Team, status=201), openapi_extra=KEYED)
def open_team(request: ApiRequest, id: UUID) -> Any:
    """Begin a team and sit in its first seat; then order this SKU alone within the minutes that the seat is held.

    Whoever has a seat of this offer that waits to be ordered gets that team again. Needs a sign-in.
    """
    visitor = request.visitor
    customer_id = visitor.customer().customer_id
    code = actions.open_team(offer_id=id, customer_id=customer_id, trail=visitor.trail, by=visitor.by)
    return Status(201, _now(visitor, code))


@router.get("/teams", response=reading(list[shapes.Team]))
def mine(request: ApiRequest) -> Any:
    """The teams in which the shopper sits or sat with an order, newest first."""
    visitor, now = request.visitor, clock.now()
    return [_team(one, visitor, at=now) for one in queries.teams_of_person(visitor.shop.code, visitor.persons)]


@router.get("/teams/{code}", response=reading(shapes.Team))
def team(request: ApiRequest, code: shapes.TeamCode) -> Any:
    """How a team stands."""
    return _now(request.visitor, code)


@router.post("/teams/{code}/seat", response=writing(shapes.Team), openapi_extra=KEYED)
def join(request: ApiRequest, code: shapes.TeamCode) -> Any:
    """Take a seat in a team; then order this SKU alone within the minutes that the seat is held. Needs a sign-in."""
    visitor = request.visitor
    customer_id = visitor.customer().customer_id
    found = queries.team(visitor.shop.code, code)
    actions.join(code=found.code, customer_id=customer_id, trail=visitor.trail, by=visitor.by)
    return _now(visitor, found.code)


@router.delete("/teams/{code}/seat", response=writing(shapes.Team))
def leave(request: ApiRequest, code: shapes.TeamCode) -> Any:
    """Give up a seat that nothing was ordered from; nothing happens if there is none."""
    visitor = request.visitor
    found = queries.team(visitor.shop.code, code)
    actions.leave(code=found.code, trail=visitor.trail, by=visitor.by)
    return _now(visitor, found.code)


def _now(visitor: Visitor, code: str) -> dict[str, Any]:
    return _team(queries.team(visitor.shop.code, code), visitor, at=clock.now())


def _team(found: Team, visitor: Visitor, *, at: datetime) -> dict[str, Any]:
    same = ("code", "offer", "price", "size", "state", "opened_at", "ends_at", "formed_at")
    seats = [
        {
            "place": seat.place,
            "is_paid": seat.state is Sits.PAID,
            "is_mine": seat.person in visitor.persons,
            "holds_until": seat.holds_until,
        }
        for seat in found.seats
        if seat.holds(at)
    ]
    return {
        **{name: getattr(found, name) for name in same},
        "missing": found.missing(),
        "free_seats": found.free_seats(at),
        "can_be_joined": found.can_be_joined(at) and found.seat_of(visitor.person, at) is None,
        "seats": seats,
    }
