"""The packing table at the back office."""

from __future__ import annotations

from typing import Annotated, Any, Final

from ninja import Router

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.doors.api import paging
from zhanggui.doors.api.askers import ApiRequest, OfficeKey
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import office as shapes
from zhanggui.doors.api.shapes.common import Cursor, Id, Limit, Line, Listed, words_of
from zhanggui.shop.fulfilment import actions, queries
from zhanggui.shop.fulfilment.rules import Parcel

router: Final = Router(tags=["Office: parcels"], auth=OfficeKey(Right.RUN_SHOP))


@router.get("/parcels", response=reading(Listed[shapes.ParcelForStaff]))
def parcels(
    request: ApiRequest,
    state: shapes.ParcelWord | None = None,
    due: Annotated[queries.Due, words_of(queries.Due)] = queries.Due.ANY,
    warehouse: Line = "",
    order_number: Line = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Parcels, the most urgent first; without a state those that wait."""
    skipped = paging.offset_of(cursor)
    asked = queries.Asked(
        shop=request.program.shop,
        at=clock.now(),
        state=state,
        warehouse=warehouse,
        due=due,
        order_number=order_number,
    )
    found = queries.queue(asked, limit=limit, offset=skipped)
    behind = skipped + len(found.parcels)
    is_more = bool(found.parcels) and behind < min(found.count, paging.FURTHEST)
    return {"items": list(found.parcels), "next": paging.after(behind) if is_more else ""}


@router.get("/parcels/{id}", response=reading(shapes.ParcelForStaff))
def parcel(request: ApiRequest, id: Id) -> Any:
    """One parcel."""
    return _ours(request, id)


@router.post("/parcels/{id}/pick", response=writing(shapes.ParcelForStaff), openapi_extra=KEYED)
def pick(request: ApiRequest, id: Id) -> Any:
    """Say that all its pieces lie on the packing table."""
    actions.pick(parcel_id=_ours(request, id).id, by=request.program.by)
    return _ours(request, id)


@router.post("/parcels/{id}/pack", response=writing(shapes.ParcelForStaff), openapi_extra=KEYED)
def pack(request: ApiRequest, id: Id, said: shapes.PackAsked) -> Any:
    """Close it and weigh it."""
    mine = _ours(request, id)
    actions.pack(parcel_id=mine.id, weight_g=said.weight_g, counted=said.counted, by=request.program.by)
    return _ours(request, id)


@router.post("/parcels/{id}/ship", response=writing(shapes.Shipped), openapi_extra=KEYED)
def ship(request: ApiRequest, id: Id) -> Any:
    """Buy a label and let it leave; its tracking number."""
    return {"tracking": actions.ship(parcel_id=_ours(request, id).id, by=request.program.by)}


@router.post("/parcels/{id}/hand-over", response=writing(shapes.ParcelForStaff), openapi_extra=KEYED)
def hand_over(request: ApiRequest, id: Id, said: shapes.HandOverAsked) -> Any:
    """Let it leave with a label that was bought elsewhere."""
    mine = _ours(request, id)
    actions.hand_over(parcel_id=mine.id, carrier=said.carrier, tracking=said.tracking, by=request.program.by)
    return _ours(request, id)


@router.post("/parcels/{id}/deliver", response=writing(shapes.ParcelForStaff), openapi_extra=KEYED)
def deliver(request: ApiRequest, id: Id) -> Any:
    """Know that it was signed for."""
    actions.deliver(parcel_id=_ours(request, id).id, by=request.program.by)
    return _ours(request, id)


def _ours(request: ApiRequest, id: Id) -> Parcel:
    return queries.parcel(request.program.shop, str(id))
