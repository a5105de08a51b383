"""Coupons: the coupon centre, codes, what a shopper holds. Which of them the cart uses is said at the cart."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from ninja import Router, Status

from zhanggui.base import clock
from zhanggui.doors.api import brake
from zhanggui.doors.api.askers import ApiRequest, VisitorToken
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import coupons as shapes
from zhanggui.doors.api.shapes.common import Made
from zhanggui.growth.promotions import actions, queries
from zhanggui.growth.promotions.queries import Held, Offered

router: Final = Router(tags=["Coupons"], auth=VisitorToken())


@router.get("/coupons/centre", response=reading(list[shapes.OfferedCoupon]))
def centre(request: ApiRequest) -> Any:
    """The coupons that can be claimed now, what ends first before the rest. A guest sees them and signs in to claim."""
    visitor = request.visitor
    return [_offered(one) for one in queries.centre(visitor.shop.code, visitor.person, at=clock.now())]


@router.post("/coupons/centre/{batch}", response=writing(Made, status=201), openapi_extra=KEYED)
def claim(request: ApiRequest, batch: UUID) -> Any:
    """Take a coupon of the centre; its id. Needs a sign-in."""
    brake.check_minute("code", request)
    visitor = request.visitor
    visitor.customer()
    return Status(201, {"id": actions.claim(batch_id=str(batch), trail=visitor.trail, by=visitor.by)})


@router.get("/coupons", response=reading(list[shapes.HeldCoupon]))
def held(request: ApiRequest) -> Any:
    """What the shopper holds, has used and let run out; what can be used stands first. A hundred at most."""
    visitor = request.visitor
    return [_held(one) for one in queries.held(visitor.shop.code, visitor.person, at=clock.now())]


@router.post("/coupons", response=writing(Made, status=201), openapi_extra=KEYED)
def type_in(request: ApiRequest, said: shapes.CouponTyped) -> Any:
    """Take a coupon by its code; its id. Needs a sign-in."""
    brake.check_minute("code", request)
    visitor = request.visitor
    visitor.customer()
    return Status(201, {"id": actions.type_in(code=said.code, trail=visitor.trail, by=visitor.by)})


def _offered(one: Offered) -> dict[str, Any]:
    same = ("batch", "left_units", "per_person", "held_units", "days", "ends_at", "claim_until", "segment")
    return {
        **{name: getattr(one, name) for name in (*same, "is_for_you", "can_be_claimed")},
        **_called(one),
        "tiers": list(one.tiers),
    }


def _held(one: Held) -> dict[str, Any]:
    same = ("id", "state", "starts_at", "ends_at", "order_number", "rests")
    return {**{name: getattr(one, name) for name in same}, **_called(one)}


def _called(one: Offered | Held) -> dict[str, Any]:
    """What a coupon is called and what it does."""
    return {
        "name": {"zh": one.name_zh, "en": one.name_en},
        "kind": one.rule.kind,
        "terms": one.rule.terms.as_json(),
    }
