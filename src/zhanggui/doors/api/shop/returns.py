"""A shopper's own returns: asking, showing pictures, how they travel, how they stand."""

from __future__ import annotations

from typing import Any, Final

from django.http import FileResponse
from django.http.response import HttpResponseBase
from ninja import File, Router, Status
from ninja.files import UploadedFile

from zhanggui.base import pictures
from zhanggui.doors.api import once, uploads
from zhanggui.doors.api.askers import ApiRequest, Visitor, VisitorToken
from zhanggui.doors.api.documented import KEYED, PICTURE, reading, writing
from zhanggui.doors.api.errors import NoSuchPicture
from zhanggui.doors.api.shapes import shop as shapes
from zhanggui.doors.api.shapes.common import Digest, Limit, Number, Sent
from zhanggui.doors.api.shop.orders import own
from zhanggui.shop.orders import queries as books
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.returns import actions, queries, rules
from zhanggui.shop.returns.errors import NoSuchReturn, PictureNotAllowed, SlotNotOffered
from zhanggui.shop.returns.rules import Kept, Return
from zhanggui.spine.log.rules import Trail

router: Final = Router(tags=["Returns"], auth=VisitorToken())
_PURPOSE: Final = "return"


@router.post("/returns/pictures", response=writing(Sent, status=201), openapi_extra=KEYED)
def send_picture(request: ApiRequest, picture: File[UploadedFile]) -> Any:
    """Send a picture that shows why something comes back: JPEG, PNG or WebP, 8 MB at most, as a form with one file."""
    if (picture.size or 0) > rules.LARGEST_PICTURE:
        raise PictureNotAllowed(reason="size", most=rules.LARGEST_PICTURE)
    kept = actions.keep_picture(body=picture.read())
    word = uploads.word_of(kept.digest, kept.kind, visitor=request.visitor, purpose=_PURPOSE)
    return Status(201, {"picture": word})


@router.post("/orders/{number}/returns", response=writing(shapes.MadeReturn, status=201), openapi_extra=KEYED)
def ask(request: ApiRequest, number: Number, said: shapes.ReturnAsked) -> Any:
    """Ask to give pieces back; approved at once where the rule says yes."""
    visitor = request.visitor
    order = own(visitor, number)
    shown = uploads.named(said.pictures, visitor=visitor, purpose=_PURPOSE)
    made = actions.request(
        order_number=number,
        units={each.position: each.units for each in said.lines},
        reason=said.reason,
        wish=said.wish,
        wanted={each.position: each.wanted for each in said.lines if each.wanted},
        words=said.words,
        pictures=[Kept(digest=digest, kind=kind) for digest, kind in shown],
        idempotency_key=once.key_of(request),
        trail=visitor.trail_of(order),
        by=visitor.by,
    )
    return Status(201, {"return_number": made})


@router.get("/returns", response=reading(list[shapes.Return]))
def all_returns(request: ApiRequest, limit: Limit = 20) -> Any:
    """The returns of this shopper's last orders, newest first."""
    visitor = request.visitor
    mine = {each.number for each in visitor.theirs(books.orders_of(visitor.shop.code, *visitor.persons))}
    found = [
        each
        for person in visitor.persons
        for each in queries.returns_of(visitor.shop.code, person, limit=limit)
        if each.order_number in mine
    ]
    return [_said(each) for each in sorted(found, key=lambda each: each.requested_at, reverse=True)[:limit]]


@router.get("/returns/{number}", response=reading(shapes.Return))
def one(request: ApiRequest, number: Number) -> Any:
    """How a return stands."""
    return _said(_own(request.visitor, number)[0])


@router.get("/returns/{number}/pictures/{digest}", response=reading(None), openapi_extra=PICTURE)
def picture(request: ApiRequest, number: Number, digest: Digest) -> HttpResponseBase:
    """A picture of a return, ours of the inspection too."""
    found, _walk = _own(request.visitor, number)
    kept = next((shown.kept for shown in found.pictures if shown.kept.digest == digest), None)
    if kept is None or kept.kind not in pictures.KINDS or not queries.picture_file(kept).exists():
        raise NoSuchPicture(digest=digest)
    response = FileResponse(queries.picture_file(kept).open("rb"), content_type=kept.kind)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@router.post("/returns/{number}/drop-off", response=writing(shapes.Return), openapi_extra=KEYED)
def drop_off(request: ApiRequest, number: Number) -> Any:
    """Bring the goods to a counter, which reads the return's code."""
    visitor = request.visitor
    _found, walk = _own(visitor, number)
    actions.book_drop_off(return_number=number, trail=walk, by=visitor.by)
    return one(request, number)


@router.post("/returns/{number}/pickup", response=writing(shapes.Return), openapi_extra=KEYED)
def pickup(request: ApiRequest, number: Number, said: shapes.PickupAsked) -> Any:
    """Have a courier fetch the goods, from tomorrow to a week ahead."""
    visitor = request.visitor
    found, walk = _own(visitor, number)
    places = {there.position: there.address_id for there in own(visitor, found.order_number).destinations}
    if said.destination not in places:
        raise SlotNotOffered(day=said.day.isoformat(), slot=said.slot)
    address_id = places[said.destination]
    actions.book_pickup(
        return_number=number, address_id=address_id, on=said.day, slot=said.slot, trail=walk, by=visitor.by
    )
    return one(request, number)


@router.post("/returns/{number}/sent", response=writing(shapes.Return), openapi_extra=KEYED)
def sent(request: ApiRequest, number: Number, said: shapes.SentAsked) -> Any:
    """Say that the goods are on their way."""
    visitor = request.visitor
    _found, walk = _own(visitor, number)
    actions.note_sent(return_number=number, carrier=said.carrier, tracking=said.tracking, trail=walk, by=visitor.by)
    return one(request, number)


@router.post("/returns/{number}/withdraw", response=writing(shapes.Return), openapi_extra=KEYED)
def withdraw(request: ApiRequest, number: Number) -> Any:
    """Call a return off before the goods have arrived."""
    visitor = request.visitor
    _found, walk = _own(visitor, number)
    actions.withdraw(return_number=number, trail=walk, by=visitor.by)
    return one(request, number)


@router.post("/returns/{number}/pay", response=writing(shapes.AskedDifference, status=201), openapi_extra=KEYED)
def pay(request: ApiRequest, number: Number, said: shapes.PayAsked) -> Any:
    """Ask to pay what an exchange costs more; the order that is answered is then paid as any order is."""
    visitor = request.visitor
    _found, walk = _own(visitor, number)
    asked = actions.pay_difference(return_number=number, provider=said.provider, trail=walk, by=visitor.by)
    return Status(201, {"order_number": asked.order_number, "payment_id": asked.payment_id})


def _own(visitor: Visitor, number: str) -> tuple[Return, Trail]:
    """A return of this shopper, and what goes along with a fact about it.

    refuses  NoSuchReturn, for anybody else's too
    """
    found = queries.return_for_staff(visitor.shop.code, number)
    try:
        return found, visitor.trail_of(own(visitor, found.order_number))
    except NoSuchOrder as foreign:
        raise NoSuchReturn(return_number=number) from foreign


def _said(found: Return) -> dict[str, Any]:
    shown = [{"digest": each.kept.digest, "kind": each.kept.kind, "is_ours": each.is_ours} for each in found.pictures]
    names = [name for name in shapes.Return.model_fields if name != "pictures"]
    return {name: getattr(found, name) for name in names} | {"pictures": shown}
