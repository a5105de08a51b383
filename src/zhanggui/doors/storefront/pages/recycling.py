"""Recycling for points: what is taken back, handing something in, and how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhanggui.base import ids, pictures
from zhanggui.base.errors import Refused
from zhanggui.base.operation.errors import KeyReused
from zhanggui.doors.storefront import member_words as words
from zhanggui.doors.storefront.pages.account import signed_in
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.membership import actions, queries
from zhanggui.growth.membership.errors import NoSuchItem, PictureNotAllowed
from zhanggui.growth.membership.rules import recycling as rules
from zhanggui.growth.membership.rules.recycling import Grade, Picture
from zhanggui.shop.customers.rules import Shopper


@require_http_methods(["GET", "HEAD", "POST"])
@throttled("say", methods=("POST",))
@signed_in
def recycling(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    """What is taken back, and what was handed in; or something new handed in. At most three statements to look."""
    if request.method == "POST":
        return _hand_in(request, shopper)
    return _show(request, shopper)


@require_safe
def picture(request: ShopRequest, number: str, digest: str) -> HttpResponseBase:
    """A picture of something the member handed in; nobody else finds it."""
    shopper = request.visit.shopper()
    if shopper is None:
        raise Http404(number)
    try:
        item = queries.item(request.visit.shop.code, number, person=shopper.person)
    except NoSuchItem as missing:
        raise Http404(number) from missing
    kept = next((one for one in item.pictures if one.digest == digest), None)
    if kept is None:
        raise Http404(digest)
    file = pictures.place(kept.digest, folder=queries.picture_folder())
    return FileResponse(file.open("rb"), content_type=kept.kind, headers={"Cache-Control": "private, no-store"})


def _hand_in(request: ShopRequest, shopper: Shopper) -> HttpResponse:
    visit = request.visit
    try:
        actions.hand_in(
            kind=request.POST.get("kind", "")[:40],
            words=request.POST.get("words", ""),
            kept=_kept(request),
            idempotency_key=f"{shopper.person}/{request.POST.get('key', '')}"[:200],
            trail=visit.trail(),
            by=visit.by,
        )
    except KeyReused:
        return redirect("storefront:recycling")
    except Refused as refused:
        return _show(request, shopper, fault=words.refusal(refused), status=422)
    messages.success(request, _("Noted. Please put the number into the parcel and send it in."))
    return redirect("storefront:recycling")


def _show(request: ShopRequest, shopper: Shopper, *, fault: str = "", status: int = 200) -> HttpResponse:
    shop = request.visit.shop.code
    items = queries.items_of(shop, shopper.person)
    context = {
        "kinds": [
            (kind, [(str(grade), kind.points[grade]) for grade in Grade])
            for kind in queries.recyclables(shop)
            if kind.is_taken
        ],
        "items": [(item, words.STEPS[item.step]) for item in items],
        "fault": fault,
        "typed": request.POST,
        "key": ids.uuid7(),
        "most_pictures": rules.MOST_PICTURES,
    }
    return render(request, "storefront/membership/recycling.html", context, status=status)


def _kept(request: ShopRequest) -> list[Picture]:
    """The pictures that came with the form; one too many or too large is refused before any of them is read."""
    sent = request.FILES.getlist("pictures")
    if len(sent) > rules.MOST_PICTURES:
        raise PictureNotAllowed(reason="many", most=rules.MOST_PICTURES)
    if any((file.size or 0) > rules.LARGEST_PICTURE for file in sent):
        raise PictureNotAllowed(reason="size", most=rules.LARGEST_PICTURE)
    return [actions.keep_picture(body=file.read()) for file in sent]
