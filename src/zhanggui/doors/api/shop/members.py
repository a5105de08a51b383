"""Membership: a member's tier and points, the points shop, and the address book that rewards are sent to."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from ninja import Router, Status

from zhanggui.base import clock
from zhanggui.doors.api import once
from zhanggui.doors.api.askers import ApiRequest, VisitorToken
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import members as shapes
from zhanggui.doors.api.shapes.common import Limit, Made, Number
from zhanggui.growth.membership import actions, queries
from zhanggui.growth.membership.rules.rewards import Reward
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers import queries as people
from zhanggui.shop.customers.rules import Address

router: Final = Router(tags=["Membership and points"], auth=VisitorToken())
_STANDING: Final = ("tier", "reached", "next", "growth", "short_by", "progress", "until")
_REWARD: Final = ("id", "kind", "title", "words", "sku", "points", "left", "most_each", "at")


@router.get("/membership", response=reading(shapes.Membership))
def membership(request: ApiRequest) -> Any:
    """The member's tier, the way to the next one, and their points. Needs a sign-in."""
    visitor, now = request.visitor, clock.now()
    visitor.customer()
    shop, person = visitor.shop.code, visitor.person
    standing, scheme = queries.standing(shop, person, at=now), queries.scheme(shop)
    uses_points, chosen = queries.chosen(shop, person)
    return {
        **{name: getattr(standing, name) for name in _STANDING},
        "paid_until": standing.paid.until if standing.paid else None,
        "points": queries.purse(shop, person, at=now),
        "worth": scheme.worth if scheme else None,
        "uses_points": uses_points,
        "chosen_points": chosen,
    }


@router.get("/membership/points", response=reading(list[shapes.PointsMove]))
def points(request: ApiRequest, limit: Limit = 30) -> Any:
    """What happened to the member's points, newest first. Needs a sign-in."""
    visitor = request.visitor
    visitor.customer()
    found = queries.history(visitor.shop.code, visitor.person, limit=limit)
    return [{"at": move.at, "kind": move.kind, "points": move.amount.minor} for move in found]


@router.get("/rewards", response=reading(list[shapes.Reward]))
def rewards(request: ApiRequest) -> Any:
    """What points buy, the cheapest first."""
    return [_reward(one) for one in queries.rewards(request.visitor.shop.code)]


@router.post("/rewards/{id}/redemptions", response=writing(shapes.RedeemedReward, status=201), openapi_extra=KEYED)
def redeem(request: ApiRequest, id: UUID, said: shapes.RedeemAsked) -> Any:
    """Have a reward for points; what is sent goes to an entry of the address book. Needs a sign-in."""
    visitor = request.visitor
    number = actions.redeem(
        reward_id=id,
        customer_id=visitor.customer().customer_id,
        entry_id=said.address,
        idempotency_key=once.key_of(request),
        trail=visitor.trail,
        by=visitor.by,
    )
    return Status(201, {"number": number})


@router.get("/redemptions", response=reading(list[shapes.Redemption]))
def redemptions(request: ApiRequest, limit: Limit = 30) -> Any:
    """What the member redeemed, newest first. Needs a sign-in."""
    visitor = request.visitor
    visitor.customer()
    return list(queries.redemptions_of(visitor.shop.code, visitor.person, limit=limit))


@router.post("/redemptions/{number}/cancel", response=writing(shapes.Redemption), openapi_extra=KEYED)
def cancel(request: ApiRequest, number: Number) -> Any:
    """Call a reward off before it is sent: its points come back."""
    visitor = request.visitor
    visitor.customer()
    actions.cancel_reward(number=number, person=visitor.person, trail=visitor.trail, by=visitor.by)
    return queries.redemption(visitor.shop.code, number, person=visitor.person)


@router.get("/addresses", response=reading(list[shapes.AddressKept]))
def addresses(request: ApiRequest) -> Any:
    """The address book of the account, the default first. Needs a sign-in."""
    return list(people.address_book(request.visitor.customer().customer_id))


@router.post("/addresses", response=writing(Made, status=201), openapi_extra=KEYED)
def keep(request: ApiRequest, said: shapes.AddressToKeep) -> Any:
    """Put an address into the book; the entry's id, the same one for an address that stands there. Needs a sign-in."""
    kept = customers.keep_address(
        customer_id=request.visitor.customer().customer_id,
        address=Address(**said.address.model_dump()),
        label=said.label,
        is_default=said.is_default,
    )
    return Status(201, {"id": str(kept)})


def _reward(one: Reward) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in _REWARD}, "is_sent": one.kind.is_sent}
