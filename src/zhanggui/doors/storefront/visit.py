"""Who walks through the shop: visitor, session and page view, made by the server and kept in two first-party cookies.

visitor  a year: the visitor's id, signed, so that knowing somebody's id does not open their cart or orders
visit    half an hour, rolling: session, last page view, where the session came from, signed

A browser that asks not to be tracked gets a visitor cookie that ends with the browser, no session, and no sighting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from zhanggui.base import ids
from zhanggui.base.operation.rules import Actor, customer
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.errors import NoSuchShop
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.storefront import rules
from zhanggui.spine.log.rules import Trail

VISITOR_COOKIE: Final = "visitor"
VISIT_COOKIE: Final = "visit"
_VISITOR_FOR: Final = timedelta(days=365)
_VISIT_FOR: Final = timedelta(minutes=30)
_visitor_signer: Final = signing.Signer(salt="storefront.visitor")
_visit_signer: Final = signing.Signer(salt="storefront.visit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody in the shop.

    visitor      id of the visitor, who owns a cart and orders
    session      id of the visit; empty for somebody who wants no trace
    view         id of the page view that this request is, or that its answer will be
    seen_before  the page view before this one, if there was one in this session
    led_by       the page view that this request came from: the form's own for a form, else this view
    is_traced    False for somebody who wants no trace: no sighting then
    """

    shop: Shop
    visitor: str
    session: str
    view: UUID
    seen_before: UUID | None
    led_by: UUID | None
    origin: rules.Origin
    device: str
    is_traced: bool

    @property
    def by(self) -> Actor:
        """The shopper as the doer of an operation."""
        return customer(self.visitor)

    def trail(self) -> Trail:
        """What goes along with a fact that this request brings about."""
        return Trail(
            shop=self.shop.code,
            person=self.visitor,
            session=self.session,
            cause=self.led_by if self.is_traced else None,
            channel=self.origin.channel,
            campaign=self.origin.campaign,
            device=self.device,
        )


class ShopRequest(HttpRequest):
    """A request inside the shop, for the type checker: it carries its visit."""

    visit: Visit


class VisitMiddleware:
    """Gives every request of the shop its visit, its language and the shop's clock; leaves other doors alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and keep what the visit taught in the cookies of whoever reads the answer."""
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        visit: Visit | None = getattr(request, "visit", None)
        if visit and _is_answer_to_a_person(response):
            _keep(request, response, visit)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Before a page of the shop is made: know who asks, speak their language, use the shop's clock."""
        if request.resolver_match is None or request.resolver_match.app_name != "storefront":
            return None
        language = rules.language_of(
            chosen=request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
            accepts=request.headers.get("Accept-Language", ""),
        )
        translation.activate(language)
        request.LANGUAGE_CODE = language
        try:
            visit = _visit_of(request)
        except NoSuchShop:
            return render(request, "storefront/not_open.html", status=503)
        timezone.activate(visit.shop.zone)
        request.visit = visit  # type: ignore[attr-defined]
        return None


def _visit_of(request: HttpRequest) -> Visit:
    shop = shops.shop(settings.OWN_SHOP)
    is_traced = not rules.wants_no_trace(gpc=request.headers.get("Sec-GPC", ""), dnt=request.headers.get("DNT", ""))
    kept = _kept_visit(request) if is_traced else {}
    view = ids.uuid7()
    is_page = request.method in ("GET", "HEAD")
    return Visit(
        shop=shop,
        visitor=_kept_visitor(request) or str(ids.uuid7()),
        session=(kept.get("session") or str(ids.uuid7())) if is_traced else "",
        view=view,
        seen_before=rules.as_uuid(kept.get("view", "")),
        led_by=view if is_page else rules.as_uuid(request.POST.get("view", "")),
        origin=_origin(request, kept),
        device=rules.device_of(request.headers.get("User-Agent", "")),
        is_traced=is_traced,
    )


def _origin(request: HttpRequest, kept: dict[str, str]) -> rules.Origin:
    query = {name: str(value) for name, value in request.GET.items()}
    if kept.get("channel") and not rules.is_marked(query):
        return rules.Origin(channel=kept["channel"], campaign=kept.get("campaign", ""))
    return rules.origin_of(query=query, referrer=request.headers.get("Referer", ""), host=request.get_host())


def _kept_visitor(request: HttpRequest) -> str:
    try:
        return _visitor_signer.unsign(request.COOKIES.get(VISITOR_COOKIE, ""))
    except signing.BadSignature:
        return ""


def _kept_visit(request: HttpRequest) -> dict[str, str]:
    try:
        kept: dict[str, str] = _visit_signer.unsign_object(request.COOKIES.get(VISIT_COOKIE, ""))
    except signing.BadSignature:
        return {}
    return kept


def _is_answer_to_a_person(response: HttpResponse) -> bool:
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return is_page or response.status_code in (302, 303)


def _keep(request: HttpRequest, response: HttpResponse, visit: Visit) -> None:
    patch_vary_headers(response, ["Cookie"])
    response.headers.setdefault("Cache-Control", "private, no-cache")
    # Without a lifetime a cookie ends with the browser.
    visitor_for = _VISITOR_FOR if visit.is_traced else None
    _set(response, VISITOR_COOKIE, _visitor_signer.sign(visit.visitor), visitor_for)
    if not visit.is_traced:
        response.delete_cookie(VISIT_COOKIE, samesite="Lax")
        return
    is_view = request.method == "GET" and response.status_code == 200 and "HX-Request" not in request.headers
    seen = visit.view if is_view else visit.seen_before
    kept = {
        "session": visit.session,
        "view": str(seen or ""),
        "channel": visit.origin.channel,
        "campaign": visit.origin.campaign,
    }
    _set(response, VISIT_COOKIE, _visit_signer.sign_object(kept), _VISIT_FOR)


def _set(response: HttpResponse, name: str, value: str, lasts: timedelta | None) -> None:
    response.set_cookie(name, value, max_age=lasts, httponly=True, samesite="Lax", secure=settings.IS_SECURE)
