"""The warehouses at the back office."""

from __future__ import annotations

from typing import Annotated, Any, Final

from ninja import Router, Status

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.api import paging
from zhanggui.doors.api.askers import ApiRequest, OfficeKey
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import office as shapes
from zhanggui.doors.api.shapes.common import Cursor, Done, Limit, Line, Listed, words_of
from zhanggui.supply.stock import actions, queries
from zhanggui.supply.stock.queries import Asked, Want

router: Final = Router(tags=["Office: stock"], auth=OfficeKey(Right.RUN_SHOP))


@router.get("/stock", response=reading(Listed[shapes.Level]))
def stock(
    request: ApiRequest,
    sku: Line = "",
    warehouse: Line = "",
    want: Annotated[Want, words_of(Want)] = Want.ALL,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """What lies where, in whole pieces; sku finds a part of one too."""
    skipped = paging.offset_of(cursor)
    asked = Asked(shop=request.program.shop, warehouse=warehouse, wanted=sku, want=want)
    found = queries.shelf(asked, limit=limit, offset=skipped)
    return {"items": list(found.levels), "next": paging.after_part(skipped, len(found.levels), limit=limit)}


@router.get("/warehouses", response=reading(list[shapes.WarehouseSaid]))
def warehouses(request: ApiRequest) -> Any:
    """The warehouses, in the order in which they are preferred."""
    return list(queries.warehouses(request.program.shop))


@router.post("/stock/receipts", response=writing(Done, status=201), openapi_extra=KEYED)
def receive(request: ApiRequest, said: shapes.StockReceived) -> Any:
    """Take pieces in so that they can be sold; once per reference."""
    program = request.program
    actions.receive(
        reference=said.reference, units=said.units, warehouse=said.warehouse, trail=program.trail, by=program.by
    )
    return Status(201, {})


@router.post("/stock/counts", response=writing(shapes.CountDone), openapi_extra=KEYED)
def count(request: ApiRequest, said: shapes.StockCounted) -> Any:
    """Let the books say what was counted; what differs is corrected once per reference."""
    program = request.program
    differences = actions.count(
        reference=said.reference,
        warehouse=said.warehouse,
        counted=said.counted,
        reason=said.reason,
        trail=program.trail,
        by=program.by,
    )
    return {"differences": differences}


@router.post("/stock/transfers", response=writing(Done, status=201), openapi_extra=KEYED)
def send(request: ApiRequest, said: shapes.StockMoved) -> Any:
    """Let pieces leave one warehouse for another; until they arrive nobody can buy them."""
    program = request.program
    actions.send(
        reference=said.reference,
        from_warehouse=said.from_warehouse,
        to_warehouse=said.to_warehouse,
        units=said.units,
        trail=program.trail,
        by=program.by,
    )
    return Status(201, {})


@router.post("/stock/transfers/{reference}/arrivals", response=writing(Done), openapi_extra=KEYED)
def arrive(request: ApiRequest, reference: shapes.Reference, said: shapes.StockArrived) -> Any:
    """Take in what was sent, all of it or a part, and give up what got lost."""
    program = request.program
    actions.arrive(reference=reference, units=said.units, lost=said.lost, trail=program.trail, by=program.by)
    return {}
