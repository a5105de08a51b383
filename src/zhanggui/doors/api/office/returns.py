"""The returns desk at the back office."""

from __future__ import annotations

from typing import Annotated, Any, Final

from ninja import Router

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.api import paging
from zhanggui.doors.api.askers import ApiRequest, OfficeKey
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import office as shapes
from zhanggui.doors.api.shapes.common import Cursor, Limit, Listed, Number, words_of
from zhanggui.shop.returns import actions, queries
from zhanggui.shop.returns.rules import Finding

router: Final = Router(tags=["Office: returns"], auth=OfficeKey(Right.RUN_SHOP))


@router.get("/returns", response=reading(Listed[shapes.ReturnForStaff]))
def returns(
    request: ApiRequest,
    view: Annotated[queries.View, words_of(queries.View)] = queries.View.OURS,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Returns, those first whose clock runs; view says which."""
    skipped = paging.offset_of(cursor)
    found = queries.queue(request.program.shop, view=view, limit=limit, offset=skipped)
    return {"items": list(found), "next": paging.after_part(skipped, len(found), limit=limit)}


@router.get("/returns/{number}", response=reading(shapes.ReturnForStaff))
def one(request: ApiRequest, number: Number) -> Any:
    """One return."""
    return queries.return_for_staff(request.program.shop, number)


@router.post("/returns/{number}/approve", response=writing(shapes.ReturnForStaff), openapi_extra=KEYED)
def approve(request: ApiRequest, number: Number, said: shapes.ApproveAsked) -> Any:
    """Let the goods come back."""
    program = request.program
    actions.approve(return_number=number, is_kept=said.is_kept, trail=program.trail, by=program.by)
    return one(request, number)


@router.post("/returns/{number}/refuse", response=writing(shapes.ReturnForStaff), openapi_extra=KEYED)
def refuse(request: ApiRequest, number: Number, said: shapes.WordsOnly) -> Any:
    """Do not let the goods come back, and say why."""
    program = request.program
    actions.refuse(return_number=number, words=said.words, trail=program.trail, by=program.by)
    return one(request, number)


@router.post("/returns/{number}/receive", response=writing(shapes.ReturnForStaff), openapi_extra=KEYED)
def receive(request: ApiRequest, number: Number, said: shapes.ReceiveAsked) -> Any:
    """Take the goods in; the clock of the refund starts."""
    program = request.program
    actions.receive(return_number=number, warehouse=said.warehouse, trail=program.trail, by=program.by)
    return one(request, number)


@router.post("/returns/{number}/inspect", response=writing(shapes.ReturnForStaff), openapi_extra=KEYED)
def inspect(request: ApiRequest, number: Number, said: shapes.InspectAsked) -> Any:
    """Write down what every piece is; the refund then runs by itself."""
    program = request.program
    findings = [Finding(piece=each.piece, verdict=each.verdict, found=each.found) for each in said.findings]
    actions.inspect(return_number=number, findings=findings, trail=program.trail, by=program.by)
    return one(request, number)
