"""Reviews and questions at the back office: what waits to be read, what is let through, what the shop answers."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from ninja import Router

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.api import opinions, paging
from zhanggui.doors.api.askers import ApiRequest, OfficeKey
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import opinions as shapes
from zhanggui.doors.api.shapes.common import Cursor, Done, Id, Limit, Listed
from zhanggui.shop.reviews import actions, queries
from zhanggui.shop.reviews.rules import Review

router: Final = Router(tags=["Office: reviews"], auth=OfficeKey(Right.RUN_SHOP))


@router.get("/reviews", response=reading(Listed[shapes.ReviewForStaff]))
def reviews(
    request: ApiRequest,
    view: shapes.ViewWord = queries.View.WAITING,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Reviews: those that wait, what matters most first; or those of another view, newest first."""
    skipped = paging.offset_of(cursor)
    found = queries.queue(request.program.shop, view=view, limit=limit, offset=skipped)
    return {"items": [_said(each) for each in found], "next": paging.after_part(skipped, len(found), limit=limit)}


@router.get("/reviews/{id}", response=reading(shapes.ReviewForStaff))
def one(request: ApiRequest, id: Id) -> Any:
    """One review, in any state."""
    return _standing(request, id)


@router.post("/reviews/{id}/publish", response=writing(shapes.ReviewForStaff), openapi_extra=KEYED)
def publish(request: ApiRequest, id: Id) -> Any:
    """Let others read a review, and what was added to it; reports of it are settled with that."""
    program = request.program
    actions.publish(review_id=id, trail=program.trail, by=program.by)
    return _standing(request, id)


@router.post("/reviews/{id}/reject", response=writing(shapes.ReviewForStaff), openapi_extra=KEYED)
def reject(request: ApiRequest, id: Id, said: shapes.FaultAsked) -> Any:
    """Do not let a review through, or what was added to it; its writer sees why."""
    program = request.program
    actions.reject(review_id=id, fault=said.fault, trail=program.trail, by=program.by)
    return _standing(request, id)


@router.post("/reviews/{id}/hide", response=writing(shapes.ReviewForStaff), openapi_extra=KEYED)
def hide(request: ApiRequest, id: Id, said: shapes.FaultAsked) -> Any:
    """Take down a review that others could read; its stars count no longer."""
    program = request.program
    actions.hide(review_id=id, fault=said.fault, trail=program.trail, by=program.by)
    return _standing(request, id)


@router.put("/reviews/{id}/reply", response=writing(shapes.ReviewForStaff), openapi_extra=KEYED)
def reply(request: ApiRequest, id: Id, said: shapes.ReplyAsked) -> Any:
    """Answer a review in the shop's name, in place of an earlier reply."""
    program = request.program
    actions.reply(review_id=id, words=said.words, trail=program.trail, by=program.by)
    return _standing(request, id)


@router.get("/questions", response=reading(Listed[shapes.QuestionForStaff]))
def questions(
    request: ApiRequest,
    view: shapes.AskedWord = queries.Asked.OPEN,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Questions: those that wait for an answer, the longest waiting first; or those of another view, newest first."""
    skipped = paging.offset_of(cursor)
    found = queries.questions_for_staff(request.program.shop, asked=view, limit=limit, offset=skipped)
    return {"items": list(found), "next": paging.after_part(skipped, len(found), limit=limit)}


@router.put("/questions/{id}/answer", response=writing(Done), openapi_extra=KEYED)
def answer(request: ApiRequest, id: Id, said: shapes.ReplyAsked) -> Any:
    """Answer a question in the shop's name, in place of an earlier answer; a question that waited can be read then."""
    program = request.program
    actions.answer_for_shop(question_id=id, words=said.words, trail=program.trail, by=program.by)
    return {}


@router.put("/questions/{id}/state", response=writing(Done), openapi_extra=KEYED)
def decide_question(request: ApiRequest, id: Id, said: shapes.DecisionAsked) -> Any:
    """Let a question through, reject it, or take it down."""
    actions.decide_question(question_id=id, then=said.state, trail=request.program.trail)
    return {}


@router.put("/answers/{id}/state", response=writing(Done), openapi_extra=KEYED)
def decide_answer(request: ApiRequest, id: Id, said: shapes.DecisionAsked) -> Any:
    """Let a shopper's answer through, reject it, or take it down."""
    actions.decide_answer(answer_id=id, then=said.state, trail=request.program.trail)
    return {}


def _standing(request: ApiRequest, id: UUID) -> dict[str, Any]:
    return _said(queries.review_for_staff(request.program.shop, id))


def _said(found: Review) -> dict[str, Any]:
    return opinions.standing(found) | {"held": found.held, "reports": found.reports}
