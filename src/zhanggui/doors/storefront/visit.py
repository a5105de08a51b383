"""Who walks through the shop: visitor, session and page view, made by the server and kept in two first-party cookies.

visitor  a year: the visitor's id, signed, so that knowing somebody's id does not open their cart or orders
visit    half an hour, rolling: session, last page view, where the session came from, signed

A browser that asks not to be tracked gets a visitor cookie that ends with the browser, no session, and no sighting.
Who is signed in is known by a third cookie, of the session; it is looked up once, and only if somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from zhanggui.base import clock, ids
from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.base.look.languages import vary_by
from zhanggui.base.operation.rules import Actor, customer
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.errors import NoSuchShop
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.storefront import addresses, crumbs, rules
from zhanggui.doors.storefront.seals import Seal, Sealed
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Shopper
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.sightings.rules import visits

VISITOR_COOKIE: Final = "visitor"
VISIT_COOKIE: Final = "visit"
_VISITOR_FOR: Final = timedelta(days=365)
_VISIT_FOR: Final = timedelta(minutes=30)
_visitors: Final = Seal("storefront.visitor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the visit's cookie says; everything is empty on a first page.

    view  the last page that was looked at
    """

    session: str = ""
    view: str = ""
    channel: str = ""
    campaign: str = ""


_NOTHING: Final = Kept()
_visits: Final = Sealed(Kept, salt="storefront.visit", nothing=_NOTHING)


class Asking:
    """Who is signed in, looked up at the first need, or told by whoever asked it together with other things."""

    __slots__ = ("_found", "_is_known", "_session_key", "_shop")

    def __init__(self, shop: str, session_key: str) -> None:
        self._shop = shop
        self._session_key = session_key
        self._is_known = not (0 < len(session_key) <= 40 and session_key.isascii() and session_key.isalnum())
        self._found: Shopper | None = None

    @classmethod
    def known(cls, shopper: Shopper | None) -> Asking:
        """With nothing left to ask."""
        asking = cls("", "")
        asking._found = shopper
        return asking

    def __call__(self) -> Shopper | None:
        """Who it is, None for a guest. At most one statement, however often it is asked."""
        if not self._is_known:
            self.tell(customers.signed_in(self._shop, self._session_key))
        return self._found

    def tell(self, shopper: Shopper | None) -> None:
        """Here is the answer."""
        self._found, self._is_known = shopper, True

    def question(self) -> Question[Shopper | None] | None:
        """What is still to be asked; None if it is known already."""
        return None if self._is_known else customers.signed_in_asked(self._shop, self._session_key)

    def person(self, *, otherwise: str) -> Question[str]:
        """The shopper's person, as a part of another question."""
        if self._is_known:
            return Question("%s::varchar", (self._found.person if self._found else otherwise,), str)
        return customers.person_asked(self._shop, self._session_key, otherwise=otherwise)

    def persons(self, *, beside: str) -> Question[list[str]]:
        """All under whom the shopper ever walked, and another, as a part of another question."""
        if self._is_known:
            known = (*self._found.persons, beside) if self._found else (beside,)
            return Question(*together.any_of(known), list)
        return customers.persons_asked(self._shop, self._session_key, beside=beside)

    def customer(self) -> Question[UUID]:
        """The shopper's customer, none for a guest, as a part of another question."""
        if self._is_known:
            return Question("%s::uuid", (self._found.customer_id if self._found else None,), UUID)
        return customers.customer_asked(self._shop, self._session_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody in the shop.

    browser      id that this browser walks under while nobody is signed in
    asked        looks up who is signed in; asked once, at the first need
    session      id of the visit; empty for somebody who wants no trace
    view         id of the page view that this request is, or that its answer will be
    seen_before  the page view before this one, if there was one in this session
    led_by       the page view that this request came from: the form's own for a form, else this view
    is_traced    False for somebody who wants no trace: no sighting then
    forgets      names of cookies that have served with this answer
    """

    shop: Shop
    browser: str
    asked: Asking
    session: str
    view: UUID
    seen_before: UUID | None
    led_by: UUID | None
    origin: rules.Origin
    device: str
    is_traced: bool
    forgets: set[str] = field(default_factory=set)

    def shopper(self) -> Shopper | None:
        """Who is signed in, None for a guest. At most one statement in a request; none for a guest."""
        return self.asked()

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is signed in here, now: the session exists and has not expired."""
        return self.shopper() is not None

    @property
    def customer_id(self) -> UUID | None:
        """The customer who is signed in; None for a guest."""
        shopper = self.shopper()
        return shopper.customer_id if shopper else None

    @property
    def visitor(self) -> str:
        """Who owns the cart and the orders: the signed-in customer's person, else this browser's."""
        shopper = self.shopper()
        return shopper.person if shopper else self.browser

    @property
    def persons(self) -> tuple[str, ...]:
        """All under whom whoever walks here ever walked, `visitor` first; one for a guest."""
        shopper = self.shopper()
        return shopper.persons if shopper else (self.browser,)

    def of(self, shopper: Shopper) -> Visit:
        """The same visit once somebody has signed in."""
        return replace(self, asked=Asking.known(shopper))

    def of_nobody(self) -> Visit:
        """The visit of somebody else in the same browser: after signing out nothing leads back."""
        return replace(
            self, asked=Asking.known(None), browser=str(ids.uuid7()), session=str(ids.uuid7()) if self.session else ""
        )

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
            chosen=addresses.LANGUAGES.get(addresses.spoken_of(request), "")
            or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
            accepts=request.META.get("HTTP_ACCEPT_LANGUAGE", ""),
        )
        if language != request.LANGUAGE_CODE:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        try:
            visit = _visit_of(request)
        except NoSuchShop:
            return render(request, "storefront/not_open.html", status=503)
        timezone.activate(clock.zone(visit.shop.zone))
        request.visit = visit  # type: ignore[attr-defined]
        return None


def _visit_of(request: HttpRequest) -> Visit:
    shop = shops.shop(settings.OWN_SHOP)
    # Not `request.headers`, which reads everything that came, and the environment of the process, to find one.
    said = request.META
    is_traced = not rules.wants_no_trace(gpc=said.get("HTTP_SEC_GPC", ""), dnt=said.get("HTTP_DNT", ""))
    kept = _visits.open(request.COOKIES.get(VISIT_COOKIE, "")) if is_traced else _NOTHING
    view = ids.uuid7()
    is_page = request.method in ("GET", "HEAD")
    return Visit(
        shop=shop,
        browser=_kept_visitor(request) or str(ids.uuid7()),
        asked=Asking(shop.code, request.COOKIES.get(settings.SHOP_SESSION_COOKIE, "")),
        session=(kept.session or str(ids.uuid7())) if is_traced else "",
        view=view,
        seen_before=rules.as_uuid(kept.view),
        led_by=view if is_page else rules.as_uuid(request.POST.get("view", "")),
        origin=_origin(request, kept),
        device=visits.device_of(said.get("HTTP_USER_AGENT", "")),
        is_traced=is_traced,
    )


def _origin(request: HttpRequest, kept: Kept) -> rules.Origin:
    query = {name: str(value) for name, value in request.GET.items()}
    if kept.channel and not (query and rules.is_marked(query)):
        return rules.Origin(channel=kept.channel, campaign=kept.campaign)
    return rules.origin_of(query=query, referrer=request.META.get("HTTP_REFERER", ""), host=request.get_host())


def _kept_visitor(request: HttpRequest) -> str:
    try:
        return _visitors.unsign(request.COOKIES.get(VISITOR_COOKIE, ""))
    except signing.BadSignature:
        return ""


def _is_answer_to_a_person(response: HttpResponse) -> bool:
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    return is_page or response.status_code in (302, 303)


def _keep(request: HttpRequest, response: HttpResponse, visit: Visit) -> None:
    vary_by(response, "Cookie")
    response.headers.setdefault("Cache-Control", "private, no-cache")
    # Without a lifetime a cookie ends with the browser; with one it is renewed once in a visit.
    visitor_for = _VISITOR_FOR if visit.is_traced else None
    # A visit has the browser's own id only if its cookie was read, so its signature is right.
    is_known = request.COOKIES.get(VISITOR_COOKIE, "").rpartition(":")[0] == visit.browser
    if not is_known or VISIT_COOKIE not in request.COOKIES:
        crumbs.keep(response, VISITOR_COOKIE, _visitors.sign(visit.browser), lasts=visitor_for)
    for name in visit.forgets:
        crumbs.forget(response, name)
    if not visit.is_traced:
        crumbs.forget(response, VISIT_COOKIE)
        return
    is_view = request.method == "GET" and response.status_code == 200 and "HTTP_HX_REQUEST" not in request.META
    seen = visit.view if is_view else visit.seen_before
    kept = Kept(
        session=visit.session,
        view=str(seen or ""),
        channel=visit.origin.channel,
        campaign=visit.origin.campaign,
    )
    crumbs.keep(response, VISIT_COOKIE, _visits.close(kept), lasts=_VISIT_FOR)
